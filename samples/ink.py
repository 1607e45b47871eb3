"""What hands leave on a paper: the round red seal and signatures in blue ink."""

from __future__ import annotations

import math
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.sheet import BLUE, Sheet, font

SEAL_MM = 36.0
_RED = (204, 22, 34)
_OVERSAMPLE = 2


def stamp_seal(sheet: Sheet, centre: tuple[float, float], legend: str, dice: Random) -> None:
    """Press a round red seal with its legend around a star; the ink is uneven, the hand a little askew."""
    size = sheet.px(SEAL_MM)
    mask = _seal_mask(size, legend, sheet.dpi).rotate(dice.uniform(-14, 14), resample=Image.Resampling.BICUBIC)
    ink = np.asarray(mask, dtype=np.float32) * _uneven(size, dice) / 255.0
    _multiply(sheet, (sheet.px(centre[0]) - size // 2, sheet.px(centre[1]) - size // 2), ink, _RED)


def sign(sheet: Sheet, centre: tuple[float, float], dice: Random, width: float = 38.0) -> None:
    """Draw a signature: one quick looping stroke and a flourish."""
    wide, high = sheet.px(width), sheet.px(17.0)
    canvas = np.zeros((high * _OVERSAMPLE, wide * _OVERSAMPLE), dtype=np.uint8)
    for points, thick in ((_loops(dice), 0.45), (_flourish(dice), 0.35)):
        scaled = (points * (canvas.shape[1], canvas.shape[0]) * 16).astype(np.int32)
        weight = max(2, sheet.px(thick) * _OVERSAMPLE)
        cv2.polylines(canvas, [scaled], isClosed=False, color=255, thickness=weight, lineType=cv2.LINE_AA, shift=4)
    small = cv2.resize(canvas, (wide, high), interpolation=cv2.INTER_AREA)
    ink = small.astype(np.float32) / 255.0 * 0.92
    _multiply(sheet, (sheet.px(centre[0]) - wide // 2, sheet.px(centre[1]) - high // 2), ink, BLUE)


def frame_stamp(sheet: Sheet, corner: tuple[float, float], text: str) -> None:
    """Press a framed red stamp, as for a degree of secrecy at box 10a of NĐ 30/2020."""
    face = font(14.0, sheet.dpi, bold=True)
    left, top = sheet.px(corner[0]), sheet.px(corner[1])
    box = sheet.pen.textbbox((left, top), text, font=face)
    pad = sheet.px(2.0)
    frame = (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad)
    sheet.pen.rectangle(frame, outline=_RED, width=max(2, sheet.px(0.6)))
    sheet.pen.text((left, top), text, font=face, fill=_RED)


def _seal_mask(size: int, legend: str, dpi: int) -> Image.Image:
    mask = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(mask)
    pen.ellipse([1, 1, size - 2, size - 2], outline=255, width=max(2, size // 50))
    inner = round(size * 0.29)
    pen.ellipse([inner, inner, size - inner, size - inner], outline=255, width=max(1, size // 120))
    pen.polygon(_star(size / 2, size / 2, size * 0.13), fill=255)
    _legend(mask, legend, dpi)
    return mask


def _legend(mask: Image.Image, legend: str, dpi: int) -> None:
    """Set the legend round the ring, letter by letter, clockwise from the lower left."""
    size = mask.width
    face = font(8.2, dpi, bold=True)
    radius = size * 0.385
    step = min(math.radians(15.0), math.radians(318.0) / max(len(legend), 1))
    start = -math.pi / 2 - step * (len(legend) - 1) / 2
    for index, letter in enumerate(legend):
        angle = start + index * step
        tile = Image.new("L", (size // 6, size // 6), 0)
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), letter, font=face, fill=255, anchor="mm")
        turned = tile.rotate(-math.degrees(angle) - 90, resample=Image.Resampling.BICUBIC)
        x = round(size / 2 + radius * math.cos(angle) - tile.width / 2)
        y = round(size / 2 + radius * math.sin(angle) - tile.height / 2)
        mask.paste(255, (x, y), turned)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.4
        angle = -math.pi / 2 + index * math.pi / 5
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return points


def _uneven(size: int, dice: Random) -> NDArray[np.float32]:
    coarse = np.random.default_rng(dice.randrange(1 << 32)).random((14, 14), dtype=np.float32)
    smooth = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(0.62 + 0.42 * smooth, 0.0, 1.0), dtype=np.float32)


def _loops(dice: Random) -> NDArray[np.float64]:
    """Return a looping curve in the unit square that shrinks as the hand runs out."""
    t = np.linspace(0.0, 1.0, 260)
    turns = dice.uniform(3.5, 8.0)
    lean = dice.uniform(0.01, 0.1)
    fade = 1.0 - 0.65 * t**0.8
    x = 0.08 + 0.78 * t + lean * np.cos(2 * math.pi * turns * t) * fade
    wave = np.sin(2 * math.pi * turns * t + dice.uniform(0, 6)) + 0.45 * np.sin(2 * math.pi * turns * 0.37 * t)
    y = 0.5 - 0.3 * fade * wave
    return np.stack([x, np.clip(y, 0.03, 0.97)], axis=1)


def _flourish(dice: Random) -> NDArray[np.float64]:
    t = np.linspace(0.0, 1.0, 90)
    y = dice.uniform(0.66, 0.82) - 0.5 * t * t + 0.14 * np.sin(math.pi * t * dice.uniform(1.4, 2.4))
    return np.stack([0.12 + 0.85 * t, np.clip(y, 0.03, 0.97)], axis=1)


def _multiply(sheet: Sheet, corner: tuple[int, int], ink: NDArray[np.float32], colour: tuple[int, int, int]) -> None:
    """Lay ink over what is printed: dark stays dark, white takes the colour."""
    box = (corner[0], corner[1], corner[0] + ink.shape[1], corner[1] + ink.shape[0])
    under = np.asarray(sheet.image.crop(box), dtype=np.float32)
    tint = np.asarray(colour, dtype=np.float32) / 255.0
    factor = 1.0 - ink[:, :, None] * (1.0 - tint)
    sheet.image.paste(Image.fromarray((under * factor).astype(np.uint8)), corner)
