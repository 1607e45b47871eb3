"""What a scanner makes of a sheet: bed, lean, shadow, focus, light, noise; and what goes wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng, limited, noisy, softened
from bench.paper import Pixels

BEDS: Final = ((0, 0, 0), (18, 19, 22), (96, 98, 96), (150, 150, 152), (255, 255, 255), (226, 226, 224))
_SHADOW: Final = 3


@dataclass(frozen=True, slots=True)
class Bed:
    """How a sheet lies: the tone around it, inches of it on each side, degrees clockwise."""

    tone: tuple[int, int, int]
    margin: float
    lean: float


def a_bed(rng: Rng, *, lean: float | None = None, margin: float | None = None) -> Bed:
    """Return a bed: most feeders cut it away, glasses show some of it."""
    tone = BEDS[int(rng.integers(len(BEDS)))]
    shown = float(rng.uniform(0.05, 0.4)) if rng.random() < 0.4 else 0.0  # noqa: PLR2004 - two of five
    return Bed(tone, shown if margin is None else margin, float(rng.normal(0, 0.6)) if lean is None else lean)


def laid(sheet: Pixels, bed: Bed, dpi: int, missing: Pixels | None = None) -> Pixels:
    """Return the sheet on its bed, with a thin shadow along its lower and right edges.

    Args:
        sheet: The sheet.
        bed: How it lies.
        dpi: Its resolution.
        missing: 255 where the sheet is folded away or torn off.
    """
    there = np.full(sheet.shape[:2], 255, np.uint8) if missing is None else np.asarray(255 - missing, np.uint8)
    edge = round(bed.margin * dpi)
    page = cv2.copyMakeBorder(sheet, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    there = np.asarray(cv2.copyMakeBorder(there, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(0,)), np.uint8)
    height, width = there.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -bed.lean, 1.0)
    page = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(there, matrix, (width, height), borderValue=(0,)).astype(np.float32)[:, :, None] / 255
    cast = np.roll(share, (_SHADOW, _SHADOW), (0, 1))
    ground = np.asarray(bed.tone, np.float32) * (1 - 0.22 * np.asarray(cv2.GaussianBlur(cast, (0, 0), 2.5))[:, :, None])
    return limited(page.astype(np.float32) * share + ground * (1 - share))


def scanned(page: Pixels, rng: Rng, *, soft: float | None = None) -> Pixels:
    """Return what the sensor gives."""
    sharp = softened(page, float(rng.uniform(0.5, 1.0)) if soft is None else soft)
    light = float(rng.uniform(0.93, 1.0))
    return noisy(
        limited(sharp.astype(np.float32) * light + float(rng.uniform(0, 7))), rng, float(rng.uniform(1.5, 4.5))
    )


def smeared(page: Pixels, pixels: int, *, across: bool) -> Pixels:
    """Return a page that moved while it was scanned."""
    kernel = np.ones((1, pixels) if across else (pixels, 1), np.float32) / pixels
    return np.asarray(cv2.filter2D(page, -1, kernel), np.uint8)


def enlarged(page: Pixels, dpi: int, real: int) -> Pixels:
    """Return a page that was scanned at fewer dots than its file says."""
    small = cv2.resize(page, None, fx=real / dpi, fy=real / dpi, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, page.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def dimmed(page: Pixels, share: float) -> Pixels:
    """Return a page with so much of its light."""
    return limited(page.astype(np.float32) * share + 8)


def washed(page: Pixels, share: float, ground: float) -> Pixels:
    """Return a page whose ink keeps so much of its darkness, on a ground of some level."""
    return limited(ground - (255 - page.astype(np.float32)) * share)


def flared(page: Pixels, lift: float) -> Pixels:
    """Return a page with so much light that paper and thin strokes are white."""
    return limited(lift + page.astype(np.float32) * (300 - lift) / 255)
