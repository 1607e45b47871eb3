"""Draw what lies in offices: letters, decisions, forms, tables, covers, maps, pictures; trap phrases on each of them.

Only the upper part of a page is filled, as on short papers: nothing below is where a secrecy stamp stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.drawings import cadastral_map, guilloche, halftone, photograph
from bench.legibility.conditions.fields import Rng
from bench.legibility.fonts import DEV, FROZEN, Cut, Face, loaded
from bench.legibility.markup import Line
from bench.legibility.plan import papers
from bench.legibility.style import SetName
from bench.paper import A4_INCHES, Paper, Pixels, add_seal
from bench.secrecy import phrases

FACES: Final = {"dev": DEV, "frozen": FROZEN}
_INK: Final = (24, 24, 28)
_PEN: Final = (36, 58, 160)
_FILLED: Final = 5.6
_PICTURE_DPI: Final = 110

Ink = tuple[int, int, int]


@dataclass
class Desk:
    """A page being drawn: places in inches, sizes in points."""

    rng: Rng
    set_name: SetName
    dpi: int

    def __post_init__(self) -> None:
        size = (round(A4_INCHES[0] * self.dpi), round(A4_INCHES[1] * self.dpi))
        self.image = Image.new("RGB", size, "white")
        self.draw = ImageDraw.Draw(self.image)
        self.face: Face = _serif_mostly(self.rng, FACES[self.set_name])
        self.points = float(self.rng.uniform(11.5, 14.2))
        self.left = float(self.rng.uniform(0.8, 1.35))
        self.right = A4_INCHES[0] - float(self.rng.uniform(0.5, 0.9))

    @cached_property
    def sentences(self) -> list[str]:
        """Running text of the set's papers."""
        found = (each for paper in papers(self.set_name) for each in paper.elements)
        return [each.text for each in found if isinstance(each, Line) and len(each.text) > 60]  # noqa: PLR2004 - prose

    def one(self, choices: tuple[str, ...] | list[str]) -> str:
        """Return one of some texts."""
        return choices[int(self.rng.integers(len(choices)))]

    def chance(self, share: float) -> bool:
        """Return whether something happens that happens so often."""
        return bool(self.rng.random() < share)

    def font(self, points: float, cut: Cut = "regular") -> ImageFont.FreeTypeFont:
        """Return the page's face."""
        return loaded(self.face.file(cut), max(6, round(points / 72 * self.dpi)))

    def write(  # noqa: PLR0913 - where, what and how
        self,
        x: float,
        y: float,
        text: str,
        *,
        scale: float = 1.0,
        cut: Cut = "regular",
        anchor: str = "ls",
        ink: Ink = _INK,
    ) -> float:
        """Write on a baseline and return the width in inches."""
        font = self.font(self.points * scale, cut)
        self.draw.text((x * self.dpi, y * self.dpi), text, font=font, fill=ink, anchor=anchor)
        return font.getlength(text) / self.dpi

    def prose(self, y: float, bottom: float) -> float:
        """Fill the frame with paragraphs, a trap in every second of them; returns how far down it came."""
        font, step = self.font(self.points), self.points / 72 * float(self.rng.uniform(1.2, 1.6))
        while y < bottom:
            text = self.one(self.sentences)
            if self.chance(0.5):
                words = text.split()
                at = int(self.rng.integers(len(words)))
                text = " ".join([*words[:at], self.one(phrases.SENTENCES) + ",", *words[at:]])
            for line in _wrapped(text, font, (self.right - self.left) * self.dpi):
                if y >= bottom:
                    break
                self.draw.text((self.left * self.dpi, y * self.dpi), line, font=font, fill=_INK, anchor="ls")
                y += step
            y += step * 0.3
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float, inches: float = 0.008) -> None:
        """Draw a straight line."""
        ends = [(x0 * self.dpi, y0 * self.dpi), (x1 * self.dpi, y1 * self.dpi)]
        self.draw.line(ends, fill=_INK, width=max(1, round(inches * self.dpi)))


def ordinary(rng: Rng, set_name: SetName, dpi: int) -> Image.Image:
    """Return a paper without a secrecy stamp, in colour: its print, and often other stamps' and pens' marks as well."""
    desk = Desk(rng, set_name, dpi)
    kinds = (_letter, _decision, _form, _table, _cover, _picture)
    kind: Callable[[Desk], None] = kinds[int(rng.choice(len(kinds), p=(0.3, 0.2, 0.17, 0.17, 0.09, 0.07)))]
    kind(desk)
    _marked(desk)
    return desk.image


