"""Pages just scanned are told on the station's page while their dossier is not whole yet; nothing of them is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.page_checks.cases import cases
from dossier.errors import Code, Rejected, Unavailable
from station.early_looks import EarlyLooks
from station.naming import STATUS
from station.server import Server
from station.settings import NotSecret, WholeWhen
from tests.e2e.program import wait_until
from tests.fakes.office import CODE
from tests.integration.station.conftest import Desk, Site


@pytest.fixture(scope="module")
def scans() -> dict[str, bytes]:
    """Return a page that is good and one with a folded corner."""
    return {kind: next(iter(cases(1, 5, "dev", kind))).data for kind in ("ordinary", "corner folded")}


def _files(root: Path) -> set[str]:
    return {str(path) for path in root.rglob("*") if path.is_file()}


def test_pages_are_told_while_the_clerk_is_scanning(site: Site, desk: Desk, scans: dict[str, bytes]) -> None:
    """The dossier waits for its mark; what is wrong with a page stands on the page at once, nothing on the server."""
    folder = replace(desk.agent.settings.folders[0], whole_when=WholeWhen.MARKER)
    desk.agent.settings = replace(desk.agent.settings, folders=(folder,))
    desk.agent.gatherer.settings = desk.agent.early.settings = desk.agent.settings
    before = _files(site.office.inbox.parent)
    page, told = desk.hot / STATUS, list[str]()

    def clerk() -> None:
        desk.put(f"{CODE}/1.jpg", scans["ordinary"])
        desk.put(f"{CODE}/2.jpg", scans["corner folded"])
        desk.put(f"{CODE}/3.jpg", scans["ordinary"][: len(scans["ordinary"]) // 2])  # it is still being written
        wait_until(lambda: page.exists() and "đã xem 2 trang mới quét, 1 trang đạt" in page.read_text(encoding="utf-8"))
        told.append(page.read_text(encoding="utf-8"))

    scanning = threading.Thread(target=_then(clerk, desk.agent.stop.set))
    scanning.start()
    desk.agent.run()
    scanning.join()
    assert "2.jpg, trang 1: " in told[0]
    assert "bị gập hoặc rách" in told[0]
    kept = _files(site.office.inbox.parent) - before
    assert [name for name in kept if "catalogue.db" not in name] == []


def _then(do: Callable[[], None], after: Callable[[], None]) -> Callable[[], None]:
    def both() -> None:
        try:
            do()
        finally:
            after()

    return both


def test_a_file_is_asked_about_once(desk: Desk, scans: dict[str, bytes]) -> None:
    """Again only when it has changed; one that is gone is forgotten; the same sheet twice is told by its name."""
    asked: list[str] = []
    told: list[int] = []

    class Asked(Server):
        def looks(self, group: str, name: str, data: bytes) -> dict[str, object]:
            asked.append(name)
            assert data
            assert CODE not in group + name
            like = {"name": asked[0], "number": 1} if len(asked) == 2 else None
            return {"pages": [{"number": 1, "verdict": "look", "reasons": ["same_sheet"], "like": like}]}

    early = EarlyLooks(desk.agent.settings, lambda: Asked("http://127.0.0.1", ""), lambda: told.append(1))
    desk.put(f"{CODE}/1.jpg", scans["ordinary"])
    for _ in range(3):
        early.once()
    second = desk.put(f"{CODE}/2.jpg", scans["corner folded"])
    early.once()
    (found,) = early.told()
    assert (found["pages"], found["good"], len(asked)) == (2, 0, 2)
    assert found["bad_pages"][1]["like"] == ["1.jpg", 1]
    second.unlink()
    early.once()
    assert early.told()[0]["pages"] == 1


@pytest.mark.parametrize("code", [Code.STATION_REFUSED, Code.IMAGE_DAMAGED, Code.STATION_SERVER_UNAVAILABLE])
def test_refusals_keep_nothing_from_going_on(desk: Desk, scans: dict[str, bytes], code: Code) -> None:
    """What the server will not or cannot tell is not asked again and again."""
    asked: list[str] = []

    class Refusing(Server):
        def looks(self, group: str, name: str, data: bytes) -> dict[str, object]:
            del group, data
            asked.append(name)
            raise (Unavailable if code is Code.STATION_SERVER_UNAVAILABLE else Rejected)(code)

    early = EarlyLooks(desk.agent.settings, lambda: Refusing("http://127.0.0.1", ""), lambda: None)
    desk.put(f"{CODE}/1.jpg", scans["ordinary"])
    for _ in range(5):
        early.once()
    assert len(asked) == 1
    assert early.told() == ()


def test_where_a_manifest_has_to_speak_nothing_is_shown(desk: Desk, scans: dict[str, bytes]) -> None:
    """Nobody has said yet that the papers are no state secrets: no byte of them leaves the folder."""
    folder = replace(desk.agent.settings.folders[0], not_secret=NotSecret.MANIFEST)
    early = EarlyLooks(replace(desk.agent.settings, folders=(folder,)), lambda: pytest.fail("asked"), lambda: None)
    desk.put(f"{CODE}/1.jpg", scans["ordinary"])
    early.once()
    assert early.told() == ()
