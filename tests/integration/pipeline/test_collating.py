"""Stacks scanned one side at a time: pages lie in the order of the sheets, or all of them before a person."""

from __future__ import annotations

import pytest
from PIL import Image

from catalog import events, intakes, stacks
from dossier.collation import Collation
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from dossier.stacks import Doubt, PartState
from pipeline import people
from pipeline.collating import Pile
from pipeline.handing_over import Wish, begin
from pipeline.handing_stacks import EVENT, hand_over_parts, waiting
from pipeline.stacks import take_stack
from pipeline.taking_over import take_over_all
from pipeline.taking_stacks import take_stacks
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice
from tests.fakes.stacks import paper, pdf, png, sheet, sheet_code
from tests.fakes.station import Station

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])


def _bare() -> Image.Image:
    return Image.new("L", (840, 1188), 255)


@pytest.fixture
def clerk(office: PaperOffice) -> Account:
    """Give somebody at a counter."""
    own = Account("", "quay.1", "Quầy một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    return people.create(own, "một mật khẩu dài", "test", office.services)


def _sheets(office: PaperOffice) -> tuple[list[Image.Image], list[Image.Image]]:
    """Return fronts and backs: a separator and two sheets for one dossier, the same for another."""
    fronts = [sheet(sheet_code(office, CODE)), paper(1), paper(3), sheet(sheet_code(office, OTHER_CODE)), paper(5)]
    return fronts, [_bare(), paper(2), paper(4), _bare(), paper(6)]


def _all_in(office: PaperOffice) -> None:
    hand_over_parts(office.services)
    for _ in range(3):
        office.drain()
        take_over_all(office.services)
    office.drain()


def test_two_files_of_a_pile_that_was_turned(office: PaperOffice, clerk: Account) -> None:
    """The very images, sheet by sheet; bare backs of separators are kept out; the chain says how; files stay."""
    fronts, backs = _sheets(office)
    files = {"1.pdf": pdf(fronts), "2.pdf": pdf(backs[::-1])}
    folder = office.scans_in("stack", files)
    found = [[each.sha256 for each in office.services.taker.pages(folder / name)] for name in files]
    own, _ = take_stack(folder, clerk, office.services, not_secret=True, pile=Pile(Collation.TURNED))
    _all_in(office)
    front, back = found[0], found[1][::-1]
    assert office.scans(CODE) == [front[1], back[1], front[2], back[2]]
    assert office.scans(OTHER_CODE) == [front[4], back[4]]
    assert {name: (folder / name).read_bytes() for name in files} == files
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, CODE)
        assert dossier is not None
        (told,) = [each.payload for each in events.chain(tx, dossier.id) if each.kind == EVENT]
    one, two = (each.sha256 for each in own.files)
    assert told["collated"] == "turned"
    assert told["pages"] == [[one, 2], [two, 4], [one, 3], [two, 3]]
    assert told["separators"] == [[one, 1], [two, 5]]


def test_what_does_not_go_together_waits_whole(office: PaperOffice, clerk: Account) -> None:
    """Not as many, not counted, miscounted, or printed numbers of another order: one part, as it was delivered."""
    fronts, backs = _sheets(office)
    single = {f"{number}.png": png(each) for number, each in enumerate([*fronts, *backs], 1)}
    piles = {
        "fewer": ({"1.pdf": pdf(fronts), "2.pdf": pdf(backs[:-1])}, None),
        "even": ({"1.pdf": pdf(fronts), "2.pdf": pdf(backs[:-2])}, None),
        "uncounted": (single, None),
        "miscounted": (single, 12),
    }
    for name, (files, counted) in piles.items():
        folder = office.scans_in(name, files)
        own, _ = take_stack(folder, clerk, office.services, not_secret=True, pile=Pile(Collation.SAME, counted))
        with office.services.catalogue.read() as tx:
            (part,) = stacks.parts(tx, own.id)
        assert (part.state, part.part.doubt) == (PartState.WAITING, Doubt.UNCOLLATED), name
        assert list(part.part.pages) == sorted(part.part.pages, key=lambda page: (page.file, page.number))
        assert not any(file.collated for file in own.files)


@pytest.mark.parametrize("said", [Collation.SAME, Collation.PRINTED])
def test_printed_numbers_decide(said: Collation, office: PaperOffice, clerk: Account) -> None:
    """Handed over as pages of their own, counted: the numbers on them say that the pile was turned."""
    fronts = [sheet(sheet_code(office, CODE)), paper(1), paper(3), paper(5)]
    backs = [_bare(), paper(2), paper(4), paper(6)]
    files = {f"{number:02}.png": png(each) for number, each in enumerate([*fronts, *backs[::-1]], 1)}
    folder = office.scans_in("look", files)
    scans = [each.sha256 for name in files for each in office.services.taker.pages(folder / name)]
    right = [scans[1], scans[6], scans[2], scans[5], scans[3], scans[4]]
    office.reader.texts.update({scan: f"Trang {number}/6" for number, scan in enumerate(right, 1)})
    station = Station(office, clerk)
    own = begin(Wish("k", "", pages=8, not_secret=True, stack=True, collate=said), clerk, office.services)
    for name, data in files.items():
        station.send(own, name, data)
    station.commit(own)
    take_stacks(office.services)
    _all_in(office)
    left = [each.part.doubt for _, each in waiting(office.services)]
    assert (office.scans(CODE), left) == (([], [Doubt.UNCOLLATED]) if said is Collation.SAME else (right, []))


def test_only_stacks_are_collated(office: PaperOffice, clerk: Account) -> None:
    """A dossier's own hand-over has its order by the names of its files; a stack is counted only with an order."""
    for wish in (
        Wish("a", CODE, not_secret=True, collate=Collation.SAME),
        Wish("b", "", not_secret=True, stack=True, pages=4),
    ):
        with pytest.raises(Rejected) as refused:
            begin(wish, clerk, office.services)
        assert refused.value.code is Code.REQUEST_INVALID
