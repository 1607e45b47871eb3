"""Where one document ends and the next begins in the pages of a source file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from classify.header import number_row, subject_row
from classify.layout import PageLayout, Segment, page_layout
from classify.rules import Rules
from classify.titles import motto, titles
from dossier.page import PageReading, Verdict

_PAGE_OF = re.compile(r"\W*(?:trang|tr\.?)\s*(?:so\s*)?(\d{1,3})(?:\s*[/|]\s*\d{1,3})?\W*")
_SHARE = re.compile(r"(\d{1,3})\s*[/|]\s*(\d{1,3})")
_ALONE = re.compile(r"\W{0,2}(\d{1,3})\W{0,2}")
_EDGE = 0.08


def split(readings: Iterable[PageReading], rules: Rules) -> list[tuple[int, ...]]:
    """Return the documents of one source file as groups of page indexes, in order, every page in one group.

    A page with a decisive title, or with the national motto in its header, starts a document. A page without
    either goes on with the one before, and so do blank pages, backs and pages whose printed number is above 1
    (unless the motto stands on them: some clerks number a whole bundle).

    Args:
        readings: The pages of one source file in order; each is let go before the next is taken.
        rules: From `load_rules`; `titles.split_at` is the confidence from which a title starts a document.
    """
    groups: list[list[int]] = []
    for page, reading in enumerate(readings):
        if groups and not _starts(reading, page, rules):
            groups[-1].append(page)
        else:
            groups.append([page])
    return [tuple(group) for group in groups]


def printed_number(layout: PageLayout) -> int | None:
    """Return the page number printed at the top or bottom edge ("Trang 2/3", "2/3", a lone centred "2")."""
    for segment in layout.segments:
        at_edge = segment.box.top < _EDGE * layout.height or segment.box.bottom > (1 - _EDGE) * layout.height
        number = _number(segment, layout) if at_edge else None
        if number is not None:
            return number
    return None


def _number(segment: Segment, layout: PageLayout) -> int | None:
    said = _PAGE_OF.fullmatch(segment.folded) or _SHARE.fullmatch(segment.folded)
    if said:
        return int(said[1])
    lone = _ALONE.fullmatch(segment.folded)
    centred = abs(segment.centre - layout.width / 2) < 0.1 * layout.width
    return int(lone[1]) if lone and centred else None


def _starts(reading: PageReading, page: int, rules: Rules) -> bool:
    if reading.verdict is Verdict.BLANK or not reading.text.words:
        return False
    layout = page_layout(reading, page, rules.layout)
    if motto(layout, rules) is not None:
        return True
    if (printed_number(layout) or 1) > 1:
        return False
    if number_row(layout, rules) is not None and subject_row(layout, rules) is not None:
        return True
    return any(_decisive(title.kind, title.confidence, rules) for title in titles(layout, rules))


def _decisive(code: str, confidence: float, rules: Rules) -> bool:
    kind = rules.kind(code)
    return confidence >= rules.titles["split_at"] and kind.starts and not kind.needs_motto
