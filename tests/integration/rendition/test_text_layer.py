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
_SLANTED = 1.2  # degrees at which lines of these papers climb into one another
_CUT = 2.0  # degrees at which poppler, where it sorts by place, cuts long words in two
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
    Paper(270, -1.0, form=True, **_A3),
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

    def copied(self, reader: str) -> str:
        """Return what a reader copies out."""
        match reader:
            case "poppler":
                return readers.poppler_text(self.path, "-raw")
            case "pdfium":
                return readers.pdfium_text(self.path)[0]
        return readers.pdfjs_text(self.items)


@pytest.fixture(scope="module")
def renditions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Paper, Rendition]:
    """Write every paper once and show all to pdf.js in one call."""
    folder = tmp_path_factory.mktemp("renditions")
    paths = {paper: folder / f"{number}.pdf" for number, paper in enumerate(PAPERS)}
    for paper, path in paths.items():
        path.write_bytes(written(paper))
    items = readers.pdfjs(paths.values())
    return {paper: Rendition(paper, path, items[str(path)]) for paper, path in paths.items()}


def _name(paper: Paper) -> str:
    return f"{paper.turn}-{paper.skew}-{paper.dpi}-{paper.width}-{paper.form}"


@pytest.fixture(params=PAPERS, ids=_name)
def rendition(request: pytest.FixtureRequest, renditions: Mapping[Paper, Rendition]) -> Rendition:
    """Return each rendition in turn."""
    return renditions[request.param]


@pytest.mark.parametrize("reader", ["poppler", "pdfium", "pdf.js"])
def test_the_lines_copy_out_in_reading_order(rendition: Rendition, reader: str) -> None:
    """Line by line, words parted by single spaces, letters composed, nothing lost, the mark at the end.

    PDFium takes lines that overlap by their slant for one, and puts a space where the line ends.
    """
    lines = [*rendition.paper.lines(), _MARK]
    text = rendition.copied(reader)
    assert unicodedata.is_normalized("NFC", text)
    if reader == "pdfium" and abs(rendition.paper.skew) > _SLANTED:
        assert text.replace(" \r\n", " ").replace("\r\n", " ") == " ".join(lines)
    else:
        assert _lines(text) == lines


def test_a_phrase_is_found_across_words(rendition: Rendition) -> None:
    """PDFium's own search finds a phrase; so does a search in what the other two read."""
    phrase = "Nguyễn Thị Ngọc" if rendition.paper.form else "quyền sử dụng đất cho ông"
    text, hits = readers.pdfium_text(rendition.path, phrase)
    assert hits == 1
    assert phrase in text
    assert phrase in rendition.copied("poppler")
    assert phrase in readers.pdfjs_text(rendition.items)


@pytest.mark.parametrize("rendition", [each for each in PAPERS if abs(each.skew) < _CUT], ids=_name, indirect=True)
def test_poppler_marks_each_word_over_its_ink(rendition: Rendition) -> None:
    """On the page as shown; the upright box of a slanted word begins at the height of one end or of the other."""
    frame = PageTransform(rendition.paper.width, rendition.paper.height, 0, rendition.paper.skew)
    scale = rendition.paper.dpi / 72
    found = readers.poppler_words(rendition.path)
    for text, (top_left, top_right, bottom_right, bottom_left) in _expected(rendition.paper, frame):
        start, end = _lifted(bottom_left, top_left), _lifted(bottom_right, top_right)
        left, top, right, bottom = _edges(_nearest(found, text, start, scale), scale)
        assert _off(rendition, left - start[0], right - end[0]) <= _SLACK, text
        above, below = _beyond(top, top_left[1], top_right[1]), _beyond(bottom, bottom_left[1], bottom_right[1])
        assert _off(rendition, above, below) <= _SLACK, text


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
    path.write_bytes(written(Paper(turn, skew, mode="L")))
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


def _beyond(value: float, one: float, other: float) -> float:
    return max(min(one, other) - value, value - max(one, other), 0.0)


def _nearest(found: Sequence[Found], text: str, place: Point, scale: float) -> Sequence[Point]:
    """Return the corners of the word with this text that starts nearest to a place: poppler sorts by place."""
    same = [word.corners for word in found if word.text == text]
    return min(same, key=lambda corners: abs(corners[3][0] * scale - place[0]) + abs(corners[3][1] * scale - place[1]))


def _off(rendition: Rendition, *distances: float) -> float:
    """Return the largest distance, from pixels of the scan to pixels at 300 dpi."""
    return max(map(abs, distances)) * 300 / rendition.paper.dpi
