"""A paper of another dossier is not signed before somebody has looked; then it goes on by itself, or goes away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog import documents, events, intakes, pages, problems
from dossier.errors import Code
from dossier.model import Document
from dossier.page import ELSEWHERE
from dossier.people import Account, Role
from dossier.states import DocumentState
from pipeline import people
from pipeline.confirmation import record
from pipeline.judging import PageFault, PageWord, judge_page
from pipeline.misplaced import EVENT
from pipeline.moving import Move, move
from pipeline.registering import Order, import_register
from pipeline.taking_over import take_over_all
from registers.reference_data import of_files
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
_HEADER = (
    "Mã hồ sơ;Mã thủ tục;Người nộp hồ sơ;Địa chỉ;Hình thức nhận hồ sơ;Ngày tiếp nhận;"
    "Ngày hẹn trả;Ngày có kết quả;Trạng thái;Ghi chú\n"
)


@pytest.fixture
def doubted(office: PaperOffice) -> PaperOffice:
    """Return an office with a dossier of two papers, one of which names only the applicant of another."""
    office.services = replace(office.services, reference=of_files(None, None))
    path = office.inbox.parent / "so.csv"
    lines = (
        f"{CODE};1.001193;Nguyễn Thị Hoa;Thôn 3;1;12/02/2026;;;;\n",
        f"{OTHER_CODE};1.001193;Đỗ Văn An;;1;11/02/2026;;;;\n",
    )
    path.write_text(_HEADER + "".join(lines), encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    office.page("to-khai/1.jpg", 10, text="Họ và tên: Nguyễn Thị Hoa")
    office.page("khac/1.jpg", 20, text="Người nộp: Đỗ Văn An")
    office.digitise()
    return office


def _documents(office: PaperOffice, code: str = CODE) -> dict[str, Document]:
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, code)
        return {each.component: each for each in documents.live(tx, dossier.id)} if dossier else {}


def _told(office: PaperOffice) -> list[tuple[str, str]]:
    with office.services.catalogue.read() as tx:
        found = problems.open_problems(tx)
    return [(each.subject, each.detail) for each in found if each.code is Code.PAPER_ELSEWHERE]


def _clerk(office: PaperOffice) -> Account:
    own = Account("", "quay.1", "Quầy một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    return people.create(own, "một mật khẩu dài", "test", office.services)


def _goes_on(office: PaperOffice) -> None:
    office.drain()
    assert _documents(office)["khac"].state is DocumentState.ARCHIVED
    assert _told(office) == []


def test_it_is_held_and_the_others_go_on(doubted: PaperOffice) -> None:
    """Told with the dossier that it names; nothing of it was rendered or signed; it needs a person in the queue."""
    found = _documents(doubted)
    assert found["to-khai"].state is DocumentState.ARCHIVED
    assert found["khac"].state is DocumentState.CLASSIFIED
    assert _told(doubted) == [("khac/1.jpg#1", OTHER_CODE)]
    with doubted.services.catalogue.read() as tx:
        chain = [each.payload for each in events.chain(tx, found["khac"].dossier_id)]
        (page,) = pages.by_ids(tx, found["khac"].page_ids)
        asked = [each.id for each in documents.unconfirmed(tx, None, 9, sure=0.0)]
    assert not any("pdf" in each and each.get("document") == found["khac"].id for each in chain)
    assert ELSEWHERE in page.reasons
    assert found["khac"].id in asked
    assert found["to-khai"].id not in asked


def test_a_page_that_stands_lets_it_go_on(doubted: PaperOffice) -> None:
    """Asked for another scan first: that does not; the same scan again is not doubted anew."""
    own, clerk = _documents(doubted)["khac"], _clerk(doubted)
    judge_page(PageWord(own, 1, PageFault.WRONG_PAPER), clerk, doubted.services)
    doubted.drain()
    assert _documents(doubted)["khac"].state is DocumentState.CLASSIFIED
    judge_page(PageWord(own, 1, None), clerk, doubted.services)
    _goes_on(doubted)
    doubted.page("khac/2.jpg", 30, text="trang sau")
    doubted.digitise()
    assert _told(doubted) == []
    assert all(each.state is DocumentState.ARCHIVED for each in _documents(doubted).values())


def test_a_confirmed_document_goes_on(doubted: PaperOffice) -> None:
    """A person says what it is: it belongs here. Said before it was classified anew, it is not asked again."""
    with doubted.services.catalogue.write() as tx:
        record(tx, _documents(doubted)["khac"], "khac", {}, ("quay.1",), doubted.services)
    _goes_on(doubted)


def test_a_moved_paper_goes_on_in_its_own_dossier(doubted: PaperOffice) -> None:
    """It was not signed, so it can be moved; nothing of it is left where it was, or on the list."""
    own, clerk = _documents(doubted)["khac"], _clerk(doubted)
    with doubted.services.catalogue.read() as tx:
        (page,) = pages.by_ids(tx, own.page_ids)
        dossier = intakes.find_dossier(tx, CODE)
    assert dossier is not None
    move(Move(dossier, page.file_id, OTHER_CODE), clerk, doubted.services)
    for _ in range(3):
        doubted.drain()
        take_over_all(doubted.services)
    assert set(_documents(doubted)) == {"to-khai"}
    (moved,) = _documents(doubted, OTHER_CODE).values()
    assert moved.state is DocumentState.ARCHIVED
    assert _told(doubted) == []
    with doubted.services.catalogue.read() as tx:
        assert [each.kind for each in events.chain(tx, own.dossier_id)].count(EVENT) == 1
