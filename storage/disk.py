"""Durable steps on a local file system, with the operating system's errors put into ours."""

from __future__ import annotations

import errno
import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from dossier.errors import Code, Unavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FOLDER_MODE = 0o750


@contextmanager
def translated() -> Iterator[None]:
    """Raise `Unavailable` for what the file system refuses: DISK_FULL for no room or quota, else STORE_UNAVAILABLE."""
    try:
        yield
    except OSError as exc:
        code = Code.DISK_FULL if exc.errno in _FULL else Code.STORE_UNAVAILABLE
        raise Unavailable(code, errno.errorcode.get(exc.errno or 0, "EIO")) from exc


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: without it a power cut may forget a file that is itself on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, root: Path) -> None:
    """Create a folder below `root` and make each name on the way to it durable."""
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    while folder != root:
        folder = folder.parent
        sync_folder(folder)


@contextmanager
def temporary(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield descriptor and path of a new file in `folder`; the name is gone afterwards, whatever happened.

    The file is locked while this process lives, so that no sweep takes it away.
    """
    with translated():
        descriptor, path = _claimed(folder)
    try:
        yield descriptor, path
    finally:
        with suppress(OSError):  # on NFS a late write error may surface here; the fsync has already told it
            os.close(descriptor)
        with suppress(OSError):  # what cannot be unlinked now is swept later
            path.unlink()


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: one `write` may stop early on a nearly full disk or at a signal."""
    view = memoryview(data)
    with translated():
        while view:
            view = view[os.write(descriptor, view) :]


def replace_durably(path: Path, data: bytes, scratch: Path) -> None:
    """Set a small file to `data` at once: readers and crashes see the old content or the new, nothing between."""
    with temporary(scratch) as (descriptor, part):
        write_all(descriptor, data)
        with translated():
            os.fsync(descriptor)
            part.replace(path)
            sync_folder(path.parent)


def sweep(folder: Path, older_than: timedelta, now: float) -> int:
    """Remove the files of a folder not written to since `now` (epoch seconds) less `older_than`; return how many.

    A file that a living process holds locked stays, however old it is.
    """
    swept = 0
    with translated(), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if now - entry.stat(follow_symlinks=False).st_mtime > older_than.total_seconds():
                    swept += _removed(Path(entry.path))
    return swept


def _claimed(folder: Path) -> tuple[int, Path]:
    """Return a new file that is locked and has its name; a sweep between these two steps costs another round."""
    while True:
        path = folder / f"{uuid.uuid4().hex}.part"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor, path
        os.close(descriptor)


def _removed(path: Path) -> bool:
    """Remove a file unless somebody holds it locked; return whether it is gone by this."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared, so that a read-only file can be asked on NFS
        path.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
