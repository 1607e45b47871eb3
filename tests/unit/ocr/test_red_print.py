"""Red headings of certificates are told from seals, which are the same ink."""

from __future__ import annotations

import numpy as np
from PIL import ImageDraw

from bench.paper import RED, Paper, add_seal, blank_paper, serif
from ocr.arrays import Gray, Mask
from ocr.preparation.red import red_excess, red_mask
from ocr.red_print import red_print

DPI = 200
HEADING = "GIẤY CHỨNG NHẬN QUYỀN"


def _red(paper: Paper) -> Mask:
    return red_mask(red_excess(np.ascontiguousarray(paper.rgb[:, :, ::-1])))


def _paper(heading: str = "", seal: tuple[float, float] | None = None) -> Paper:
    paper = blank_paper(DPI)
    ImageDraw.Draw(paper.image).text((300, 300), heading, fill=RED, font=serif(20, DPI, bold=True))
    if seal:
        add_seal(paper, seal)
    return paper


def _ink(page: Gray | None) -> int:
    return 0 if page is None else int(np.count_nonzero(page < 128))


def test_a_seal_is_no_print() -> None:
    """Nor are its letters: the ring and all within it go."""
    assert red_print(_red(_paper(seal=(5.0, 7.0))), DPI) is None


def test_a_heading_stays_beside_a_seal() -> None:
    """The heading keeps all of its ink, the seal none."""
    alone, both = red_print(_red(_paper(HEADING)), DPI), red_print(_red(_paper(HEADING, (5.0, 7.0))), DPI)
    assert _ink(alone) > 1000
    assert _ink(both) == _ink(alone)


def test_little_red_and_red_paper_are_no_print() -> None:
    """A tick, an empty mask, a tinted sheet and a page without red."""
    assert red_print(_red(_paper("Số")), DPI) is None
    assert red_print(np.zeros((400, 400), np.uint8), DPI) is None
    assert red_print(np.full((400, 400), 255, np.uint8), DPI) is None
    assert red_print(None, DPI) is None
