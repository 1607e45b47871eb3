"""Rows of forms with dotted leaders, filled in by machine or by hand, and rows of ruled tables."""

from __future__ import annotations

from samples.markup import Block
from samples.setting import LEFT, WIDTH, Setter
from samples.sheet import BLUE, Style, wrapped

_EMPTY_ROW = 12


def set_form(setter: Setter, block: Block) -> None:
    """Set a row of a form: label, value (by pen or typed), dotted leader to the end of its share."""
    share = WIDTH / len(block.cells)
    texts = [cell[0].text for cell in block.cells]
    if len(texts) == 1 and setter.sheet.width(texts[0], setter.body) > WIDTH:
        _long_form(setter, texts[0])
        return
    setter.need(setter.leading)
    for number, text in enumerate(texts):
        _filled(setter, LEFT + number * share, LEFT + (number + 1) * share - 1.5, text)
    setter.sheet.note(" ".join(texts))
    setter.y += setter.leading + 0.6


def _long_form(setter: Setter, text: str) -> None:
    lines = wrapped(setter.sheet, text, setter.body, WIDTH)
    label, colon, rest = lines[0].partition(":")
    for number, line in enumerate(lines):
        setter.need(setter.leading)
        shown = f"{label}{colon}{rest}" if number == 0 else f":{line}"
        _filled(setter, LEFT, LEFT + WIDTH - 1.5, shown, leader=number == len(lines) - 1)
        setter.sheet.note(line)
        setter.y += setter.leading + 0.6


def _filled(setter: Setter, left: float, right: float, text: str, *, leader: bool = True) -> None:
    sheet = setter.sheet
    label, colon, value = text.partition(":")
    printed = label + colon if label else ""
    sheet.text((left, setter.y), printed, setter.body)
    x = left + sheet.width(f"{printed} " if printed else "", setter.body)
    value = value.strip()
    if setter.paper.pen:
        x = _by_pen(setter, x, value)
    else:
        sheet.text((x, setter.y), value, setter.body)
        x += sheet.width(value, setter.body)
    if leader and colon:
        dots = int((right - x - 1.0) / sheet.width(".", setter.body))
        sheet.text((x + 1.0, setter.y), "." * max(dots, 0), setter.body)


def _by_pen(setter: Setter, x: float, value: str) -> float:
    """Write a value in blue by an unsteady hand; return where it ends."""
    style = Style(setter.paper.point, italic=True, colour=BLUE)
    for word in value.split():
        setter.sheet.text((x, setter.y + setter.dice.uniform(-0.35, 0.25)), word, style)
        x += setter.sheet.width(f"{word} ", style)
    return x - setter.sheet.width(" ", style) if value else x


def set_table(setter: Setter, block: Block) -> None:
    """Set one ruled row; the row is as high as its fullest cell."""
    shares = setter.paper.columns or (1.0,) * len(block.cells)
    widths = [WIDTH * share / sum(shares) for share in shares]
    style = Style(11.5, bold=block.cells[0][0].bold)
    cells = [
        wrapped(setter.sheet, cell[0].text, style, width - 3.0) for cell, width in zip(block.cells, widths, strict=True)
    ]
    height = (max(len(cell) for cell in cells) or _EMPTY_ROW) * 5.2 + 2.6
    setter.need(height)
    x = LEFT
    for lines, width in zip(cells, widths, strict=True):
        setter.sheet.box((x, setter.y), (width, height))
        for number, line in enumerate(lines):
            _cell_line(setter, (x, width), setter.y + 1.2 + number * 5.2, line, style)
        x += width
    for number in range(max(len(cell) for cell in cells)):
        setter.sheet.note(" ".join(cell[number] for cell in cells if number < len(cell)))
    setter.y += height


def _cell_line(setter: Setter, column: tuple[float, float], y: float, line: str, style: Style) -> None:
    left, width = column
    if style.bold or line.replace(".", "").replace(",", "").isdigit():
        setter.sheet.centred(left + width / 2, y, line, style)
    else:
        setter.sheet.text((left + 1.5, y), line, style)
