"""What is pressed and written where somebody signs: a pen's signature, and the round seal over its left third."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from bench.paper import Pixels
from samples.ink import sign, stamp_seal
from samples.sheet import INCH, Sheet


@dataclass(frozen=True, slots=True)
class Spot:
    """Room for a signature, centre in pixels of the drawn page; `agency` where the seal goes."""

    x: float
    y: float
    agency: bool


def pressed(rgb: Pixels, spots: list[Spot], legend: str, scale: float, dpi: int, dice: Random) -> Pixels:
    """Return the page signed at its spots, and sealed at the last of the agency's.

    Args:
        rgb: The printed page.
        spots: Where to sign, in pixels of the drawing.
        legend: What the seal says; no seal where empty.
        scale: Pixels of the page for each pixel of the drawing.
        dpi: Of the page.
        dice: Decides hands and places.
    """
    if not spots:
        return rgb
    high, wide = rgb.shape[:2]
    sheet = Sheet(dpi, (wide / dpi * INCH, high / dpi * INCH))
    sheet.image = Image.fromarray(rgb)
    sealed = [spot for spot in spots if spot.agency and legend][-1:]
    for spot in spots:
        x, y = (value * scale / dpi * INCH for value in (spot.x, spot.y))
        sign(sheet, (x, y), dice)
        if spot in sealed:
            stamp_seal(sheet, (x - dice.uniform(8, 15), y + dice.uniform(-2, 5)), legend, dice)
    return np.asarray(sheet.image)
