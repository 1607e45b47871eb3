"""Press rubber stamps on a page: letters and frame in one ink, crooked, uneven, over whatever is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.legibility.conditions.fields import Floats, Rng, clouds, grain, limited
from bench.legibility.fonts import loaded
from bench.paper import Pixels

INKS: Final = {
    "red": (198, 30, 44),
    "dark red": (140, 22, 36),
    "violet": (104, 44, 146),
    "blue": (34, 58, 168),
    "black": (34, 32, 36),
}
FRAMES: Final = ("single", "double", "none", "rounded")
_MM: Final = 25.4
_FINE: Final = 2  # drawn so many times larger
_VARIED: Final = 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp and how it is pressed.

    Attributes:
        text: What it says.
        font: File of its letters.
        capital_mm: Height of a capital without its marks.
        tracking: Space between letters, in heights of a capital.
        frame: One of `FRAMES`.
        ink: One of `INKS`.
        strength: Share of full ink.
        uneven: Share of ink that its weakest parts lack.
        degrees: How crooked, clockwise positive.
    """

    text: str
    font: Path
    capital_mm: float
    tracking: float
    frame: str
    ink: str
    strength: float
    uneven: float
    degrees: float


@dataclass(frozen=True, slots=True)
class Impression:
    """Ink of a stamp (0 to 1), and where its last word stands in it: middle x, y and height of capitals."""

    ink: Floats
    last_word: tuple[float, float, float]


def drawn_stamp(text: str, fonts: tuple[Path, ...], rng: Rng, *, fresh: bool) -> Stamp:
    """Return a stamp in any colour, font, size and frame; `fresh`: with ink enough to be read at a glance."""
    strength = rng.uniform(0.8, 1.0) if fresh else rng.uniform(0.38, 0.85)
    return Stamp(
        text,
        fonts[int(rng.integers(len(fonts)))],
        float(rng.uniform(2.6, 5.6)),
        float(rng.choice((0.0, 0.0, 0.08, 0.2))),
        str(rng.choice(FRAMES, p=(0.42, 0.2, 0.26, 0.12))),
        str(rng.choice(list(INKS), p=(0.46, 0.12, 0.14, 0.14, 0.14))),
        float(strength),
        float(rng.uniform(0.0, 0.3) if fresh else rng.uniform(0.2, 0.6)),
        float(np.clip(rng.normal(0, 2.5), -8, 8)),
    )


def impression(stamp: Stamp, dpi: int, rng: Rng) -> Impression:
    """Return the ink of a stamp as it lies on paper."""
    mask, place = _cut(stamp, dpi * _FINE)
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -stamp.degrees, 1.0)
    turned = cv2.warpAffine(mask, matrix, (width, height), flags=cv2.INTER_LINEAR)
    size = (width // _FINE, height // _FINE)
    ink = cv2.resize(turned, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    x, y = matrix @ (place[0], place[1], 1.0)
    weak = stamp.uneven * clouds(rng, (size[1], size[0]), int(rng.integers(2, 7)))
    rough = cv2.GaussianBlur(grain(rng, ink.shape), (0, 0), max(0.5, 0.004 * dpi))
    rough = np.clip(1.0 + 0.25 * stamp.uneven * rough / max(1e-3, float(rough.std())), 0.2, 1.1)
    worn = np.clip(ink * (1 - weak) * rough * stamp.strength, 0, 1)
    return Impression(np.asarray(worn, np.float32), (float(x) / _FINE, float(y) / _FINE, place[2] / _FINE))


def press(rgb: Pixels, ink: Floats, middle: tuple[float, float], colour: tuple[int, int, int], rng: Rng) -> float:
    """Lay ink on a page, its middle at a place in pixels; what is below shows through.

    Returns:
        Share of the stamp's rectangle that was printed on before.
    """
    height, width = ink.shape
    left, top = round(middle[0] - width / 2), round(middle[1] - height / 2)
    rows = slice(max(0, top), min(rgb.shape[0], top + height))
    columns = slice(max(0, left), min(rgb.shape[1], left + width))
    part = rgb[rows, columns]
    if part.size == 0:
        return 0.0
    laid = ink[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    covered = float(np.mean(part.min(axis=2) < 150))  # noqa: PLR2004 - darker than paper
    varied = np.clip(np.asarray(colour, np.float32) + rng.normal(0, _VARIED, 3), 8, 235)
    part[:] = limited(part.astype(np.float32) * (1 - laid[:, :, None] * (1 - varied / 255)))
    return covered


def other(stamp: Stamp, text: str) -> Stamp:
    """Return the same stamp with another text."""
    return replace(stamp, text=text)


def _cut(stamp: Stamp, dpi: int) -> tuple[Pixels, tuple[float, float, float]]:
    """Return the stamp as it was cut, with room to turn it, and middle and capital height of its last word."""
    capital = stamp.capital_mm / _MM * dpi
    probe = loaded(stamp.font, 200).getbbox("H", anchor="ls")
    font = loaded(stamp.font, max(8, round(200 * capital / -probe[1])))
    widths = [font.getlength(letter) + stamp.tracking * capital for letter in stamp.text]
    length = sum(widths)
    # Marks above and a dot below the letters need room inside the frame.
    half_width, half_height = length / 2 + 0.6 * capital, 1.15 * capital
    turned = np.hypot(half_width, half_height) * abs(np.sin(np.radians(stamp.degrees)))
    size = (round(2 * half_width + capital + turned), round(2 * half_height + capital + 2 * turned))
    image = Image.new("L", (size[0] // 2 * 2, size[1] // 2 * 2), 0)
    pen = ImageDraw.Draw(image)
    middle = (image.width / 2, image.height / 2)
    x, base = middle[0] - length / 2, middle[1] + capital * 0.55
    places = []
    for letter, width in zip(stamp.text, widths, strict=True):
        pen.text((x, base), letter, font=font, fill=255, anchor="ls")
        places.append(x)
        x += width
    _frame(pen, stamp.frame, middle, (half_width, half_height), capital)
    word = places[len(stamp.text) - len(stamp.text.split()[-1])]
    return np.asarray(image, np.uint8), ((word + x) / 2, base - capital / 2, capital)


def _frame(
    pen: ImageDraw.ImageDraw, kind: str, middle: tuple[float, float], half: tuple[float, float], capital: float
) -> None:
    line = max(2, round(0.11 * capital))
    box = (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
    if kind in ("single", "double"):
        pen.rectangle(box, outline=255, width=line)
    if kind == "rounded":
        pen.rounded_rectangle(box, radius=0.4 * capital, outline=255, width=line)
    if kind == "double":
        gap = 2 * line
        pen.rectangle((box[0] - gap, box[1] - gap, box[2] + gap, box[3] + gap), outline=255, width=max(2, line // 2))
