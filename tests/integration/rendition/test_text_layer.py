"""Readers of PDF find the words of a rendition, where the paper has them."""

from __future__ import annotations

import io
import math
import re
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from tests.integration.rendition.papers import DPI, LINES, Paper, page_of, upright, written

_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_SLACK = 2.0  # pixels at 300 dpi
_SCALE = DPI / 72

_Point = tuple[float, float]


def _pdftotext(tmp_path: Path, pdf: bytes, *options: str) -> str:
    path = tmp_path / "rendition.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, check=True, text=True)  # noqa: S607
    return done.stdout


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 0.5, -0.5])
def test_poppler_finds_every_line_on_turned_pages(tmp_path: Path, turn: int, skew: float) -> None:
    """Poppler's default reading, which sorts by place, gives the lines of the paper and the mark after them."""
    lines = _lines(_pdftotext(tmp_path, written(Paper(turn, skew))))
    assert lines[: len(LINES)] == list(LINES)
    assert lines[len(LINES)] == (
        "Bản điện tử chuyển đổi từ văn bản giấy · Người chuyển đổi: Trần Thị Bích Ngọc"
        " · Thời gian: 2026-11-22T08:40:15+07:00"
    )


@pytest.mark.parametrize("skew", [1.5, -3.0, 5.0])
def test_poppler_finds_every_line_in_file_order_at_any_skew(tmp_path: Path, skew: float) -> None:
    """Where lines climb too much to be sorted by place, the order in the file is the reading order."""
    assert _lines(_pdftotext(tmp_path, written(Paper(180, skew)), "-raw"))[: len(LINES)] == list(LINES)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 1.0, -1.0])
def test_pdfium_finds_every_line(turn: int, skew: float) -> None:
    """The reader of Chrome finds every line, words of one character included."""
    with pypdfium2.PdfDocument(written(Paper(turn, skew))) as document:
        text = document[0].get_textpage().get_text_range()
    assert _lines(text)[: len(LINES)] == list(LINES)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_lie_on_the_words(tmp_path: Path, turn: int) -> None:
    """As shown upright, each word has its left and right edge within two pixels and stands in its line's height."""
    paper = Paper(turn)
    found = _WORD.findall(_pdftotext(tmp_path, written(paper), "-bbox"))
    words = upright(paper)[1]
    for word, (*edges, text) in zip(words, found, strict=False):
        left, top, right, bottom = (float(edge) * _SCALE for edge in edges)
        assert text == word.text
        assert abs(left - word.box.left) <= _SLACK
        assert abs(right - word.box.right) <= _SLACK
        assert top <= word.box.top + _SLACK
        assert bottom >= word.box.bottom - _SLACK
        assert bottom - top <= 80
    assert len(found) > len(words)


@pytest.mark.parametrize(("turn", "skew"), [(0, 0.0), (180, 0.0), (270, 0.3), (90, 1.0), (180, 2.5), (0, -3.0)])
def test_words_follow_the_unchanged_image(turn: int, skew: float) -> None:
    """On the stored page each word starts and ends within two pixels of its place, and runs in its direction."""
    page = page_of(Paper(turn, skew))
    placed = _placed(written(Paper(turn, skew)))
    assert len(placed) == len(page.reading.text.words)
    for word, (start, end, size) in zip(page.reading.text.words, placed, strict=True):
        top_left, _, bottom_right, bottom_left = page.reading.transform.quad(word.box)
        along, up = _unit(bottom_left, bottom_right), _unit(bottom_left, top_left)
        assert abs(_dot(start, along) - _dot(bottom_left, along)) <= _SLACK
        assert abs(_dot(end, along) - _dot(bottom_right, along)) <= _SLACK
        assert abs(_dot(start, up) - _dot(end, up)) <= 0.1
        # From a fifth of its size below the baseline to four fifths above, the text covers the word's box.
        assert _dot(start, up) - 0.2 * size <= _dot(bottom_left, up) + _SLACK
        assert _dot(start, up) + 0.8 * size >= _dot(top_left, up) - _SLACK
        assert size <= 80


def _placed(pdf: bytes) -> list[tuple[_Point, _Point, float]]:
    """Return start and end of each word's baseline and its font size, in scan pixels, from the operators."""
    placed: list[tuple[_Point, _Point, float]] = []
    size, stretch, matrix = 0.0, 1.0, [0.0] * 6
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        height = float(page.MediaBox[3])
        for instruction in pikepdf.parse_content_stream(page):
            operands = instruction.operands
            match str(instruction.operator):
                case "Tf":
                    size = float(operands[1])
                case "Tz":
                    stretch = float(operands[0]) / 100
                case "Tm":
                    matrix = [float(operand) for operand in operands]
                case "Tj" if bytes(operands[0]) != b"\0\1":
                    width = len(bytes(operands[0])) / 2 * 0.5 * size * stretch
                    across, climb = matrix[0] * width, matrix[1] * width
                    start = matrix[4] * _SCALE, (height - matrix[5]) * _SCALE
                    end = start[0] + across * _SCALE, start[1] - climb * _SCALE
                    placed.append((start, end, size * _SCALE))
                case "ET":
                    break
    return placed


def _unit(start: _Point, end: _Point) -> _Point:
    length = math.dist(start, end)
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _dot(one: _Point, other: _Point) -> float:
    return one[0] * other[0] + one[1] * other[1]
