"""The world is at fault: a full disk, a missing model, another run. Work waits, and the next run goes on with it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from dossier.errors import Code
from dossier.wording import advice
from samples.make import make
from tests.e2e import archive, delivery
from tests.e2e.program import Program, wait_until

DOSSIER = "H99.27.12-260704-0001"
_WAITING = 4
_ROOM_KIB = 7000  # beside an empty catalogue: for all but the signed form of the large page, by some megabytes
_UNSHARE = "/usr/bin/unshare"  # util-linux is on every Debian


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dossier of one small page and one large one."""
    root = tmp_path_factory.mktemp("unready")
    scan = delivery.certificate(make(root / "samples", small=True))
    delivery.put(root / "delivered" / DOSSIER, "nho.jpg", delivery.slip(root / "slip.jpg", scan))
    with Image.open(scan) as page:  # large beside the catalogue, so that it is not the catalogue that has no room
        page.save(root / "large.jpg", quality=100, subsampling=0, dpi=page.info["dpi"])
    delivery.put(root / "delivered" / DOSSIER, "lon/lon.jpg", root / "large.jpg")
    return root / "delivered"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Give a folder on a small disk of its own, and what starts a program that sees it."""
    home = tmp_path / "home"
    home.mkdir()
    alone = ["--mount"] if os.geteuid() == 0 else ["--map-root-user", "--mount"]
    holder = subprocess.Popen(
        [_UNSHARE, *alone, "sh", "-c", f"mount -t tmpfs -o size=64m tmpfs {home} && echo ready && exec sleep 600"],
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"ready\n", "this test mounts a small disk and needs the right to"
        entered = ["--mount"] if os.geteuid() == 0 else ["--user", "--preserve-credentials", "--mount"]
        yield home, ("nsenter", "--target", str(holder.pid), *entered, "--")
    finally:
        holder.kill()
        holder.communicate()


def test_full_disk_loses_nothing(small_disk: tuple[Path, tuple[str, ...]], folder: Path) -> None:
    """A run on a full disk waits with DISK_FULL; with room again the same command finishes, and all is sound."""
    home, inside = small_disk
    program = Program(home)
    assert program.ends("init", before=inside)[0] == 0
    used = subprocess.run([*inside, "df", "--output=used", "-k", home], check=True, capture_output=True, text=True)
    _resize(int(used.stdout.split()[-1]) + _ROOM_KIB, home, inside)
    code, out, err = program.ends("digitise", folder, before=inside)
    assert code == _WAITING, out + err
    assert _told(Code.DISK_FULL) in out
    code, out, _ = program.ends("status", before=inside)
    assert code == _WAITING
    assert _told(Code.DISK_FULL) in out
    _resize(64 << 10, home, inside)
    code, out, err = program.ends("digitise", folder, before=inside)
    assert code == 0, out + err
    assert program.ends("verify", before=inside)[0] == 0
    assert program.ends("status", before=inside)[0] == 0


def _resize(kibibytes: int, home: Path, inside: tuple[str, ...]) -> None:
    subprocess.run([*inside, "mount", "-o", f"remount,size={kibibytes}k", str(home)], check=True)


@pytest.mark.long
def test_missing_model_waits_and_goes_on(tmp_path: Path, folder: Path) -> None:
    """Without `vie` nothing is set aside and nothing is lost: once it is there the same command finishes."""
    nowhere = tmp_path / "tessdata"
    nowhere.mkdir()
    program = Program.initialised(tmp_path / "home")
    printed = program.run("digitise", folder, code=_WAITING, tessdata=str(nowhere))
    assert _told(Code.MODEL_MISSING) in printed
    state = program.json("status", code=_WAITING)
    assert {item["code"] for item in state["waiting"]} == {Code.MODEL_MISSING.value}
    assert (state["quarantined"], state["problems"]) == ([], [])
    program.run("digitise", folder)
    assert archive.archived_pages(program) == archive.delivered_pages(folder)


def test_second_run_over_one_folder_is_turned_away(tmp_path: Path, folder: Path) -> None:
    """While one run works on a folder another gets FOLDER_BUSY and exit code 4, and does the first no harm."""
    program = Program.initialised(tmp_path / "home")
    first = program.start("digitise", folder)
    wait_until(lambda: program.value("select count(*) from page") > 0)
    first.send_signal(signal.SIGSTOP)  # it may be done before the other has started
    printed = program.run("digitise", folder, code=_WAITING)
    first.send_signal(signal.SIGCONT)
    told = advice(Code.FOLDER_BUSY, "vi")
    assert printed.startswith(f"{Code.FOLDER_BUSY.value} ({folder.name}): {told.cause} {told.cure}")
    assert first.wait() == 0
    assert archive.archived_pages(program) == archive.delivered_pages(folder)
    program.run("verify")


def _told(code: Code) -> str:
    told = advice(code, "vi")
    return f"[{code.value}] {told.cause} {told.cure}"
