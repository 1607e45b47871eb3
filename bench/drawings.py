"""Draw pages that are pictures: a map with its title block, a photograph, pure texture."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bench.paper import A4_INCHES, Paper, Pixels, blank_paper, serif

INK: Final = (20, 20, 24)
TITLE_BLOCK: Final = (
    "TRÍCH LỤC BẢN ĐỒ ĐỊA CHÍNH",
    "Thửa đất số 127, tờ bản đồ số 34, diện tích 215.4 mét vuông",
    "Địa chỉ thửa đất: đường Trần Hưng Đạo, phường Tân Hòa Thượng, tỉnh Hải Lâm",
    "Chủ sử dụng: ông Nguyễn Văn An và bà Lê Thị Bình",
    "Người trích lục: Phạm Quốc Cường, ngày 12 tháng 5 năm 2026",
)
_ROWS, _COLUMNS = 9, 7


def cadastral_map(dpi: int = 300, seed: int = 1) -> Paper:
    """Return an A4 sheet with crooked parcels, their numbers and areas, a hatched one, a road and a title block.

    `lines` hold the title block only; `words` have the numbers on the map too.
    """
    paper = blank_paper(dpi)
    rng = np.random.default_rng(seed)
    draw = ImageDraw.Draw(paper.image)
    corners = _corners(rng, dpi)
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            _parcel(paper, draw, rng, corners[row : row + 2, column : column + 2])
    _hatch(draw, corners[3:5, 2:4], dpi)
    _north(draw, (round(7.4 * dpi), round(0.9 * dpi)), dpi)
    for index, line in enumerate(TITLE_BLOCK):
        font = serif(14 if index == 0 else 11.5, dpi, bold=index == 0)
        place = (round(0.9 * dpi), round((9.35 + 0.28 * index) * dpi))
        draw.text(place, line, font=font, fill=INK)
        paper.lines.append(line)
    return paper


def plan(across: int = 4, dpi: int = 300) -> Pixels:
    """Return a drawing of `across` by `across` A4 maps as one gray sheet: 4 make A0."""
    sheet = np.asarray(cadastral_map(dpi).image.convert("L"), np.uint8)
    return np.tile(sheet, (across, across))


def photograph(dpi: int = 300, seed: int = 1) -> Pixels:
    """Return an A4 page filled with clouded light and dark shapes of all sizes, as RGB."""
    rng = np.random.default_rng(seed)
    width, height = (round(side * dpi) for side in A4_INCHES)
    picture = np.zeros((height, width), np.float32)
    for octave in range(3, 10):
        coarse = rng.normal(0, 1, (max(2, (height << octave) // (dpi << 7)), max(2, (width << octave) // (dpi << 7))))
        picture += cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC) / octave**1.2
    for _ in range(60):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (int(rng.integers(dpi // 10, dpi * 2)), int(rng.integers(dpi // 20, dpi)))
        cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.normal(0, 1.5)), cv2.FILLED)
    low, high = np.percentile(picture, (1, 99))
    gray = np.clip((picture - low) / (high - low) * 235 + 10, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), np.uint8)


def guilloche(dpi: int = 300, seed: int = 1) -> Pixels:
    """Return an A4 page of interwoven waves as on certificates, dark enough to be taken for strokes, as RGB."""
    rng = np.random.default_rng(seed)
    paper = blank_paper(dpi)
    draw = ImageDraw.Draw(paper.image)
    width, height = paper.image.size
    for line in range(0, height, round(dpi * 0.12)):
        phase, wave = rng.uniform(0, 6), rng.uniform(0.3, 0.6) * dpi
        ups = [(x, line + math.sin(x / wave + phase) * dpi * 0.1) for x in range(0, width, max(2, dpi // 60))]
        draw.line(ups, fill=(120, 150, 140), width=max(1, dpi // 150))
    return paper.rgb


def halftone(dpi: int = 300, seed: int = 1) -> Pixels:
    """Return a photograph printed in dots of 60 to the inch, as RGB."""
    gray = photograph(dpi, seed)[:, :, 0].astype(np.float32)
    rows, columns = np.indices(gray.shape, dtype=np.float32)
    step = 2 * math.pi * 60 / dpi
    screen = (np.cos((rows + columns) * step * math.sqrt(0.5)) + np.cos((rows - columns) * step * math.sqrt(0.5))) * 63
    dots = np.where(gray > screen + 128, 255, 0).astype(np.uint8)
    return np.asarray(cv2.cvtColor(dots, cv2.COLOR_GRAY2RGB), np.uint8)


def pasted(paper: Paper, picture: Pixels, box: tuple[float, float, float, float]) -> None:
    """Paste a picture on a paper, box left, top, right, bottom in inches."""
    left, top, right, bottom = (round(side * paper.dpi) for side in box)
    paper.image.paste(Image.fromarray(picture).resize((right - left, bottom - top)), (left, top))


def _corners(rng: np.random.Generator, dpi: int) -> NDArray[np.float64]:
    rows, columns = np.indices((_ROWS + 1, _COLUMNS + 1))
    places = np.stack([0.7 + columns * 6.9 / _COLUMNS, 1.3 + rows * 7.6 / _ROWS], axis=-1)
    return (places + rng.uniform(-0.22, 0.22, places.shape)) * dpi


def _parcel(paper: Paper, draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: NDArray[np.float64]) -> None:
    ring = [tuple(point) for point in (box[0, 0], box[0, 1], box[1, 1], box[1, 0], box[0, 0])]
    draw.line(ring, fill=INK, width=max(1, round(0.008 * paper.dpi)))
    x, y = box.reshape(4, 2).mean(axis=0)
    font = serif(8, paper.dpi)
    for offset, text in ((-0.11, f"{rng.integers(1, 400)}"), (0.02, f"{rng.uniform(60, 900):.1f}")):
        place = (x - font.getlength(text) / 2, y + offset * paper.dpi)
        draw.text(place, text, font=font, fill=INK)
        left, top, right, bottom = (round(side) for side in draw.textbbox(place, text, font=font))
        paper.words.append((text, (left, top, right, bottom)))


def _hatch(draw: ImageDraw.ImageDraw, box: NDArray[np.float64], dpi: int) -> None:
    (left, top), (right, bottom) = box.reshape(4, 2).min(axis=0), box.reshape(4, 2).max(axis=0)
    for shift in np.arange(0, right - left + bottom - top, 0.06 * dpi):
        start = (left + min(shift, right - left), top + max(0.0, shift - (right - left)))
        end = (left + max(0.0, shift - (bottom - top)), top + min(shift, bottom - top))
        draw.line([start, end], fill=INK, width=max(1, dpi // 200))


def _north(draw: ImageDraw.ImageDraw, place: tuple[int, int], dpi: int) -> None:
    x, y = place
    draw.polygon([(x, y - dpi // 2), (x - dpi // 8, y), (x, y - dpi // 8), (x + dpi // 8, y)], outline=INK)
    draw.ellipse((x - dpi // 4, y - dpi // 4, x + dpi // 4, y + dpi // 4), outline=INK)
