"""Sheets of paper before they are scanned: text, forms, tables, drawings, photographs, cards, each in colour."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.drawings import cadastral_map, photograph
from bench.legibility.conditions import ink, marks, scanner
from bench.legibility.conditions.fields import Rng, clouds, ink_of, inked, limited, tinted
from bench.legibility.plan import papers
from bench.legibility.print_page import printed
from bench.legibility.style import RANGES, SetName, style_of
from bench.paper import Paper, Pixels, add_seal, blank_paper, serif, typed_paper

DPI: Final = 300
_TINTS: Final = ((252, 251, 248), (246, 245, 240), (240, 238, 230), (249, 249, 250), (236, 233, 222))


@lru_cache(maxsize=24)
def print_of(name: SetName, number: int) -> Pixels:
    """Return a printed page of a set, ink on white; the same for the same number."""
    ranges, rng = RANGES[name], np.random.default_rng((number, 7))
    one_up = [paper for paper in papers(name) if not paper.two_up]
    face = ranges.faces[number * 5 % len(ranges.faces)]
    style = style_of(ranges, face, ranges.leaders[number % len(ranges.leaders)], rng)
    rgb = printed(one_up[number % len(one_up)], style, DPI).rgb
    return np.asarray(cv2.resize(rgb, (2480, 3508), interpolation=cv2.INTER_LINEAR), np.uint8)


def text(rng: Rng, name: SetName) -> Pixels:
    """Return a page of text, a form or a table."""
    return print_of(name, int(rng.integers(0, 24)))


def on_paper(rgb: Pixels, rng: Rng) -> Pixels:
    """Return print on a sheet that is not quite white."""
    tint = np.asarray(_TINTS[int(rng.integers(len(_TINTS)))], np.float32)
    return limited(rgb.astype(np.float32) * (tint / 255))


def plain(rng: Rng, name: SetName) -> Pixels:
    """Return an ordinary sheet."""
    return on_paper(text(rng, name), rng)


def sealed(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet with a seal and a signature."""
    return marks.signed(plain(rng, name), rng, DPI)


def yellowed(rng: Rng, name: SetName) -> Pixels:
    """Return an old sheet: yellow, stained, its ink paler."""
    rgb = text(rng, name)
    ground = tinted(rgb.shape[:2], (226, 207, 168)) - 26 * clouds(rng, rgb.shape[:2], 5)[:, :, None]
    weak = ink.weak_ink(ink_of(rgb), rng, DPI, float(rng.uniform(0.7, 0.95)))
    return inked(np.asarray(ground, np.float32), weak, (62, 50, 40))


def carbon(rng: Rng, name: SetName) -> Pixels:
    """Return the sheet below a carbon paper."""
    return ink.carbon_copy(text(rng, name), rng, DPI, float(rng.uniform(0.0022, 0.0055)))


