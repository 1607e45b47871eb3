"""A document of a thousand pages takes no more memory than one page, and little time."""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dossier.page import Box, PageText, Word
from rendition.writer import RenditionPage, write_pdfa
from tests.integration.rendition.papers import Paper, meta_for, page_of

_PAGES = 1000
_WORDS = 600  # on a full page of print


def _pages(count: int, words: int) -> Iterator[RenditionPage]:
    page = page_of(Paper())
    place = (
        Box(200 + 60 * (n % 30), 200 + 80 * (n // 30), 250 + 60 * (n % 30), 250 + 80 * (n // 30)) for n in range(words)
    )
    text = PageText(tuple(Word(f"chữ{n}", box, 90.0, n // 30, 0) for n, box in enumerate(place)), "drawn", "none")
    for _ in range(count):
        fresh = bytes(bytearray(page.data))
        yield replace(page, data=fresh, reading=replace(page.reading, text=text))


def test_memory_does_not_grow_with_pages() -> None:
    """At the highest point there is one page's image, its text, and less than a megabyte for the thousand pages."""
    one = len(page_of(Paper()).data)
    with Path(os.devnull).open("wb") as target:
        write_pdfa(target, _pages(1, 10), meta_for(1))
        tracemalloc.start()
        try:
            result = write_pdfa(target, _pages(_PAGES, 10), meta_for(_PAGES))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert result.pages == _PAGES
    assert result.size > _PAGES * one
    # Making a page's bytes takes the page twice for a moment.
    assert peak < 2 * one + 2_000_000


def test_a_page_takes_forty_milliseconds_of_processor_at_most() -> None:
    """Pages of full print with JPEG images stay within the time and the size that were set."""
    with Path(os.devnull).open("wb") as target:
        write_pdfa(target, _pages(1, _WORDS), meta_for(1))
        start = time.process_time()
        result = write_pdfa(target, _pages(20, _WORDS), meta_for(20))
        spent = time.process_time() - start
    assert spent / 20 <= 0.04
    assert result.size <= 20 * (len(page_of(Paper()).data) + 25_000) + 60_000
