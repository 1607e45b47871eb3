"""Registers as .xlsx files, read row by row: a sheet of a million rows is never in memory (decision 0024)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from registers.markup import children, whole
from registers.settings import Limits
from registers.sheets import UNICODE, Rows, Sheet, head_of, marks_of, unreadable
from registers.sheets import Row as Cells
from registers.xlsx_cells import CellReader, Texts

_MODIFIED = "{http://purl.org/dc/terms/}modified"
_DAYS_1904 = 1462
_BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, NotImplementedError, ValueError, KeyError, EOFError)


@dataclass(frozen=True, slots=True)
class _Book:
    """What the parts of a workbook beside its sheets say."""

    sheets: dict[str, str]
    shift: int
    written: datetime | None


def workbook(path: Path, only: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of an .xlsx file, or the named one only.

    Raises:
        Rejected: REGISTER_UNREADABLE when it is damaged or no workbook, holds macros, or breaks the bounds.
    """
    with _opened(path) as archive:
        book = _book(archive, limits)
        texts = _texts(archive, limits)
    for name, member in book.sheets.items():
        if only in ("", name):
            rows = partial(_rows, path, member, texts, limits)
            head = head_of(rows(), limits.search_rows)
            yield Sheet("xlsx", UNICODE, "", name, head, marks_of(head), rows, book.shift, book.written)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN as exc:
        raise unreadable(f"no workbook: {type(exc).__name__}") from exc


def _book(archive: zipfile.ZipFile, limits: Limits) -> _Book:
    members = {name.casefold() for name in archive.namelist()}
    if len(members) > limits.members:
        raise unreadable("too many members")
    if any(name.endswith("vbaproject.bin") for name in members):
        raise unreadable("macros")
    tree, targets = whole(archive, "xl/workbook.xml"), _targets(archive)
    is_1904 = any(each.get("date1904") in {"1", "true"} for each in _named(tree, "workbookPr"))
    sheets = {each.get("name", ""): targets.get(_relation(each), "") for each in _named(tree, "sheet")}
    sheets = {name: member for name, member in sheets.items() if "worksheets/" in member}
    return _Book(sheets, _DAYS_1904 if is_1904 else 0, _written(archive))


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the members of the archive by relation."""
    tree = whole(archive, "xl/_rels/workbook.xml.rels")
    found = {each.get("Id", ""): each.get("Target", "") for each in _named(tree, "Relationship")}
    return {key: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for key, target in found.items()}


def _named(tree: Element, name: str) -> Iterator[Element]:
    """Yield elements by name in any name space: workbooks come in a transitional and a strict one."""
    return (each for each in tree.iter() if each.tag.rpartition("}")[2] == name)


def _relation(element: Element) -> str:
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def _written(archive: zipfile.ZipFile) -> datetime | None:
    try:
        text = whole(archive, "docProps/core.xml").findtext(_MODIFIED, "")
        found = datetime.fromisoformat(text)
    except (KeyError, ValueError, ParseError):
        return None
    return found if found.tzinfo else None


def _texts(archive: zipfile.ZipFile, limits: Limits) -> Texts:
    """Return the texts that the cells of all sheets share."""
    texts = Texts(limits.string_bytes)
    name = next((one for one in archive.namelist() if one.casefold() == "xl/sharedstrings.xml"), "")
    if name:
        with archive.open(name) as stream:
            for element in children(stream, "sst", limits.expanded_bytes):
                texts.add(element)
    return texts


def _rows(path: Path, member: str, texts: Texts, limits: Limits) -> Rows:
    """Yield the rows of a sheet with their numbers; cells without a value are None."""
    cells, last = CellReader(texts, limits.columns), 0
    with _opened(path) as archive, archive.open(member) as stream:
        for count, element in enumerate(children(stream, "sheetData", limits.expanded_bytes), start=1):
            number = int(element.get("r") or last + 1)
            if number <= last or count > limits.rows:
                raise unreadable("rows out of order" if number <= last else "too many rows")
            last = number
            row: Cells = cells.read(element)
            yield number, row
