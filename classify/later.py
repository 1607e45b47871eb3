"""What an office wrote on a certificate after it was issued: people named there are none of the paper's own.

Under "Những thay đổi sau khi cấp giấy chứng nhận" stand who bought the land later, who has it in pledge, who
inherited it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from classify.layout import PageLayout, Segment
from classify.stream import Place
from dossier.page import Box

OWN: Final = frozenset({"ho_ten", "ho_ten_2", "so_dinh_danh", "so_dinh_danh_2", "so_cmnd", "ngay_sinh", "nam_sinh"})
"""Fields that are about the people whom a paper was issued to."""
# The front of the certificate, or its next part: one half of a sheet may be read under the other.
_ENDS = re.compile(r"\W*(?:cong hoa xa hoi|giay chung nhan|[ivx]{1,4}\s?[.)/-])")
_LONGEST_HEAD = 14  # words
_MIDDLE = 0.45  # share of the width from which a line begins on the right half


class Later:
    """Where on the pages of a document later entries stand."""

    def __init__(self, layouts: Sequence[PageLayout], heads: Sequence[str]) -> None:
        """Look for the heads of such parts; without any, nothing is later."""
        self._parts = [(layout, line) for layout in layouts if heads for line in _headed(layout, heads)]

    def has(self, place: Place) -> bool:
        """Return whether something stands under such a head, on the same half of its page: two may lie on a sheet."""
        return any(_within(layout, head, place) for layout, head in self._parts if layout.page == place.page)


def _headed(layout: PageLayout, heads: Sequence[str]) -> list[Segment]:
    return [
        line
        for line in layout.segments
        if len(line.words) <= _LONGEST_HEAD and any(head in line.folded for head in heads)
    ]


def _within(layout: PageLayout, head: Segment, place: Place) -> bool:
    if place.box.top < head.box.bottom or _right(layout, _line_of(layout, place)) != _right(layout, head.box):
        return False
    return not any(
        head.box.bottom <= line.box.top <= place.box.top and _ENDS.match(line.folded)
        for line in layout.segments
        if line.upper or not line.folded.startswith("giay")
    )


def _line_of(layout: PageLayout, place: Place) -> Box:
    """Return the box of the line or cell that something stands in."""
    lines = (line.box for line in layout.segments if place.words and place.words[0] in line.words)
    return next(lines, place.box)


def _right(layout: PageLayout, box: Box) -> bool:
    return box.left >= _MIDDLE * layout.width
