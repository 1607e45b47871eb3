"""What printers do: weak toner, thin strokes, needles, carbon paper."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Floats, Rng, clouds, grain, ink_of, inked, noisy, tinted
from bench.paper import Pixels

_TONER: Final = (38, 36, 40)
_RIBBON: Final = (52, 50, 62)
_CARBON: Final = (62, 62, 112)
_THIN_AT_DPI: Final = 900
_DOT: Final = 0.92  # a needle's dot is a little smaller than the distance of two


def faded(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page in weak toner: its ink keeps `strength` of its darkness, less in patches, and is grainy."""
    ink = weak_ink(ink_of(rgb), rng, dpi, strength)
    return noisy(inked(tinted(rgb.shape[:2], (244, 242, 237)), ink, _TONER), rng, 2.5)


def weak_ink(ink: Floats, rng: Rng, dpi: int, strength: float) -> Floats:
    """Return ink with `strength` of its darkness, uneven over the page and broken by the paper's grain."""
    patches = 0.75 + 0.5 * clouds(rng, (ink.shape[0], ink.shape[1]), 5)
    rough = cv2.GaussianBlur(grain(rng, ink.shape), (0, 0), max(0.5, 0.0025 * dpi))
    rough = np.clip(1.0 + 0.3 * rough / float(rough.std()), 0.1, 1.4)
    return np.asarray(np.clip(ink * patches * rough * strength, 0, 1), np.float32)


def thin_strokes(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page with `strength` inches off each side of every stroke, as worn ribbons do it."""
    scale = _THIN_AT_DPI / dpi
    size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
    large = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_CUBIC)
    side = 2 * round(strength * _THIN_AT_DPI) + 1
    worn = cv2.dilate(large, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    gray = cv2.resize(worn, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_AREA)
    return noisy(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB).astype(np.uint8), rng, 2.0)


def dot_matrix(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page as a 24-needle printer makes it: round dots, `strength` to the inch, a ribbon that tires."""
    cells = (round(rgb.shape[1] * strength / dpi), round(rgb.shape[0] * strength / dpi))
    on = cv2.resize(ink_of(rgb), cells, interpolation=cv2.INTER_AREA) > 0.42  # noqa: PLR2004 - half covered
    # Dots are laid out at a whole number of pixels and then brought to the page's resolution.
    pitch = 8
    y, x = np.mgrid[0:pitch, 0:pitch] - (pitch - 1) / 2
    dot = np.clip(_DOT * pitch / 2 - np.hypot(x, y) + 0.5, 0, 1).astype(np.float32)
    gray = np.empty(rgb.shape[:2], np.float32)
    rows = 256
    for top in range(0, cells[1], rows):
        part = np.kron(on[top : top + rows].astype(np.float32), dot)
        low, high = (round(edge * rgb.shape[0] / cells[1]) for edge in (top, min(cells[1], top + rows)))
        gray[low:high] = cv2.resize(part, (rgb.shape[1], high - low), interpolation=cv2.INTER_AREA)
    lines = 0.8 + 0.2 * clouds(rng, (rgb.shape[0], 8), 40)[:, :1]
    ink = np.clip(gray * lines * (0.85 + 0.2 * clouds(rng, (rgb.shape[0], rgb.shape[1]), 9)), 0, 1)
    soft = cv2.GaussianBlur(np.asarray(ink, np.float32), (0, 0), 0.0022 * dpi)
    return noisy(inked(tinted(rgb.shape[:2], (246, 246, 240)), np.asarray(soft, np.float32), _RIBBON), rng, 2.0)


def carbon_copy(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page as the sheet below a carbon paper: blue, soft by `strength` inches, smudged, on thin paper."""
    height, width = rgb.shape[:2]
    ink = cv2.GaussianBlur(ink_of(rgb), (0, 0), strength * dpi)
    ink = weak_ink(np.asarray(np.clip(ink * 1.25, 0, 1), np.float32), rng, dpi, 0.78)
    smudge = 0.10 * clouds(rng, (height, width), 7) ** 2 + 0.012 * np.abs(grain(rng, (height, width)))
    mottle = 5 * clouds(rng, (height, width), 30)[:, :, None]
    paper = tinted((height, width), (239, 233, 214)) - mottle
    both = np.clip(ink + smudge.astype(np.float32), 0, 1)
    return noisy(inked(np.asarray(paper, np.float32), np.asarray(both, np.float32), _CARBON), rng, 2.0)
