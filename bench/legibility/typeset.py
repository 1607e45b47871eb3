"""Set the elements of a paper on a sheet and note what was written."""

from __future__ import annotations

from functools import singledispatch
from typing import Final

from bench.legibility.fonts import Cut
from bench.legibility.forms import set_form
from bench.legibility.markup import Columns, Element, Form, Line, Table
from bench.legibility.sheet import DRAWN_DPI, Font, Sheet, fitting, wrapped
from bench.legibility.tables import set_table

_MOTTO: Final = "Độc lập"
_CENTRED: Final[dict[str, tuple[Cut, float]]] = {
    "title": ("bold", 1.15),
    "subtitle": ("bold", 1.0),
    "centred": ("regular", 1.0),
    "slanted": ("italic", 1.0),
}


@singledispatch
def set_element(element: Element, sheet: Sheet) -> None:
    """Set one element below the last one."""
    raise TypeError(f"{element} on {sheet}")


set_element.register(Form, set_form)
set_element.register(Table, set_table)


@set_element.register
def _line(element: Line, sheet: Sheet) -> None:
    if element.kind == "space":
        sheet.down(0.45)
    elif element.kind in _CENTRED:
        _centred(element, sheet)
    elif element.kind == "right":
        x = sheet.left + sheet.width * 0.52
        font = fitting(sheet, element.text, "italic", sheet.right - x)
        sheet.write(x, sheet.down(), element.text, font)
        sheet.said(element.text)
    else:
        _paragraph(element.text, sheet, sheet.font("bold" if element.kind == "bold" else "regular"))


def _centred(element: Line, sheet: Sheet) -> None:
    cut, scale = _CENTRED[element.kind]
    font = sheet.font(cut, scale)
    for line in wrapped(element.text, font, round(sheet.width * 0.92)):
        sheet.write((sheet.left + sheet.right) / 2, sheet.down(), line, font, "ms")
    sheet.said(element.text)


def _paragraph(text: str, sheet: Sheet, font: Font) -> None:
    indent = round(sheet.style.indent * DRAWN_DPI)
    room = sheet.width if sheet.style.justified else round(sheet.width / _widened(sheet, font))
    lines = wrapped(text, font, room, room - indent)
    for number, line in enumerate(lines):
        x = sheet.left + (0 if number else indent)
        last = number == len(lines) - 1
        spread = sheet.style.justified and not last
        _words(sheet, (x, sheet.right if spread else None), sheet.down(), line, font)
    sheet.said(text)


def _words(sheet: Sheet, ends: tuple[int, int | None], y: int, line: str, font: Font) -> None:
    left, right = ends
    words = line.split()
    if (right is None and sheet.style.spaces == 1.0) or len(words) < 2:  # noqa: PLR2004 - nothing to spread
        sheet.write(left, y, line, font)
        return
    gap = font.getlength(" ") * sheet.style.spaces
    if right is not None:
        gap = (right - left - sum(font.getlength(word) for word in words)) / (len(words) - 1)
    x = float(left)
    for word in words:
        sheet.write(x, y, word, font)
        x += font.getlength(word) + gap


def _widened(sheet: Sheet, font: Font) -> float:
    """Return how much longer lines get by the style's spaces: words have about three letters and a half."""
    space = font.getlength(" ")
    return 1.0 + max(0.0, sheet.style.spaces - 1.0) * space / (space + 3.5 * font.getlength("n"))


@set_element.register
def _columns(element: Columns, sheet: Sheet) -> None:
    for left, right in element.rows:
        if "%" in (left, right):
            sheet.down(2.6)
            continue
        y = sheet.down()
        middle = sheet.left + sheet.width * sheet.style.split
        _cell(sheet, left, (sheet.left, middle - sheet.step * 0.4), y)
        _cell(sheet, right, (middle + sheet.step * 0.2, sheet.right), y)
    rows = [(_plain(left), _plain(right)) for left, right in element.rows if "%" not in (left, right)]
    across = "\n".join(f"{left} {right}" for left, right in rows)
    down = "\n".join([left for left, _ in rows] + [right for _, right in rows])
    sheet.said(across, down)


def _cell(sheet: Sheet, text: str, ends: tuple[float, float], y: int) -> None:
    plain = _plain(text)
    if not plain:
        return
    cut: Cut = "bold" if text.startswith("*") else "italic" if text.startswith("/") else "regular"
    font = fitting(sheet, plain, cut, ends[1] - ends[0])
    centre = (ends[0] + ends[1]) / 2
    sheet.write(centre, y, plain, font, "ms")
    if plain.startswith(_MOTTO):
        half = font.getlength(plain) / 2
        top = y + round(sheet.step * 0.22)
        sheet.draw.rectangle((centre - half, top, centre + half, top + 4), fill=0)


def _plain(text: str) -> str:
    return text.lstrip("*/").strip()
