"""Signature blocks: titles, room for hand and seal, name below; and the list of recipients beside them."""

from __future__ import annotations

from itertools import zip_longest

from samples import ink
from samples.markup import Block, Run
from samples.setting import LEFT, WIDTH, Setter
from samples.sheet import Style

_MIDDLES = {2: (0.24, 0.72), 3: (0.16, 0.5, 0.84), 1: (0.75,)}
_SIGN_ROOM = 26.0
_HANDS = {"[ky]", "[dau]"}
_RECIPIENTS = "Nơi nhận:"


def set_signatures(setter: Setter, block: Block) -> None:
    """Set signature blocks side by side; they stay together on one sheet and are noted row by row."""
    lines = max(len(cell) for cell in block.cells)
    setter.need(lines * 6.0 + _SIGN_ROOM)
    setter.y += 3.0
    top, deepest = setter.y, setter.y
    signers: list[list[str]] = []
    for cell, share in zip(block.cells, _MIDDLES[len(block.cells)], strict=True):
        setter.y = top
        if cell[0].text == _RECIPIENTS:
            _recipients(setter, cell)
        else:
            _signer(setter, cell, LEFT + WIDTH * share)
            signers.append([run.text for run in cell if run.text not in _HANDS])
        deepest = max(deepest, setter.y)
    setter.sheet.note(*(" ".join(row).strip() for row in zip_longest(*signers, fillvalue="")))
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
        if run.text in _HANDS:
            _hand(setter, middle, sealed=run.text == "[dau]")
            name_next = True
            continue
        style = Style(13.0, bold=run.bold or name_next or run.text.isupper(), italic=run.italic)
        setter.sheet.centred(middle, setter.y, run.text, style)
        setter.y += 5.9


def _hand(setter: Setter, middle: float, *, sealed: bool) -> None:
    if not setter.inked:
        setter.y += _SIGN_ROOM
        return
    place = (middle + setter.dice.uniform(-4, 4), setter.y + _SIGN_ROOM / 2)
    ink.sign(setter.sheet, place, setter.dice)
    if sealed:
        ink.stamp_seal(
            setter.sheet, (place[0] - 17.0, place[1] + setter.dice.uniform(-3, 2)), setter.paper.seal, setter.dice
        )
    setter.y += _SIGN_ROOM
