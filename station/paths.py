"""Paths as two systems have them, and what makes a change of them last."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from pathlib import Path
from zlib import crc32

_PREFIX = "\\\\?\\"
DRAFT = ".hososo-"
"""How names begin of what is being copied or claimed: hidden, and left alone by everybody."""
_NOT_SAME_DEVICE = 17  # ERROR_NOT_SAME_DEVICE of Windows
_LINKS = (
    getattr(stat, "IO_REPARSE_TAG_SYMLINK", 0xA000000C),
    getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003),
)


def extended(path: str) -> str:
    """Return an absolute path of Windows in the form that has no limit of 260 characters and no reserved names."""
    if path.startswith(_PREFIX):
        return path
    return f"{_PREFIX}UNC\\{path[2:]}" if path.startswith("\\\\") else _PREFIX + path


def rooted(path: Path) -> Path:
    """Return an absolute path below which names may be as long as they are."""
    whole = os.path.abspath(path)  # noqa: PTH100 - a share that is away must not be asked
    return Path(extended(whole)) if sys.platform == "win32" else Path(whole)


def leads_elsewhere(status: os.stat_result) -> bool:
    """Return whether an entry is a link, or a junction of Windows: neither is followed."""
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) in _LINKS


def is_other_volume(exc: OSError) -> bool:
    """Return whether a rename failed because source and target are on different volumes."""
    return exc.errno == errno.EXDEV or getattr(exc, "winerror", None) == _NOT_SAME_DEVICE


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that the target is there as a whole, on the disk, or not at all.

    Raises:
        OSError: Of either side; nothing is left of the target.
    """
    draft = target.with_name(f"{DRAFT}{crc32(target.name.encode()):08x}.part")  # no longer than any file system takes
    try:
        with source.open("rb") as read, draft.open("wb") as written:
            shutil.copyfileobj(read, written, 1 << 20)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def move_whole(source: Path, target: Path) -> None:
    """Move a file, also to another volume; a target that is there is replaced.

    Raises:
        OSError: Of either side; the source is there still, or the target is.
    """
    try:
        source.replace(target)
    except OSError as exc:
        if not is_other_volume(exc):
            raise
        copy_whole(source, target)
        source.unlink()
    sync_folder(target.parent)


def write_whole(target: Path, text: str) -> None:
    """Write a text so that whoever looks sees all of the old one or all of the new one.

    Raises:
        OSError: It could not be written; the old one is there still.
    """
    draft = target.with_name(f".{target.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(target)
