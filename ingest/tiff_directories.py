"""The chain of directories of a TIFF, read with bounds before any decoder sees the file (TIFF 6.0 and BigTIFF)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dossier.errors import Code, Rejected
from ingest.limits import Limits

_NEW_SUBFILE_TYPE = 254
_NOT_A_PAGE = 0b101  # a reduced-resolution copy, or a transparency mask
_BIG = 43
_MOST_ENTRIES = 4096


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    count: str
    entry: int
    offset: str

    def number(self, stream: BinaryIO, form: str) -> int:
        """Return the next number of a `struct` form."""
        return int(struct.unpack(self.order + form, _exactly(stream, struct.calcsize(self.order + form)))[0])


def page_frames(path: Path, limits: Limits) -> list[int]:
    """Return the positions in the directory chain, from 0, of what is a page; previews and masks are left out.

    Raises:
        Rejected: TIFF_NO_PAGES; TOO_MANY_PAGES; FILE_TRUNCATED when a directory lies past the end; IMAGE_DAMAGED
            when the chain comes back to itself or a directory makes no sense.
    """
    try:
        with path.open("rb") as stream:
            return _frames(stream, limits)
    except OSError as exc:
        raise Rejected(Code.FILE_UNREADABLE, f"read failed: {exc.strerror}") from exc
    except (OverflowError, ValueError) as exc:  # an offset that no file can have
        raise Rejected(Code.FILE_TRUNCATED, "directory lies past the end") from exc


def _frames(stream: BinaryIO, limits: Limits) -> list[int]:
    layout = _layout(stream)
    frames: list[int] = []
    seen: set[int] = set()
    place = layout.number(stream, layout.offset)
    while place:
        if place in seen:
            raise Rejected(Code.IMAGE_DAMAGED, "directory chain is a loop")
        if len(seen) > limits.max_pages_per_file:
            raise Rejected(Code.TOO_MANY_PAGES, f"more than {limits.max_pages_per_file} directories")
        seen.add(place)
        stream.seek(place)
        if not _subfile_type(stream, layout) & _NOT_A_PAGE:
            frames.append(len(seen) - 1)
        place = layout.number(stream, layout.offset)
    if not frames:
        raise Rejected(Code.TIFF_NO_PAGES)
    if len(frames) > limits.max_pages_per_file:
        raise Rejected(Code.TOO_MANY_PAGES, f"{len(frames)} pages")
    return frames


def _layout(stream: BinaryIO) -> _Layout:
    head = _exactly(stream, 4)
    order = "<" if head.startswith(b"II") else ">"
    if struct.unpack(order + "H", head[2:])[0] != _BIG:
        return _Layout(order, "H", 12, "I")
    _exactly(stream, 4)  # size of offsets, always 8, and a zero
    return _Layout(order, "Q", 20, "Q")


def _subfile_type(stream: BinaryIO, layout: _Layout) -> int:
    """Read one directory up to its link to the next and return its NewSubfileType."""
    entries = layout.number(stream, layout.count)
    if not 0 < entries <= _MOST_ENTRIES:
        raise Rejected(Code.IMAGE_DAMAGED, f"directory of {entries} entries")
    table = _exactly(stream, entries * layout.entry)
    for start in range(0, len(table), layout.entry):
        (tag,) = struct.unpack_from(layout.order + "H", table, start)
        if tag == _NEW_SUBFILE_TYPE:
            value_at = start + layout.entry - struct.calcsize(layout.order + layout.offset)
            return int(struct.unpack_from(layout.order + "I", table, value_at)[0])
    return 0


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise Rejected(Code.FILE_TRUNCATED, "directory lies past the end")
    return data
