"""Where text stands on a page: rows of segments built from word boxes, whatever blocks the engine saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from dossier.page import Box, PageReading, Word
from dossier.text import fold, nfc

_NOT_KEY = re.compile(r"[^a-z0-9]")
# Read alike in capitals: one letter stands for all in comparisons of headings.
_ALIKE = str.maketrans({"l": "i", "1": "i", "|": "i", "0": "o", "6": "o"})
_UPPER_SHARE = 0.8
_LEAST_LETTERS = 3
_LABEL_ROWS = 3
_PLACE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand together in one row of a page, without a column gap between them."""

    words: tuple[Word, ...]
    page: int
    row: int
    box: Box
    text: str
    folded: str
    upper: bool

    @property
    def key(self) -> str:
        """The folded text without spaces and signs, look-alike letters as one: for comparing headings."""
        return heading_key(self.folded)

    @property
    def centre(self) -> float:
        """Horizontal middle in pixels of the reading frame."""
        return (self.box.left + self.box.right) / 2


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One page: size of the reading frame in pixels, segments by row and from left to right, usual word height."""

    page: int
    width: int
    height: int
    word_height: float
    segments: tuple[Segment, ...]

    def rows(self) -> list[tuple[Segment, ...]]:
        """Return the segments grouped by row, top to bottom."""
        grouped: dict[int, list[Segment]] = {}
        for segment in self.segments:
            grouped.setdefault(segment.row, []).append(segment)
        return [tuple(row) for row in grouped.values()]

    def above(self, share: float) -> list[Segment]:
        """Return the segments that begin in the upper share of the page."""
        return [segment for segment in self.segments if segment.box.top < share * self.height]


@lru_cache(maxsize=4096)
def heading_key(folded: str) -> str:
    """Return folded text as headings are compared: letters and digits only, look-alikes as one."""
    return _NOT_KEY.sub("", folded.replace("|", "i").translate(_ALIKE))


def page_layout(reading: PageReading, page: int, weights: Mapping[str, float]) -> PageLayout:
    """Return rows and segments of one page.

    Args:
        reading: The page's words with boxes in the reading frame. The engine's lines are cut at column gaps and
            joined again where they stand level: engines join and cut the columns of a header as they please.
        page: Index of the page, kept in the segments.
        weights: `layout` of the rules: column gap in word heights, overlap that makes a row.
    """
    words = [word for word in reading.text.words if word.text.strip()]
    width, height = reading.transform.upright_size
    size = median([word.box.height for word in words]) if words else 0.0
    gap = weights["column_gap"] * size
    pieces = [piece for line in _engine_lines(words) for piece in _parts(line, gap)]
    rows = [list(_parts(row, gap)) for row in _rows(pieces, weights["row_overlap"])]
    segments: list[Segment] = []
    for number, row in enumerate(_unwrapped(rows)):
        segments += [_segment(part, page, number) for part in row]
    return PageLayout(page, width, height, size, tuple(segments))


def _engine_lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        lines.setdefault((word.block, word.line), []).append(word)
    return [sorted(line, key=lambda word: word.box.left) for line in lines.values()]


def _rows(pieces: Iterable[list[Word]], overlap: float) -> list[list[Word]]:
    """Put pieces of lines that stand level, and not one above the other, into rows from left to right."""
    rows: list[tuple[Box, list[Word]]] = []
    boxed = ((hull([word.box for word in piece]), piece) for piece in pieces)
    for box, piece in sorted(boxed, key=lambda item: (item[0].top + item[0].bottom, item[0].left)):
        home = next(
            (row for first, row in reversed(rows[-3:]) if _level(first, box, overlap) and _free(row, box)), None
        )
        if home is None:
            rows.append((box, list(piece)))
        else:
            home.extend(piece)
    return [sorted(row, key=lambda word: word.box.left) for _, row in rows]


def _unwrapped(rows: list[list[list[Word]]]) -> list[list[list[Word]]]:
    """Put the two lines of a row's label together: in tables a label that wraps stands above and below its values."""
    out: list[list[list[Word]]] = []
    at = 0
    while at < len(rows):
        three = rows[at : at + 3]
        if len(three) == _LABEL_ROWS and _wraps(*three):
            upper, middle, lower = three
            out.append([upper[0] + lower[0], *middle])
            at += _LABEL_ROWS
        else:
            out.append(rows[at])
            at += 1
    return out


def _wraps(upper: list[list[Word]], middle: list[list[Word]], lower: list[list[Word]]) -> bool:
    if len(upper) > 1 or len(lower) > 1:
        return False
    first, second = (hull([word.box for word in row[0]]) for row in (upper, lower))
    values = hull([word.box for part in middle for word in part])
    size = max(first.height, second.height, 1)
    beside = values.left > max(first.right, second.right) and abs(first.left - second.left) < size
    tight = second.top - first.bottom < size
    return beside and tight and first.top < values.top and second.bottom > values.bottom - size // 2


def _free(row: Iterable[Word], box: Box) -> bool:
    return all(word.box.right <= box.left + 2 or word.box.left >= box.right - 2 for word in row)


def _level(one: Box, other: Box, overlap: float) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common > overlap * min(one.height, other.height)


def _parts(row: list[Word], gap: float) -> Iterator[list[Word]]:
    part = [row[0]]
    for index, word in enumerate(row[1:], 1):
        if word.box.left - part[-1].box.right > gap or _motto_begins(row, index) or _place_begins(row, index):
            yield part
            part = []
        part.append(word)
    yield part


def _motto_begins(row: list[Word], index: int) -> bool:
    """Return whether the national motto begins here: a narrow gap must not join it to the agency's name."""
    own = [fold(word.text) for word in row[index : index + 4]]
    return own[:3] == ["cong", "hoa", "xa"] or own[1:] == ["hoa", "xa", "hoi"] or own[:2] == ["doc", "lap"]


def _place_begins(row: list[Word], index: int) -> bool:
    """Return whether place and date begin here, right behind an agency in capitals or a number: a narrow gap again."""
    before, word = row[index - 1].text, row[index].text
    if word.isupper() or not word[:1].isupper() or not (before.isupper() or "/" in before):
        return False
    folded = [fold(other.text).strip(" .,") for other in row[index : index + _PLACE_WORDS]]
    return any(one == "ngay" and other[:1].isdigit() for one, other in pairwise(folded))


def _segment(words: Iterable[Word], page: int, row: int) -> Segment:
    kept = tuple(words)
    text = nfc(" ".join(word.text for word in kept))
    box = hull([word.box for word in kept])
    return Segment(kept, page, row, box, text, fold(text), _is_upper(text))


def part_of(segment: Segment, words: Iterable[Word]) -> Segment:
    """Return some words of a segment as a segment of their own."""
    return _segment(words, segment.page, segment.row)


def _is_upper(text: str) -> bool:
    letters = [char for char in text if char.isalpha() and char != "l"]  # a small l is a capital I misread
    if len(letters) < _LEAST_LETTERS:
        return False
    return sum(char.isupper() for char in letters) >= _UPPER_SHARE * len(letters)


def hull(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around boxes (at least one)."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
