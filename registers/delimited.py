"""Registers as .csv files: UTF-8, UTF-16, CP1258 and the code tables before them; semicolons, commas or tabs."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from registers.alphabets import LEGACY, reader
from registers.choice import SEPARATORS, Choice
from registers.settings import Limits
from registers.sheets import Row, Rows, Sheet, converted, likeliest, marks_of, unreadable

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE, _SAMPLE = 1 << 20, 1 << 16
_SAMPLES = 8
_LONGEST_ROW = 4 << 20  # letters


@dataclass(frozen=True, slots=True)
class Bytes:
    """What was seen of a file's bytes: whether all are UTF-8, how they begin, and pieces that are not ASCII."""

    is_utf8: bool
    start: bytes
    sample: bytes


def look(path: Path) -> Bytes:
    """Read a file once and return what its encoding can be told from."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, start = True, b""
    samples: list[bytes] = []
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            start = start or piece[:_SAMPLE]
            if not piece.isascii() and len(samples) < _SAMPLES:
                samples.append(_around(piece))
            try:
                is_utf8 and decoder.decode(piece)
            except UnicodeDecodeError:
                is_utf8 = False
    try:
        is_utf8 and decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf8 = False
    return Bytes(is_utf8, start, b"\n".join(samples))


def delimited(path: Path, choice: Choice, limits: Limits) -> Iterator[Sheet]:
    """Yield one reading of a .csv file per separator; the caller takes the one whose header it knows.

    Raises:
        Rejected: REGISTER_UNREADABLE when no encoding fits; later, while rows are read, when a row breaks the bounds.
    """
    seen = look(path)
    encoding = _encoding(seen, choice.encoding)
    for separator in [SEPARATORS[choice.separator]] if choice.separator else SEPARATORS.values():
        source = _Source(path, encoding, separator, limits)
        as_bytes = replace(source, encoding=_raw(seen.start)).head()
        yield Sheet("csv", encoding, separator, "", source.head(), marks_of(as_bytes), source.rows)


class _Allowance:
    """How many letters the row that is being read may still take: a file without line ends fills no memory."""

    def __init__(self) -> None:
        self.left = _LONGEST_ROW

    def lines(self, stream: TextIO) -> Iterator[str]:
        """Yield the lines of a text."""
        while line := stream.readline(_LONGEST_ROW):
            self.left -= len(line)
            if self.left <= 0:
                raise unreadable("a row is too long")
            yield line


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    encoding: str
    separator: str
    limits: Limits

    def rows(self) -> Rows:
        """Yield the rows of the file."""
        turn = reader(self.encoding) if self.encoding in LEGACY else None
        number, allowance = 0, _Allowance()
        with self.path.open(encoding="latin-1" if turn else self.encoding, newline="") as stream:
            try:
                for number, row in enumerate(csv.reader(allowance.lines(stream), delimiter=self.separator), start=1):
                    allowance.left = _LONGEST_ROW
                    if number > self.limits.rows or len(row) > self.limits.columns:
                        raise unreadable(f"too many rows or columns, row {number}")
                    cells: Row = list(row)
                    yield number, converted(cells, turn) if turn else cells
            except (csv.Error, UnicodeError) as exc:
                raise unreadable(f"{type(exc).__name__} after row {number}") from exc

    def head(self) -> list[Row]:
        """Return the first rows; what cannot be read as a row ends them."""
        found: list[Row] = []
        with self.path.open(encoding="latin-1" if self.encoding in LEGACY else self.encoding, newline="") as stream:
            allowance = _Allowance()
            try:
                for row in csv.reader(allowance.lines(stream), delimiter=self.separator):
                    allowance.left = _LONGEST_ROW
                    found.append(list(row))
                    if len(found) == self.limits.search_rows:
                        break
            except csv.Error:
                pass  # told when the rows are read
            except UnicodeError as exc:
                raise unreadable(type(exc).__name__) from exc
        if self.encoding not in LEGACY:
            return found
        turn = reader(self.encoding)
        return [converted(row, turn) for row in found]


def _raw(start: bytes) -> str:
    """Return the encoding in which a source's header always reads the same, however the rest of the file is read."""
    if start.startswith(_UTF16):
        return "utf-16"
    return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "latin-1"


def _encoding(seen: Bytes, chosen: str) -> str:
    """Return the encoding of a file; what begins with a mark or is valid UTF-8 is what it looks like."""
    if seen.start.startswith(_UTF16) or chosen == "utf-16":
        return "utf-16"
    if chosen in LEGACY:
        return chosen
    if seen.is_utf8:
        return "utf-8-sig" if seen.start.startswith(codecs.BOM_UTF8) else "utf-8"
    table = "" if chosen else likeliest(seen.sample.decode("latin-1").split("\n"), LEGACY)
    if not table:
        raise unreadable("no encoding fits")
    return table


def _around(piece: bytes) -> bytes:
    """Return the part of a piece of bytes around the first one that is not ASCII."""
    first = next(at for at in range(0, len(piece), _SAMPLE) if not piece[at : at + _SAMPLE].isascii())
    return piece[first : first + _SAMPLE]
