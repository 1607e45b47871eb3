"""Turns a drawn sheet into what an office scanner makes of it: askew, unevenly lit, noisy, sometimes bitonal."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from samples.sheet import INCH, Leaf, Pixels

_TILE = 512
_TINTS = ((253, 252, 247), (250, 249, 244), (247, 243, 232), (252, 252, 252))


@dataclass(frozen=True, slots=True)
class Wear:
    """How much a page suffered. Skew in degrees, noise in levels, light as the share lost in the darkest corner."""

    skew: float
    noise: float
    light: float
    blur: float = 0.0
    specks: int = 0
    fade: float = 0.0
    folded: bool = False
    punched: bool = False
    show_through: float = 0.0


WEAR = {
    "clean": Wear(skew=0.3, noise=1.6, light=0.02),
    "office": Wear(skew=1.0, noise=2.6, light=0.07, blur=0.5, specks=15, show_through=0.02),
    "worn": Wear(
        skew=2.0, noise=4.0, light=0.2, blur=0.7, specks=60, fade=0.22, folded=True, punched=True, show_through=0.05
    ),
    "copier": Wear(skew=1.4, noise=6.0, light=0.05, blur=0.5, specks=260),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """One page as scanned: RGB pixels, or gray ones that hold only 0 and 255 when `bitonal`."""

    pixels: Pixels
    dpi: int
    lines: tuple[str, ...]
    skew: float
    upside_down: bool
    bitonal: bool

    @property
    def gray(self) -> bool:
        """Whether there is one channel only."""
        return self.pixels.ndim == 2


def scan(leaf: Leaf, wear: Wear, dice: Random, *, bitonal: bool = False, upside_down: bool = False) -> Scan:
    """Return the scan of a drawn page; the ground truth keeps its lines whatever befalls the page."""
    skew = round(dice.uniform(-wear.skew, wear.skew), 2)
    tint = _TINTS[dice.randrange(len(_TINTS))]
    page = _aged(leaf.pixels, leaf.dpi, wear, dice)
    page = _turned(page, skew)
    page = _lit(page, tint, wear.light, dice)
    page = _noisy(page, wear, dice)
    if bitonal:
        page = _black_and_white(page)
    _speck(page, wear.specks, leaf.dpi, dice)
    if upside_down:
        page = np.rot90(page, 2)
    return Scan(np.ascontiguousarray(page), leaf.dpi, leaf.lines, skew, upside_down, bitonal)


def shown_through(front: Leaf, share: float) -> Leaf:
    """Return the blank back of a page through which its front shines, mirrored."""
    mirrored = cv2.flip(front.pixels, 1)
    soft = cv2.GaussianBlur(mirrored, (9, 9), 3.0)
    pixels = cv2.addWeighted(soft, share, np.full_like(soft, 255), 1.0 - share, 0.0)
    return Leaf(pixels.astype(np.uint8), (), front.dpi)


def _aged(pixels: Pixels, dpi: int, wear: Wear, dice: Random) -> Pixels:
    page = pixels.copy()
    if wear.fade:
        page = _pale(page, wear.fade)
    if wear.show_through:
        back = cv2.GaussianBlur(cv2.rotate(cv2.flip(pixels, 1), cv2.ROTATE_180), (7, 7), 2.5)
        page = cv2.subtract(page, ((255 - back) * wear.show_through).astype(np.uint8)).astype(np.uint8)
    if wear.folded:
        _fold(page, dice)
    if wear.punched:
        _punch(page, dpi)
    return page


def _pale(page: Pixels, share: float) -> Pixels:
    return cv2.addWeighted(page, 1.0 - share, np.full_like(page, 255), share, 0.0).astype(np.uint8)


def _black_and_white(page: Pixels) -> Pixels:
    gray = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    return cv2.threshold(gray, 150, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)


def _fold(page: Pixels, dice: Random) -> None:
    """Crease the page across, as a paper that was sent in an envelope."""
    row = round(page.shape[0] * dice.uniform(0.32, 0.36))
    page[row : row + 2] = (page[row : row + 2] * 0.88).astype(np.uint8)
    page[row + 2 : row + 10] = (page[row + 2 : row + 10] * 0.96).astype(np.uint8)


def _punch(page: Pixels, dpi: int) -> None:
    middle = page.shape[0] // 2
    reach = round(40.0 * dpi / INCH)
    for y in (middle - reach, middle + reach):
        centre = (round(11.0 * dpi / INCH), y)
        cv2.circle(page, centre, round(2.8 * dpi / INCH), (88, 86, 84), -1, cv2.LINE_AA)


def _turned(page: Pixels, skew: float) -> Pixels:
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), skew, 1.0)
    turned = cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(226, 226, 224))
    return turned.astype(np.uint8)


def _lit(page: Pixels, tint: tuple[int, int, int], loss: float, dice: Random) -> Pixels:
    """Colour the paper and darken it smoothly towards one side, with a shadow at the edge of the glass."""
    high, wide = page.shape[:2]
    y, x = np.mgrid[0.0:1.0:40j, 0.0:1.0:28j]
    slope = dice.choice((x, 1 - x, y, 1 - y)) * 0.7 + dice.choice((x * y, (1 - x) * y)) * 0.3
    edge = np.clip(1.0 - x * 24.0, 0.0, 1.0) * 0.10
    gain = (1.0 - loss * slope**1.5 - edge)[:, :, None] * np.asarray(tint, dtype=np.float64)
    large = cv2.resize(gain.astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(page, large.astype(np.uint8), scale=1 / 255.0).astype(np.uint8)


def _noisy(page: Pixels, wear: Wear, dice: Random) -> Pixels:
    """Blur a little and add sensor noise; one random tile is repeated, which is cheap and does not show."""
    tile = np.random.default_rng(dice.randrange(1 << 32)).normal(0.0, wear.noise, (_TILE, _TILE, 3))
    soft = cv2.GaussianBlur(tile, (3, 3), 0.6)
    sharp = cv2.GaussianBlur(page, (3, 3), wear.blur) if wear.blur else page
    high, wide = page.shape[:2]
    repeats = (high // _TILE + 1, wide // _TILE + 1, 1)
    lighter = np.tile(np.clip(soft, 0, 255).astype(np.uint8), repeats)[:high, :wide]
    darker = np.tile(np.clip(-soft, 0, 255).astype(np.uint8), repeats)[:high, :wide]
    return cv2.subtract(cv2.add(sharp, lighter), darker).astype(np.uint8)


def _speck(page: Pixels, count: int, dpi: int, dice: Random) -> None:
    """Drop dust: dots of up to a fifth of a millimetre."""
    high, wide = page.shape[:2]
    for _ in range(count):
        centre = (dice.randrange(wide), dice.randrange(high))
        dark = dice.randrange(0, 90)
        colour = (0,) if page.ndim == 2 else (dark, dark, dark)
        cv2.circle(page, centre, dice.randrange(0, max(2, round(0.2 * dpi / INCH))), colour, -1)
