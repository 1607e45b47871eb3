"""What preparation promises for any pixels at all."""

from __future__ import annotations

import os
import warnings

import cv2
import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dossier.errors import Rejected
from dossier.scan import Encoding, PageScan
from ocr.arrays import Gray
from ocr.frame import Scale
from ocr.preparation.recipe import prepare
from ocr.rules import Rules
from ocr.sheet import sheet_of

# `make properties` asks for many.
EXAMPLES = int(os.environ.get("HOSOSO_EXAMPLES", "25"))
MANY = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 25)
MANY_WITH_RULES = settings(MANY, suppress_health_check=[HealthCheck.function_scoped_fixture])

short = st.integers(1, 48)
long = st.integers(1500, 4000)
sizes = st.one_of(st.tuples(short, short), st.tuples(short, long), st.tuples(long, short))
KINDS = ("black", "white", "gray", "noise", "bitonal", "stripes", "specks", "ramp")


def pixels(kind: str, size: tuple[int, int], seed: int = 1) -> Gray:
    """Return an array of a kind that no paper looks like."""
    height, width = size
    rng = np.random.default_rng(seed)
    plain = {"black": 0, "white": 255, "gray": 128}
    if kind in plain:
        return np.full(size, plain[kind], np.uint8)
    if kind == "noise":
        return rng.integers(0, 256, size, np.uint8)
    if kind == "bitonal":
        return np.where(rng.random(size) < 0.5, 0, 255).astype(np.uint8)
    if kind == "specks":
        return np.where(rng.random(size) < 0.01, 0, 255).astype(np.uint8)
    if kind == "stripes":
        return np.where(np.add.outer(np.arange(height), np.arange(width)) % 6 < 3, 30, 220).astype(np.uint8)
    return np.broadcast_to(np.linspace(0, 255, width).astype(np.uint8), size).copy()


@MANY
@given(st.sampled_from(KINDS), sizes, st.sampled_from([72.0, 150.0, 300.0, 600.0]), st.floats(0.4, 2.5))
@example("noise", (1, 1), 300.0, 1.0)
@example("black", (1, 4000), 300.0, 1.0)
def test_preparing_never_fails_and_keeps_the_shape(kind: str, size: tuple[int, int], dpi: float, down: float) -> None:
    """Whatever the pixels: the same height and width, eight bits, letters inside the page, no warning."""
    gray = pixels(kind, size)
    before = gray.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prepared = prepare(gray, dpi, Scale(1.0, down))
    assert (prepared.gray.shape, prepared.gray.dtype) == (size, np.uint8)
    assert prepared.gray.flags.c_contiguous
    assert prepared.dpi == dpi
    letters = prepared.letters
    assert np.all(letters.left + letters.width <= size[1])
    assert np.all(letters.top + letters.height <= size[0])
    assert np.array_equal(gray, before), "the page itself was written on"


@MANY_WITH_RULES
@given(st.sampled_from(KINDS), sizes, st.sampled_from([1.0, 72.0, 300.0, 2400.0]), st.booleans(), st.booleans())
def test_a_sheet_comes_out_of_any_image(
    rules: Rules,
    kind: str,
    size: tuple[int, int],
    dpi: float,
    cheap: bool,  # noqa: FBT001
    colour: bool,  # noqa: FBT001
) -> None:
    """Any picture that decodes becomes a sheet within the working size, or is refused with a code."""
    gray = pixels(kind, size)
    image = cv2.merge([gray, gray[::-1], gray[:, ::-1]]) if colour else gray
    scan = PageScan(Encoding.PNG, size[1], size[0], dpi, dpi, 3 if colour else 1)
    try:
        sheet = sheet_of(cv2.imencode(".png", image)[1].tobytes(), scan, rules.limits, cheap=cheap)
    except Rejected:
        assert min(size) < rules.limits.least_side
        return
    assert sheet.gray.ndim == 2
    assert sheet.gray.size <= rules.limits.most_working_pixels * 1.01
    assert sheet.red is None or sheet.red.shape == sheet.gray.shape
