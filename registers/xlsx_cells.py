"""Cells of an .xlsx sheet: shared texts kept small, numbers, dates, errors and formulas."""

from __future__ import annotations

import re
from array import array
from datetime import datetime
from xml.etree.ElementTree import Element

from registers.choice import column_number
from registers.sheets import BadCell, Row, unreadable

# What gives another value at another time or place: a cell of it says nothing that can be held on to.
_UNSTABLE = re.compile(
    r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|INDIRECT|OFFSET|WEBSERVICE|CELL|INFO)\s*\(|\[", re.IGNORECASE
)
_DIGITS = "0123456789"
_FIRST = 1 << 12  # texts that are kept as they are: what many rows say comes early
_SCAN = 64  # cells that a sheet may put in one row beside the columns that are read


class Texts:
    """Many texts in one piece of memory: a register of a million rows has millions of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._kept: dict[int, str] = {}

    def add(self, element: Element) -> None:
        """Keep the text of an `si` element."""
        self._bytes += text_of(element).encode()
        if len(self._bytes) > self._most:
            raise unreadable("too much text")
        self._ends.append(len(self._bytes))

    def get(self, index: int) -> str:
        """Return a kept text.

        Raises:
            ValueError: There is none of this number.
        """
        if (text := self._kept.get(index)) is not None:
            return text
        if not 0 <= index < len(self._ends) - 1:
            raise ValueError("no such shared text")
        text = self._bytes[self._ends[index] : self._ends[index + 1]].decode()
        if index < _FIRST:
            self._kept[index] = text
        return text


def text_of(element: Element) -> str:
    """Return the text of a rich text element, without its pronunciation."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return element[0].text or ""
    parts = (each for child in element if not child.tag.endswith("}rPh") for each in child.iter())
    return "".join(part.text or "" for part in parts if part.tag.endswith("}t"))


class CellReader:
    """Reads the cells of one sheet's rows; what stands right of the last column is left out."""

    def __init__(self, texts: Texts, columns: int) -> None:
        self._texts = texts
        self._columns = columns
        self._places: dict[str, int] = {}

    def read(self, row: Element) -> Row:
        """Return the cells of a `row` element from the first column on."""
        if len(row) > self._columns + _SCAN:
            raise unreadable("too many columns")
        cells: Row = []
        value_tag = row.tag[: row.tag.rfind("}") + 1] + "v"
        for cell in row:
            reference = cell.get("r")
            place = self._place(reference.rstrip(_DIGITS)) if reference else len(cells)
            if place != len(cells):
                if place >= self._columns or place < len(cells):
                    continue
                cells += [None] * (place - len(cells))
            if len(cell) == 1 and cell[0].tag == value_tag:
                cells.append(self._typed(cell[0].text or "", cell.get("t")))
            else:
                cells.append(self._value(cell))
        return cells[: self._columns]

    def _place(self, letters: str) -> int:
        place = self._places.get(letters)
        if place is None:
            number = column_number(letters)
            if number is None:
                raise ValueError("no cell reference")
            place = self._places[letters] = number
        return place

    def _value(self, cell: Element) -> object:
        """Return the value of a cell; of a formula what was computed last, unless that is soon another."""
        value, is_formula = None, False
        for child in cell:
            name = child.tag.rpartition("}")[2]
            if name == "is":
                return text_of(child)
            if name == "v":
                value = child.text
            elif name == "f":
                is_formula = True
                if _UNSTABLE.search(child.text or ""):
                    return BadCell.UNSTABLE
        if value is None:
            return BadCell.UNCOMPUTED if is_formula else None
        return self._typed(value, cell.get("t"))

    def _typed(self, value: str, kind: str | None) -> object:
        if kind == "s":
            return self._texts.get(int(value))
        if kind is None or kind == "n":
            return int(value) if value.isdigit() else float(value) if value else None
        if kind == "e":
            return BadCell.ERROR
        if kind == "b":
            return value == "1"
        return datetime.fromisoformat(value) if kind == "d" else value
