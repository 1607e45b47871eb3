"""The page number that is printed at the edge of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classify.layout import PageLayout, Segment

_PAGE_OF = re.compile(r"\W*(?:trang|tr\.?)\s*(?:so\s*)?(\d{1,3})(?:\s*[/|]\s*(\d{1,3}))?\W*")
_SHARE = re.compile(r"(\d{1,3})\s*[/|]\s*(\d{1,3})")
_ALONE = re.compile(r"\W{0,2}(\d{1,3})\W{0,2}")
_EDGE = 0.08


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A page number and of how many pages (0: not said)."""

    number: int
    of: int = 0

    @property
    def last(self) -> bool:
        """Whether it says that this is the last page."""
        return bool(self.of) and self.number >= self.of


def printed_number(layout: PageLayout) -> PrintedNumber | None:
    """Return the page number at the top or bottom edge ("Trang 2/3", "2/3", a lone centred "2"), or None."""
    last = layout.segments[-1].row if layout.segments else 0
    for segment in layout.segments:
        top, bottom = segment.box.top < _EDGE * layout.height, segment.box.bottom > (1 - _EDGE) * layout.height
        said = _PAGE_OF.fullmatch(segment.folded)
        if said and (top or bottom or segment.row == last):
            return PrintedNumber(int(said[1]), int(said[2] or 0))
        number = _number(segment, layout) if top or bottom else None
        if number is not None:
            return number
    return None


def _number(segment: Segment, layout: PageLayout) -> PrintedNumber | None:
    share = _SHARE.fullmatch(segment.folded)
    if share:
        return PrintedNumber(int(share[1]), int(share[2]))
    lone = _ALONE.fullmatch(segment.folded)
    centred = abs(segment.centre - layout.width / 2) < 0.1 * layout.width
    return PrintedNumber(int(lone[1])) if lone and centred else None
