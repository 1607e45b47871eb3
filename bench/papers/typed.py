"""Papers as a perfect reader would give them, and as a hurried one: words from the markup, without a page in between.

Reading a page takes a second; this takes a millisecond. Good enough to learn which words a kind uses, not to measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from bench.legibility.markup import Columns, Element, Form, Line, Table, parsed
from bench.papers.corpus import Read
from bench.papers.scans import Item
from bench.papers.template import Filled
from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word

_SIZE: Final = (2480, 3508)
_LINES: Final = 58
_LETTERS: Final = 84
_LEFT: Final = 300
_SLIPS: Final = {"i": "l", "l": "i", "o": "0", "m": "rn", "c": "e", "e": "c", "u": "n", "n": "ri", "g": "q", "h": "b"}


def typed_all(items: Iterable[Item], slips: float) -> Iterator[Read]:
    """Yield papers with so many slips to a letter, and words lost at the same rate."""
    for item in items:
        paper = item.paper()
        dice = Random(f"typed|{item.set_name}|{item.name}")  # noqa: S311 - papers, not keys
        yield Read(item, paper, _typed(paper, dice, slips))


def page_of(rows: Iterable[str]) -> PageReading:
    """Return a page with these rows as a perfect reader gives it."""
    return _page([[(0.0, row)] for row in rows], Random(0), 0.0)  # noqa: S311 - papers, not keys


def _typed(paper: Filled, dice: Random, slips: float) -> tuple[PageReading, ...]:
    lines: list[list[tuple[float, str]]] = []
    pages: list[PageReading] = []
    for part in paper.body.split("\n===\n"):
        lines += [row for element in parsed(paper.template, part).elements for row in _rows(element)]
        while lines:
            pages.append(_page(lines[:_LINES], dice, slips))
            lines = lines[_LINES:]
    return tuple(pages)


def _rows(element: Element) -> Iterator[list[tuple[float, str]]]:
    """Yield rows as (place across the page, text)."""
    if isinstance(element, Columns):
        for left, right in element.rows:
            if "%" in (left, right):
                yield from ([], [])
            else:
                yield [(0.0, left.lstrip("*/ ")), (0.5, right.lstrip("*/ "))]
    elif isinstance(element, Table):
        for row in element.rows:
            yield [(number / len(row), cell) for number, cell in enumerate(row)]
    elif isinstance(element, Form):
        text = " ".join(f"{label} {value or ''}" for label, value in element.pieces)
        yield from ([(0.0, line)] for line in _broken(text))
    else:
        yield from _line(element)


def _line(element: Line) -> Iterator[list[tuple[float, str]]]:
    for line in _broken(element.text):
        middle = max(0.0, 0.5 - len(line) / _LETTERS / 2)
        places = {"title": middle, "subtitle": middle, "centred": middle, "slanted": middle, "right": 0.5}
        yield [(places.get(element.kind, 0.0), line)]


def _broken(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) > _LETTERS:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


def _page(rows: list[list[tuple[float, str]]], dice: Random, slips: float) -> PageReading:
    words = [word for number, row in enumerate(rows) for word in _words(row, number, dice, slips)]
    text = PageText(tuple(words), "typed", "typed", "vie")
    return PageReading(text, PageTransform(*_SIZE, 0, 0.0, ()), Verdict.GOOD, (), (), "", ())


def _words(row: list[tuple[float, str]], number: int, dice: Random, slips: float) -> Iterator[Word]:
    wide = (_SIZE[0] - 2 * _LEFT) // _LETTERS
    top = 200 + number * 54
    for block, (place, text) in enumerate(row):
        x = _LEFT + round(place * (_SIZE[0] - 2 * _LEFT))
        for raw in text.split():
            read = "".join(_slipped(char, dice, slips) for char in raw)
            if dice.random() >= slips:
                yield Word(read, Box(x, top, x + wide * len(raw) - 4, top + 34), 90.0, number, block)
            x += wide * (len(raw) + 1)


def _slipped(char: str, dice: Random, slips: float) -> str:
    return _SLIPS.get(char, char) if dice.random() < slips else char
