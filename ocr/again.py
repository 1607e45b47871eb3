"""Read a few places of a page again: from the scan's own pixels, in several sizes, with nothing but the signs allowed.

What the first reading saw at two thirds of the scan's resolution, with all letters to choose from, is seen here at the
full one. Three sizes give three readings: what they agree on is evidence, what they do not is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dossier.page import Box, PageTransform, Word
from dossier.scan import PageScan
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.cleaning import cleaned
from ocr.decoding import decode
from ocr.engines.port import OcrEngine
from ocr.frame import Scale, believed_dpi, turned
from ocr.inks import inks_of
from ocr.mosaic import read_pieces
from ocr.preparation.contrast import positive
from ocr.preparation.recipe import prepare
from ocr.preparation.scale import resized
from ocr.preparation.skew import level
from ocr.preparation.specks import drop_specks
from ocr.rules import SizeLimits

MOST_PIECES: Final = 40
"""Places of one page that are read again, at most."""
_DPI: Final = 300.0
_PADDING_INCHES: Final = 0.03
# Pixels that digits are shown high: see `ocr.numbers`, where the engine knows them best, and one size above.
HEIGHTS: Final = (14.5, 17.0, 20.0, 24.0, 28.0)
_LEAST_GROW, _MOST_GROW = 0.3, 3.0
# How the page was levelled and flattened is known; the sheet is not looked at for it again.
_KNOWN: Final = frozenset({"perspective", "deskew", "two_pages"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A place of a page that is read again.

    Attributes:
        box: In the reading frame, one line high.
        height: Of its digits, in pixels of the reading frame.
        signs: The only signs to read there.
    """

    box: Box
    height: float
    signs: str


Readings = tuple[tuple[Word, ...], ...]
"""What stands at one place, once for each size; words with boxes in the reading frame."""


def read_again(
    engine: OcrEngine,
    data: bytes,
    scan: PageScan,
    transform: PageTransform,
    pieces: Sequence[Piece],
    limits: SizeLimits,
) -> tuple[Readings, ...]:
    """Return what stands at each place, read in several sizes.

    Args:
        engine: A started engine.
        data: The bytes that `scan` describes.
        scan: Geometry and coding of the page.
        transform: How it was turned and levelled when it was read at first.
        pieces: The places; those beyond `MOST_PIECES` are left unread.
        limits: Bounds on pixels.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, IMAGE_DAMAGED; see `decode`.
    """
    gray, dpi, scale = _prepared(data, scan, transform, limits)
    own = [_on(piece, scale, size_of(gray), round(_PADDING_INCHES * dpi)) for piece in pieces[:MOST_PIECES]]
    found: list[list[tuple[Word, ...]]] = [[] for _ in pieces]
    for signs in dict.fromkeys(piece.signs for piece in own):
        places = [at for at, piece in enumerate(own) if piece.signs == signs and _has_room(piece.box)]
        for height in HEIGHTS:
            for at, words in zip(places, _read(engine, gray, [own[at] for at in places], dpi, height), strict=True):
                found[at].append(scale.to_reading(words, transform.upright_size))
    return tuple(map(tuple, found))


def _prepared(data: bytes, scan: PageScan, transform: PageTransform, limits: SizeLimits) -> tuple[Gray, float, Scale]:
    """Return the page upright and level without seals, rules and dirt, its resolution, and how it lies to the scan."""
    image, _ = positive(decode(data, scan, limits))
    halved = image.shape[1] / scan.width
    dpi_x, dpi_y = (min(max(dpi, 1.0), limits.most_dpi) * halved for dpi in believed_dpi(scan))
    clean, _ = drop_specks(inks_of(image, frozenset(), pen=True).clean, min(dpi_x, dpi_y))
    target = min(_DPI, max(dpi_x, dpi_y), math.sqrt(limits.most_working_pixels * dpi_x * dpi_y / clean.size))
    gray = resized(clean, target / dpi_x, target / dpi_y)
    scale = Scale(gray.shape[1] / scan.width, gray.shape[0] / scan.height)
    gray = turned(gray, transform.turn)
    if transform.turn in (90, 270):
        scale = Scale(scale.down, scale.across)
    if transform.skew:
        gray = level(gray, transform.skew, scale.stretch)
    return prepare(gray, target, scale, _KNOWN).gray, target, scale


def _on(piece: Piece, scale: Scale, size: tuple[int, int], padding: int) -> Piece:
    """Return a piece in pixels of the prepared page, with a margin."""
    box = Box(
        math.floor(piece.box.left * scale.across),
        math.floor(piece.box.top * scale.down),
        math.ceil(piece.box.right * scale.across),
        math.ceil(piece.box.bottom * scale.down),
    )
    return replace(piece, box=padded(box, size, padding, padding), height=piece.height * scale.down)


def _has_room(box: Box) -> bool:
    return box.width > 0 and box.height > 0


def _read(
    engine: OcrEngine, gray: Gray, pieces: Sequence[Piece], dpi: float, height: float
) -> Iterator[tuple[Word, ...]]:
    usual = float(np.median([piece.height for piece in pieces])) if pieces else 1.0
    grow = min(_MOST_GROW, max(_LEAST_GROW, height / max(1.0, usual)))
    boxes = [piece.box for piece in pieces]
    if boxes:
        found = read_pieces(engine, gray, boxes, dpi, grow, pieces[0].signs)
        yield from (tuple(sorted(cleaned(words), key=lambda word: word.box.left)) for words in found)
