"""One office with papers in two units, its site, and an account for each role."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from starlette.applications import Starlette

from catalog import Catalogue, accounts, lots, uses
from catalog.uses import UseRequest
from dossier.people import Account, Role
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from pipeline import handing_over, people
from pipeline.handing_over import Wish
from pipeline.indexing import bring_up_to_date
from pipeline.lots import LotWish, count_lot, open_lot
from pipeline.single_looks import SingleLooks
from registers.reference_data import of_files
from signing.development_pki import ensure_development_pki
from signing.verify import Verifier
from tests.fakes.office import CODE, Children, PaperOffice, paper_office
from tests.fakes.visitor import Visitor
from web.house import House
from web.site import site

_ROOT = ["--no-sandbox"] if os.geteuid() == 0 else []
PASSWORD = "một mật khẩu dài"  # noqa: S105 - of a test
FOREIGN = "H99.27.12-260302-0003"
UNIT = "H99.27.14"
SCRIPT = "<script>alert(1)</script>"
TEXT = f'Họ và tên: Nguyễn Văn Thử "{SCRIPT}" số định danh 099175004461 cấp giấy khai sinh'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperOffice]:
    """Give an office with a dossier in each of two units, archived and searchable."""
    folder = tmp_path_factory.mktemp("site")
    pki = ensure_development_pki(folder / "pki", algorithm="ecdsa")
    catalogue = Catalogue(f"sqlite:///{folder / 'catalogue.db'}")
    catalogue.upgrade()
    with (
        BoundedTaker(Limits()) as taker,
        Verifier() as verifier,
        paper_office(folder, catalogue, pki, Children(taker, verifier)) as opened,
    ):
        looks = SingleLooks(Limits())
        opened.services = replace(opened.services, reference=of_files(None, None), single_looks=looks)
        opened.page("to-khai/1.jpg", 10, text=TEXT)
        opened.page("ket-qua/2.jpg", 20, text="Trang hai")
        opened.page("to-khai/1.jpg", 30, text=TEXT, code=FOREIGN)
        opened.digitise()
        bring_up_to_date(opened.services)
        yield opened
        looks.close()
    catalogue.close()


@pytest.fixture(scope="module")
def house(office: PaperOffice) -> Iterator[House]:
    """Give what the pages share."""
    opened = House(office.services, "ỦY BAN NHÂN DÂN THỬ", demo=True, secure=False)
    yield opened
    opened.pictures.close()
    opened.copier.close()


@pytest.fixture(scope="module")
def app(house: House) -> Starlette:
    """Return the site."""
    return site(house)


@pytest.fixture(scope="module")
def visitors(app: Starlette, office: PaperOffice) -> dict[Role | None, Visitor]:
    """Return a browser for each role, signed in, with the papers of one unit; and one of nobody."""
    found: dict[Role | None, Visitor] = {None: Visitor(app)}
    for role in Role:
        visitor = found[role] = Visitor(app)
        made = account(office, role.value, role, units=frozenset({UNIT}))
        people.set_password(made, PASSWORD, made.id, office.services)
        visitor.sign_in(made.login, PASSWORD)
    return found


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    """Serve the site on a free port of this machine."""
    with served(app) as found:
        yield found


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve an application on a free port of this machine; give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, http="h11", ws="none", lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's browser."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path="/usr/bin/chromium", args=_ROOT)
        yield opened
        opened.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """Give a fresh browser of one person; whatever a page complains of fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", bypass_csp=False)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield context
    context.close()
    assert complaints == []


def account(office: PaperOffice, login: str, *roles: Role, units: frozenset[str] | None = None) -> Account:
    """Return a new account whose password an administrator has set."""
    return people.create(
        Account("", login, f"Cán bộ {login}", frozenset(roles), units), PASSWORD, "test", office.services
    )


def document_of(office: PaperOffice, code: str = CODE) -> str:
    """Return the id of the document of a dossier that has the text."""
    return next(each.id for each in office.documents(code) if each.component == "to-khai")


def request_of(office: PaperOffice, code: str = CODE) -> str:
    """Return the id of a request of somebody to use a dossier; the same one each time."""
    with office.services.catalogue.write() as tx:
        asked = UseRequest(
            f"request-{code}", "nobody", code, "", "đối chiếu", 7, copies=True, asked_at=office.clock.now
        )
        if uses.find(tx, asked.id) is None:
            uses.add(tx, asked)
    return asked.id


def lot_of(office: PaperOffice, code: str) -> str:
    """Return the number of a lot of one dossier that was counted; the same one each time."""
    number = f"LO-{code}"
    own = Account("archivist", "archivist.lot", "Lưu trữ", frozenset({Role.ARCHIVIST}))
    with office.services.catalogue.read() as tx:
        if lots.find(tx, number) is not None:
            return number
        if accounts.by_id(tx, own.id) is None:
            with office.services.catalogue.write() as adding:
                accounts.add(adding, own, "", office.clock())
    open_lot(LotWish(number, "Đợt thử", codes=(code,)), own, office.services)
    return count_lot(number, ["archivist.lot"], own, office.services).id


def hand_over_of(office: PaperOffice, code: str) -> str:
    """Return the id of a hand-over for a dossier that is over: somebody has taken it back."""
    own = Account("somebody", "somebody", "Ai đó", frozenset({Role.RECEIVER}))
    begun = handing_over.begin(Wish(f"over-{code}", code, not_secret=True), own, office.services)
    handing_over.abandon(begun, office.services)
    return begun.id
