"""Random fields and ink arithmetic that the conditions share."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.paper import Pixels

Floats = NDArray[np.float32]
Rng = np.random.Generator
WHITE: Final = 255.0


def grain(rng: Rng, shape: tuple[int, ...]) -> Floats:
    """Return normal noise of mean 0 and deviation 1."""
    return rng.standard_normal(shape, dtype=np.float32)


def clouds(rng: Rng, shape: tuple[int, int], cells: int) -> Floats:
    """Return a smooth field from 0 to 1 with about so many bumps across the page."""
    seeds = rng.random((cells + 3, cells + 3), dtype=np.float32)
    field = cv2.resize(seeds, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(field, 0, 1), np.float32)


def ink_of(rgb: Pixels) -> Floats:
    """Return how much ink lies on each pixel, 0 to 1."""
    return np.asarray(1.0 - cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / WHITE, np.float32)


def inked(paper: Floats, ink: Floats, colour: tuple[int, int, int]) -> Pixels:
    """Return paper (height x width x 3) with ink of a colour on it."""
    share = ink[:, :, None]
    return limited(paper * (1.0 - share) + np.asarray(colour, np.float32) * share)


def tinted(shape: tuple[int, int], colour: tuple[int, int, int]) -> Floats:
    """Return paper of one colour."""
    return np.asarray(np.broadcast_to(np.asarray(colour, np.float32), (*shape, 3)), np.float32)


def multiplied(rgb: Pixels, layer: Pixels | Floats) -> Pixels:
    """Return one print over another, as inks do."""
    return limited(rgb.astype(np.float32) * (np.asarray(layer, np.float32) / WHITE))


def limited(values: NDArray[np.floating]) -> Pixels:
    """Return floats as pixels."""
    return np.asarray(np.clip(values + 0.5, 0, WHITE), np.uint8)


def softened(rgb: Pixels, sigma: float) -> Pixels:
    """Return the picture out of focus by so many pixels."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), max(0.05, sigma)), np.uint8)


def noisy(rgb: Pixels, rng: Rng, sigma: float) -> Pixels:
    """Return the picture with sensor noise: mostly of brightness, a little of colour."""
    light = grain(rng, rgb.shape[:2])[:, :, None] * sigma
    colour = grain(rng, (rgb.shape[0] // 2 + 1, rgb.shape[1] // 2 + 1, 3)) * (sigma * 0.4)
    spread = cv2.resize(colour, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return limited(rgb.astype(np.float32) + light + spread)
