"""Sets a sample text on A4 sheets in the layout of NĐ 30/2020 (two-column head, centred titles, signature block)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from samples import ink
from samples.markup import Block, Paper, Run
from samples.qr import draw_qr
from samples.sheet import BLUE, Leaf, Sheet, Style, wrapped

LEFT, RIGHT, TOP, BOTTOM = 30.0, 17.0, 20.0, 20.0
WIDTH = 210.0 - LEFT - RIGHT
_MIDDLES = {2: (0.24, 0.72), 3: (0.16, 0.5, 0.84), 1: (0.75,)}
_INDENT = 10.0
_SIGN_ROOM = 24.0
_SMALL_HEAD = "Nơi nhận:"


@dataclass(slots=True)
class Setter:
    """Sets blocks one below the other and turns to a new sheet when one is full."""

    paper: Paper
    dpi: int
    dice: Random
    done: list[Leaf] = field(default_factory=list)
    sheet: Sheet = field(init=False)
    y: float = TOP

    def __post_init__(self) -> None:
        """Take the first sheet."""
        self.sheet = Sheet(self.dpi)

    @property
    def body(self) -> Style:
        """The style of running text."""
        return Style(self.paper.point)

    @property
    def leading(self) -> float:
        """Distance of two lines in millimetres."""
        return self.paper.point * 0.49

    def turn(self) -> None:
        """Finish the sheet and take the next one, with its page number on top."""
        self.done.append(self.sheet.leaf())
        self.sheet, self.y = Sheet(self.dpi), TOP
        number = str(len(self.done) + 1)
        self.sheet.centred(LEFT + WIDTH / 2, 11.0, number, Style(13.0))
        self.sheet.note(number)

    def need(self, height: float) -> None:
        """Turn when less than `height` millimetres are left."""
        if self.y + height > 297.0 - BOTTOM:
            self.turn()

    def leaves(self) -> list[Leaf]:
        """Set every block and return the pages."""
        index = 0
        while index < len(self.paper.blocks):
            block = self.paper.blocks[index]
            if block.kind == "head":
                index = self._head(index)
                continue
            _SET[block.kind](self, block)
            index += 1
        self.done.append(self.sheet.leaf())
        return self.done

    def _head(self, index: int) -> int:
        """Set a run of head rows; the left column is noted before the right one, as people read them."""
        rows: list[Block] = []
        while index < len(self.paper.blocks) and self.paper.blocks[index].kind == "head":
            rows.append(self.paper.blocks[index])
            index += 1
        for row in rows:
            for cell, middle in zip(row.cells, (LEFT + 31.0, LEFT + 116.0), strict=False):
                self._head_cell(cell[0], middle)
            self.y += 6.0
        for column in (0, 1):
            self.sheet.note(*(row.cells[column][0].text for row in rows if column < len(row.cells)))
        self.y += 2.5
        return index

    def _head_cell(self, run: Run, middle: float) -> None:
        style = Style(12.5 if run.text.isupper() else 13.0, run.bold, run.italic)
        self.sheet.centred(middle, self.y, run.text, style)
        if run.ruled:
            half = self.sheet.width(run.text, style) * (0.2 if run.text.isupper() else 0.5)
            self.sheet.rule((middle - half, self.y + 5.6), (middle + half, self.y + 5.6))


def _title(setter: Setter, block: Block) -> None:
    _centred(setter, block.cells[0][0], Style(14.5 if block.kind == "title" else 13.5, bold=True))


def _plain_centred(setter: Setter, block: Block) -> None:
    run = block.cells[0][0]
    _centred(setter, run, Style(setter.paper.point, run.bold, run.italic))


def _centred(setter: Setter, run: Run, style: Style) -> None:
    for line in wrapped(setter.sheet, run.text, style, WIDTH - 10.0):
        setter.need(8.0)
        setter.sheet.centred(LEFT + WIDTH / 2, setter.y, line, style)
        setter.sheet.note(line)
        setter.y += setter.leading + 0.4
    if run.ruled:
        setter.sheet.rule((LEFT + WIDTH / 2 - 22, setter.y), (LEFT + WIDTH / 2 + 22, setter.y))
        setter.y += 2.0


def _right(setter: Setter, block: Block) -> None:
    run = block.cells[0][0]
    if run.text == "[qr]":
        draw_qr(setter.sheet, (LEFT + WIDTH - 20.0, setter.y), setter.paper.values["ma_ho_so"])
        return
    setter.need(8.0)
    setter.sheet.centred(LEFT + WIDTH * 0.72, setter.y, run.text, Style(setter.paper.point, run.bold, run.italic))
    setter.sheet.note(run.text)
    setter.y += setter.leading


def _gap(setter: Setter, _block: Block) -> None:
    setter.y += 3.0


def _break(setter: Setter, _block: Block) -> None:
    setter.turn()


def _paragraph(setter: Setter, block: Block) -> None:
    run = block.cells[0][0]
    style = Style(setter.paper.point, run.bold, run.italic)
    indent = 0.0 if run.text.endswith(":") else _INDENT
    lines = wrapped(setter.sheet, run.text, style, WIDTH, indent)
    for number, line in enumerate(lines):
        setter.need(setter.leading)
        left = LEFT + (indent if number == 0 else 0.0)
        _justified(setter, (left, LEFT + WIDTH), line, style, last=number == len(lines) - 1)
        setter.y += setter.leading
    setter.y += 0.8


def _justified(setter: Setter, span: tuple[float, float], line: str, style: Style, *, last: bool) -> None:
    """Write one line, its words spread over the span unless it is the last of its paragraph."""
    words = line.split()
    total = sum(setter.sheet.width(word, style) for word in words)
    gap = setter.sheet.width(" ", style)
    if not last and len(words) > 1:
        gap = (span[1] - span[0] - total) / (len(words) - 1)
    x = span[0]
    for word in words:
        setter.sheet.text((x, setter.y), word, style)
        x += setter.sheet.width(word, style) + gap
    setter.sheet.note(line)


def _form(setter: Setter, block: Block) -> None:
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


def _table(setter: Setter, block: Block) -> None:
    """Set one ruled row; the row is as high as its fullest cell."""
    shares = setter.paper.columns or (1.0,) * len(block.cells)
    widths = [WIDTH * share / sum(shares) for share in shares]
    style = Style(11.5, bold=block.cells[0][0].bold)
    cells = [wrapped(setter.sheet, cell[0].text, style, width - 3.0) for cell, width in zip(block.cells, widths, strict=True)]
    height = max(len(cell) for cell in cells) * 5.2 + 2.6
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


def _sign(setter: Setter, block: Block) -> None:
    """Set signature blocks side by side; they stay together on one sheet."""
    lines = max(len(cell) for cell in block.cells)
    setter.need(lines * 6.0 + _SIGN_ROOM)
    setter.y += 3.0
    top, deepest = setter.y, setter.y
    for cell, share in zip(block.cells, _MIDDLES[len(block.cells)], strict=True):
        setter.y = top
        if cell[0].text == _SMALL_HEAD:
            _recipients(setter, cell)
        else:
            _signer(setter, cell, LEFT + WIDTH * share)
        deepest = max(deepest, setter.y)
    setter.y = deepest + 2.0


def _recipients(setter: Setter, cell: tuple[Run, ...]) -> None:
    for number, run in enumerate(cell):
        style = Style(12.0, bold=True, italic=True) if number == 0 else Style(11.0)
        setter.sheet.text((LEFT, setter.y), run.text, style)
        setter.sheet.note(run.text)
        setter.y += 5.0


def _signer(setter: Setter, cell: tuple[Run, ...], middle: float) -> None:
    name_next = False
    for run in cell:
        if run.text in {"[ky]", "[dau]"}:
            _hand(setter, middle, sealed=run.text == "[dau]")
            name_next = True
            continue
        style = Style(13.0, bold=run.bold or name_next or run.text.isupper(), italic=run.italic)
        setter.sheet.centred(middle, setter.y, run.text, style)
        setter.sheet.note(run.text)
        setter.y += 5.9


def _hand(setter: Setter, middle: float, *, sealed: bool) -> None:
    place = (middle + setter.dice.uniform(-4, 4), setter.y + _SIGN_ROOM / 2)
    ink.sign(setter.sheet, place, setter.dice)
    if sealed:
        ink.stamp_seal(setter.sheet, (place[0] - 17.0, place[1] + setter.dice.uniform(-3, 2)), setter.paper.seal, setter.dice)
    setter.y += _SIGN_ROOM


_SET: dict[str, Callable[[Setter, Block], None]] = {
    "title": _title,
    "subtitle": _title,
    "centred": _plain_centred,
    "right": _right,
    "gap": _gap,
    "break": _break,
    "paragraph": _paragraph,
    "form": _form,
    "table": _table,
    "table_head": _table,
    "sign": _sign,
}
