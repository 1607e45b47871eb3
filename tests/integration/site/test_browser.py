"""A day of each role in a real browser on an office PC's screen: with keys alone, and judged by axe."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Browser, BrowserContext

from catalog import documents, fields
from dossier.model import FieldValue
from dossier.people import Role
from pipeline import people
from tests.fakes.office import CODE, PaperOffice
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import PASSWORD, account, document_of, served
from tests.integration.site.identities import client_of, member, with_provider
from tests.servers.identity import identity_server
from web.house import House
from web.site import site
from web.wording import word


def test_an_archivist_finds_a_paper(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """Sign in, search without tones, walk through what was found, open it: not once the mouse."""
    page = sign_in(desk, address, person(office, Role.ARCHIVIST))
    judged(page, "search-empty")
    page.keyboard.type("nguyen van thu")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    judged(page, "search")
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert document_of(office) in page.url
    assert page.locator("polygon").count() == 3
    assert page.evaluate("document.querySelector('image').getBoundingClientRect().width") > 300
    judged(page, "document")


def test_an_archivist_narrows_and_keeps_a_search(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """Open the conditions, fill some in, see them named, keep the search, find it again: with keys alone."""
    made = account(office, "day.narrows", Role.ARCHIVIST)
    people.set_password(made, PASSWORD, made.id, office.services)
    page = sign_in(desk, address, made.login)
    page.locator("input[name=q]").focus()
    page.keyboard.type("giay khaj sinh")
    page.locator("summary").first.press("Enter")
    page.locator("input[name=identity]").focus()
    judged(page, "search-filters")
    page.keyboard.type("099175004461")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".chips a").count() == 1
    assert page.locator(".facets a").count() == 2
    judged(page, "search-narrowed")
    page.locator("#saved-name").focus()
    page.keyboard.type("Khai sinh của ông Thử")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{address}/search")
    assert page.get_by_role("link", name="Khai sinh của ông Thử").is_visible()
    judged(page, "search-saved")


def test_an_archivist_looks_closer_and_takes_a_copy(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """Larger, turned, downloaded under the dossier's code; on to the dossier."""
    page = sign_in(desk, address, person(office, Role.ARCHIVIST, Role.RECEIVER))
    page.goto(f"{address}/documents/{document_of(office)}")
    narrow = page.locator(".sheet").bounding_box()
    page.keyboard.press("+")
    wide = page.locator(".sheet").bounding_box()
    assert narrow is not None
    assert wide is not None
    assert wide["width"] > narrow["width"]
    page.keyboard.press("r")
    assert "turn1" in (page.locator(".sheet").get_attribute("class") or "")
    with page.expect_download() as taken:
        page.get_by_role("link", name=word("document.download", "vi")).press("Enter")
    assert taken.value.suggested_filename.startswith(CODE)
    with page.expect_navigation():
        page.get_by_role("link", name=CODE).press("Enter")
    judged(page, "dossier")


