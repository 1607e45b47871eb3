"""Pages without words: blank sheets and pictures. Whatever is read on them was invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.legibility.conditions.fields import Rng, clouds, grain, limited, noisy, softened
from bench.legibility.fonts import loaded
from bench.legibility.leaders import draw_leader
from bench.legibility.sheet import DRAWN_DPI
from bench.legibility.style import Ranges
from bench.paper import Pixels

Draw = Callable[[Rng, int, Ranges, Pixels], Pixels]
_A4: Final = (8.27, 11.69)


def white(_rng: Rng, dpi: int, _ranges: Ranges, _back: Pixels) -> Pixels:
    """Return a white sheet."""
    return _sheet(dpi)


def noise(rng: Rng, dpi: int, _ranges: Ranges, _back: Pixels) -> Pixels:
    """Return a sheet with paper shade, clouds and sensor noise."""
    page = _sheet(dpi).astype(np.float32) * 0.94 - 12 * clouds(rng, _size(dpi), 4)[:, :, None]
    return noisy(limited(page), rng, float(rng.uniform(4, 9)))


def back_side(rng: Rng, dpi: int, _ranges: Ranges, back: Pixels) -> Pixels:
    """Return the empty back of a printed sheet, its print shining through mirrored."""
    ink = 1 - softened(np.ascontiguousarray(back[:, ::-1]), 0.006 * dpi).astype(np.float32) / 255
    return noisy(limited(246 - 255 * float(rng.uniform(0.08, 0.16)) * ink), rng, 3.0)


def ruled(rng: Rng, dpi: int, ranges: Ranges, _back: Pixels) -> Pixels:
    """Return a form of nothing but leaders and an empty table."""
    image = Image.new("L", (round(_A4[0] * DRAWN_DPI), round(_A4[1] * DRAWN_DPI)), 255)
    draw = ImageDraw.Draw(image)
    font = loaded(ranges.faces[0].regular, 104)
    left, right = round(DRAWN_DPI * 1.1), image.width - round(DRAWN_DPI * 0.8)
    leader = ranges.leaders[int(rng.integers(len(ranges.leaders)))]
    for y in range(DRAWN_DPI, DRAWN_DPI * 6, 170):
        draw_leader(draw, leader, (left, right), y, font)
    for y in range(DRAWN_DPI * 7, DRAWN_DPI * 10, 240):
        draw.rectangle((left, y, right, y + 5), fill=0)
    for x in np.linspace(left, right, 6).astype(int):
        draw.rectangle((x, DRAWN_DPI * 7, x + 5, DRAWN_DPI * 7 + 240 * 7), fill=0)
    small = cv2.resize(np.asarray(image), _size(dpi)[::-1], interpolation=cv2.INTER_AREA)
    return noisy(np.repeat(np.asarray(small, np.uint8)[:, :, None], 3, axis=2), rng, 2.0)


def drawing(rng: Rng, dpi: int, _ranges: Ranges, _back: Pixels) -> Pixels:
    """Return a map of parcels: polygons, hatching, dashed roads, small circles, no letters."""
    image = Image.new("RGB", _size(dpi)[::-1], "white")
    draw = ImageDraw.Draw(image)
    corners = rng.uniform(-0.28, 0.28, (9, 7, 2)) + np.stack(np.meshgrid(np.arange(7), np.arange(9)), 2)
    points = (corners * (1.1 * dpi) + 0.85 * dpi).tolist()
    for row in range(8):
        for column in range(6):
            quad = [points[row][column], points[row][column + 1], points[row + 1][column + 1], points[row + 1][column]]
            draw.polygon([tuple(point) for point in quad], outline=(20, 20, 20), width=max(1, dpi // 120))
            x, y = np.mean(quad, axis=0)
            if rng.random() < 0.3:  # noqa: PLR2004 - a third of the parcels is built on
                _hatch(draw, (x, y), 0.22 * dpi, dpi)
            else:
                radius = 0.05 * dpi
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(40, 40, 40), width=dpi // 100)
    return noisy(np.asarray(image), rng, 2.5)


def _hatch(draw: ImageDraw.ImageDraw, centre: tuple[float, float], half: float, dpi: int) -> None:
    x, y = centre
    draw.rectangle((x - half, y - half, x + half, y + half), outline=(20, 20, 20), width=max(1, dpi // 100))
    for shift in np.arange(-half, half, dpi / 22):
        draw.line((x + shift, y + half, x + half, y + shift), fill=(30, 30, 30), width=max(1, dpi // 150))


def photo(rng: Rng, dpi: int, _ranges: Ranges, _back: Pixels) -> Pixels:
    """Return a page-wide photograph: hills of light and shade with grain."""
    height, width = _size(dpi)
    scene = sum(clouds(rng, (height, width), cells) / weight for cells, weight in ((3, 1), (9, 2), (30, 4), (90, 8)))
    warm = np.asarray((1.05, 0.95, 0.8), np.float32)
    shade = 20 + 125 * np.asarray(scene)[:, :, None] * warm
    return noisy(limited(shade), rng, 5.0)


def halftone(rng: Rng, dpi: int, _ranges: Ranges, _back: Pixels) -> Pixels:
    """Return a printed picture: a screen of dots whose size follows the shade, on white margins."""
    height, width = _size(dpi)
    shade = clouds(rng, (height, width), 5)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    pitch = dpi / float(rng.uniform(38, 60))
    screen = 0.5 + 0.25 * (np.cos(2 * np.pi * (x + y) / pitch) + np.cos(2 * np.pi * (x - y) / pitch))
    gray = np.where(screen > shade, 235.0, 30.0).astype(np.float32)
    margin = round(dpi * 0.8)
    page = np.full((height, width), 255, np.float32)
    page[margin:-margin, margin:-margin] = gray[margin:-margin, margin:-margin]
    soft = cv2.GaussianBlur(page, (0, 0), 0.7) + 3 * grain(rng, page.shape)
    return np.repeat(limited(np.asarray(soft, np.float32))[:, :, None], 3, axis=2)


def _size(dpi: int) -> tuple[int, int]:
    return round(_A4[1] * dpi), round(_A4[0] * dpi)


def _sheet(dpi: int) -> Pixels:
    return np.full((*_size(dpi), 3), 255, np.uint8)


BLANKS: Final[dict[str, Draw]] = {"white": white, "noise": noise, "back": back_side, "ruled": ruled}
PICTURES: Final[dict[str, Draw]] = {"drawing": drawing, "photo": photo, "halftone": halftone}
