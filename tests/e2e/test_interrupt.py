"""Ctrl-C stops a run in good order, a second run goes on; progress is a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from dossier.wording import say
from samples.make import SampleSet, make
from tests.e2e import archive, delivery, processes
from tests.e2e.program import Program, wait_until

_INTERRUPTED = 130
_PAGES = 4
_PAGES_READ = "select count(*) from page where state = 'read'"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> SampleSet:
    """Return the small sample set."""
    return make(tmp_path_factory.mktemp("interrupt") / "delivered", small=True)


@pytest.fixture
def folder(samples: SampleSet, tmp_path: Path) -> Path:
    """Return one dossier of four pages."""
    folder = tmp_path / "delivered"
    scan = delivery.certificate(samples)
    for number in range(_PAGES):
        slip = delivery.slip(tmp_path / "slip.jpg", scan, top=number * 0.15)
        delivery.put(folder / "H99.27.12-260706-0001", f"giay-{number}/giay.jpg", slip)
    return folder


@pytest.mark.parametrize("how", [pytest.param("Ctrl-C", marks=pytest.mark.long), "SIGTERM"])
def test_stops_in_good_order_and_a_second_run_goes_on(folder: Path, tmp_path: Path, how: str) -> None:
    """Exit code 130, a sentence that says so, no process left, no claim held; then the rest is done and only that."""
    program = Program.initialised(tmp_path / "home")
    process = program.start("digitise", folder, stdout=subprocess.PIPE)
    wait_until(lambda: program.value(_PAGES_READ) > 0)
    family = processes.family(process.pid)
    _stop(process, how)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == _INTERRUPTED
    assert say("digitise.stopped", "vi") in printed.decode()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), seconds=5)
    assert program.rows("select id from work_item where state = 'claimed' or crashes > 0") == []
    assert program.value("select count(*) from document where state = 'archived'") < _PAGES
    _is_plain(program.run("digitise", folder))
    assert archive.archived_pages(program) == archive.delivered_pages(folder)
    assert program.rows("select id from work_item where step = 'read' and attempts > 2") == []


def _stop(process: subprocess.Popen[bytes], how: str) -> None:
    """Send SIGTERM as a service manager does, or SIGINT to the whole group as a terminal does."""
    if how == "Ctrl-C":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()


def _is_plain(printed: str) -> None:
    """Without a terminal there is no escape sequence and no carriage return: a log file can be read as it is."""
    assert re.search(r"^\d/\d trang, \d+ trang/phút, còn 00:00, 0 việc đang mở$", printed, re.MULTILINE)
    assert not set(printed) & {"\x1b", "\r"}


def test_progress_is_a_bar_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    """On a terminal one line is drawn again and again, with pages, rate and time left."""
    program = Program.initialised(tmp_path / "home")
    printed = _on_a_terminal(program, "digitise", folder)
    assert "━" in printed
    assert "\x1b[" in printed
    assert re.search(r"4/4 trang, \d+ trang/phút, còn \d\d:\d\d", printed)


def _on_a_terminal(program: Program, *arguments: object) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        program.command(*arguments),
        env=program.environment() | {"TERM": "xterm-256color", "LANG": "C.UTF-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    printed = bytearray()
    with suppress(OSError):  # Linux answers EIO when the last writer of a pty is gone
        while piece := os.read(ours, 4096):
            printed += piece
    os.close(ours)
    assert process.wait(60) == 0
    return printed.decode("utf-8", "replace")
