"""A person's word on a page, all the way to the scanner; what leaders say when signed papers are replaced by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext
from starlette.applications import Starlette

from catalog import documents, events, pages
from dossier.model import Page
from dossier.page import Verdict
from dossier.people import Role
from pipeline import people
from tests.fakes.office import CODE, PaperOffice, jpeg
from tests.fakes.visitor import Visitor
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import PASSWORD, UNIT, account, document_of
from tests.integration.site.test_counter import Counter
from web.house import House
from web.site import site
from web.wording import word


@pytest.fixture(scope="module")
def careful(house: House, office: PaperOffice) -> Iterator[House]:
    """Give the house of an office in which signed papers are replaced only with approval."""
    before = office.services
    office.services = replace(before, approvals_needed=True)
    yield replace(house, services=office.services)
    office.services = before


@pytest.fixture(scope="module")
def app(careful: House) -> Starlette:
    """Return the site of that office."""
    return site(careful)


def _visitor(app: Starlette, office: PaperOffice, role: Role) -> Visitor:
    made = account(office, f"trang.{role}", role, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor = Visitor(app)
    visitor.sign_in(made.login, PASSWORD)
    return visitor


def _file(counter: Counter) -> str:
    """Return the file that the counter's list leads to."""
    (found,) = set(re.findall(r"replaces=([0-9a-f]+)", counter.visitor.get("/rescans").body.decode()))
    return found


def _page(office: PaperOffice, document: str) -> Page:
    with office.services.catalogue.read() as tx:
        return pages.by_ids(tx, documents.get(tx, document).page_ids)[0]


def test_a_page_that_a_person_doubts_is_scanned_again(app: Starlette, office: PaperOffice) -> None:
    """Asked for, it is on the counter's list; let stand, it is off; the new scan waits for a leader who is another."""
    own = document_of(office)
    receiver, checker, leader = (_visitor(app, office, each) for each in (Role.RECEIVER, Role.CHECKER, Role.LEADER))
    address = f"/documents/{own}/pages/1"
    assert checker.post(f"{address}/again", {"fault": "nonsense"}).status == 422
    assert checker.post(f"/documents/{own}/pages/9/again", {"fault": "cut"}).status == 404
    assert leader.post(f"{address}/again", {"fault": "cut"}).status == 403
    assert checker.post(f"{address}/stands", {"stands": "yes"}).status == 303
    assert _page(office, own).verdict is Verdict.GOOD
    for _ in range(2):
        assert receiver.post(f"{address}/again", {"fault": "cut"}).headers["location"] == f"/documents/{own}?page=1"
    assert (_page(office, own).verdict, _page(office, own).reasons) == (Verdict.RESCAN, ("asked_cut",))
    assert "mất mép, mất góc" in receiver.get("/rescans").body.decode()
    assert receiver.post(f"{address}/stands", {"stands": "yes"}).status == 403
    assert checker.post(f"{address}/stands", {"stands": "yes"}).status == 303
    assert word("counter.none_again", "vi") in receiver.get("/rescans").body.decode()
    assert checker.post(f"{address}/again", {"fault": "blurred"}).status == 303
    shown = checker.get(f"/documents/{own}").body.decode()
    assert "phải quét lại" in shown
    assert word("document.stands", "vi") in shown
    with office.services.catalogue.read() as tx:
        told = [each for each in events.chain(tx, office.dossier().id) if each.kind in ("rescan_asked", "page_stands")]
    assert [(each.kind, each.actor) for each in told] == [
        ("rescan_asked", "trang.receiver"),
        ("page_stands", "trang.checker"),
        ("rescan_asked", "trang.checker"),
    ]


def test_a_leader_lets_signed_papers_be_replaced(app: Starlette, office: PaperOffice) -> None:
    """The new scan of the page waits with its cause; turned down, the old one stays; approved, the new one counts."""
    own = document_of(office)
    receiver, leader = Counter(_again(app, Role.RECEIVER), office), _again(app, Role.LEADER)
    assert leader.post(f"/replacements/{CODE}", {"decision": "approve", "reason": "bad_scan"}).status == 422
    for number, (decision, reason) in enumerate((("refuse", "other"), ("approve", "bad_scan"))):
        given = receiver.give(
            CODE, {f"moi-{number}.jpg": jpeg(300 + number)}, key=f"n{number}", replaces=_file(receiver)
        )
        office.drain()
        assert word("stage.unapproved", "vi") in receiver.visitor.get(given.headers["location"]).body.decode()
        assert CODE in leader.get("/replacements").body.decode()
        assert f"moi-{number}.jpg" in leader.get(f"/replacements/{CODE}").body.decode()
        assert leader.post(f"/replacements/{CODE}", {"decision": decision, "reason": "x"}).status == 422
        assert leader.post(f"/replacements/{CODE}", {"decision": decision, "reason": reason}).status == 303
        office.drain()
        assert (document_of(office) == own) is (decision == "refuse")
    folder = office.services.spool.dossier(CODE)
    assert sorted(path.name for path in folder.rglob("*.jpg")) == ["2.jpg", "moi-1.jpg"]
    assert word("replacement.nothing", "vi") in leader.get("/replacements").body.decode()
    assert word("counter.none_again", "vi") in receiver.visitor.get("/rescans").body.decode()


def test_nobody_approves_what_they_handed_over(app: Starlette, office: PaperOffice) -> None:
    """Not even who holds both roles."""
    made = account(office, "hai.vai", Role.RECEIVER, Role.LEADER, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    both = Counter(Visitor(app), office)
    both.visitor.sign_in(made.login, PASSWORD)
    own = document_of(office)
    assert both.visitor.post(f"/documents/{own}/pages/1/again", {"fault": "folded"}).status == 303
    both.give(CODE, {"khac.jpg": jpeg(320)}, key="both", replaces=_file(both))
    office.drain()
    refused = both.visitor.post(f"/replacements/{CODE}", {"decision": "approve", "reason": "bad_scan"})
    assert refused.status == 422
    assert "APPROVER_NOT_ANOTHER" in refused.body.decode()


def _again(app: Starlette, role: Role) -> Visitor:
    visitor = Visitor(app)
    visitor.sign_in(f"trang.{role}", PASSWORD)
    return visitor


def test_a_page_is_sent_back_with_keys_alone(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """A checker opens the form below the page and sends it; a leader sees what waits and decides."""
    page = sign_in(desk, address, person(office, Role.CHECKER))
    page.goto(f"{address}/documents/{document_of(office)}")
    page.get_by_text(word("document.ask_again", "vi")).press("Enter")
    page.get_by_label(word("document.fault", "vi")).select_option("folded")
    judged(page, "document-again")
    with page.expect_navigation():
        page.get_by_role("button", name=word("document.send_again", "vi"), exact=True).press("Enter")
    page.get_by_role("button", name=word("document.stands", "vi")).wait_for()
    judged(page, "document-asked-again")
    page.context.clear_cookies()
    page = sign_in(desk, address, person(office, Role.LEADER))
    page.goto(f"{address}/replacements")
    page.get_by_role("link", name=CODE).press("Enter")
    page.get_by_role("button", name=word("replacement.refuse", "vi")).wait_for()
    judged(page, "replacement")
