"""The spool: where files of hand-overs grow, and where the files of each dossier lie until the archive has them.

`parts/<id>` is a file that is being received, `dossiers/<mã hồ sơ>/` a folder as `hososo deliver` takes it,
`aside/<id>/` what was taken out of one because another scan took its place, `scanned/<id>/` a stack as it was handed
over and `stacks/<id>/` the parts that it was cut into. All lies on one file system: to place a file is a rename.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dossier.digest import of_file
from dossier.errors import Code, Rejected, Unavailable

_ID = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class Spool:
    """One host's spool.

    Attributes:
        root: Its folder, for its owner only.
        quota: Bytes that the hand-overs of one account may have in it at once.
        days: Days after which a hand-over that nobody commits is abandoned.
        reserve: Bytes that stay free on the disk.
    """

    root: Path
    quota: int = 4 << 30
    days: float = 7.0
    reserve: int = 256 << 20

    def dossier(self, code: str) -> Path:
        """Return the folder of a dossier, whose name is its code; it may not be there."""
        return self.root / "dossiers" / code

    def part(self, file_id: str) -> Path:
        """Return where a file is received."""
        if not _ID.fullmatch(file_id):
            raise ValueError("an id of ours has hexadecimal digits")
        return self.root / "parts" / file_id

    def stack(self, stack_id: str) -> Path:
        """Return where the parts of a stack lie until they are handed over."""
        if not _ID.fullmatch(stack_id):
            raise ValueError("an id of ours has hexadecimal digits")
        return self.root / "stacks" / stack_id

    def scanned(self, hand_over_id: str) -> Path:
        """Return where the files of a stack lie that was handed over."""
        return self.root / "scanned" / hand_over_id

    def look(self, file_id: str) -> Path:
        """Return where it lies what a first look at a file has told."""
        if not _ID.fullmatch(file_id):
            raise ValueError("an id of ours has hexadecimal digits")
        return self.root / "looks" / f"{file_id}.json"

    def aside(self, hand_over_id: str) -> Path:
        """Return the folder of what a hand-over has taken the place of."""
        return self.root / "aside" / hand_over_id

    def check_room(self, size: int) -> None:
        """Raise Unavailable(SPOOL_FULL) unless the disk has room for so many bytes, and some to spare."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.root).free - size < self.reserve:
            raise Unavailable(Code.SPOOL_FULL, "the disk")

    def received(self, file_id: str) -> int:
        """Return how many bytes of a file are there."""
        path = self.part(file_id)
        return path.stat().st_size if path.is_file() else 0

    @contextmanager
    def receiving(self, file_id: str) -> Iterator[BinaryIO]:
        """Give a file that is being received, for reading and writing, to nobody else meanwhile.

        Raises:
            Unavailable: UPLOAD_BUSY, somebody else is sending it; SPOOL_FULL, the disk has no room.
        """
        path = self.part(file_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with full_is_told(), os.fdopen(descriptor, "r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Unavailable(Code.UPLOAD_BUSY) from None
            yield stream

    def drop(self, file_id: str) -> None:
        """Remove a file that was being received; nothing happens when it is not there."""
        self.part(file_id).unlink(missing_ok=True)
        self.look(file_id).unlink(missing_ok=True)

    def place(self, file_id: str, target: Path) -> None:
        """Put a received file among those of a dossier; nothing happens when that was done before."""
        source = self.part(file_id)
        if source.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            source.rename(target)
            sync_folder(target.parent)

    def set_aside(self, path: Path, hand_over_id: str) -> None:
        """Take a file out of a dossier's folder; its bytes are kept for a while."""
        if path.is_file():
            self.aside(hand_over_id).mkdir(mode=0o700, parents=True, exist_ok=True)
            path.rename(self.aside(hand_over_id) / of_file(path)[0])
            sync_folder(path.parent)

    @contextmanager
    def alone_over(self, code: str) -> Iterator[None]:
        """Keep all others of this host from a dossier's folder.

        Raises:
            Unavailable(FOLDER_BUSY): Somebody else has it.
        """
        locks = self.root / "locks"
        locks.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(locks / code, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise Unavailable(Code.FOLDER_BUSY, subject=code) from None
        finally:
            os.close(descriptor)


@contextmanager
def full_is_told() -> Iterator[None]:
    """Tell of a full disk as what it is."""
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(Code.SPOOL_FULL, "the disk") from exc
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def own_file(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder.

    Raises:
        Rejected(NAME_UNUSABLE): The name leads out of it.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise Rejected(Code.NAME_UNUSABLE, "leads out of the folder")
    return path
