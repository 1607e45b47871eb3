"""The screens of the user guide: the real program over a really digitised archive, in a real browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.integration.docs.conftest import Archive, first_object, hososo, started
from tests.integration.site.browsing import judged

_FIRST, _OWN = "mật khẩu ban đầu", "một mật khẩu dài của riêng mình"
_PEOPLE = {
    "lan.nt": ("Nguyễn Thị Lan", "archivist"),
    "hoa.lt": ("Lê Thị Hoa", "receiver"),
    "chu.tich": ("Phạm Văn Chủ", "leader"),
}


@pytest.fixture(scope="module")
def address(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the archive to people of three roles."""
    folder = tmp_path_factory.mktemp("guide")
    home = folder / "home"
    shutil.copytree(archive.home, home)
    password = folder / "password"
    password.write_text(_FIRST + "\n", encoding="utf-8")
    for login, (name, role) in _PEOPLE.items():
        words = ("account", "add", login, "--name", name, "--role", role, "--password-file", str(password))
        assert hososo(home, *words).returncode == 0
    with started(home, "serve") as process:
        yield "http://" + json.loads(first_object(process))["listen"]
        process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's browser."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


def _signed_in(browser: Browser, address: str, login: str) -> Page:
    """Sign in for the first time, which ends with a password of one's own."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN").new_page()
    page.goto(address)
    for name, value in (("login", login), ("password", _FIRST)):
        page.fill(f"#{name}", value)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for name, value in (("old", _FIRST), ("new", _OWN), ("again", _OWN)):
        page.fill(f"#{name}", value)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def test_an_archivist(browser: Browser, address: str) -> None:
    """Finds a certificate and looks at it."""
    page = _signed_in(browser, address, "lan.nt")
    page.goto(f"{address}/search?q=khai+sinh")
    assert page.locator("[data-hit]").count() > 1
    judged(page, "guide-search")
    with page.expect_navigation():
        page.locator("[data-hit]").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("polygon").count() > 1
    judged(page, "guide-document")


def test_a_receiver(browser: Browser, address: str, archive: Archive) -> None:
    """Hands papers over at the counter."""
    page = _signed_in(browser, address, "hoa.lt")
    page.goto(f"{address}/counter/{archive.samples.dossiers[0].code}")
    judged(page, "guide-counter")


def test_a_leader(browser: Browser, address: str) -> None:
    """Looks at the rate, at groups, and at what to do next."""
    page = _signed_in(browser, address, "chu.tich")
    for path, name in (
        ("/dashboard", "guide-dashboard"),
        ("/figures?by=field", "guide-groups"),
        ("/worklist?list=dossier", "guide-worklist"),
    ):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        judged(page, name)
    links = [link.get_attribute("href") or "" for link in page.locator("tbody a").all()]
    assert len(links) < page.locator("tbody tr").count(), "most of these have never been scanned"
    assert all(page.request.get(address + link).ok for link in links)
