"""Declared leaves and counted pages: held against what came, told until they fit, kept through a lost catalogue."""

from __future__ import annotations

import pytest

from catalog import Catalogue, comparison, documents, events, hand_overs, paper_places, problems
from dossier.codes import DossierCode, parse_code
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.papers import PaperPlace
from dossier.people import Account, Role
from dossier.states import DocumentState
from pipeline import handing_over, people
from pipeline.confirmation import record
from pipeline.handing_over import FileWish, Wish
from pipeline.installation import Installation
from pipeline.leaves import DOUBTED, Declaration, declare, said_of, stand, state_placeholder
from pipeline.placeholders import LeafReason, Placeholder
from pipeline.placing import state_places
from pipeline.rebuilding import FOUND as NOBODYS
from pipeline.rebuilding import rebuild
from pipeline.receiving_files import received_whole
from pipeline.taking_over import take_over
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice, jpeg

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
BOX = "Kho A, hộp 7"


@pytest.fixture
def clerk(office: PaperOffice) -> Account:
    """Give somebody at a counter."""
    own = Account("", "quay.1", "Quầy một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    return people.create(own, "một mật khẩu dài", "test", office.services)


def _code(text: str = CODE) -> DossierCode:
    code = parse_code(text)
    assert code is not None
    return code


def _told(office: PaperOffice) -> list[tuple[Code, str, str]]:
    with office.services.catalogue.read() as tx:
        found = problems.open_problems(tx)
    return [(each.code, each.subject, each.detail) for each in found if each.code is not Code.FOLDER_CHANGED]


def _doubted(office: PaperOffice) -> int:
    with office.services.catalogue.read() as tx:
        return sum(each.kind == DOUBTED for each in events.chain(tx, office.dossier().id))


def _hand_over(office: PaperOffice, clerk: Account, wish: Wish, shades: dict[str, int]) -> None:
    own = handing_over.begin(wish, clerk, office.services)
    data = {name: jpeg(shade) for name, shade in shades.items()}
    for name, each in data.items():
        file = handing_over.add_file(own, FileWish(name, of_bytes(each), len(each)), office.services)
        received_whole(own, file, iter([each]), office.services)
    for _ in range(2):  # said again it changes nothing
        handing_over.commit(own, {name: of_bytes(each) for name, each in data.items()}, office.services)
    take_over(own.id, office.services)
    office.drain()


def test_papers_that_are_handed_over(office: PaperOffice, clerk: Account) -> None:
    """Too few are told, with what is signed all the same; the rest, also of the same component, ends it."""
    said = Wish("a", CODE, "to-khai", leaves="Từ tờ 1 đến tờ 3", not_secret=True)
    _hand_over(office, clerk, said, {"1.jpg": 10, "2.jpg": 40})
    assert _told(office) == [(Code.LEAVES_MISSING, f"{CODE}/to-khai", "2/3")]
    with office.services.catalogue.read() as tx:
        assert {each.state for each in documents.live(tx, office.dossier().id)} == {DocumentState.ARCHIVED}
        kept = hand_overs.of_key(tx, clerk.id, "a")
    assert kept is not None
    assert (kept.leaves, kept.replaces) == ("1-3", ())
    with pytest.raises(Rejected, match="HAND_OVER_CONFLICT"):
        handing_over.begin(Wish("a", CODE, "to-khai", leaves="1-4", not_secret=True), clerk, office.services)
    more = Wish("b", CODE, "to-khai", leaves="4-5", not_secret=True)
    _hand_over(office, clerk, more, {"3.jpg": 70, "4.jpg": 100, "5.jpg": 130})
    assert _told(office) == []
    with office.services.catalogue.read() as tx:
        assert said_of(tx, office.dossier().id).declared["to-khai"].text == "1-5"
    gap = Wish("c", CODE, "giay-khac", leaves="7", not_secret=True)
    _hand_over(office, clerk, gap, {"6.jpg": 160})
    assert _told(office) == [(Code.LEAVES_GAP, CODE, "6")]


def test_pages_that_were_counted(office: PaperOffice, clerk: Account) -> None:
    """Too few are told until the missing one comes, however that is counted; confirming data does not end it."""
    said = Wish("a", CODE, "to-khai", 3, not_secret=True)
    _hand_over(office, clerk, said, {"1.jpg": 10, "2.jpg": 40})
    short = [(Code.PAGES_MISCOUNTED, f"{CODE}/to-khai", "2/3")]
    assert _told(office) == short
    with office.services.catalogue.read() as tx:
        document, *_ = documents.live(tx, office.dossier().id)
    with office.services.catalogue.write() as tx:
        record(tx, document, "khac", {}, ("quay.1",), office.services)
    _hand_over(office, clerk, Wish("b", CODE, "giay-khac", not_secret=True), {"3.jpg": 70})
    assert _told(office) == short
    _hand_over(office, clerk, Wish("c", CODE, "to-khai", 1, not_secret=True), {"4.jpg": 100})
    assert _told(office) == []


def test_pages_that_were_miscounted(office: PaperOffice, clerk: Account) -> None:
    """Somebody who sees both numbers says so, and is not asked again; a scan anew and a lost leaf are no miscount."""
    said = Wish("a", CODE, "to-khai", 1, not_secret=True)
    _hand_over(office, clerk, said, {"1.jpg": 10, "2.jpg": 40})
    assert _told(office) == [(Code.PAGES_MISCOUNTED, f"{CODE}/to-khai", "2/1")]
    stand(_code(), "quay.1", office.services)
    assert _told(office) == []
    other = Wish("b", CODE, "giay-khac", 2, not_secret=True)
    _hand_over(office, clerk, other, {"3.jpg": 70})
    assert _told(office) == [(Code.PAGES_MISCOUNTED, f"{CODE}/giay-khac", "1/2")]
    again = Wish("c", CODE, "giay-khac", 1, ("giay-khac/3.jpg",), not_secret=True)
    _hand_over(office, clerk, again, {"3.jpg": 100})
    assert _told(office) == [(Code.PAGES_MISCOUNTED, f"{CODE}/giay-khac", "1/2")]
    state_placeholder(_code(), Placeholder("giay-khac", 2, LeafReason.EATEN), "quay.1", office.services)
    assert _told(office) == []


def test_the_same_sheet_again_is_no_other_leaf(office: PaperOffice, clerk: Account) -> None:
    """A scan that replaces another one is that leaf, and not one more."""
    said = Wish("a", CODE, "to-khai", leaves="1-2", not_secret=True)
    _hand_over(office, clerk, said, {"1.jpg": 10})
    again = Wish("b", CODE, "to-khai", replaces=("to-khai/1.jpg",), leaves="1", not_secret=True)
    _hand_over(office, clerk, again, {"1-lai.jpg": 40})
    assert _told(office) == [(Code.LEAVES_MISSING, f"{CODE}/to-khai", "1/2")]


def test_a_person_settles_it(office: PaperOffice) -> None:
    """By a placeholder, by another declaration, by papers, or by saying that the paper is like this."""
    for number in (1, 2):
        office.page(f"to-khai/{number}.jpg", 40 * number)
    office.digitise()
    declare(Declaration(_code(), "to-khai", "1-4"), "quay.1", office.services)
    assert _told(office) == [(Code.LEAVES_MISSING, f"{CODE}/to-khai", "2/4")]
    state_placeholder(_code(), Placeholder("to-khai", 3, LeafReason.EATEN), "quay.1", office.services)
    assert _told(office) == [(Code.LEAVES_MISSING, f"{CODE}/to-khai", "3/4")]
    declare(Declaration(_code(), "to-khai", "1-3"), "quay.1", office.services)
    assert _told(office) == []
    declare(Declaration(_code(), "", "1, 5"), "quay.1", office.services)
    assert [code for code, _, _ in _told(office)] == [Code.LEAVES_GAP, Code.LEAVES_OVER]
    before = _doubted(office)
    stand(_code(), "quay.1", office.services)
    assert _told(office) == []
    office.page("to-khai/9.jpg", 200)
    office.digitise()
    assert (_told(office), _doubted(office)) == ([], before)  # not told again with other papers
    declare(Declaration(_code(), "to-khai", ""), "quay.1", office.services)
    assert _told(office) == [(Code.LEAVES_GAP, CODE, "2, 4")]  # 3 has its placeholder; this is another doubt


def test_nothing_is_told_while_papers_are_on_their_way(office: PaperOffice) -> None:
    """Only what was read is held against leaves; a declaration that is none changes nothing."""
    declare(Declaration(_code(), "", "1-3"), "quay.1", office.services)
    assert _told(office) == []
    office.page("1.jpg", 40)
    office.deliver()
    declare(Declaration(_code(), "", "1-2"), "quay.1", office.services)
    assert _told(office) == []
    for bad in ("2-1", "1; 1", "một"):
        with pytest.raises(Rejected, match="LEAVES_INVALID"):
            declare(Declaration(_code(), "", bad), "quay.1", office.services)
    office.drain()
    assert _told(office) == [(Code.LEAVES_MISSING, CODE, "1/2")]


def test_the_list_of_a_store_room(office: PaperOffice) -> None:
    """Leaves of dossiers of a box: told with the papers, and again with another list."""
    for code, shade in ((CODE, 40), (OTHER_CODE, 90)):
        office.page("1.jpg", shade, code=code)
        office.page("2.jpg", shade + 20, code=code)

    def listed(mine: str, other: str) -> None:
        places = [PaperPlace(CODE, BOX, "1", "", None, mine), PaperPlace(OTHER_CODE, BOX, "2", "", None, other)]
        state_places(places, "kho.csv", "thu-kho", office.services, demo=True)

    listed("1-2", "2-3")
    office.digitise()
    assert sorted(_told(office)) == [
        (Code.LEAVES_TWICE, CODE, f"2 ({OTHER_CODE})"),
        (Code.LEAVES_TWICE, OTHER_CODE, f"2 ({CODE})"),
    ]
    listed("1-2", "4-5")
    assert sorted(_told(office)) == [(Code.LEAVES_GAP, OTHER_CODE, "3"), (Code.LEAVES_TWICE, CODE, f"2 ({OTHER_CODE})")]
    declare(Declaration(_code(), "", "1-2"), "quay.1", office.services)
    assert _told(office) == [(Code.LEAVES_GAP, OTHER_CODE, "3")]
    listed("1-2", "1-2")  # numbers begin anew with each dossier
    assert _told(office) == []


def test_a_catalogue_that_is_lost(office: PaperOffice, fresh: Catalogue) -> None:
    """Declarations of archived dossiers come back with their chain, those of lists with their statement."""
    office.page("1.jpg", 40)
    office.page("1.jpg", 90, code=OTHER_CODE)
    office.digitise()
    declare(Declaration(_code(), "", "1, 3"), "quay.1", office.services)
    place = PaperPlace(OTHER_CODE, BOX, "04", "Quầy 2", 2, "4-5")
    state_places([place], "kho.csv", "thu-kho", office.services, demo=True)
    office.drain()
    assert rebuild(Installation(fresh, office.services.store, office.clock), lambda _: None).whole
    with fresh.read() as here, office.services.catalogue.read() as there:
        assert list(comparison.compare(here, there, NOBODYS)) == []
        assert paper_places.of_codes(here, [OTHER_CODE]) == {OTHER_CODE: place}
        assert paper_places.codes_in(here, [BOX], 10) == [OTHER_CODE]
        assert said_of(here, office.dossier().id).declared[""].text == "1, 3"
