"""Three independent readers find every word of a rendition, over its ink on the unchanged image.

What is compared: the left and right edge of a word with the edges of its box as read; its top and foot with those of
its line, since every word of a line is as high as the line (`rendition.lines`: readers part words of unlike heights).
A reader that marks words by upright boxes is compared with the upright box around the slanted one. Nothing else has a
meaning in a layer that is never drawn: its characters have no shapes of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dossier.page import Box, PageTransform
from tests.integration.rendition import readers
from tests.integration.rendition.papers import LINES, Paper, page_of, written
from tests.integration.rendition.readers import Found, Point

_SLACK = 2.0  # pixels at 300 dpi
_A3 = {"width": 3508, "height": 4961, "mode": "L"}
_LOW = {"width": 1654, "height": 2339, "dpi": 200, "mode": "L"}
PAPERS = (
    Paper(mode="L"),
    *(Paper(turn, mode="L") for turn in (90, 180, 270)),
    Paper(0, 0.5, mode="L"),
    Paper(180, -1.5, mode="L"),
    Paper(270, 3.0, mode="L"),
    Paper(form=True, mode="L"),
    Paper(90, -0.4, form=True, mode="L"),
    Paper(**_LOW),
    Paper(90, 1.0, form=True, **_LOW),
    Paper(**_A3),
    Paper(270, -2.0, form=True, **_A3),
)
_MARK = (
    "Bản điện tử chuyển đổi từ văn bản giấy · Người chuyển đổi: Trần Thị Bích Ngọc"
    " · Thời gian: 2026-11-22T08:40:15+07:00"
)


@dataclass(frozen=True)
class Rendition:
    """A paper, its rendition, and what pdf.js found in it."""

    paper: Paper
    path: Path
    items: list[dict[str, Any]]


@pytest.fixture(scope="module")
def renditions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Paper, Rendition]:
    """Write every paper once and show all to pdf.js in one call."""
    folder = tmp_path_factory.mktemp("renditions")
    paths = {paper: folder / f"{number}.pdf" for number, paper in enumerate(PAPERS)}
    for paper, path in paths.items():
        path.write_bytes(written(paper))
    items = readers.pdfjs(paths.values())
    return {paper: Rendition(paper, path, items[str(path)]) for paper, path in paths.items()}


@pytest.fixture(params=PAPERS, ids=lambda paper: f"{paper.turn}-{paper.skew}-{paper.dpi}-{paper.width}-{paper.form}")
def rendition(request: pytest.FixtureRequest, renditions: Mapping[Paper, Rendition]) -> Rendition:
    """Return each rendition in turn."""
    return renditions[request.param]


def test_each_reader_copies_the_lines_out_in_reading_order(rendition: Rendition) -> None:
    """Line by line, words parted by single spaces, letters composed, nothing lost, the mark at the end."""
    texts = {
        "poppler": readers.poppler_text(rendition.path, "-raw"),
        "pdfium": readers.pdfium_text(rendition.path)[0],
        "pdf.js": readers.pdfjs_text(rendition.items),
    }
    for reader, text in texts.items():
        assert text.split("\f")[0].split() and _lines(text) == [*rendition.paper.lines(), _MARK], reader
        assert unicodedata.is_normalized("NFC", text), reader


def test_a_phrase_is_found_across_words(rendition: Rendition) -> None:
    """PDFium's own search finds a phrase; so does a search in what the other two read."""
    phrase = "Nguyễn Thị Ngọc" if rendition.paper.form else "quyền sử dụng đất cho ông"
    text, hits = readers.pdfium_text(rendition.path, phrase)
    assert hits == 1
    assert phrase in text
    assert phrase in readers.poppler_text(rendition.path)
    assert phrase in readers.pdfjs_text(rendition.items)


