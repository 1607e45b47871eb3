"""The state of setting a paper: which sheet, how far down, and where the margins of NĐ 30/2020 lie (millimetres)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from samples.markup import Paper
from samples.sheet import A4, Leaf, Sheet, Style

LEFT, RIGHT, TOP, BOTTOM = 30.0, 17.0, 20.0, 20.0
WIDTH = A4[0] - LEFT - RIGHT


@dataclass(slots=True)
class Setter:
    """Sets blocks one below the other and turns to a new sheet when one is full.

    `take` makes a sheet; `inked` says whether signatures and seals are drawn where the paper asks for them.
    """

    paper: Paper
    dpi: int
    dice: Random
    take: Callable[[int], Sheet] = Sheet
    inked: bool = True
    done: list[Leaf] = field(default_factory=list)
    sheet: Sheet = field(init=False)
    y: float = TOP

    def __post_init__(self) -> None:
        """Take the first sheet."""
        self.sheet = self.take(self.dpi)

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
        self.finish()
        self.sheet, self.y = self.take(self.dpi), TOP
        number = str(len(self.done) + 1)
        self.sheet.centred(LEFT + WIDTH / 2, 11.0, number, Style(13.0))
        self.sheet.note(number)

    def need(self, height: float) -> None:
        """Turn when less than `height` millimetres are left."""
        if self.y + height > A4[1] - BOTTOM:
            self.turn()

    def finish(self) -> None:
        """Lay the sheet on the pile of finished ones."""
        self.done.append(self.sheet.leaf())
