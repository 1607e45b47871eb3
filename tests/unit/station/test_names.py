"""Names: of Windows, of Vietnam, of scanning programs; and settings that name folders."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Code, Rejected, Unavailable
from dossier.handing_over import checked_name
from station.alone import alone_over, is_alone
from station.backoff import Backoff
from station.naming import code_in_front, is_marker, is_ours_or_hidden, sendable
from station.paths import extended
from station.settings import read_settings
from tests.unit.station.conftest import Clock

ROOT = Path(__file__).parents[3]
_ABSENT = (
    "fcntl resource pwd grp termios tty tesserocr cv2 numpy pypdfium2 sqlalchemy dramatiq uvicorn starlette pikepdf"
)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("1.jpg", "1.jpg"),
        ("CON.jpg", "tep-CON.jpg"),
        ("nul", "tep-nul"),
        ("lpt1.tif", "tep-lpt1.tif"),
        ("trang 1 . .jpg", "trang 1.jpg"),
        ("tờ khai.PDF", "tờ khai.PDF"),
        ("a:b?.png", "a-b-.png"),
        ("...", "tep"),
        (".jpg", "jpg"),
        ("x.part", "tep-x.part"),
    ],
)
def test_names_that_a_server_can_keep(name: str, sent: str) -> None:
    """What it can keep stays; what Windows reserves or forbids gets another name."""
    if sent == "tep-x.part":  # never comes this far: it is unfinished by its name
        return
    assert sendable(name, set()) == sent
    assert checked_name(sent) == sent


@given(st.lists(st.text(max_size=300), max_size=6))
def test_any_names_are_made_usable_and_different(names: list[str]) -> None:
    """Also on file systems that do not tell capitals."""
    taken: set[str] = set()
    for name in names:
        made = sendable(name, taken)
        if not made.lower().endswith((".part", ".partial", ".filepart", ".crdownload", ".tmp")):
            assert checked_name(made) == made
        assert made.casefold() not in taken
        taken.add(made.casefold())


def test_what_is_left_alone() -> None:
    """Our own files and folders, those of the system, hidden ones."""
    assert all(
        map(is_ours_or_hidden, ("Thumbs.db", ".x", "~$a.docx", "CHUA-RO-HO-SO", "can-xem-lai", "tinh-trang.html"))
    )
    assert not is_ours_or_hidden("1.jpg")
    assert is_marker("Xong.txt")
    assert not is_marker("xong.jpg")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("H99.27.14-260310-0001", "H99.27.14-260310-0001"),
        ("h99.27.14-260310-0001_2", "H99.27.14-260310-0001"),
        ("H99.27.14-260310-0001 (3)", "H99.27.14-260310-0001"),
        ("H99.27.14_260310_0001-002", "H99.27.14-260310-0001"),
        ("H99.27.14-260310-00012345678", ""),
        ("scan-0001", ""),
        ("H99.27.14-261399-0001", ""),
    ],
)
def test_a_code_in_front_of_a_name(name: str, code: str) -> None:
    """Plainly, and followed by nothing that may belong to it."""
    found = code_in_front(name)
    assert (found.normal if found else "") == code


def test_long_paths_of_windows() -> None:
    """In the form that knows no limit."""
    assert extended("D:\\quet") == "\\\\?\\D:\\quet"
    assert extended("\\\\may-chu\\quet") == "\\\\?\\UNC\\may-chu\\quet"
    assert extended(extended("D:\\quet")) == "\\\\?\\D:\\quet"


def test_long_paths_here(tmp_path: Path) -> None:
    """Settings beside which everything else is found."""
    (tmp_path / "tram.toml").write_text(
        'server = "https://x"\n[[folder]]\npath = "quet"\nnot_secret = "folder"\n[[scan]]\nprocedure = "1.000001"\n'
        'resolution = 300\nsource = "duplex"\ncolour = "grey"\n',
        encoding="utf-8-sig",
    )
    found = read_settings(tmp_path / "tram.toml")
    assert found.folders[0].path == tmp_path / "quet"
    assert found.state == tmp_path / "hang-doi"
    assert (found.scans[0].source, found.scans[0].resolution) == ("duplex", 300)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("x = 1", "x"),
        ("[[folder]]\npath = 'a'", "folder.whole_when, folder.not_secret"),
        ("[[folder]]\nnot_secret = 'folder'", "folder.path"),
        ("[[folder]]\npath = 'a'\nnot_secret = 'folder'\ncomponent = '../x'", "folder.component"),
        ("poll_seconds = true", "poll_seconds"),
        ("folder = 1", "folder"),
        ("[[scan]]\nsource = 'air'", "scan.source, scan.colour"),
        ("server = 1", "server"),
        ("=", "tram.toml"),
    ],
)
def test_settings_that_cannot_be(text: str, subject: str, tmp_path: Path) -> None:
    """The refusal names what is wrong."""
    (tmp_path / "tram.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Rejected) as refused:
        read_settings(tmp_path / "tram.toml")
    assert (refused.value.code, refused.value.subject) == (Code.SETTINGS_INVALID, subject)


def test_one_agent_at_a_time(tmp_path: Path) -> None:
    """The second one is told so."""
    with alone_over(tmp_path), pytest.raises(Unavailable), alone_over(tmp_path):
        pass
    assert is_alone(tmp_path)


def test_waits_grow_to_a_bound() -> None:
    """And are never the same for all stations."""
    clock = Clock()
    backoff = Backoff(clock, chance=random.Random(1))
    waits = [backoff.failed("x") for _ in range(20)]
    assert waits[0] < 1.01
    assert all(150 <= wait <= 300 for wait in waits[10:])
    assert len(set(waits[10:])) > 5
    assert not backoff.is_due("x")
    clock.now += 301
    assert backoff.is_due("x")
    backoff.done("x")
    assert backoff.failed("x") <= 1


def test_the_station_loads_where_there_is_no_unix() -> None:
    """As on a clerk's PC: without modules of Unix, of readers and of servers."""
    program = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {_ABSENT!r}.split():
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
for name in {_ABSENT!r}.split():
    sys.modules.pop(name, None)
import hososo.main, hososo.commands.station
hososo.main._keep_memory_off_the_disk = lambda: None
hososo.main.main(["station", "status", "--config", "none.toml"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 6
    assert "SETTINGS_INVALID (none.toml)" in done.stderr
