"""Scan a drawn page as offices do: crooked, soft, noisy, on yellow paper, its back shining through; in three kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Floats, Rng, clouds, limited
from bench.paper import Pixels, skewed

KINDS: Final = ("colour", "gray", "bilevel")
_STOCKS: Final = ((255, 255, 255), (250, 246, 236), (244, 234, 208), (236, 240, 236), (255, 226, 228), (226, 238, 250))


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a page is scanned; all that is random is in here but the grain.

    Attributes:
        kind: One of `KINDS`.
        skew: Degrees.
        blur: Deviation in pixels at 200 dpi.
        noise: Deviation in gray levels.
        stock: Colour of the paper.
        light: Gain of the lamp.
        through: Share of the back that is seen through the paper.
        cut: Where black and white are parted, 0 to 255.
        quality: Of JPEG; 0 where the scan is kept without loss.
    """

    kind: str
    skew: float
    blur: float
    noise: float
    stock: tuple[int, int, int]
    light: float
    through: float
    cut: int
    quality: int


def drawn_scanner(rng: Rng, kind: str) -> Scanner:
    """Return settings of an office's scanner."""
    plain = rng.random() < 0.6  # noqa: PLR2004 - white paper
    stock = _STOCKS[0 if plain else int(rng.integers(len(_STOCKS)))]
    return Scanner(
        kind,
        float(np.clip(rng.normal(0, 1.1), -3, 3)),
        float(rng.uniform(0.3, 1.0)),
        float(rng.uniform(1.0, 7.0)),
        stock,
        float(rng.uniform(0.9, 1.0)),
        float(rng.uniform(0.08, 0.25)) if rng.random() < 0.12 else 0.0,  # noqa: PLR2004 - thin paper is one of eight
        int(rng.integers(120, 186)),
        0 if kind == "bilevel" else int(rng.integers(50, 93)),
    )


def scanned(rgb: Pixels, dpi: int, scanner: Scanner, rng: Rng) -> Pixels:
    """Return the scan: height x width x 3 in RGB, or height x width where the kind is gray or bilevel."""
    page = skewed(rgb, scanner.skew) if abs(scanner.skew) > 0.05 else rgb  # noqa: PLR2004 - not seen
    if scanner.through:
        back = cv2.GaussianBlur(np.ascontiguousarray(page[:, ::-1]), (0, 0), 0.006 * dpi).astype(np.float32)
        page = limited(page.astype(np.float32) * (1 - scanner.through * (1 - back / 255)))
    soft = cv2.GaussianBlur(page, (0, 0), scanner.blur * dpi / 200)
    if scanner.kind != "colour":
        return _without_colour(soft, scanner, rng)
    stock = np.asarray(scanner.stock, np.float32) * scanner.light / 255
    light = soft.astype(np.float32) * stock * _lamp(rng, soft.shape[:2])[:, :, None] + 3
    return _coded(limited(light + _grain(rng, soft.shape, scanner.noise)), scanner)


def _without_colour(soft: Pixels, scanner: Scanner, rng: Rng) -> Pixels:
    gray = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY).astype(np.float32)
    gray *= float(np.mean(scanner.stock)) * scanner.light / 255 * _lamp(rng, gray.shape)
    gray += _grain(rng, gray.shape, scanner.noise)
    if scanner.kind == "bilevel":
        return np.where(gray < scanner.cut, np.uint8(0), np.uint8(255))
    return _coded(limited(gray), scanner)


def _lamp(rng: Rng, shape: tuple[int, ...]) -> Floats:
    return 1 - float(rng.choice((0.0, 0.0, 0.08, 0.2))) * clouds(rng, (shape[0], shape[1]), 2)


def _grain(rng: Rng, shape: tuple[int, ...], sigma: float) -> Floats:
    """Return noise, drawn once for a tile that the page is laid out with."""
    tile = rng.standard_normal((257, 263, *shape[2:]), dtype=np.float32) * sigma
    across = np.concatenate([tile] * (shape[1] // 263 + 1), axis=1)[:, : shape[1]]
    return np.asarray(np.concatenate([across] * (shape[0] // 257 + 1), axis=0)[: shape[0]], np.float32)


def _coded(pixels: Pixels, scanner: Scanner) -> Pixels:
    bgr = np.ascontiguousarray(pixels[:, :, ::-1] if pixels.ndim > 2 else pixels)  # noqa: PLR2004 - colour
    data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, scanner.quality])[1]
    back = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    return np.ascontiguousarray(back[:, :, ::-1] if back.ndim > 2 else back)  # noqa: PLR2004 - colour