def faded(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet out of a printer short of toner."""
    return ink.faded(text(rng, name), rng, DPI, float(rng.uniform(0.45, 0.8)))


def needles(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet out of a needle printer."""
    return ink.dot_matrix(text(rng, name), rng, DPI, float(rng.uniform(170, 190)))


def punched(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet with two holes and a staple."""
    rgb = plain(rng, name).copy()
    middle, shade = rgb.shape[0] // 2, int(rng.integers(20, 110))
    for y in (middle - 472, middle + 472):
        cv2.circle(rgb, (130, y), 33, (shade, shade, shade), -1, cv2.LINE_AA)
    x, y, slant = int(rng.integers(60, 160)), int(rng.integers(60, 160)), int(rng.integers(-60, 60))
    cv2.line(rgb, (x, y), (x + 110, y + slant), (120, 122, 126), 6, cv2.LINE_AA)
    return rgb


def seamed(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet with half a seal over its edge, as pages are sealed together, one near a corner."""
    paper = Paper(Image.fromarray(plain(rng, name)), DPI)
    add_seal(paper, (8.27, float(rng.uniform(2, 9))), 1.4)
    add_seal(paper, (float(rng.choice((0.2, 8.1))), float(rng.choice((0.3, 11.4)))), 1.3)
    return np.asarray(paper.image)


def half_size(rng: Rng, name: SetName) -> Pixels:
    """Return an A5 sheet."""
    rgb = plain(rng, name)
    return np.asarray(cv2.resize(rgb, (1748, 2480), interpolation=cv2.INTER_AREA), np.uint8)


def half_on_whole(rng: Rng, name: SetName) -> Pixels:
    """Return an A5 sheet copied on A4."""
    page = np.full((3508, 2480, 3), 250, np.uint8)
    small = half_size(rng, name)
    x, y = int(rng.integers(0, 500)), int(rng.integers(0, 800))
    page[y : y + small.shape[0], x : x + small.shape[1]] = small
    return page


def twice_size(rng: Rng, name: SetName) -> Pixels:
    """Return an A3 sheet, two pages side by side."""
    return np.concatenate([plain(rng, name), plain(rng, name)], axis=1)


def card(rng: Rng, _name: SetName) -> Pixels:
    """Return an identity card copied on A4: both sides, rounded corners, a dark portrait."""
    page = np.full((3508, 2480, 3), 250, np.uint8)
    image = Image.fromarray(page)
    draw = ImageDraw.Draw(image)
    for top in (700, 1700):
        left = 740
        draw.rounded_rectangle((left, top, left + 1011, top + 638), 38, fill=(205, 222, 214))
        for line in range(6):
            words = f"Họ và tên: NGUYỄN VĂN {rng.integers(100, 999)}"
            draw.text((left + 330, top + 150 + 75 * line), words, font=serif(8, DPI), fill=(20, 20, 24))
    portrait = cv2.resize(photograph(100, int(rng.integers(1 << 30))), (240, 320))
    image.paste(Image.fromarray(np.asarray(portrait // 2, np.uint8)), (790, 950))
    return np.asarray(image)


def drawing(rng: Rng, _name: SetName) -> Pixels:
    """Return a map with a frame close to the sheet's edges."""
    paper = cadastral_map(DPI, int(rng.integers(1 << 30)))
    draw, margin = ImageDraw.Draw(paper.image), int(rng.integers(20, 80))
    draw.rectangle((margin, margin, 2480 - margin, 3508 - margin), outline=(20, 20, 20), width=5)
    return on_paper(paper.rgb, rng)


def lying(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet printed the broad way."""
    one = text(rng, name)
    page = np.full((2480, 3508, 3), 255, np.uint8)
    page[120:1920, 300:2780] = one[300:2100, :2480]
    return on_paper(page, rng)


def back(rng: Rng, name: SetName) -> Pixels:
    """Return a back with a note on it and its front shining through."""
    rgb = scanner.show_through(np.full((3508, 2480, 3), 255, np.uint8), rng, DPI, 0.0)
    front = 1 - cv2.GaussianBlur(text(rng, name)[:, ::-1], (0, 0), 2.0).astype(np.float32) / 255
    image = Image.fromarray(limited(rgb.astype(np.float32) - 255 * float(rng.uniform(0.06, 0.15)) * front))
    draw = ImageDraw.Draw(image)
    for line in range(5):
        words = "Đã đối chiếu với bản chính, ngày 12 tháng 5 năm 2026"
        draw.text((500, 600 + line * 80), words, font=serif(14, DPI), fill=(30, 40, 120))
    return np.asarray(image)


def written(rng: Rng, name: SetName) -> Pixels:
    """Return a form filled in with a pen."""
    return marks.ballpoint(plain(rng, name), rng, DPI, float(rng.uniform(6, 14)))


def pictured(rng: Rng, name: SetName) -> Pixels:
    """Return a page half of which is a dark photograph, now and then up to its edge."""
    page = plain(rng, name).copy()
    picture = photograph(100, int(rng.integers(1 << 30))).astype(np.float32) * float(rng.uniform(0.25, 0.8))
    top, left = int(rng.integers(0, 1600)), int(rng.choice((0, 300)))
    page[top : top + 1800, left:2180] = cv2.resize(limited(picture), (2180 - left, 1800))
    return page


def stock(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet of coloured paper."""
    return marks.coloured_paper(text(rng, name), rng, DPI, float(rng.uniform(0.8, 1.6)))


def cover(rng: Rng, _name: SetName) -> Pixels:
    """Return a cover: a few large words."""
    points = float(rng.uniform(22, 34))
    return on_paper(typed_paper("HỒ SƠ\nĐăng ký đất đai\nNăm 2026", DPI, points).rgb, rng)


def shaded(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet that is darker towards a book's fold."""
    return scanner.uneven_light(text(rng, name), rng, DPI, float(rng.uniform(0.2, 0.4)))


def dirty(rng: Rng, name: SetName) -> Pixels:
    """Return a copy off a dirty glass."""
    return scanner.specked(plain(rng, name), rng, DPI, float(rng.uniform(5, 20)))


def creased(rng: Rng, name: SetName) -> Pixels:
    """Return a sheet that was folded in three and has a crease across one corner, which lies flat again."""
    rgb = plain(rng, name).astype(np.float32)
    for share in (0.33, 0.66):
        row = round(rgb.shape[0] * share) + int(rng.integers(-20, 20))
        rgb[row : row + 3] *= 0.86
        rgb[row + 3 : row + 14] *= 0.95
    reach = int(rng.integers(150, 450))
    layer = np.ones(rgb.shape[:2], np.float32)
    cv2.line(layer, (2480 - reach, 0), (2480, reach), (0.8,), 3, cv2.LINE_AA)
    return limited(rgb * layer[:, :, None])


def empty(rng: Rng, _name: SetName) -> Pixels:
    """Return an empty sheet."""
    return on_paper(blank_paper(DPI).rgb, rng)


def pale_back(rng: Rng, name: SetName) -> Pixels:
    """Return an empty back with its front shining through."""
    front = 1 - cv2.GaussianBlur(text(rng, name)[:, ::-1], (0, 0), 2.2).astype(np.float32) / 255
    return limited(246 - 255 * float(rng.uniform(0.05, 0.13)) * front)
