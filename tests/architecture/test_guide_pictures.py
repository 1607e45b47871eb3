"""The user guide shows screens that browser tests make, and all of them are there."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from docs.pictures.guide import PICTURES, shown

_MADE = re.compile(r'"(guide-[a-z-]+)"')
_MOST_BYTES = 120_000


def test_every_screen_that_is_shown_is_there_and_made_by_a_test() -> None:
    """None is missing, none lies there for nothing, none was drawn by hand."""
    tests = Path(__file__).parents[1] / "integration" / "docs" / "test_guide_pictures.py"
    made = set(_MADE.findall(tests.read_text(encoding="utf-8")))
    found = {path.stem for path in PICTURES.glob("*.png")}
    assert shown() == found
    assert found
    assert found <= made
    for path in PICTURES.glob("*.png"):
        assert path.stat().st_size < _MOST_BYTES
        with Image.open(path) as picture:
            assert picture.width == 1366  # an office PC's
