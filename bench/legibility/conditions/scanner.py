"""Faults of scanners and copiers: lean, noise, specks, focus, light, show-through. Strengths are per function."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import WHITE, Rng, clouds, ink_of, limited, noisy, softened
from bench.paper import Pixels, skewed

_BASE_DPI: Final = 300
_SPECK_SHADES: Final = (0, 90)


def clean(rgb: Pixels, _rng: Rng, _dpi: int, _strength: float) -> Pixels:
    """Return the page as printed."""
    return rgb


def turned(rgb: Pixels, rng: Rng, _dpi: int, _strength: float) -> Pixels:
    """Return the page turned by 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(rgb, int(rng.integers(1, 4))))


def skew(rgb: Pixels, rng: Rng, _dpi: int, strength: float) -> Pixels:
    """Return the page leaning by `strength` degrees to one side."""
    return skewed(rgb, strength * float(rng.choice((-1.0, 1.0))))


def gauss(rgb: Pixels, rng: Rng, _dpi: int, strength: float) -> Pixels:
    """Return the page with sensor noise of deviation `strength` on paper that is not quite white."""
    return noisy(limited(rgb.astype(np.float32) * 0.93 + 8), rng, strength)


def salt(rgb: Pixels, rng: Rng, _dpi: int, strength: float) -> Pixels:
    """Return the page with dark and light specks on `strength` of its pixels."""
    out = rgb.copy()
    dice = rng.random(rgb.shape[:2], dtype=np.float32)
    out[dice < strength * 0.6] = rng.integers(*_SPECK_SHADES)
    out[dice > 1 - strength * 0.4] = 255
    return out


def blur(rgb: Pixels, _rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page out of focus by `strength` pixels at 300 dpi."""
    return softened(rgb, strength * dpi / _BASE_DPI)


def uneven_light(rgb: Pixels, rng: Rng, _dpi: int, strength: float) -> Pixels:
    """Return the page darker by up to `strength` on one side and in clouds, as beside a book's fold."""
    height, width = rgb.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    angle = float(rng.uniform(0, 2 * np.pi))
    ramp = np.clip((np.cos(angle) * x + np.sin(angle) * y + 0.6) / 1.8, 0, 1) ** 1.5
    light = 1.0 - strength * (0.75 * ramp + 0.25 * clouds(rng, (height, width), 3))
    return limited(rgb.astype(np.float32) * light[:, :, None] * 0.97)


def show_through(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return the page with its back, another print seen mirrored, shining through by `strength`."""
    back = np.roll(rgb[:, ::-1], tuple(int(v) for v in rng.integers(-dpi // 2, dpi // 2, 2)), axis=(0, 1))
    ink = cv2.GaussianBlur(ink_of(np.ascontiguousarray(back)), (0, 0), 0.006 * dpi)
    ground = rgb.astype(np.float32) * 0.96
    return limited(ground - (strength * WHITE) * ink[:, :, None] * (ground / WHITE))


def specked(rgb: Pixels, rng: Rng, dpi: int, per_inch: float) -> Pixels:
    """Return the page with round specks of a copier's glass, `per_inch` to the square inch."""
    out = rgb.copy()
    height, width = rgb.shape[:2]
    for _ in range(round(per_inch * height * width / dpi**2)):
        place = (int(rng.integers(width)), int(rng.integers(height)))
        radius = max(1, round(float(rng.uniform(0.002, 0.005)) * dpi))
        shade = int(rng.integers(*_SPECK_SHADES))
        cv2.circle(out, place, radius, (shade, shade, shade), -1)
    return out
