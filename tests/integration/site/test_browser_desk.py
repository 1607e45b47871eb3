"""Văn thư's day, a request granted, two who confirm: in a real browser, with the agent's own code at the token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext
from starlette.types import ASGIApp

from catalog import documents, fields
from dossier.model import FieldValue
from dossier.people import Role
from dossier.states import DocumentState
from pipeline import people
from pipeline.two_person import TwoPersonRule
from signing.agent import sign_batch
from signing.desk_client import DeskClient
from signing.development_pki import DevelopmentPki, ensure_development_pki
from tests.fakes.office import PaperOffice
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import FOREIGN, PASSWORD, account
from tests.integration.site.token_office import CODES, token_office
from web.app import beside
from web.house import House
from web.signing_desk import PREFIX, signing_desk
from web.site import site
from web.wording import word

_TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of a test


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentPki:
    """Return the keys of this module."""
    return ensure_development_pki(tmp_path_factory.mktemp("day-pki") / "pki", algorithm="ecdsa")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, pki: DevelopmentPki) -> Iterator[PaperOffice]:
    """Give an office whose agency signs with a token."""
    with token_office(tmp_path_factory.mktemp("day"), pki, [*CODES, FOREIGN]) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(office: PaperOffice) -> Iterator[ASGIApp]:
    """Give the site with the desk of the agents beside it, where two have to agree on names."""
    rule = TwoPersonRule(fields=frozenset({"ho_ten"}))
    opened = House(office.services, "ỦY BAN NHÂN DÂN THỬ", demo=True, secure=False, two_person=rule)
    yield beside(site(opened), PREFIX, signing_desk(office.services, _TOKEN.encode()))
    opened.pictures.close()
    opened.copier.close()


def test_a_clerk_signs_a_batch(desk: BrowserContext, address: str, office: PaperOffice, pki: DevelopmentPki) -> None:
    """Looks at what waits, chooses with the space bar, prepares, lets the token sign, sees what became of it."""
    page = sign_in(desk, address, person(office, Role.CLERK))
    page.goto(f"{address}/desk")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-prepare]").is_disabled()
    for number in (1, 2, 3):
        page.locator(f"#document-{number}").press("Space")
    assert page.locator("[data-chosen]").inner_text() == word("desk.chosen", "vi").format(count=3)
    judged(page, "signing-desk")
    with page.expect_navigation():
        page.locator("[data-prepare]").press("Enter")
    judged(page, "signing-batch")
    done = sign_batch(DeskClient(address, _TOKEN), pki.signer, 50, lambda wanted: len(wanted) == 3)
    assert (done.signed, done.failures) == (3, ())
    office.drain()
    with page.expect_navigation():
        page.get_by_role("link", name=word("batch.look", "vi")).press("Enter")
    assert page.locator("td .good").count() == 3
    judged(page, "signing-batch-done")
    assert sum(office.states(code) == [DocumentState.ARCHIVED] for code in CODES) == 3
    page.goto(f"{address}/desk/renewals")
    judged(page, "renewals")


def test_a_request_is_granted(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """An archivist of another unit asks, a leader of this one decides, the document opens with the reason why."""
    for login, role, unit in (("xa.khac", Role.ARCHIVIST, "H99.27.12"), ("chu.tich", Role.LEADER, "H99.27.14")):
        made = account(office, login, role, units=frozenset({unit}))
        people.set_password(made, PASSWORD, made.id, office.services)
    page = sign_in(desk, address, "xa.khac")
    page.goto(f"{address}/requests")
    page.locator("#code").fill(CODES[0])
    page.locator("#purpose").fill("Đối chiếu khi cấp lại bản sao trích lục")
    with page.expect_navigation():
        page.locator("#purpose").press("Enter")
    judged(page, "requests")
    with page.expect_navigation():
        page.get_by_role("button", name=word("site.sign_out", "vi")).press("Enter")
    leader = sign_in(desk, address, "chu.tich")
    leader.goto(f"{address}/approvals")
    with leader.expect_navigation():
        leader.locator("[data-hit]").first.press("Enter")
    leader.locator("#document-1").press("Space")
    judged(leader, "approval")
    with leader.expect_navigation():
        leader.get_by_role("button", name=word("approval.grant", "vi"), exact=True).press("Enter")
    judged(leader, "approvals")
    with leader.expect_navigation():
        leader.get_by_role("button", name=word("site.sign_out", "vi")).press("Enter")
    page = sign_in(desk, address, "xa.khac")
    page.goto(f"{address}/requests")
    with page.expect_navigation():
        page.locator("[data-hit]").press("Enter")
    page.wait_for_load_state("networkidle")
    assert page.locator("[role=note].doubt").count() == 1
    judged(page, "document-granted")


def test_two_confirm(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """The first is told that a second is needed; the second sees the paper and not the first's word."""
    own = office.documents(CODES[3])[0].id
    with office.services.catalogue.write() as tx:
        page_id = documents.get(tx, own).page_ids[0]
        box = (40, 60, 200, 80)
        fields.replace_read(tx, own, [FieldValue("ho_ten", "NGUYỄN VĂN THỬ", "", 70.0, page_id, box, "rule")])
    for login in ("nguoi.mot", "nguoi.hai"):
        made = account(office, login, Role.CHECKER, units=frozenset({"H99.27.14"}))
        people.set_password(made, PASSWORD, made.id, office.services)
        page = sign_in(desk, address, login)
        page.goto(f"{address}/confirm/{own}")
        page.wait_for_load_state("networkidle")
        assert "Nguyễn Văn Thử" not in page.content()
        page.locator("#field-0").fill("Nguyễn Văn Thử")
        judged(page, f"confirm-{login}")
        with page.expect_navigation():
            page.locator("#field-0").press("Enter")
        assert page.get_by_text(word("said.second", "vi")).count() == (1 if login == "nguoi.mot" else 0)
        page.goto(f"{address}/samples")
        judged(page, "samples")
        with page.expect_navigation():
            page.get_by_role("button", name=word("site.sign_out", "vi")).press("Enter")
    with office.services.catalogue.read() as tx:
        assert documents.get(tx, own).confirmed
