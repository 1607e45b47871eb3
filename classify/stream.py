"""A document's text as one folded string for patterns, with the way back to original text, words and boxes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify.labels import Labels
from classify.layout import PageLayout, Segment, hull
from dossier.page import Box, Word
from dossier.text import fold_map, nfc

# A row that opens a list item or a label never continues the row above.
_OPENS = re.compile(
    r"\s*(?:\d{1,2}\.?\d?[.)/]\s|[-+*•]\s|\(\d{1,2}\)|[a-zđ]\)\s|(?:Điều|Mục|Chương|Phần)\s|"
    r"(?i:kính gửi|kính trình)\b)"
)
# A label and its colon open a line of a form; what only goes on has a comma or a number before its colon.
_LABEL = re.compile(r"\s*[^\W\d_a-zà-ỹ][^,:;.\d]{1,45}:")
# Read for a t in some faces, and for an S; no office prints them.
_MISREAD = str.maketrans({"†": "t", "§": "S"})
_NAME_WORDS = 5
_CLOSES = (".", ";", ":", "./.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands: page index, box in the reading frame, the words it touches."""

    page: int
    box: Box
    words: tuple[Word, ...]

    @property
    def confidence(self) -> float:
        """Mean reading confidence of the words, weighted by their letters."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / max(1, letters)


@dataclass(frozen=True, slots=True)
class Stream:
    """The text of a document.

    Rows that the paper's edge broke are joined by a space; a line feed ends a row for good, a tab parts columns.
    `origin` gives for each folded character its place in `text`; `starts` and `words` lie parallel.
    """

    text: str
    folded: str
    origin: tuple[int, ...]
    starts: tuple[int, ...]
    words: tuple[tuple[int, Word], ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for a non-empty span of folded text."""
        return self.origin[start], self.origin[end - 1] + 1

    def place(self, start: int, end: int) -> Place:
        """Return where a span of the original text stands; words of its first page only."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = max(first, bisect_right(self.starts, end - 1) - 1)
        touched = self.words[first : last + 1]
        page = touched[0][0]
        words = tuple(word for number, word in touched if number == page)
        return Place(page, hull([word.box for word in words]), words)


def stream(layouts: Sequence[PageLayout], labels: Labels | None = None) -> Stream:
    """Return the text of pages in order; a slip of a word of `labels` (a y read as u) is that word in `folded`."""
    text: list[str] = []
    starts: list[int] = []
    words: list[tuple[int, Word]] = []
    length = 0
    for separator, page, word in _pieces(layouts):
        piece = nfc(word.text).translate(_MISREAD)
        starts.append(length + len(separator))
        words.append((page, word))
        text += [separator, piece]
        length += len(separator) + len(piece)
    joined = "".join(text)
    folded, origin = fold_map(joined)
    matched = labels.mended(folded) if labels else folded
    return Stream(joined, matched, tuple(origin), tuple(starts), tuple(words))


def _pieces(layouts: Sequence[PageLayout]) -> Iterator[tuple[str, int, Word]]:
    separator = ""
    for layout in layouts:
        above: tuple[Segment, ...] = ()
        for row in layout.rows():
            if above:
                separator = " " if _continues(layout, above, row) else "\n"
            for segment in row:
                for word in segment.words:
                    yield separator, layout.page, word
                    separator = " "
                separator = "\t"
            above = row
        separator = "\n" if above or separator else ""


def _continues(layout: PageLayout, above: tuple[Segment, ...], row: tuple[Segment, ...]) -> bool:
    """Return whether the paper's edge broke the row above: its first word would not have fitted there."""
    if len(above) > 1 or _OPENS.match(row[0].text) or above[0].text.endswith(_CLOSES):
        return False
    if _LABEL.match(row[0].text) or not _same_case(above[0], row[0]):
        return False
    margin = max(segment.box.right for segment in layout.segments)
    left = min(segment.box.left for segment in layout.segments)
    room = margin - above[0].box.right
    far = row[0].box.top - above[0].box.bottom > 2 * layout.word_height
    reaches = above[0].box.right > left + 0.6 * (margin - left)
    return (
        reaches
        and not far
        and (_name_begun(above[0], row[0]) or room <= row[0].words[0].box.width + layout.word_height)
    )


def _same_case(above: Segment, row: Segment) -> bool:
    """Return whether both are in capitals or neither is; a label may stand before the capitals it introduces."""
    last = above.words[-1].text
    return row.upper is above.upper or (row.upper and len(last) > 1 and last.isupper())


def _name_begun(above: Segment, row: Segment) -> bool:
    """Return whether a row in capitals goes on with a name that began behind a label: "Họ và tên: LÊ", "CÔNG BẢO"."""
    last = above.words[-1].text
    short = len(row.words) <= _NAME_WORDS and ":" in above.text and ":" not in row.text
    return row.upper and not above.upper and short and len(last) > 1 and last.isupper()