def test_poppler_marks_each_word_over_its_ink(rendition: Rendition) -> None:
    """On the page as shown; on a slanted line poppler keeps a word's length and the height at which it starts."""
    shown = rendition.paper.width, rendition.paper.height
    frame = PageTransform(*shown, 0, rendition.paper.skew)
    scale = rendition.paper.dpi / 72
    found = readers.poppler_words(rendition.path)
    for text, corners in _expected(rendition.paper, frame):
        base_left, base_right = _lifted(corners[3], corners[0]), _lifted(corners[2], corners[1])
        left, top, right, bottom = _edges(_nearest(found, text, base_left, scale), scale)
        height = corners[3][1] - corners[0][1]
        assert _off(rendition, left - base_left[0], right - base_right[0]) <= _SLACK, text
        assert _off(rendition, top - (base_left[1] - 0.8 * height), bottom - (base_left[1] + 0.2 * height)) <= _SLACK


def test_pdfium_marks_each_word_over_its_ink(rendition: Rendition) -> None:
    """On the page as stored, in file order, with the upright box around the word."""
    scan = page_of(rendition.paper).scan
    found = readers.pdfium_words(rendition.path)
    expected = list(_expected(rendition.paper, page_of(rendition.paper).reading.transform))
    for word, (text, corners) in zip(found, expected, strict=False):
        assert word.text == text
        box = _edges(_on_scan(word, scan.height, rendition.paper.dpi / 72), 1.0)
        assert _off(rendition, *(a - b for a, b in zip(box, _edges(corners, 1.0), strict=True))) <= _SLACK, text


def test_pdfjs_marks_each_word_over_its_ink(rendition: Rendition) -> None:
    """On the page as stored, in file order, each word an item of its own, by its four corners."""
    scan = page_of(rendition.paper).scan
    found = readers.pdfjs_words(rendition.items)
    expected = list(_expected(rendition.paper, page_of(rendition.paper).reading.transform))
    for word, (text, corners) in zip(found, expected, strict=False):
        assert word.text == text
        placed = _on_scan(word, scan.height, rendition.paper.dpi / 72)
        for one, other in zip(placed, corners, strict=True):
            assert _off(rendition, one[0] - other[0], one[1] - other[1]) <= _SLACK, text


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 0.5, -0.5])
def test_poppler_finds_every_line_by_place_too(tmp_path: Path, turn: int, skew: float) -> None:
    """Poppler's default reading, which sorts by place and not by file order, gives the lines and then the mark."""
    path = tmp_path / "rendition.pdf"
    path.write_bytes(written(Paper(turn, skew)))
    assert _lines(readers.poppler_text(path)) == [*LINES, _MARK]


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\f", "\n").splitlines() if line]


def _expected(paper: Paper, transform: PageTransform) -> Iterator[tuple[str, Sequence[Point]]]:
    """Yield each word and the corners of its place on the scan: its own width, its line's height."""
    for line in page_of(paper).reading.text.lines():
        top, bottom = min(word.box.top for word in line), max(word.box.bottom for word in line)
        for word in line:
            yield word.text, transform.quad(Box(word.box.left, top, word.box.right, bottom))


def _on_scan(word: Found, height: int, scale: float) -> list[Point]:
    return [(x * scale, height - y * scale) for x, y in word.corners]


def _edges(corners: Sequence[Point], scale: float) -> tuple[float, float, float, float]:
    xs, ys = [x * scale for x, _ in corners], [y * scale for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _lifted(foot: Point, top: Point) -> Point:
    return foot[0] + 0.2 * (top[0] - foot[0]), foot[1] + 0.2 * (top[1] - foot[1])


def _nearest(found: Sequence[Found], text: str, place: Point, scale: float) -> Sequence[Point]:
    """Return the corners of the word with this text that starts nearest to a place: poppler sorts by place."""
    same = [word.corners for word in found if word.text == text]
    return min(same, key=lambda corners: abs(corners[3][0] * scale - place[0]) + abs(corners[3][1] * scale - place[1]))


def _off(rendition: Rendition, *distances: float) -> float:
    """Return the largest distance, from pixels of the scan to pixels at 300 dpi."""
    return max(map(abs, distances)) * 300 / rendition.paper.dpi
