"""Lots and reuse from the pages: opened, counted, judged by others, decided, signed; a paper lent to a dossier."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import BrowserContext
from sqlalchemy import update

from catalog import access, lots, reuse
from catalog.schema import document
from dossier.lots import LotState
from dossier.papers import PaperPlace
from dossier.people import Role
from pipeline.placing import state_places
from pipeline.registering import Order, import_register
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import document_of, lot_of

BOX, NUMBER = "Kho A, hộp 7", "LO-WEB-1"
NEW = "H99.27.14-261101-0001"
_OPENING = {"number": NUMBER, "wave": "Đợt 1/2026", "boxes": BOX, "dossiers": "2", "leaves": "3"}


def _state(office: PaperOffice) -> LotState:
    with office.services.catalogue.read() as tx:
        found = lots.find(tx, NUMBER)
    assert found is not None
    return found.state


def test_a_lot_goes_its_way(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """Each step by whoever may do it; the one who counted does not judge; the minutes are signed at the end."""
    state_places([PaperPlace(CODE, BOX, "1", "", 2)], "kho.csv", "thu-kho", office.services, demo=True)
    archivist, checker, leader = (visitors[role] for role in (Role.ARCHIVIST, Role.CHECKER, Role.LEADER))
    one = f"/lots/{NUMBER}"
    assert archivist.post("/lots", _OPENING).headers["location"] == one
    assert archivist.post(f"{one}/count").status == 422  # nobody is known to have scanned it
    assert archivist.post(f"{one}/count", {"scanned_by": "receiver"}).status == 303
    shown = checker.get(one).body.decode()
    assert "khai 2 hồ sơ, danh sách có 1" in shown
    for sheet in ("1", "2"):
        assert archivist.post(f"{one}/pages/{sheet}", {"verdict": "good"}).status == 422
        assert visitors[Role.RECEIVER].post(f"{one}/pages/{sheet}", {"verdict": "good"}).status == 422
        assert checker.post(f"{one}/pages/{sheet}", {"verdict": "good"}).status == 303
    assert checker.post(f"{one}/pages/3", {"verdict": "good"}).status == 404
    assert leader.post(f"{one}/decide", {"decision": "accept"}).status == 422  # it differs from what was declared
    assert leader.post(f"{one}/decide", {"decision": "accept", "reason": "ghi nhầm"}).status == 303
    assert _state(office) is LotState.ACCEPTED
    assert visitors[Role.CLERK].post(f"{one}/sign").status == 303
    assert leader.get(f"{one}/minutes.pdf").body.startswith(b"%PDF")
    assert leader.get(f"{one}/manifest").body.startswith(b"# hososo-lot-manifest 1")
    assert visitors[Role.RECEIVER].post(f"{one}/decide", {"decision": "reject"}).status == 403


def test_a_paper_is_lent(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """The counter tells what is there, and lends a paper of the same person; who looked stands in the log."""
    source = document_of(office)
    with office.services.catalogue.write() as tx:
        tx.execute(update(document).where(document.c.id == source).values(kind="GIAY_CHUNG_SINH", confirmed_by="x"))
    path = office.inbox.parent / "so.csv"
    rows = "".join(f"{code};1.001193;01/11/2026;099175004461\n" for code in (CODE, NEW))
    path.write_text(f"Mã hồ sơ;MaTTHC;Ngày nhận;Số định danh\n{rows}", encoding="utf-8")
    import_register(path, Order(as_of=datetime(2026, 11, 22, tzinfo=UTC)), office.services)
    receiver = visitors[Role.RECEIVER]
    shown = receiver.get(f"/counter/{NEW}").body.decode()
    assert source in shown
    wish = {"component": "giay-chung-sinh", "document": source}
    assert visitors[Role.ARCHIVIST].post(f"/counter/{NEW}/reuse", wish).status == 403
    assert receiver.post(f"/counter/{NEW}/reuse", wish).status == 303
    assert receiver.post(f"/counter/{NEW}/reuse", wish).status == 422
    assert f"đã có: dùng lại từ hồ sơ {CODE}" in receiver.get(f"/counter/{NEW}").body.decode()
    with office.services.catalogue.read() as tx:
        assert list(reuse.of_dossiers(tx, [NEW])) == [NEW]
        assert {"reuse.look", "reuse.take", "reuse.state"} <= {line.action for line in access.lines(tx)}
    assert receiver.post(f"/counter/{NEW}/reuse/undo", {"component": "giay-chung-sinh"}).status == 303


def test_a_page_is_judged_on_the_screen(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """Somebody who did not scan sees the page and says that it is good."""
    number = lot_of(office, CODE)
    page = sign_in(desk, address, person(office, Role.CHECKER))
    page.goto(f"{address}/lots/{number}")
    judged(page, "lot")
    page.keyboard.press("n")
    page.wait_for_url("**/pages/1")
    page.wait_for_function("document.querySelector('img.sheet').complete")
    judged(page, "lot-page")
