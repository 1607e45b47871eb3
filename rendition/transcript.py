"""A page's reading in scan pixels, as the exchange formats hOCR and ALTO want it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from dossier.page import Box, PageReading, Word

UNREAD = "none"  # the engine of a page that no engine has read

_TAGS: Mapping[str, str] = MappingProxyType(
    {"vie": "vi", "eng": "en"}
)  # BCP 47 wants the short code where there is one

Line = Sequence[Word]


@dataclass(frozen=True, slots=True)
class Transcript:
    """One page with what was read on it.

    Attributes:
        reading: Its boxes are turned into pixels of the unchanged scan by its transform.
        number: The page's number in its document, from 1.
        image: Name of the file that the scan came in.
        sha256: Digest of the scan as taken out of that file, lower-case hex.
        dpi: Dots per inch across and down; None when the boxes are not in pixels of the scan.
    """

    reading: PageReading
    number: int
    image: str
    sha256: str
    dpi: tuple[float, float] | None = None

    @property
    def language(self) -> str:
        """The language of the text as a BCP 47 tag."""
        return _TAGS.get(self.reading.text.language, self.reading.text.language)

    @property
    def rotation(self) -> float:
        """Degrees counter-clockwise by which the text is rotated on the scan."""
        transform = self.reading.transform
        return round(transform.turn - transform.skew, 3)

    def blocks(self) -> Iterator[list[Line]]:
        """Yield the lines of each block in reading order."""
        for _, lines in groupby(self.reading.text.lines(), key=lambda line: line[0].block):
            yield list(lines)

    def box(self, words: Sequence[Word]) -> Box:
        """Return the smallest upright rectangle on the scan that holds words."""
        transform = self.reading.transform
        found = transform.scan_box(_around(words))
        width, height = transform.scan_width, transform.scan_height
        left, top = min(max(found.left, 0), width - 1), min(max(found.top, 0), height - 1)
        return Box(left, top, max(min(found.right, width), left + 1), max(min(found.bottom, height), top + 1))

    def outline(self, words: Sequence[Word]) -> tuple[tuple[int, int], ...]:
        """Return the corners of words on a scan whose lines are not level; none where the box tells all."""
        transform = self.reading.transform
        if not transform.skew:
            return ()
        return tuple((round(x), round(y)) for x, y in transform.quad(_around(words)))


def _around(words: Sequence[Word]) -> Box:
    boxes = [word.box for word in words]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
