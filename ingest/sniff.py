"""What a file is by its first bytes; its extension is only a claim."""

from __future__ import annotations

import os
import re
from pathlib import Path

from dossier.errors import Code, Rejected

PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"

_CLAIMS = {
    ".pdf": PDF,
    ".tif": TIFF,
    ".tiff": TIFF,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".jpe": JPEG,
    ".jfif": JPEG,
    ".png": PNG,
}
_HEAD = 1024
_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")
_MAGICS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)


def usual_suffix(path: Path) -> str:
    """Return the ending that a file of its kind usually has, whatever it is called.

    Raises:
        Rejected: FILE_EMPTY, TYPE_UNKNOWN, FILE_UNREADABLE.
    """
    head = _head(path)
    if not head:
        raise Rejected(Code.FILE_EMPTY)
    found = _kind(head)
    if not found:
        raise Rejected(Code.TYPE_UNKNOWN)
    return next(suffix for suffix, kind in _CLAIMS.items() if kind == found)


def sniff(path: Path, name: str = "") -> str:
    """Return the media type of a file that this package can take pages from.

    Args:
        path: A regular file.
        name: What it is called by those who gave it, where that is not its name here.

    Returns:
        `application/pdf`, `image/tiff`, `image/jpeg` or `image/png`.

    Raises:
        Rejected: FILE_EMPTY, TYPE_UNKNOWN, TYPE_MISMATCH (the extension claims another kind), FILE_UNREADABLE.
    """
    head = _head(path)
    if not head:
        raise Rejected(Code.FILE_EMPTY)
    found = _kind(head)
    if not found:
        raise Rejected(Code.TYPE_UNKNOWN)  # not even its first bytes: they may be a name
    suffix = (Path(name) if name else path).suffix.lower()
    claimed = _CLAIMS.get(suffix)
    if claimed != found:
        # An ending that we do not know may be part of a name, and details are written to lists and logs.
        named = suffix if claimed else "otherwise"
        raise Rejected(Code.TYPE_MISMATCH, f"named {named}, is {found}")
    return found


def _head(path: Path) -> bytes:
    try:
        # O_NONBLOCK: a FIFO in the file's place must not make us wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read(_HEAD)
    except OSError as exc:
        raise Rejected(Code.FILE_UNREADABLE, f"open failed: {exc.strerror}") from exc


def _kind(head: bytes) -> str:
    for magic, kind in _MAGICS:
        if head.startswith(magic):
            return kind
    # ISO 32000-1 Annex H: readers accept a header within the first 1024 bytes; scanners do put junk before it.
    return PDF if _PDF_HEADER.search(head) else ""
