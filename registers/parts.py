"""A register file in parts: what is handed from the process that opens it to the one that stores it.

A workbook is opened in a confined child, because one wrong count inside it can make a library abort its process. A
part is asked for by number, so that a child that was killed from outside is replaced by one that reads up to there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from dossier.errors import Code, Rejected
from dossier.register import RegisterEntry
from registers.as_of import as_of
from registers.cells import as_text
from registers.choice import Choice
from registers.columns import Header, find_header
from registers.delimited import delimited
from registers.old_workbook import old_workbook
from registers.procedures import by_name, load_procedures
from registers.reasons import RejectedRow, Warned
from registers.register_file import Layout
from registers.returning import REASON_HEADER, unguarded
from registers.rows import RowReader
from registers.settings import Limits, limits
from registers.sheets import Sheet, in_words, unreadable
from registers.workbook import workbook

FIELDS = attrgetter(*RegisterEntry.__dataclass_fields__)
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = (".csv", ".tsv", ".txt")
_SAMPLE = 5
_MARKUP = b"<"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a register file: how to read it, when that is, and the agency codes that are known."""

    choice: Choice = field(default_factory=Choice)
    at: datetime | None = None
    units: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a register file; entries as the values of their fields. `layout` comes with the first part."""

    layout: Layout | None
    entries: list[tuple[Any, ...]]
    rejected: list[RejectedRow]
    skipped: int
    warnings: list[tuple[int, Warned]]
    is_last: bool


def form_of(path: Path) -> str:
    """Return what a file is by its first bytes: `csv`, `xls` or `xlsx`.

    Raises:
        Rejected: REGISTER_UNREADABLE when it is none of them, empty, or larger than allowed.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(len(_COMPOUND))
    except OSError as exc:
        raise unreadable(type(exc).__name__) from exc
    if not size or size > limits().bytes:
        raise unreadable("larger than allowed" if size else "empty")
    if start.startswith(_ZIP):
        return "xlsx"
    if start == _COMPOUND:
        return "xls"
    if path.suffix.lower() not in _TEXTS or start.lstrip().startswith(_MARKUP):
        raise unreadable("a web page" if start.lstrip().startswith(_MARKUP) else "neither .xlsx, .xls nor .csv")
    return "csv"


class Parts:
    """The parts of one file; `marks` and `part` may be asked in any order, parts best one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._form = form_of(path)
        self._sheets: dict[tuple[str, str], list[Sheet]] = {}
        self._running: tuple[Request, int, Iterator[Part]] | None = None

    def marks(self) -> list[str]:
        """Return what the first rows of every sheet are known again by."""
        return [mark for sheet in self._all(Choice()) for mark in sheet.marks if mark]

    def part(self, request: Request, number: int) -> Part:
        """Return the part of this number, from 0."""
        if self._running is None or self._running[:2] != (request, number):
            self._running = (request, number, islice(self._parts(request), number, None))
        parts = self._running[2]
        self._running = (request, number + 1, parts)
        return next(parts)

    def _all(self, choice: Choice) -> list[Sheet]:
        texts = (choice.encoding, choice.separator)
        if texts not in self._sheets:
            self._sheets = {texts: list(sheets_of(self._path, self._form, choice, limits()))}
        return self._sheets[texts]

    def _parts(self, request: Request) -> Iterator[Part]:
        sheets = self._all(request.choice)
        sheet, header = _best([one for one in sheets if request.choice.sheet in ("", one.name)], request.choice)
        reader = RowReader(
            header.columns, by_name(load_procedures().values()), request.units, request.at, sheet.serial_shift
        )
        rows = (pair for pair in sheet.rows() if pair[0] > header.last_row + 1)
        if REASON_HEADER in header.printed:
            rows = ((number, [unguarded(cell) for cell in row]) for number, row in rows)
        layout: Layout | None = _layout(sheet, header, sheets)
        following = list(islice(rows, limits().part))
        while True:
            now, following = following, list(islice(rows, limits().part))
            yield _part(layout, reader, now, is_last=not following)
            layout = None
            if not following:
                return


def sheets_of(path: Path, form: str, choice: Choice, bounds: Limits) -> Iterator[Sheet]:
    """Yield every possible reading of a file of a form that `form_of` told."""
    if form == "csv":
        for sheet in delimited(path, choice, bounds):
            yield in_words(sheet) if sheet.encoding.startswith("utf") and not choice.encoding else sheet
        return
    for sheet in (workbook if form == "xlsx" else old_workbook)(path, "", bounds):
        yield in_words(sheet, choice.encoding)


def _best(sheets: Sequence[Sheet], choice: Choice) -> tuple[Sheet, Header]:
    """Return the reading whose header names the most columns."""
    known = [(sheet, header) for sheet in sheets if (header := find_header(sheet.head, choice)) is not None]
    if not known:
        raise Rejected(Code.REGISTER_COLUMNS, "no header row found", subject="register")
    sheet, header = max(known, key=lambda pair: len(pair[1].columns))
    if header.missing:
        raise Rejected(Code.REGISTER_COLUMNS, f"missing: {', '.join(header.missing)}", subject="register")
    return sheet, header


def _layout(sheet: Sheet, header: Header, sheets: Sequence[Sheet]) -> Layout:
    made, is_stated = as_of(sheet, header.last_row)
    below = [row for row in sheet.head[header.last_row + 1 :] if any(as_text(cell) for cell in row)]
    return Layout(
        form=sheet.form,
        encoding=sheet.encoding,
        separator=sheet.separator,
        sheet=sheet.name,
        sheets=tuple(one.name for one in sheets if one.name),
        header_row=header.last_row + 1,
        columns=header.columns,
        texts=header.texts,
        printed=header.printed,
        mark=sheet.marks[header.last_row],
        as_of=made,
        is_stated=is_stated,
        head=tuple(tuple(map(as_text, row)) for row in sheet.head[: header.last_row + 1]),
        sample=tuple(tuple(map(as_text, row)) for row in below[:_SAMPLE]),
    )


def _part(layout: Layout | None, reader: RowReader, rows: list[tuple[int, list[object]]], *, is_last: bool) -> Part:
    found = Part(layout, [], [], 0, [], is_last)
    skipped = 0
    for number, row in rows:
        one = reader.values(number, row)
        if one is None:
            skipped += 1
        elif isinstance(one, RejectedRow):
            found.rejected.append(one)
        else:
            found.entries.append(one)
    warnings, reader.warnings = reader.warnings, []
    return Part(layout, found.entries, found.rejected, skipped, warnings, is_last)
