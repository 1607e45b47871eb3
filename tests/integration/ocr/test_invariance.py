"""What must not change a reading: how the page lay on the glass, at what size it was scanned, what lies around it.

Noise is how far two readings of one page differ when nothing but the scanner's grain does. On these pages that is up
to 0.4 % of the letters (`test_grain_alone_changes_little` holds it); every move below may change 1 %.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bench.paper import Paper, Pixels, jpeg, scanned, skewed, typed_paper
from bench.reading import wrong_letters
from dossier.page import Verdict
from dossier.scan import Encoding, PageScan
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.frame import Scale
from ocr.page import read_page
from ocr.preparation.recipe import prepare

SAMPLES = Path(__file__).parents[2] / "sample_documents"
NOISE = 0.01
DPI = 300
WHITE, BLACK = (255, 255, 255), (12, 12, 12)
# `make properties` asks for many; without it only the examples that are written down are tried.
EXAMPLES = int(os.environ.get("HOSOSO_EXAMPLES", "0"))
PHASES = [Phase.explicit, Phase.generate] if EXAMPLES else [Phase.explicit]
FEW = settings(max_examples=max(1, EXAMPLES), deadline=None, phases=PHASES)


@pytest.fixture(scope="module")
def engine() -> Iterator[OcrEngine]:
    """The default engine, in this process."""
    engine = start_engine("tesserocr")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def paper() -> Paper:
    """The first lines of a sample paper on half a sheet, at the resolution that offices scan with."""
    text = (SAMPLES / "08_giay_phep_xay_dung.txt").read_text(encoding="utf-8")
    whole = typed_paper("\n".join(text.splitlines()[:16]), DPI)
    width, height = whole.image.size
    return Paper(whole.image.crop((0, 0, width, round(height * 0.55))), DPI, whole.lines, whole.words)


@pytest.fixture(scope="module")
def reference(engine: OcrEngine, paper: Paper) -> str:
    """The reading of the page as it is."""
    return text_of(engine, scanned(paper.rgb))


def text_of(engine: OcrEngine, rgb: Pixels, dpi: float = DPI) -> str:
    """Return what is read on a scan, which must be good."""
    scan = PageScan(Encoding.JPEG, rgb.shape[1], rgb.shape[0], dpi, dpi, 3)
    reading = read_page(engine, jpeg(rgb, 85), scan)
    assert reading.verdict is Verdict.GOOD or dpi < DPI or "sideways upside_down".find(reading.reasons[0]) >= 0
    return reading.text.plain()


def assert_same(reference: str, text: str) -> None:
    """Two readings agree within the noise."""
    wrong, letters = wrong_letters(reference, text)
    assert wrong <= NOISE * letters, f"{wrong} of {letters} letters differ"


def framed(rgb: Pixels, widths: tuple[float, float, float, float], colour: tuple[int, int, int]) -> Pixels:
    """Return the scan with strips around it, in inches: top, bottom, left, right."""
    top, bottom, left, right = (round(width * DPI) for width in widths)
    return np.asarray(cv2.copyMakeBorder(rgb, top, bottom, left, right, cv2.BORDER_CONSTANT, value=colour), np.uint8)


widths = st.floats(0, 0.5)
strips = st.tuples(widths, widths, widths, widths)


@FEW
@given(st.integers(2, 10_000))
@example(2)
def test_grain_alone_changes_little(engine: OcrEngine, paper: Paper, reference: str, seed: int) -> None:
    """Another scan of the same page, with other grain: the noise itself."""
    wrong, letters = wrong_letters(reference, text_of(engine, scanned(paper.rgb, seed)))
    assert wrong <= 0.004 * letters


@FEW
@given(st.integers(1, 3))
@example(1)
def test_quarter_turns(engine: OcrEngine, paper: Paper, reference: str, turns: int) -> None:
    """However the page was fed."""
    assert_same(reference, text_of(engine, np.ascontiguousarray(np.rot90(scanned(paper.rgb), turns))))


@FEW
@given(st.floats(-3, 3))
@example(-2.9)
def test_skew(engine: OcrEngine, paper: Paper, reference: str, degrees: float) -> None:
    """Within three degrees to both sides."""
    assert_same(reference, text_of(engine, scanned(skewed(paper.rgb, degrees))))


@FEW
@given(st.floats(-0.6, 0.6), st.floats(-0.7, 0.7))
@example(-0.55, 0.4)
def test_shift(engine: OcrEngine, paper: Paper, reference: str, across: float, down: float) -> None:
    """As far as the margins go."""
    matrix = np.array([[1, 0, across * DPI], [0, 1, down * DPI]])
    height, width = paper.rgb.shape[:2]
    moved = cv2.warpAffine(paper.rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=WHITE)
    assert_same(reference, text_of(engine, scanned(np.asarray(moved, np.uint8))))


@FEW
@given(st.integers(200, 400))
@example(200)
def test_scale(engine: OcrEngine, paper: Paper, reference: str, dpi: int) -> None:
    """At any resolution from 200 to 400 dpi."""
    method = cv2.INTER_AREA if dpi < DPI else cv2.INTER_CUBIC
    sized = np.asarray(cv2.resize(paper.rgb, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=method), np.uint8)
    assert_same(reference, text_of(engine, scanned(sized), dpi))


@FEW
@given(strips, st.sampled_from([WHITE, BLACK]))
@example((0.3, 0.0, 0.5, 0.1), BLACK)
def test_borders(
    engine: OcrEngine,
    paper: Paper,
    reference: str,
    strip: tuple[float, float, float, float],
    colour: tuple[int, int, int],
) -> None:
    """A larger sheet of glass under the lid, white or black."""
    assert_same(reference, text_of(engine, framed(scanned(paper.rgb), strip, colour)))


def test_preparing_a_clean_page_changes_nothing(engine: OcrEngine, paper: Paper) -> None:
    """A clean page goes through every step and is read as if it had gone through none."""
    gray = np.asarray(paper.image.convert("L"), np.uint8)
    prepared = prepare(gray, DPI, Scale(1.0, 1.0))
    assert prepared.skew == 0.0
    bare, ours = (" ".join(word.text for word in engine.read(each, DPI)) for each in (gray, prepared.gray))
    assert_same(bare, ours)
