"""Sets a sample text on A4 sheets in the layout of NĐ 30/2020 (two-column head, centred titles, signature block)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from samples.drawings import plot_sketch
from samples.markup import Block, Paper, Run
from samples.qr import draw_qr
from samples.rows import set_form, set_table
from samples.setting import LEFT, WIDTH, Setter
from samples.sheet import Leaf, Sheet, Style, wrapped
from samples.signatures import set_signatures

_INDENT = 10.0
_COLUMNS = (LEFT + 29.0, LEFT + 117.5)


def set_paper(paper: Paper, dpi: int, dice: Random) -> list[Leaf]:
    """Return the pages of a paper, written, signed and sealed."""
    return _set(Setter(paper, dpi, dice))


def set_stamped(paper: Paper, dpi: int, dice: Random, stamp: Callable[[Sheet], None]) -> list[Leaf]:
    """Return the pages of a paper whose first sheet is stamped before anything is written on it."""
    setter = Setter(paper, dpi, dice)
    stamp(setter.sheet)
    return _set(setter)


def set_unsigned(paper: Paper, dpi: int, take: Callable[[int], Sheet]) -> list[Leaf]:
    """Return the pages of a paper before anyone signs it, on sheets of the caller's making."""
    return _set(Setter(paper, dpi, Random(0), take, inked=False))


def _set(setter: Setter) -> list[Leaf]:
    head: list[Block] = []
    for block in setter.paper.blocks:
        if block.kind == "head":
            head.append(block)
            continue
        if head:
            _head(setter, head)
            head = []
        _SET[block.kind](setter, block)
    setter.finish()
    return setter.done


def _head(setter: Setter, rows: list[Block]) -> None:
    """Set a run of head rows; they are noted row by row, as the fixtures and the recogniser read them."""
    for row in rows:
        for cell, middle in zip(row.cells, _COLUMNS, strict=False):
            _head_cell(setter, cell[0], middle)
        setter.y += 6.0 + (0.9 if any(cell[0].ruled for cell in row.cells) else 0.0)
        setter.sheet.note(" ".join(cell[0].text for cell in row.cells).strip())
    setter.y += 2.5


def _head_cell(setter: Setter, run: Run, middle: float) -> None:
    style = Style(12.0 if run.text.isupper() else 12.8, run.bold, run.italic)
    setter.sheet.centred(middle, setter.y, run.text, style)
    if run.ruled:
        half = setter.sheet.width(run.text, style) * (0.2 if run.text.isupper() else 0.5)
        setter.sheet.rule((middle - half, setter.y + 5.6), (middle + half, setter.y + 5.6))


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
    style = Style(setter.paper.point, run.bold, run.italic)
    middle = min(LEFT + WIDTH * 0.72, LEFT + WIDTH - setter.sheet.width(run.text, style) / 2)
    setter.sheet.centred(middle, setter.y, run.text, style)
    setter.sheet.note(run.text)
    setter.y += setter.leading


def _gap(setter: Setter, _block: Block) -> None:
    setter.y += 3.0


def _break(setter: Setter, _block: Block) -> None:
    setter.turn()


def _paragraph(setter: Setter, block: Block) -> None:
    run = block.cells[0][0]
    if run.text == "[plot]":
        plot_sketch(setter.sheet, (LEFT + 42.0, setter.y + 4.0))
        setter.y += 76.0
        return
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


_SET: dict[str, Callable[[Setter, Block], None]] = {
    "title": _title,
    "subtitle": _title,
    "centred": _plain_centred,
    "right": _right,
    "gap": _gap,
    "break": _break,
    "paragraph": _paragraph,
    "form": set_form,
    "table": set_table,
    "table_head": set_table,
    "sign": set_signatures,
}