def _letter(desk: Desk) -> None:
    y = _heading(desk)
    step = desk.points / 72 * 1.45
    if desk.chance(0.6):
        about = desk.one(phrases.HEADINGS) if desk.chance(0.3) else desk.one(phrases.SENTENCES)[:42]
        desk.write(2.3, y, "V/v " + about, scale=0.9, anchor="ms")
        y += step
    y += float(desk.rng.uniform(0.1, 0.7))
    desk.write(4.1, y, "Kính gửi: " + desk.one(phrases.AGENCIES)[1].title(), anchor="ms")
    desk.prose(y + 1.6 * step, _FILLED)


def _decision(desk: Desk) -> None:
    y, step = _heading(desk) + 0.3, desk.points / 72 * 1.5
    desk.write(4.13, y, desk.one(phrases.TITLES), scale=float(desk.rng.uniform(1.0, 1.5)), cut="bold", anchor="ms")
    y += step
    trap = desk.one(phrases.HEADINGS) if desk.chance(0.7) else desk.one(phrases.NAMES)
    if desk.chance(0.5):
        desk.write(4.13, y, trap, cut="bold", anchor="ms", scale=float(desk.rng.uniform(0.9, 1.3)))
    else:
        desk.write(desk.left, y, trap, cut="bold", scale=float(desk.rng.uniform(0.9, 1.3)))
    desk.prose(y + 1.5 * step, _FILLED)


