"""The page number that is printed at the edge of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from classify.layout import PageLayout, Segment

_PAGE_OF = re.compile(r"\W*(?:trang|tr\.?)\s*(?:so\s*)?(\d{1,3})(?:\s*[/|]\s*(\d{1,3}))?\W*")
_SHARE = re.compile(r"(\d{1,3})\s*[/|]\s*(\d{1,3})")
_ALONE = re.compile(r"\W{0,2}(\d{1,3})\W{0,2}")
_EDGE = 0.08


class Form(StrEnum):
    """How a number is printed: numbers of one document have one form."""

    NAMED = "named"  # "Trang 2"
    SHARE = "share"  # "Trang 2/5", "2/5"
    HEAD = "head"  # a lone number above the text
    FOOT = "foot"  # or below it
    SLIP = "slip"  # above its own total: misread


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A page number and of how many pages (0: not said)."""

    number: int
    of: int = 0
    form: Form = Form.NAMED

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
            return _counted(int(said[1]), int(said[2] or 0))
        number = _number(segment, layout, Form.HEAD if top else Form.FOOT) if top or bottom else None
        if number is not None:
            return number
    return None


def _number(segment: Segment, layout: PageLayout, lone_form: Form) -> PrintedNumber | None:
    share = _SHARE.fullmatch(segment.folded)
    if share:
        return _counted(int(share[1]), int(share[2]))
    lone = _ALONE.fullmatch(segment.folded)
    centred = abs(segment.centre - layout.width / 2) < 0.1 * layout.width
    return PrintedNumber(int(lone[1]), form=lone_form) if lone and centred else None


def _counted(number: int, of: int) -> PrintedNumber:
    is_share = 0 < number <= of
    return PrintedNumber(number, of, Form.SHARE if is_share else Form.SLIP if of else Form.NAMED)
