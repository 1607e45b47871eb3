"""A sheet of paper to draw on: millimetres for people, pixels for Pillow, and the ground truth as it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype/liberation2")
A4 = (210.0, 297.0)
A3_LANDSCAPE = (420.0, 297.0)
BLACK = (28, 28, 32)
BLUE = (34, 52, 150)
INCH = 25.4
POINT = 72.0
_FINE = 720

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: size in points, weight, slant, colour."""

    point: float = 13.5
    bold: bool = False
    italic: bool = False
    colour: tuple[int, int, int] = BLACK


@dataclass(frozen=True, slots=True)
class Leaf:
    """One drawn page: RGB pixels and its text lines in reading order. `blank` pages have no line."""

    pixels: Pixels
    lines: tuple[str, ...]
    dpi: int

    @property
    def blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.lines


@lru_cache(maxsize=64)
def font(point: float, dpi: int, *, bold: bool = False, italic: bool = False) -> ImageFont.FreeTypeFont:
    """Return Liberation Serif, metric-compatible with Times New Roman, at a resolution."""
    name = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}
    path = FONTS / f"LiberationSerif-{name[bold, italic]}.ttf"
    return ImageFont.truetype(path, point * dpi / POINT, layout_engine=ImageFont.Layout.BASIC)


@dataclass(slots=True)
class Sheet:
    """One page in the making."""

    dpi: int
    size: tuple[float, float] = A4
    lines: list[str] = field(default_factory=list)
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        """Lay a white sheet."""
        self.image = Image.new("RGB", (self.px(self.size[0]), self.px(self.size[1])), (255, 255, 255))
        self.pen = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> int:
        """Return millimetres as pixels."""
        return round(mm * self.dpi / INCH)

    def width(self, text: str, style: Style) -> float:
        """Return the width of a text in millimetres; finely measured, so that lines break alike at every dpi."""
        fine = font(style.point, _FINE, bold=style.bold, italic=style.italic)
        return fine.getlength(text) * INCH / _FINE

    def font(self, style: Style) -> ImageFont.FreeTypeFont:
        """Return the font of a style."""
        return font(style.point, self.dpi, bold=style.bold, italic=style.italic)

    def text(self, at: tuple[float, float], text: str, style: Style) -> None:
        """Write a text with its top left corner at a place; the ground truth is the caller's to note."""
        self.pen.text((self.px(at[0]), self.px(at[1])), text, font=self.font(style), fill=style.colour)

    def centred(self, middle: float, y: float, text: str, style: Style) -> None:
        """Write a text centred about `middle`."""
        self.text((middle - self.width(text, style) / 2, y), text, style)

    def rule(self, start: tuple[float, float], end: tuple[float, float], thick: float = 0.25) -> None:
        """Draw a straight black line."""
        ends = [self.px(value) for value in (*start, *end)]
        self.pen.line(ends, fill=BLACK, width=max(1, self.px(thick)))

    def box(self, corner: tuple[float, float], size: tuple[float, float], thick: float = 0.3) -> None:
        """Draw the outline of a rectangle."""
        left, top = corner
        right, bottom = left + size[0], top + size[1]
        self.pen.rectangle(
            [self.px(left), self.px(top), self.px(right), self.px(bottom)],
            outline=BLACK,
            width=max(1, self.px(thick)),
        )

    def note(self, *lines: str) -> None:
        """Add lines to the ground truth."""
        self.lines.extend(line for line in lines if line)

    def leaf(self) -> Leaf:
        """Return the finished page."""
        return Leaf(np.asarray(self.image), tuple(self.lines), self.dpi)


def wrapped(sheet: Sheet, text: str, style: Style, width: float, indent: float = 0.0) -> list[str]:
    """Return the lines a text takes in `width` millimetres, the first one shorter by `indent`."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        trial = f"{line} {word}".strip()
        room = width - (indent if not lines else 0.0)
        if line and sheet.width(trial, style) > room:
            lines.append(line)
            line = word
        else:
            line = trial
    return [*lines, line] if line else lines
