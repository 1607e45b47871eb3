"""Processes of a run, found in procfs, and their violent end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents = dict(_parents())
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def workers(pid: int) -> list[int]:
    """Return the worker processes of a run."""
    return [member for member in family(pid) if b"hososo.worker_process" in _command(member)]


def confined(pid: int) -> list[int]:
    """Return the confined children of a run's workers."""
    return [member for member in family(pid) if b"confine.child" in _command(member)]


def kill(pids: list[int]) -> None:
    """End processes with SIGKILL; those that are gone already are no matter."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                yield int(entry.name), int(fields[1])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def worker_processes(home: Path) -> list[int]:
    """Return the worker processes of a home, also those whose run was killed."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
        and b"hososo.worker_process" in (command := _command(int(entry.name)))
        and str(home).encode() in command.split(b"\0")
    ]


def confined_among(pids: list[int]) -> list[int]:
    """Return those of some processes that are confined children."""
    return [pid for pid in pids if b"confine.child" in _command(pid)]
