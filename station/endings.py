"""Whether a scan has its end: JPEG, PNG, TIFF and PDF, by their structure, without decoding anything.

A scanning program that is still writing, or was killed, leaves a file that begins well. Every reader is bounded by the
size of the file and by counts of its own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

_TAIL = 1 << 16
_MOST_PARTS = 100_000
_MOST_PAGES = 20_000
_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4}
_DATA = {273: 279, 324: 325}  # tags: where strips or tiles are, and how long they are


class Ending(Enum):
    """What the structure of a file says."""

    WHOLE = auto()
    CUT = auto()
    UNKNOWN = auto()  # no kind that has a known end: only time tells


def ending(path: Path) -> Ending:
    """Return whether a file has its end.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        head = stream.read(1024)
        looked = _look_for(head)
        if looked is None:
            return Ending.CUT if size == 0 else Ending.UNKNOWN
        try:
            return Ending.WHOLE if looked(stream, size) else Ending.CUT
        except (struct.error, ValueError, IndexError):
            return Ending.CUT


def _look_for(head: bytes) -> Callable[[BinaryIO, int], bool] | None:
    if head.startswith(b"\xff\xd8"):
        return _jpeg
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png
    if head.startswith((b"II*\0", b"MM\0*")):
        return _tiff
    return _pdf if b"%PDF-" in head else None


def _jpeg(stream: BinaryIO, size: int) -> bool:
    """Walk the segments to the first scan: an end before that is that of a thumbnail inside."""
    at = 2
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        lead, marker = stream.read(1), stream.read(1)
        if lead != b"\xff" or not marker:
            return False
        if marker == b"\xff":  # filling
            at += 1
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        at += 2 + length
        if marker == b"\xda":
            break
    start = max(at, size - _TAIL)
    stream.seek(start)
    return at < size and b"\xff\xd9" in stream.read(_TAIL)


def _png(stream: BinaryIO, size: int) -> bool:
    at = 8
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        length, kind = struct.unpack(">I4s", stream.read(8))
        at += 12 + length
        if at > size:
            return False
        if kind == b"IEND":
            return True
    return False


def _pdf(stream: BinaryIO, size: int) -> bool:
    stream.seek(max(0, size - 2048))
    tail = stream.read(2048)
    found = re.findall(rb"startxref\s+(\d{1,12})\s+%%EOF", tail)
    if not found or int(found[-1]) >= size:
        return False
    stream.seek(int(found[-1]))
    return re.match(rb"\s*(xref|\d+\s+\d+\s+obj)", stream.read(64)) is not None


def _tiff(stream: BinaryIO, size: int) -> bool:
    """Follow the chain of directories; every strip and tile must lie inside the file."""
    stream.seek(0)
    order = "<" if stream.read(2) == b"II" else ">"
    stream.seek(4)
    (at,) = struct.unpack(order + "I", stream.read(4))
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _MOST_PAGES:
        seen.add(at)
        stream.seek(at)
        (count,) = struct.unpack(order + "H", stream.read(2))
        entries = stream.read(12 * count)
        (at,) = struct.unpack(order + "I", stream.read(4))
        if not _data_inside(stream, order, entries, size):
            return False
    return bool(seen) and at == 0


def _data_inside(stream: BinaryIO, order: str, entries: bytes, size: int) -> bool:
    values = {
        tag: (kind, count, value)
        for tag, kind, count, value in struct.iter_unpack(order + "HHI4s", entries)
        if tag in _DATA or tag in _DATA.values()
    }
    for where, how_long in _DATA.items():
        if where in values:
            starts = _numbers(stream, order, values[where], size)
            lengths = _numbers(stream, order, values.get(how_long, (4, 0, b"")), size)
            if not starts or any(a + b > size for a, b in zip(starts, lengths, strict=False)):
                return False
    return True


def _numbers(stream: BinaryIO, order: str, entry: tuple[int, int, bytes], size: int) -> tuple[int, ...]:
    kind, count, value = entry
    width = _TIFF_SIZES.get(kind, 0)
    if not width or count > _MOST_PARTS:
        return ()
    data = value[: width * count]
    if width * count > len(value):
        (at,) = struct.unpack(order + "I", value)
        if at + width * count > size:
            return ()
        stream.seek(at)
        data = stream.read(width * count)
    letter = {1: "B", 2: "H", 4: "I"}[width]
    return struct.unpack(f"{order}{count}{letter}", data)
