"""The search bench on a few pages: two really read, the others of their kind."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench.search import ENGINES, known_items, measure
from bench.search_corpus import measured
from bench.search_pages import ReadPage, invented, read_pages, texts


def pages(folder: Path) -> list[ReadPage]:
    """Return pages as they are read: two by the reader, the others with a letter lost now and then."""
    sources, found = texts(), list(read_pages(2, folder))
    for number in range(2, 40):
        truth = " ".join(invented(sources[number % len(sources)], Random(number)).split())
        found.append(ReadPage(number, "", truth, truth.replace("quyền", "quyên", number % 2)))
    return found


def test_a_small_run_finds_what_people_remember(tmp_path: Path) -> None:
    """With each engine: nearly every page is found first by a name and a number; times and sizes are told."""
    read = pages(tmp_path / "kept")
    assert (tmp_path / "kept").exists()
    assert [page.text for page in read_pages(2, tmp_path / "kept")] == [page.text for page in read[:2]]
    for engine in ENGINES:
        done = measure(read, 200, tmp_path / engine, engine, rounds=1)
        assert done.mrr > 0.9
        assert len(done.search) == len(done.whole) > 30
        assert min(done.words, done.size) > 1000


def test_misreadings_are_those_of_the_pages() -> None:
    """As many letters as were, into what they were; without any the text stays."""
    learnt = measured([ReadPage(0, "", "an tam " * 50, "an tom " * 50)])
    assert learnt.share == pytest.approx(1 / 7, rel=0.01)
    text = learnt.apply("a" * 7000, Random(1))
    assert set(text) == {"a", "o"}
    assert 700 < text.count("o") < 1300
    assert measured([ReadPage(0, "", "a b", "a b")]).apply("a b", Random(1)) == "a b"


def test_what_is_remembered_stands_on_the_page() -> None:
    """Folded, with a number that is no year where the page has one."""
    page = ReadPage(1, "", "Ông Nguyễn Văn An, số 4711, năm 2026, ở đâu đó xa lắm", "")
    ((document, typed),) = known_items([page])
    assert document == "read-1"
    assert "4711" in typed
    assert typed.isascii()
