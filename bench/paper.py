"""Draw papers with known text, and do to them what scanners, copiers and offices do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
Words = list[tuple[str, tuple[int, int, int, int]]]

FONTS = Path("/usr/share/fonts/truetype/liberation2")
A4_INCHES = (8.27, 11.69)
RED = (200, 30, 45)


@dataclass
class Paper:
    """One drawn page: RGB picture, its resolution, its text by line and the box of each word."""

    image: Image.Image
    dpi: int
    lines: list[str] = field(default_factory=list)
    words: Words = field(default_factory=list)

    @property
    def text(self) -> str:
        """The true text, one line per printed line."""
        return "\n".join(self.lines)

    @property
    def rgb(self) -> Pixels:
        """The picture as height x width x 3."""
        return np.asarray(self.image)


def blank_paper(dpi: int = 300) -> Paper:
    """Return a white A4 page."""
    size = (round(A4_INCHES[0] * dpi), round(A4_INCHES[1] * dpi))
    return Paper(Image.new("RGB", size, "white"), dpi)


def typed_paper(text: str, dpi: int = 300, points: float = 12.5) -> Paper:
    """Return an A4 page with the text set in Liberation Serif; runs of spaces part two columns, long lines wrap."""
    paper = blank_paper(dpi)
    font = serif(points, dpi)
    left, right = round(1.1 * dpi), paper.image.width - round(0.7 * dpi)
    y = round(0.8 * dpi)
    for source in text.splitlines():
        for line in _wrapped(source, font, right - left):
            _set_line(paper, line, font, (left, y, right))
            y += round(points / 72 * dpi * 1.42)
    return paper


def serif(points: float, dpi: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the font at a size in points."""
    name = "LiberationSerif-Bold.ttf" if bold else "LiberationSerif-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), round(points / 72 * dpi))


def add_seal(paper: Paper, centre: tuple[float, float], inches: float = 1.4) -> None:
    """Press a red round seal on the page, centre in inches; the print below shows through."""
    layer = Image.new("RGB", paper.image.size, "white")
    draw = ImageDraw.Draw(layer)
    x, y, r = (round(value * paper.dpi) for value in (*centre, inches / 2))
    for ring, width in ((1.0, 0.03), (0.62, 0.012)):
        radius = round(r * ring)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=round(width * paper.dpi))
    star = [(x + r * 0.4 * np.sin(a * 0.8 * np.pi), y - r * 0.4 * np.cos(a * 0.8 * np.pi)) for a in range(5)]
    draw.polygon(star, fill=RED)
    draw.text((x - r * 0.7, y + r * 0.42), "ỦY BAN NHÂN DÂN", font=serif(7, paper.dpi, bold=True), fill=RED)
    _press(paper, layer)


def add_stamp(
    paper: Paper, text: str, place: tuple[float, float], *, colour: tuple[int, int, int] = RED, framed: bool = True
) -> None:
    """Press a rectangular stamp with bold text, top left corner in inches."""
    layer = Image.new("RGB", paper.image.size, "white")
    draw = ImageDraw.Draw(layer)
    font = serif(16, paper.dpi, bold=True)
    x, y = (round(value * paper.dpi) for value in place)
    left, top, right, bottom = draw.textbbox((x, y), text, font=font)
    draw.text((x, y), text, font=font, fill=colour)
    if framed:
        pad = round(0.08 * paper.dpi)
        box = (left - pad * 2, top - pad, right + pad * 2, bottom + pad)
        draw.rectangle(box, outline=colour, width=max(2, round(0.012 * paper.dpi)))
    _press(paper, layer)


def skewed(rgb: Pixels, degrees: float) -> Pixels:
    """Return the page laid clockwise by an angle on white glass."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)), np.uint8
    )


def scanned(rgb: Pixels, seed: int = 1, *, noise: float = 4.0, blur: float = 0.7) -> Pixels:
    """Return the page as an office colour scanner gives it: off-white paper, light blur and noise."""
    grain = np.random.default_rng(seed).normal(0, noise, rgb.shape).astype(np.float32)
    soft = cv2.GaussianBlur(rgb, (0, 0), blur).astype(np.float32)
    return np.clip(soft * (238 / 255) + 6 + grain, 0, 255).astype(np.uint8)


def jpeg(rgb: Pixels, quality: int = 75) -> bytes:
    """Return a JPEG stream of RGB or gray pixels."""
    bgr = rgb[:, :, ::-1] if rgb.ndim == 3 else rgb  # noqa: PLR2004 - channels
    return cv2.imencode(".jpg", np.ascontiguousarray(bgr), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _wrapped(line: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    out, current = [], ""
    for piece in line.split(" "):
        longer = f"{current} {piece}" if current else piece
        if current.strip() and font.getlength(longer) > width:
            out.append(current)
            current = piece
        else:
            current = longer
    return [*out, current]


def _set_line(paper: Paper, line: str, font: ImageFont.FreeTypeFont, frame: tuple[int, int, int]) -> None:
    left, y, right = frame
    draw = ImageDraw.Draw(paper.image)
    columns = [part.strip() for part in line.split("    ") if part.strip()]
    for index, column in enumerate(columns):
        x = left if index == 0 else max(left + (right - left) * index // len(columns), 0)
        for word in column.split():
            draw.text((x, y), word, font=font, fill=(25, 25, 28))
            paper.words.append((word, _box(draw.textbbox((x, y), word, font=font))))
            x += round(font.getlength(word + " "))
    if columns:
        paper.lines.append(" ".join(" ".join(column.split()) for column in columns))


def _box(found: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(value) for value in found)
    return left, top, right, bottom


def _press(paper: Paper, layer: Image.Image) -> None:
    product = np.minimum(np.asarray(paper.image), np.asarray(layer))
    paper.image.paste(Image.fromarray(product))
