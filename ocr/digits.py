"""Read a number of one or two digits that stands alone: the engine, which reads words, loses or mistakes such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces
from ocr.order import extent

_SIGNS: Final = "0123456789."
_NUMBER: Final = re.compile(r"\d{1,3}\.?")
_GROWS: Final = (1.0, 0.8)
_PADDING_INCHES: Final = 0.03


def numbers_in(engine: OcrEngine, gray: Gray, boxes: Sequence[Box], dpi: float) -> list[Word | None]:
    """Return the number in each box that two readings of different sizes give alike; None where they give none.

    Args:
        engine: Reads the boxes, twice, restricted to digits and the stop.
        gray: The prepared page.
        boxes: Where numbers are expected.
        dpi: Resolution of the page.
    """
    if not boxes:
        return []
    padding = round(_PADDING_INCHES * dpi)
    places = [padded(box, size_of(gray), padding, padding) for box in boxes]
    readings = [read_pieces(engine, gray, places, dpi, grow, _SIGNS) for grow in _GROWS]
    return [_agreed(*pair) for pair in zip(*readings, strict=True)]


def _agreed(one: Sequence[Word], other: Sequence[Word]) -> Word | None:
    first, second = ("".join(word.text for word in words) for words in (one, other))
    if not _NUMBER.fullmatch(first) or first.rstrip(".") != second.rstrip("."):
        return None
    return replace(one[0], text=first, box=extent(one))
