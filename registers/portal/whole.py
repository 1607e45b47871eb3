"""Writing into a folder that others look at: what is there is whole, also after a power cut."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from dossier.errors import Code, Unavailable

_PART = ".dang-ghi-"
"""How names begin that are not finished: the other side leaves them alone."""


def check_folder(folder: Path) -> None:
    """Raise Unavailable(PORTAL_UNAVAILABLE) unless a folder is there and can be written."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise Unavailable(Code.PORTAL_UNAVAILABLE, "no such folder, or it cannot be written")


def write_file(target: Path, data: bytes) -> None:
    """Write a file whole; nothing happens when it is there with these bytes.

    Raises:
        Unavailable: PORTAL_UNAVAILABLE, DISK_FULL.
    """
    part = target.with_name(f"{_PART}{target.name}")
    try:
        if target.is_file() and target.read_bytes() == data:
            return
        _write(part, data)
        part.replace(target)
        sync(target.parent)
    except OSError as exc:
        raise unavailable(exc) from exc


def write_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder whole by a function that fills it; nothing happens when it is there: its name says what it holds.

    Raises:
        Unavailable: PORTAL_UNAVAILABLE, DISK_FULL.
    """
    part = target.with_name(f"{_PART}{target.name}")
    try:
        if target.exists():
            return
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
        part.mkdir()
        fill(part)
        for folder in (part, *(each for each in part.rglob("*") if each.is_dir())):
            sync(folder)
        part.rename(target)
        sync(target.parent)
    except OSError as exc:
        if target.is_dir():  # another process was first
            shutil.rmtree(part, ignore_errors=True)
            return
        raise unavailable(exc) from exc


def write_into(path: Path, data: bytes) -> None:
    """Write a file of a folder that is being filled."""
    path.parent.mkdir(exist_ok=True)
    _write(path, data)


def sync(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unavailable(exc: OSError) -> Unavailable:
    """Return what a failure to write is told as."""
    full = exc.errno in (errno.ENOSPC, errno.EDQUOT)
    return Unavailable(Code.DISK_FULL if full else Code.PORTAL_UNAVAILABLE, exc.strerror or type(exc).__name__)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
