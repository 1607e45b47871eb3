"""What the browser tests share: somebody new, signing in with keys alone, judging a screen."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from dossier.people import Role
from pipeline import people
from tests.fakes.office import PaperOffice
from tests.integration.site.conftest import PASSWORD, UNIT, account
from tests.npm import installed

_AXE = Path(__file__).parent / "axe"
_SCREENS = Path(__file__).parents[3] / "build" / "screens"
_GRAVE = ("serious", "critical")
_NUMBER = count(1)


def person(office: PaperOffice, *roles: Role) -> str:
    """Return the login of somebody new."""
    login = f"day.{next(_NUMBER)}." + ".".join(roles)
    made = account(office, login, *roles, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    return login


def sign_in(desk: BrowserContext, address: str, login: str) -> Page:
    """Sign in with the keyboard alone."""
    page = desk.new_page()
    page.goto(address)
    page.locator("#login:focus").wait_for()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/login" not in page.url
    return page


def judged(page: Page, name: str) -> None:
    """Keep a picture of the screen, and let axe find nothing grave."""
    _SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=_SCREENS / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "is wider than the screen"
    page.evaluate((installed(_AXE) / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(found => found.violations)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in _GRAVE] == []
