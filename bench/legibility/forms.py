"""Form lines: labels, filled values and leaders."""

from __future__ import annotations

from bench.legibility.leaders import draw_leader, runs_under
from bench.legibility.markup import Form
from bench.legibility.sheet import Sheet, wrapped


def set_form(element: Form, sheet: Sheet) -> None:
    """Set a form line; fields share the width that is left, a value that is too long goes on below."""
    font = sheet.font()
    space = font.getlength(" ")
    fixed = sum(font.getlength(label) + space for label, _ in element.pieces)
    fields = [value for _, value in element.pieces if value is not None]
    needed = sum(font.getlength(value) + space for value in fields)
    if fixed + needed > sheet.width * 0.97:
        _flowing(element, sheet)
        return
    spare = (sheet.width - fixed - needed) / max(1, len(fields))
    y, x = sheet.down(), float(sheet.left)
    for label, value in element.pieces:
        sheet.write(x, y, label, font)
        x += font.getlength(label) + space
        if value is not None:
            width = font.getlength(value) + space + spare
            _fill(sheet, value, (x, x + width - space), y)
            x += width
    sheet.said(" ".join(f"{label} {value or ''}" for label, value in element.pieces))


def _fill(sheet: Sheet, value: str, ends: tuple[float, float], y: int) -> None:
    font = sheet.font()
    under = runs_under(sheet.style.leader)
    sheet.write(ends[0], y, value, font)
    start = ends[0] if under or not value else ends[0] + font.getlength(value + " ")
    draw_leader(sheet.draw, sheet.style.leader, (round(start), round(ends[1])), y, font)


def _flowing(element: Form, sheet: Sheet) -> None:
    font = sheet.font()
    text = " ".join(f"{label} {value or ''}".strip() for label, value in element.pieces)
    lines = wrapped(text, font, sheet.width)
    for line in lines:
        sheet.write(sheet.left, sheet.down(), line, font)
    start = sheet.left + round(font.getlength(lines[-1] + " "))
    draw_leader(sheet.draw, sheet.style.leader, (start, sheet.right), sheet.y, font)
    sheet.said(text)