def test_a_leader_sees_the_rate_and_who_looked(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """Both rates side by side, the causes drawn, the access log checked."""
    page = sign_in(desk, address, person(office, Role.LEADER))
    with page.expect_navigation():
        page.get_by_role("link", name=word("site.dashboard", "vi")).press("Enter")
    page.wait_for_load_state("networkidle")
    assert page.locator(".rate").count() == 2
    judged(page, "dashboard")
    with page.expect_navigation():
        page.get_by_role("link", name=word("site.access_log", "vi")).press("Enter")
    with page.expect_navigation():
        page.get_by_role("link", name=word("access.check", "vi")).press("Enter")
    assert page.get_by_role("status").count() == 1
    judged(page, "access-log")


def test_a_leader_takes_reports_and_fixes_one(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """From the rate to its groups, to a list, to a workbook; the figures fixed; the work list."""
    page = sign_in(desk, address, person(office, Role.LEADER, Role.ARCHIVIST))
    page.goto(f"{address}/figures?by=unit")
    judged(page, "groups")
    with page.expect_navigation():
        page.get_by_role("link", name=word("site.reports", "vi")).press("Enter")
    with page.expect_download() as taken:
        page.get_by_role("link", name=word("reports.xlsx", "vi")).press("Enter")
    assert taken.value.suggested_filename == "bao-cao-so-hoa.xlsx"
    judged(page, "reports")
    page.get_by_label(word("reports.note", "vi")).fill("báo cáo tháng")
    with page.expect_navigation():
        page.get_by_role("button", name=word("reports.fix", "vi")).press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == word("fixed.title", "vi", number=1)
    judged(page, "fixed-report")
    with page.expect_navigation():
        page.get_by_role("link", name=word("site.worklist", "vi")).press("Enter")
    judged(page, "worklist")


def test_an_administrator_makes_an_account(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """Which its owner then has to give a password of its own."""
    page = sign_in(desk, address, person(office, Role.ADMINISTRATOR))
    judged(page, "accounts")
    page.locator("#login").fill("moi.den")
    page.locator("#name").fill("Lê Thị Mới")
    page.get_by_label(word("accounts.first_password", "vi")).fill(PASSWORD)
    page.locator("form.narrow").get_by_label("lưu trữ viên").press("Space")
    with page.expect_navigation():
        page.get_by_role("button", name=word("accounts.add", "vi")).press("Enter")
    assert page.get_by_role("cell", name="moi.den").count() == 1
    with page.expect_navigation():
        page.get_by_role("button", name=word("site.sign_out", "vi")).press("Enter")
    judged(page, "login")
    other = sign_in(desk, address, "moi.den")
    assert other.url.endswith("/password")
    judged(other, "password")


def test_an_inspector_sees_rates_and_no_paper(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """The first page is the rate; there is no search."""
    page = sign_in(desk, address, person(office, Role.INSPECTOR))
    assert page.url.endswith("/dashboard")
    assert page.get_by_role("link", name=word("site.search", "vi")).count() == 0


def test_pages_work_without_scripts(browser: Browser, address: str, office: PaperOffice) -> None:
    """Where an office forbids them: forms, links and pictures are plain."""
    login = person(office, Role.CHECKER, Role.RECEIVER)
    context = browser.new_context(java_script_enabled=False)
    page = sign_in(context, address, login)
    page.goto(f"{address}/search?q=nguyen")
    page.locator("[data-hit]").click()
    assert page.locator("polygon").count() == 1
    context.close()


def test_a_checker_confirms_with_enter(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """The field in hand is shown on the page; Enter confirms and brings what waits next, until nothing does."""
    own = document_of(office)
    with office.services.catalogue.write() as tx:
        page_id = documents.get(tx, own).page_ids[0]
        fields.replace_read(tx, own, [FieldValue("ho_ten", "NGUYỄN", "", 70.0, page_id, (40, 60, 200, 80), "rule")])
    page = sign_in(desk, address, person(office, Role.CHECKER))
    page.goto(f"{address}/confirm/{own}")
    page.wait_for_load_state("networkidle")
    page.locator("#field-0").focus()
    assert page.locator("rect.looked").count() == 1
    judged(page, "confirm")
    with page.expect_navigation():
        page.locator("#kind").select_option("TO_KHAI_HO_TICH")
    assert page.get_by_text(word("confirm.read_as", "vi")).is_visible()
    judged(page, "confirm-as")
    with page.expect_navigation():
        page.get_by_role("link", name=word("confirm.read_back", "vi")).click()
    page.locator("#field-0").focus()
    page.keyboard.press("End")
    page.keyboard.type(" VĂN THỬ")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    while page.locator("form.stack").count():
        with page.expect_navigation():
            page.locator("form.stack button").press("Enter")
    assert page.get_by_role("status").inner_text() == word("confirm.none", "vi")
    judged(page, "confirm-none")
    with office.services.catalogue.read() as tx:
        assert [value.value for value in fields.of_document(tx, own)] == ["NGUYỄN VĂN THỬ"]


def test_through_the_provider_and_out_again(desk: BrowserContext, house: House, office: PaperOffice) -> None:
    """With keys alone: to the page that was asked for, with the code of the phone, and out of both at the end."""
    made = member(office, "day.provider", name="thu.nv@xa.example")
    totp = pyotp.TOTP(pyotp.parse_uri(people.new_totp(made, "test", office.services)).secret)
    with identity_server() as server:
        entrance = with_provider(house, client_of(server))
        with served(site(entrance)) as address:
            entrance.provider = with_provider(house, client_of(server, address)).provider
            server.people = {"mot-nguoi": {"preferred_username": "thu.nv@xa.example"}}
            page = desk.new_page()
            page.goto(f"{address}/search")
            judged(page, "sign-in-provider")
            page.get_by_role("link", name=word("login.provider_label", "vi")).press("Enter")
            page.get_by_role("link", name="mot-nguoi").press("Enter")
            page.locator("#code:focus").wait_for()
            judged(page, "sign-in-code")
            page.keyboard.type(totp.at(office.clock()))
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert page.url == f"{address}/search"
            page.goto(f"{address}/password")
            assert page.get_by_text("thu.nv@xa.example").is_visible()
            judged(page, "account-provider")
            page.get_by_role("button", name=word("site.sign_out", "vi")).press("Enter")
            page.wait_for_url(f"{server.url}/leave?*")
            page.get_by_role("link").press("Enter")
            page.wait_for_url(f"{address}/login")
            page.goto(f"{address}/search")
            assert page.url == f"{address}/login?next=/search"
        assert server.findings == []


def test_an_administrator_says_who_comes_from_there(desk: BrowserContext, house: House, office: PaperOffice) -> None:
    """In the list of accounts: the name at the provider, and no password any more."""
    login = person(office, Role.ADMINISTRATOR)
    member(office, "day.awaited", name="awaited@xa.example")
    with identity_server() as server, served(site(with_provider(house, client_of(server)))) as address:
        page = sign_in(desk, address, login)
        page.goto(f"{address}/accounts")
        row = page.get_by_role("row", name="awaited@xa.example")
        row.locator("summary").press("Enter")
        judged(page, "accounts-provider")
        row.locator("input[name=name]").fill("another@xa.example")
        with page.expect_navigation():
            row.locator("input[name=name]").press("Enter")
        assert page.get_by_role("cell", name="another@xa.example").is_visible()
