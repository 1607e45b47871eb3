"""A pen's writing: faces like handwriting, word by word a little off the line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from bench.papers.names import SetName
from tests.npm import installed

_FOLDER: Final = Path(__file__).parent / "pens"
_FACES: Final[dict[SetName, tuple[str, ...]]] = {
    "train": ("pangolin", "dancing-script"),
    "dev": ("patrick-hand", "charm"),
    "frozen": ("mali", "itim"),
}
_WORD_GAP: Final = 0.32


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand: files of one face with the letters in each, and how much larger than print it writes."""

    face: str
    size: float

    def width(self, text: str, pixels: int) -> float:
        """Return how wide a text is when the print beside it is so many pixels high."""
        size = round(pixels * self.size)
        return sum(self._word_width(word, size) + size * _WORD_GAP for word in text.split())

    def write(self, image: Image.Image, at: tuple[float, float], text: str, pixels: int, dice: Random) -> None:
        """Write on a baseline with ink 255 on a mask of zeros."""
        draw, x = ImageDraw.Draw(image), at[0]
        size = round(pixels * self.size)
        for word in text.split():
            y = at[1] + dice.uniform(-0.10, 0.06) * size
            for letter in word:
                font = _font(self.face, letter, round(size * dice.uniform(0.97, 1.04)))
                draw.text((x, y + dice.uniform(-0.02, 0.02) * size), letter, font=font, fill=255, anchor="ls")
                x += font.getlength(letter)
            x += size * _WORD_GAP * dice.uniform(0.8, 1.25)

    def _word_width(self, word: str, size: int) -> float:
        return sum(_font(self.face, letter, size).getlength(letter) for letter in word)


def hand_of(name: SetName, dice: Random) -> Hand:
    """Return a hand of a set."""
    return Hand(dice.choice(_FACES[name]), dice.uniform(1.12, 1.35))


@cache
def _files(face: str) -> tuple[tuple[Path, frozenset[int]], ...]:
    folder = installed(_FOLDER) / "node_modules" / "@fontsource" / face / "files"
    files = sorted(
        folder.glob(f"{face}-*-400-normal.woff"), key=lambda file: ("-latin-400" not in file.name, file.name)
    )
    return tuple((file, frozenset(TTFont(file).getBestCmap())) for file in files)


def _font(face: str, letter: str, size: int) -> ImageFont.FreeTypeFont:
    file = next(file for file, letters in _files(face) if ord(letter) in letters)
    return _loaded(file, size)


@cache
def _loaded(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)
