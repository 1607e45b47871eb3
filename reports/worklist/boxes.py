"""Boxes in the order in which they raise the rate soonest, or as first in, first out; and what all of it comes to.

A box is what a person fetches: who has it on the table scans all that waits in it. So a box is worth the dossiers that
are gained by it, for every minute of fetching, scanning and confirming.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil

from dossier.facts import FactLine
from dossier.remaining import NOWHERE, BoxWork, Prices
from reports.worklist.effort import Effort


class Order(StrEnum):
    """By what a list is put in order."""

    GAIN = "gain"
    FIFO = "fifo"


@dataclass(frozen=True, slots=True)
class Total:
    """What all boxes come to; `without_place` are the dossiers on paper that are in no box."""

    dossiers: int = 0
    counted: int = 0
    on_paper: int = 0
    pages: float = 0.0
    at_desk: int = 0
    desk_minutes: float = 0.0
    without_place: int = 0

    @property
    def others(self) -> int:
        """How many neither paper nor a desk helps: lost, being read, in no list, no papers kept."""
        return self.dossiers - self.counted - self.on_paper - self.at_desk

    def missing(self, target: Fraction) -> int:
        """Return how many more dossiers have to be counted to reach a rate."""
        return max(0, ceil(target * self.dossiers) - self.counted)

    def plus(self, box: BoxWork) -> Total:
        """Return the total with one box more."""
        return Total(
            self.dossiers + box.dossiers,
            self.counted + box.counted,
            self.on_paper + box.on_paper,
            self.pages + box.pages,
            self.at_desk + box.at_desk,
            self.desk_minutes + box.desk_minutes,
            self.without_place + (box.on_paper if box.box == NOWHERE else 0),
        )


def ranked(
    boxes: Iterable[BoxWork], prices: Prices, effort: Effort, order: Order, limit: int | None = None
) -> tuple[list[BoxWork], Total]:
    """Return the first boxes that hold work on paper, and what all boxes come to.

    Args:
        boxes: Every box once.
        prices: What the boxes' work was priced by.
        effort: What fetching a box takes.
        order: By gain for a minute, or by the oldest dossier that waits.
        limit: How many at most; None: all.
    """
    total = Total()

    def waiting() -> Iterable[BoxWork]:
        nonlocal total
        for box in boxes:
            total = total.plus(box)
            if box.on_paper and box.box != NOWHERE:
                yield box

    def place(box: BoxWork) -> tuple[float, int, str, str]:
        worth = -gain_a_minute(box, prices, effort) if order is Order.GAIN else 0.0
        return worth, box.oldest or 0, box.unit, box.box

    chosen = sorted(waiting(), key=place) if limit is None else heapq.nsmallest(limit, waiting(), key=place)
    return chosen, total


def minutes(box: BoxWork, prices: Prices, effort: Effort) -> float:
    """Return what a box takes, from the store and back."""
    return effort.box_minutes + box.pages * prices.page_minutes + box.paper_minutes


def gain_a_minute(box: BoxWork, prices: Prices, effort: Effort) -> float:
    """Return how many dossiers a minute's work on a box is likely to gain."""
    return box.paper_gain / minutes(box, prices, effort)


def boxes_of(lines: Iterable[FactLine], prices: Prices) -> list[BoxWork]:
    """Return the boxes of some lines of facts, as `catalog.work_list.boxes` counts them in the database."""
    found: dict[tuple[str, str], BoxWork] = {}
    for line in lines:
        if line.facts in prices.by_facts and line.received is not None:
            key = (line.unit, line.box)
            empty = BoxWork(line.unit, line.box, line.counter, 0, 0, 0, 0.0, 0.0, 0.0, 0, 0.0, 0.0, None)
            found[key] = _with(found.get(key, empty), line, prices)
    return list(found.values())


def _with(box: BoxWork, line: FactLine, prices: Prices) -> BoxWork:
    price = prices.by_facts[line.facts]
    box = replace(box, dossiers=box.dossiers + 1, counted=box.counted + price.is_counted)
    if price.at_desk:
        gain, spent = box.desk_gain + price.chance, box.desk_minutes + price.minutes
        return replace(box, at_desk=box.at_desk + 1, desk_gain=gain, desk_minutes=spent)
    if not price.on_paper:
        return box
    received: Sequence[int] = [moment for moment in (box.oldest, line.received) if moment is not None]
    return replace(
        box,
        on_paper=box.on_paper + 1,
        paper_gain=box.paper_gain + price.chance,
        pages=box.pages + prices.pages(line.facts, line.procedure, line.to_scan),
        paper_minutes=box.paper_minutes + price.minutes,
        oldest=min(received),
    )
