"""Real Tesseract in the real confined child reads places of a page again, larger and with digits alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from bench.paper import Pixels, jpeg, skewed, typed_paper
from dossier.errors import Code, Rejected
from dossier.page import Box, PageTransform
from dossier.scan import Encoding, PageScan
from ocr.again import MOST_PIECES, Piece
from ocr.again_reader import SecondReader

NUMBER = "099183477565"
DIGITS = "0123456789"


@pytest.fixture(scope="module")
def reader() -> Iterator[SecondReader]:
    """One reader for all tests."""
    with SecondReader() as reader:
        yield reader


@pytest.fixture(scope="module")
def pixels() -> Pixels:
    """A page with one number on it."""
    return np.asarray(typed_paper(NUMBER).image, np.uint8)


def place(pixels: Pixels) -> Box:
    """Return where the ink of a page is."""
    rows, columns = np.nonzero(pixels.min(axis=2) < 128 if pixels.ndim == 3 else pixels < 128)
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def scan_of(pixels: Pixels) -> PageScan:
    """Return the record of a JPEG of a page at 300 dpi."""
    return PageScan(Encoding.JPEG, pixels.shape[1], pixels.shape[0], 300, 300, 3 if pixels.ndim == 3 else 1)


def read(reader: SecondReader, pixels: Pixels, box: Box, transform: PageTransform | None = None) -> list[str]:
    """Return what stands at a place of a page, once for each size."""
    scan = scan_of(pixels)
    transform = transform or PageTransform(scan.width, scan.height)
    (found,) = reader.read(jpeg(pixels), scan, transform, [Piece(box, float(box.height), DIGITS)])
    return ["".join(word.text for word in words) for words in found]


def test_digits_are_read_in_several_sizes(reader: SecondReader, pixels: Pixels) -> None:
    """Five readings, nearly all of them right."""
    found = read(reader, pixels, place(pixels))
    assert len(found) == 5
    assert found.count(NUMBER) >= 4


def test_a_place_is_told_in_the_reading_frame(reader: SecondReader, pixels: Pixels) -> None:
    """A page that lies on its side and leans is read where the first reading had its words."""
    box = place(pixels)
    leaning = skewed(pixels, 1.5)
    turned = np.ascontiguousarray(np.rot90(leaning))
    transform = PageTransform(turned.shape[1], turned.shape[0], 90, 1.5)
    assert read(reader, turned, box, transform).count(NUMBER) >= 3


def test_an_empty_place_gives_nothing(reader: SecondReader, pixels: Pixels) -> None:
    """White paper, and a place off the page: no digits are made up."""
    height, width = pixels.shape[:2]
    assert set(read(reader, pixels, Box(300, height - 400, 800, height - 360))) == {""}
    assert "".join(read(reader, pixels, Box(width + 10, 10, width + 90, 50))) == ""


def test_work_is_bounded(reader: SecondReader, pixels: Pixels) -> None:
    """Places beyond the most are left unread; bytes that are no picture are refused."""
    scan = scan_of(pixels)
    pieces = [Piece(Box(10, 10, 60, 40), 30.0, DIGITS)] * (MOST_PIECES + 2)
    found = reader.read(jpeg(pixels), scan, PageTransform(scan.width, scan.height), pieces)
    assert [len(each) for each in found] == [5] * MOST_PIECES + [0, 0]
    with pytest.raises(Rejected) as caught:
        reader.read(b"\xff\xd8nothing", scan, PageTransform(scan.width, scan.height), pieces[:1])
    assert caught.value.code is Code.IMAGE_DAMAGED
