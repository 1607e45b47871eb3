"""A first look at a scan: what can be told of its picture while the paper is still there."""

from __future__ import annotations

from dataclasses import dataclass, field

from dossier.page import Verdict

NOTES = frozenset({"upside_down", "sideways"})
"""Reasons that ask nothing of anybody: the machine puts it right itself."""


@dataclass(frozen=True, slots=True)
class PageLook:
    """What the picture of one page is worth.

    Attributes:
        number: Its number in its file, from 1.
        verdict: Good; look at it; scan again; blank.
        reasons: Stable names of what was seen, the gravest first; see `[page_reasons]` of the wording.
        measures: Numbers behind them.
        like: Of a page that seems to have been scanned before: name of that file and number of that page, parted by
            a line feed; else empty.
    """

    number: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    measures: tuple[tuple[str, float], ...] = field(default=())
    like: str = ""
