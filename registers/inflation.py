"""What an .xlsx file would become in memory, found before the library opens it.

Sizes in a ZIP directory can lie, and two far cells make a bounding rectangle of billions of cells. So every member
is inflated here in bounded pieces, counted, thrown away, and sheets are looked through for their farthest cell.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from registers.settings import Limits

_LOCAL_HEADER = 30
_PIECE = 1 << 18
_OVERLAP = 64
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]{0,40}?\br\s*=\s*["'](\d{1,7})["']""")
_LETTERS = 26


def too_large(data: bytes, limits: Limits) -> str:
    """Return why the workbook must not be opened, or an empty string.

    Raises:
        zipfile.BadZipFile: It is no readable ZIP file.
        zlib.error: A member is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    if len(members) > limits.members:
        return "too many members"
    total = 0
    for member in members:
        extent = _Extent()
        sheet = "worksheets/" in member.filename
        for piece in _inflated(data, member):
            total += len(piece)
            if total > limits.expanded_bytes:
                return "expands too far"
            if sheet:
                extent.look(piece)
        if extent.cells > limits.cells:
            return "too many cells"
    return ""


class _Extent:
    """The bounding rectangle of a sheet, from a stream of its XML."""

    def __init__(self) -> None:
        self._tail = b""
        self._row = 0
        self._columns: set[bytes] = set()

    def look(self, piece: bytes) -> None:
        """Note the cells that a piece of the sheet names."""
        window = self._tail + piece
        for letters, row in _CELL.findall(window):
            self._columns.add(letters)
            self._row = max(self._row, int(row))
        self._row = max([self._row, *(int(row) for row in _ROW.findall(window))])
        self._tail = window[-_OVERLAP:]

    @property
    def cells(self) -> int:
        """Return how many cells the named ones span."""
        return self._row * max((_column(letters) for letters in self._columns), default=1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _inflated(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    start = _body(data, member)
    if member.compress_type == zipfile.ZIP_STORED:
        yield from (data[at : at + _PIECE] for at in range(start, start + member.compress_size, _PIECE))
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("compression method")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest = data[start : start + member.compress_size]
    while rest and not inflater.eof:
        yield inflater.decompress(rest, _PIECE)
        rest = inflater.unconsumed_tail


def _body(data: bytes, member: zipfile.ZipInfo) -> int:
    header = data[member.header_offset : member.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("local header")
    name, extra = struct.unpack_from("<HH", header, 26)
    return int(member.header_offset + _LOCAL_HEADER + name + extra)
