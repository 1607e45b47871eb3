"""A drawing surface at 600 dpi with a cursor that goes down the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bench.legibility.fonts import Cut, loaded
from bench.legibility.style import Style
from bench.legibility.truth import Passage

DRAWN_DPI: Final = 600
Font = ImageFont.FreeTypeFont


class OutOfRoomError(Exception):
    """The paper does not fit on the page at this type size."""


@dataclass
class Sheet:
    """One column of text on a page: its frame, where the next line goes, and what was written so far."""

    image: Image.Image
    style: Style
    left: int
    right: int
    y: int
    bottom: int
    points: float
    passages: list[Passage] = field(default_factory=list)

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """A pen on the page."""
        return ImageDraw.Draw(self.image)

    @property
    def step(self) -> int:
        """The distance of two lines."""
        return round(self.points / 72 * DRAWN_DPI * self.style.spacing)

    @property
    def width(self) -> int:
        """The width of the frame."""
        return self.right - self.left

    def font(self, cut: Cut = "regular", scale: float = 1.0) -> Font:
        """Return the face of the page in a cut, at the type size or a multiple of it."""
        return loaded(self.style.face.file(cut), round(self.points * scale / 72 * DRAWN_DPI))

    def down(self, lines: float = 1.0) -> int:
        """Go down and return the new baseline.

        Raises:
            OutOfRoomError: The frame ends before.
        """
        self.y += round(self.step * lines)
        if self.y > self.bottom:
            raise OutOfRoomError
        return self.y

    def write(self, x: float, y: int, text: str, font: Font, anchor: str = "ls") -> None:
        """Write on a baseline."""
        self.draw.text((x, y), text, font=font, fill=0, anchor=anchor)

    def said(self, *orders: str) -> None:
        """Add a passage to the truth."""
        clean = tuple(dict.fromkeys(" ".join(order.split()) for order in orders))
        if clean[0]:
            self.passages.append(Passage(clean))


def wrapped(text: str, font: Font, width: int, first: int | None = None) -> list[str]:
    """Return the text broken into lines of a width in pixels; the first line may be narrower."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        room = width if lines or first is None else first
        longer = f"{current} {word}" if current else word
        if current and font.getlength(longer) > room:
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current]


def fitting(sheet: Sheet, text: str, cut: Cut, width: float) -> Font:
    """Return the font, made smaller where the text would not go on one line of a width."""
    font = sheet.font(cut)
    length = font.getlength(text)
    return font if length <= width else sheet.font(cut, width / length * 0.99)
