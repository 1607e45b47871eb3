"""Working files that are known to be in use: a sweep may remove whatever no living process has locked."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def working_folder(scratch: Path) -> Iterator[Path]:
    """Give an empty folder for working files; it is locked while it is in use and removed afterwards.

    What lies in it is lost with its process, which is why nothing that must survive a kill belongs there.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    folder, descriptor = _locked_folder(scratch)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def remove_abandoned(scratch: Path) -> int:
    """Remove the files and folders that no living process has locked; return how many there were."""
    removed = 0
    for path in scratch.glob("*"):
        with suppress(FileNotFoundError, BlockingIOError), _alone(path):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
            removed += 1
    return removed


def _locked_folder(scratch: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(dir=scratch, prefix="work-"))
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if folder.exists():
                return folder, descriptor
            os.close(descriptor)  # a sweep was faster than our lock


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the exclusive lock of a file or folder; BlockingIOError says that somebody is using it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