def _form(desk: Desk) -> None:
    y, step = float(desk.rng.uniform(0.6, 1.0)), desk.points / 72 * float(desk.rng.uniform(1.6, 2.2))
    desk.write(4.13, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", cut="bold", anchor="ms")
    desk.write(4.13, y + 0.25, "Độc lập - Tự do - Hạnh phúc", cut="bold", anchor="ms")
    y += 0.75
    desk.write(4.13, y, desk.one((*phrases.TITLES, *phrases.HEADINGS)), scale=1.2, cut="bold", anchor="ms")
    y += 0.4
    while y < _FILLED:
        x = desk.left + desk.write(desk.left, y, desk.one(phrases.FIELDS) + ": ")
        font = desk.font(desk.points)
        count = int((desk.right - x) * desk.dpi / font.getlength("."))
        desk.draw.text((x * desk.dpi, y * desk.dpi), "." * count, font=font, fill=_INK, anchor="ls")
        if desk.chance(0.8):
            text = desk.one((*phrases.WRITTEN, *phrases.NAMES))
            ink = _PEN if desk.chance(0.7) else _INK
            desk.write(x + 0.1, y - 0.02, text, cut="italic", scale=float(desk.rng.uniform(0.9, 1.35)), ink=ink)
        y += step


def _table(desk: Desk) -> None:
    y = _heading(desk) + 0.3
    desk.write(4.13, y, desk.one(phrases.HEADINGS), cut="bold", anchor="ms")
    y += 0.25
    columns = int(desk.rng.integers(3, 9))
    cuts = np.sort(desk.rng.uniform(desk.left + 0.3, desk.right - 0.3, columns - 1))
    edges = [desk.left, *(float(cut) for cut in cuts), desk.right]
    height, top, thick = float(desk.rng.uniform(0.2, 0.42)), y, float(desk.rng.uniform(0.004, 0.016))
    number = 0
    while y < _FILLED:
        desk.rule(edges[0], y, edges[-1], y, thick)
        for left, right in pairwise(edges):
            _cell(desk, (left, right), y + height * 0.7, head=number == 0)
        y, number = y + height, number + 1
    for x in edges:
        desk.rule(x, top, x, y, thick)


def _cell(desk: Desk, sides: tuple[float, float], y: float, *, head: bool) -> None:
    left, right = sides
    text = desk.one(phrases.CELLS) if desk.chance(0.35) else str(int(desk.rng.integers(0, 10**6)))
    text = text if not desk.chance(0.2) else desk.one(desk.sentences).split()[0]
    font = desk.font(desk.points * 0.85, "bold" if head else "regular")
    if font.getlength(text) / desk.dpi < right - left - 0.04:
        desk.draw.text(((left + right) / 2 * desk.dpi, y * desk.dpi), text, font=font, fill=_INK, anchor="ms")


def _cover(desk: Desk) -> None:
    y = float(desk.rng.uniform(0.7, 1.2))
    for text in desk.one(phrases.AGENCIES), *(desk.one(phrases.HEADINGS) for _ in range(3)), desk.one(phrases.NAMES):
        lines = text if isinstance(text, tuple) else (text,)
        for line in lines:
            place = float(desk.rng.choice((desk.left, 4.13)))
            scale, anchor = float(desk.rng.uniform(1.0, 2.2)), "ls" if place == desk.left else "ms"
            width = desk.font(desk.points * scale, "bold").getlength(line) / desk.dpi
            scale = scale * min(1.0, 6.5 / width)
            desk.write(place, y, line, scale=scale, cut="bold", anchor=anchor)
            y += 0.35 * scale
        y += float(desk.rng.uniform(0.1, 0.6))


def _picture(desk: Desk) -> None:
    seed = int(desk.rng.integers(1 << 30))
    make = (cadastral_map, photograph, guilloche, halftone, cadastral_map)[int(desk.rng.integers(5))]
    sharp = make is cadastral_map or make is halftone
    made = make(desk.dpi if sharp else _PICTURE_DPI, seed)
    rgb = made.rgb if isinstance(made, Paper) else made
    whole = Image.fromarray(rgb).resize(desk.image.size)
    if make is cadastral_map or make is guilloche or desk.chance(0.3):
        desk.image.paste(whole)
    else:
        left, top = float(desk.rng.uniform(0.3, 3)), float(desk.rng.uniform(0.4, 3))
        size = (round(float(desk.rng.uniform(1, 4)) * desk.dpi), round(float(desk.rng.uniform(1, 3)) * desk.dpi))
        desk.prose(0.8, _FILLED)
        desk.image.paste(whole.crop((0, 0, *size)), (round(left * desk.dpi), round(top * desk.dpi)))
    if make is guilloche:
        _decision(desk)


def _heading(desk: Desk) -> float:
    """Draw the two columns that head a paper of an agency, and its number and day; returns the next baseline."""
    y, step = float(desk.rng.uniform(0.6, 1.05)), desk.points / 72 * 1.35
    upper, own = desk.one(phrases.AGENCIES) if desk.chance(0.9) else (desk.one(phrases.HEADINGS), "PHÒNG HÀNH CHÍNH")
    left, right = float(desk.rng.uniform(2.1, 2.5)), float(desk.rng.uniform(5.5, 5.8))
    scale = 0.92
    desk.write(left, y, upper, scale=scale, anchor="ms")
    desk.write(left, y + step, own, scale=scale, cut="bold", anchor="ms")
    desk.write(right, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", scale=scale * 0.95, cut="bold", anchor="ms")
    desk.write(right, y + step, "Độc lập - Tự do - Hạnh phúc", scale=scale, cut="bold", anchor="ms")
    desk.rule(left - 0.5, y + 1.3 * step, left + 0.5, y + 1.3 * step)
    desk.rule(right - 1, y + 1.3 * step, right + 1, y + 1.3 * step)
    y += 2.4 * step
    number = f"Số: {int(desk.rng.integers(1, 4000))}/{desk.one(phrases.NUMBERS)}"
    desk.write(left, y, number, scale=scale, anchor="ms")
    day = f"Tân Hòa, ngày {int(desk.rng.integers(10, 31))} tháng {int(desk.rng.integers(10, 13))} năm 2026"
    desk.write(right, y, day, scale=scale, cut="italic", anchor="ms")
    return y + step


def _marked(desk: Desk) -> None:
    """Add what hands leave: pen strokes, round seals, notes in the margin."""
    if desk.chance(0.25):
        paper = Paper(desk.image, desk.dpi)
        place = (float(desk.rng.uniform(0.8, 7)), float(desk.rng.uniform(0.8, 6)))
        add_seal(paper, place, float(desk.rng.uniform(1.2, 1.6)))
    for _ in range(int(desk.rng.integers(0, 4)) if desk.chance(0.35) else 0):
        _scribble(desk)
    if desk.chance(0.2):
        ink = _PEN if desk.chance(0.6) else (190, 30, 40)
        place = (float(desk.rng.uniform(0.4, 5)), float(desk.rng.uniform(0.5, 5)))
        text = desk.one((*phrases.WRITTEN, "Kính chuyển P. Nội vụ", "đã nhận đủ", "Số: 142", "12/11/2026"))
        desk.write(*place, text, cut="italic", scale=float(desk.rng.uniform(1.0, 1.7)), ink=ink)


def _scribble(desk: Desk) -> None:
    turn = np.linspace(0, 1, 120)
    waves = [
        sum(float(desk.rng.uniform(0.05, 0.3)) * np.sin(2 * np.pi * (k * turn + desk.rng.random())) for k in (1, 3, 7))
        for _ in "xy"
    ]
    place = np.asarray([desk.rng.uniform(0.5, 6), desk.rng.uniform(0.6, 5.5)])
    path = (np.stack([1.2 * turn + waves[0], waves[1]], 1) + place) * desk.dpi
    ink = ((36, 58, 160), (24, 24, 28), (190, 30, 40))[int(desk.rng.integers(3))]
    desk.draw.line([tuple(point) for point in path], fill=ink, width=max(2, round(0.014 * desk.dpi)))


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines, current = [], ""
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if current and font.getlength(longer) > width:
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current]


def _serif_mostly(rng: Rng, faces: tuple[Face, ...]) -> Face:
    """Return a face; the one that looks most like Times half of the time, as offices have it."""
    return faces[0] if rng.random() < 0.5 else faces[int(rng.integers(len(faces)))]  # noqa: PLR2004 - half


def reduced(rgb: Pixels, factor: float) -> Pixels:
    """Return a picture made smaller."""
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
