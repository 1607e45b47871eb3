"""What people press, write and print on papers: seals, pens, coloured stock, guilloche."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from PIL import Image

from bench.legibility.conditions.fields import Floats, Rng, clouds, grain, ink_of, limited, multiplied, noisy, tinted
from bench.paper import Paper, Pixels, add_seal

_STOCKS: Final = ((255, 214, 222), (255, 244, 190), (206, 238, 208), (200, 224, 248), (250, 222, 190))
_PEN: Final = ((38, 62, 168), (28, 48, 140), (52, 84, 190))
_LINES: Final = ((222, 150, 160), (150, 190, 160), (205, 175, 120), (150, 180, 214))


def seal(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page with two red round seals `strength` inches wide on its text."""
    return _sealed(_sealed(rgb, rng, dpi, (0.5, 0.95), strength), rng, dpi, (0.1, 0.6), strength)


def signed(rgb: Pixels, rng: Rng, dpi: int) -> Pixels:
    """Return the page with one seal, and a pen's signature through it, low on the page."""
    return _sealed(rgb, rng, dpi, (0.6, 0.95), 1.4)


def _sealed(rgb: Pixels, rng: Rng, dpi: int, band: tuple[float, float], inches: float) -> Pixels:
    paper = Paper(Image.fromarray(rgb), dpi)
    x, y = inked_spot(rgb, rng, band)
    add_seal(paper, (x / dpi, y / dpi), inches)
    return np.asarray(paper.image)


def inked_spot(rgb: Pixels, rng: Rng, band: tuple[float, float]) -> tuple[int, int]:
    """Return a place (x, y) on print in a band of the page's height."""
    height, width = rgb.shape[:2]
    tiles = cv2.resize(ink_of(rgb), (24, 34), interpolation=cv2.INTER_AREA)
    rows = np.arange(34) / 34
    tiles[(rows < band[0]) | (rows > band[1])] = 0
    tiles[:, :3] = tiles[:, -3:] = 0
    found = np.argwhere(tiles > 0.4 * tiles.max()) if tiles.max() > 0 else np.asarray([[17, 12]])
    row, column = found[int(rng.integers(len(found)))]
    return round((column + 0.5) * width / 24), round((row + 0.5) * height / 34)


def coloured_paper(rgb: Pixels, rng: Rng, _dpi: int, strength: float) -> Pixels:
    """Return the page on coloured stock with fibres; `strength` 1 is office pastel, more is stronger."""
    stock = np.asarray(_STOCKS[int(rng.integers(len(_STOCKS)))], np.float32)
    colour = np.clip(255 - (255 - stock) * strength, 90, 255)
    fibre = cv2.GaussianBlur(grain(rng, rgb.shape[:2]), (0, 0), 1.2)
    ground = colour * (1 + 0.035 * fibre[:, :, None]) - 6 * clouds(rng, rgb.shape[:2], 4)[:, :, None]
    return noisy(multiplied(rgb, ground.astype(np.float32)), rng, 2.5)


def ballpoint(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page with about `strength` pen marks over its print: signatures, underlines, ticks, scribbles."""
    layer = np.full(rgb.shape, 255, np.uint8)
    colour = _PEN[int(rng.integers(len(_PEN)))]
    for number in range(round(strength)):
        place = inked_spot(rgb, rng, (0.62, 0.97) if number % 3 == 0 else (0.05, 0.95))
        path = (_signature, _underline, _tick)[number % 3](rng, dpi) + np.asarray(place)
        fixed = (path * 16).astype(np.int32).reshape(-1, 1, 2)
        width = max(1, round(float(rng.uniform(0.011, 0.017)) * dpi))
        cv2.polylines(layer, [fixed], isClosed=False, color=colour, thickness=width, lineType=cv2.LINE_AA, shift=4)
    pale = 255 - (255 - layer.astype(np.float32)) * (0.75 + 0.25 * clouds(rng, rgb.shape[:2], 40)[:, :, None])
    return noisy(multiplied(rgb, pale), rng, 2.0)


def _signature(rng: Rng, dpi: int) -> Floats:
    turn = np.linspace(0, 1, 240)
    waves = sum(float(rng.uniform(0.1, 0.3)) * np.sin(2 * np.pi * (k * turn + rng.random())) for k in (3, 5, 8))
    x = 1.9 * turn - 0.95 + 0.22 * np.sin(2 * np.pi * (5 * turn + rng.random()))
    return np.stack([x, np.asarray(waves) - 0.25 * turn], 1).astype(np.float32) * dpi * 0.7


def _underline(rng: Rng, dpi: int) -> Floats:
    along = np.linspace(-0.9, 0.9, 60)
    wave = 0.09 + 0.012 * np.cumsum(rng.standard_normal(60)) / 2
    return np.stack([along, wave], 1).astype(np.float32) * dpi


def _tick(rng: Rng, dpi: int) -> Floats:
    size = float(rng.uniform(0.12, 0.3))
    points = np.asarray([(-0.5, 0.0), (-0.1, 0.5), (0.15, 0.1), (0.9, -1.1)]) * size
    return np.asarray(points, np.float32) * dpi


def guilloche(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page on security paper: waves of fine coloured lines, `strength` of full colour."""
    height, width = rgb.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) / dpi, np.arange(height, dtype=np.float32) / dpi)
    ground = tinted((height, width), (253, 250, 244)).copy()
    for index in rng.choice(len(_LINES), 2, replace=False):
        pitch, angle = float(rng.uniform(0.035, 0.06)), float(rng.uniform(0, np.pi))
        along, across = np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y
        bend = 0.12 * np.sin(along * float(rng.uniform(2, 5))) + 0.05 * np.sin(along * float(rng.uniform(8, 13)))
        phase = np.abs(((across + bend) / pitch) % 1.0 - 0.5) * pitch
        line = np.clip((0.0045 - phase) * dpi + 0.5, 0, 1)[:, :, None] * strength
        ground = ground * (1 - line) + np.asarray(_LINES[int(index)], np.float32) * line
    return noisy(multiplied(rgb, limited(ground)), rng, 2.0)
