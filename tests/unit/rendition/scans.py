"""Small scans and readings for tests of the writer."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from PIL import Image

from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word
from dossier.scan import Encoding, PageScan
from rendition.writer import RenditionMeta, RenditionPage

WORDS = (
    Word("Số:", Box(20, 20, 60, 40), 96.0, 0, 0),
    Word("12/QĐ", Box(70, 20, 140, 44), 96.0, 0, 0),
    Word("-", Box(20, 60, 30, 63), 40.0, 1, 0),
    Word("Ộp", Box(40, 50, 80, 74), 90.0, 1, 0),
)


def coded(mode: str, media: str, size: tuple[int, int] = (200, 100)) -> bytes:
    """Return an image file with a dark left half."""
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, media)
    return out.getvalue()


def scan_of(encoding: Encoding = Encoding.JPEG, channels: int = 3) -> PageScan:
    """Return a scan of 200 by 100 pixels at 100 dpi."""
    return PageScan(encoding, 200, 100, 100.0, 100.0, channels)


def page_of(words: tuple[Word, ...] = WORDS, turn: int = 0, skew: float = 0.0) -> RenditionPage:
    """Return a JPEG page with words."""
    transform = PageTransform(200, 100, turn, skew)
    reading = PageReading(PageText(words, "none", "none"), transform, Verdict.GOOD)
    return RenditionPage(scan_of(), coded("RGB", "JPEG"), reading)


def meta_for(pages: int) -> RenditionMeta:
    """Return metadata at a fixed time."""
    created = datetime(2026, 11, 22, 1, 40, 15, tzinfo=UTC)
    return RenditionMeta("Quyết định", "H15-261008-0975", "d1", "qd", "UBND", created, "Trần An", pages, "hososo 0")
