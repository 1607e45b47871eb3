"""What a clerk filled in with a blue pen is read beside the print; what he scribbled over it is not."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import ImageDraw

from bench.paper import RED, Paper, add_seal, jpeg, scanned, serif, typed_paper
from bench.reading import wrong_letters
from dossier.scan import Encoding, PageScan
from ocr.engines.choice import start_engine
from ocr.page import Effort, read_page

DPI = 200
BLUE = (40, 60, 160)
OATH = "Tôi xin cam đoan những lời khai trên là đúng sự thật.\n"
FORM = "Họ và tên:\n\nSố định danh cá nhân:\n\nNơi cư trú:\n\n" + OATH * 6


def _lines(paper: Paper, effort: Effort = "full") -> list[str]:
    rgb = scanned(paper.rgb)
    scan = PageScan(Encoding.JPEG, rgb.shape[1], rgb.shape[0], DPI, DPI, 3)
    engine = start_engine("tesserocr")
    try:
        reading = read_page(engine, jpeg(rgb), scan, effort)
    finally:
        engine.close()
    return [" ".join(word.text for word in line) for line in reading.text.lines()]


def test_fields_filled_in_blue_stand_in_their_lines() -> None:
    """Label and value are one line, in this order, digits too."""
    paper = typed_paper(FORM, DPI)
    draw, step = ImageDraw.Draw(paper.image), round(12.5 / 72 * DPI * 1.42)
    for row, (left, value) in enumerate(((2.2, "Nguyễn Thị Minh Khuê"), (3.0, "099198003350"), (2.2, "xã Hòa Thượng"))):
        draw.text((left * DPI, 0.8 * DPI + 2 * row * step), value, font=serif(12.5, DPI), fill=BLUE)
    lines = _lines(paper)
    assert lines[:3] == [
        "Họ và tên: Nguyễn Thị Minh Khuê",
        "Số định danh cá nhân: 099198003350",
        "Nơi cư trú: xã Hòa Thượng",
    ]
    assert "099198003350" in " ".join(_lines(paper, "low"))


def test_a_signature_over_print_is_no_text() -> None:
    """The print beside and under the strokes keeps its lines, but for a letter or two, and the strokes add no word."""
    plain = typed_paper(FORM, DPI)
    rgb = plain.rgb.copy()
    wave = np.array([(300 + 9 * x, 430 + round(45 * np.sin(x / 2.3))) for x in range(60)], np.int32)
    cv2.polylines(rgb, [wave], isClosed=False, color=BLUE, thickness=3)
    signed = Paper(plain.image.copy(), DPI)
    signed.image.frombytes(rgb.tobytes())
    ours, theirs = _lines(signed), _lines(plain)
    assert [len(line.split()) for line in ours] == [len(line.split()) for line in theirs]
    assert wrong_letters("\n".join(theirs), "\n".join(ours))[0] <= 2


def test_a_red_heading_is_read_and_a_seal_is_not() -> None:
    """The heading of a certificate stands above the print; the seal low on the page adds nothing."""
    paper = typed_paper("\n\n\n" + OATH * 8, DPI)
    draw = ImageDraw.Draw(paper.image)
    draw.text((1.4 * DPI, 0.8 * DPI), "Giấy chứng nhận quyền sử dụng đất", fill=RED, font=serif(17, DPI))
    add_seal(paper, (5.0, 6.0))
    assert _lines(paper) == ["Giấy chứng nhận quyền sử dụng đất", *[OATH.strip()] * 8]
