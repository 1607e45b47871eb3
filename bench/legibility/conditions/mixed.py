"""Several faults at once: an ordinary office scan, a bad copy, a photograph."""

from __future__ import annotations

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng, clouds, ink_of, inked, limited, noisy, softened, tinted
from bench.legibility.conditions.ink import weak_ink
from bench.legibility.conditions.marks import signed
from bench.legibility.conditions.scanner import show_through, specked, uneven_light
from bench.paper import Pixels, skewed


def typical(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return an office colour scan: a lean of `strength` degrees, a little blur and noise, a seal on the signature."""
    page = signed(rgb, rng, dpi)
    page = skewed(page, strength * float(rng.choice((-1.0, 1.0))))
    page = softened(page, 0.7 * dpi / 300)
    return noisy(limited(page.astype(np.float32) * 0.935 + 6), rng, 3.0)


def bad(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return a copy of a copy, `strength` 0 to 1: weak ink, back shining through, seal, specks, lean, uneven light."""
    ink = weak_ink(ink_of(rgb), rng, dpi, 0.95 - 0.3 * strength)
    page = inked(tinted(rgb.shape[:2], (247, 245, 238)), ink, (30, 30, 34))
    page = show_through(page, rng, dpi, 0.06 + 0.10 * strength)
    page = signed(page, rng, dpi)
    page = skewed(page, (0.4 + 1.6 * strength) * float(rng.choice((-1.0, 1.0))))
    page = uneven_light(page, rng, dpi, 0.15 + 0.25 * strength)
    page = softened(page, (0.6 + 0.4 * strength) * dpi / 300)
    return noisy(specked(page, rng, dpi, 6 + 14 * strength), rng, 3 + 4 * strength)


def photographed(rgb: Pixels, rng: Rng, dpi: int, strength: float) -> Pixels:
    """Return a photograph from a hand: the corners off by up to `strength` of the width, desk, shadow, focus."""
    height, width = rgb.shape[:2]
    corners = np.asarray([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    margin = 0.02
    inward = np.asarray([(1, 1), (-1, 1), (-1, -1), (1, -1)], np.float32)
    shift = (margin + strength * rng.random((4, 2))) * width
    matrix = cv2.getPerspectiveTransform(corners, (corners + inward * shift).astype(np.float32))
    desk = float(rng.uniform(70, 130))
    shades = (desk * 1.15, desk, desk * 0.8)
    page = cv2.warpPerspective(
        rgb, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=shades
    )
    light = 1.0 - (0.2 + 2 * strength) * clouds(rng, (height, width), 2)
    warm = np.asarray((1.0, 0.97, 0.90), np.float32)
    lit = limited(page.astype(np.float32) * light[:, :, None] * warm)
    return noisy(softened(lit, 0.9 * dpi / 300), rng, 4.0)
