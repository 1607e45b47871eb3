"""Does the work list's order raise the rate sooner than first in, first out? A simulated backlog, seeded.

    python -m bench.worklist [--seeds N] [--dossiers N]

Derivation, pricing and ranking are those of the product, which sees what it would see: register rows, what the archive
has, stated pages where there are any. Boxes are fetched one after the other and all that waits in them is scanned;
after every ten boxes the list is made anew, with what was learned. Work at desks needs no pages and is done first by
all alike. Prints for each kind of store room and seed the pages to 80 %, and the curve; ends with status 1 when the
list needs more than 70 % of the pages that the better of two first-in-first-outs needs (by dossier, by box).
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bench.store_room import Backlog, Room, fill, lines
from dossier.facts import Facts
from dossier.remaining import Prices
from dossier.status import Cause
from reports.worklist.boxes import Order, boxes_of, ranked
from reports.worklist.effort import Effort, Scanned, effort_on
from reports.worklist.pricing import prices

TARGET, MOST = 0.8, 0.7
_AT_ONCE = 10  # boxes a day
_STEPS = (0.4, 0.5, 0.6, 0.7, 0.8)
ROOMS: Final[Mapping[str, Room]] = {
    "boxes by procedure": Room(),
    "nothing learned yet": Room(learned=False, counted=0.0),
    "no pages stated": Room(counted=0.0),
    "stated pages are noise": Room(counted=0.6, noise=0.7),
    "thickness varies more": Room(spread=0.8),
    "boxes half mixed": Room(strays=0.5),
    "all boxes mixed": Room(strays=1.0),
}
JUDGED: Final = tuple(ROOMS)[:5]
"""Rooms in which the list has to keep what it promises. Where all boxes are mixed no order of boxes can help much."""
Play = Callable[[list[Backlog]], Iterator[list[Backlog]]]


@dataclass(frozen=True, slots=True)
class Curve:
    """Pages scanned until each of some rates was reached; None: never."""

    pages: Mapping[float, int | None]

    @property
    def to_target(self) -> float:
        """Pages to the target; infinite when it was never reached."""
        found = self.pages[TARGET]
        return float("inf") if found is None else float(found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the list and each first-in-first-out took, in one store room."""

    by_list: Curve
    by_dossier: Curve
    by_box: Curve
    singly: Curve

    @property
    def ratio(self) -> float:
        """Pages of the list over those of the better first-in-first-out."""
        return self.by_list.to_target / min(self.by_dossier.to_target, self.by_box.to_target)


def main() -> int:
    """Simulate and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--dossiers", type=int, default=3000)
    given = parser.parse_args()
    missed = False
    for name, room in ROOMS.items():
        own = Room(given.dossiers, room.in_a_box, room.strays, room.spread, room.counted, room.noise, room.learned)
        outcomes = [outcome(own, seed) for seed in range(1, given.seeds + 1)]
        missed |= _tell(name, outcomes)
    return int(missed)


def outcome(room: Room, seed: int) -> Outcome:
    """Work off the same store room by the list and first in, first out."""
    return Outcome(
        by_list=_curve(room, seed, by_list),
        by_dossier=_curve(room, seed, by_dossier),
        by_box=_curve(room, seed, by_box),
        singly=_curve(room, seed, singly),
    )


def by_list(backlog: list[Backlog]) -> Iterator[list[Backlog]]:
    """Yield boxes in the order of the list, which is made anew with what was learned."""
    return _boxes(backlog, Order.GAIN)


def by_box(backlog: list[Backlog]) -> Iterator[list[Backlog]]:
    """Yield boxes in the order of the oldest dossier that waits in them."""
    return _boxes(backlog, Order.FIFO)


def by_dossier(backlog: list[Backlog]) -> Iterator[list[Backlog]]:
    """Yield single dossiers in order of reception."""
    return ([one] for one in backlog if one.to_scan)


def singly(backlog: list[Backlog]) -> Iterator[list[Backlog]]:
    """Yield single dossiers in the order of the list of dossiers: gain for the pages expected."""
    while waiting := [one for one in backlog if _is_open(one)]:
        known, _ = _priced(backlog)
        waiting.sort(key=lambda one: _minutes_a_gain(one, known))
        yield from ([one] for one in waiting[:200])


def _boxes(backlog: list[Backlog], order: Order) -> Iterator[list[Backlog]]:
    while True:
        known, effort = _priced(backlog)
        found, _ = ranked(boxes_of(lines(backlog), known), known, effort, order, _AT_ONCE)
        if not found:
            return
        for box in found:
            yield [one for one in backlog if one.place.box == box.box and _is_open(one)]


def _priced(backlog: Sequence[Backlog]) -> tuple[Prices, Effort]:
    """Return the prices that the product has by now."""
    effort = effort_on(date(2026, 1, 1))
    seen: dict[str, Scanned] = {}
    facts: set[Facts] = set()
    for line in lines(backlog):
        facts.add(line.facts)
        if line.pages:
            before = seen.get(line.procedure, Scanned(0, 0))
            seen[line.procedure] = Scanned(before.dossiers + 1, before.pages + line.pages)
    return prices(facts, seen, effort), effort


def _is_open(one: Backlog) -> bool:
    return one.to_scan > 0 and one.line.facts.archival not in {Cause.COUNTED, Cause.PAPER_LOST}


def _minutes_a_gain(one: Backlog, known: Prices) -> float:
    price, line = known.by_facts[one.line.facts], one.line
    pages = known.pages(line.facts, line.procedure, line.to_scan)
    return (pages * known.page_minutes + price.minutes) / price.chance


def _curve(room: Room, seed: int, play: Play) -> Curve:
    backlog = fill(room, seed)
    for one in backlog:
        if not one.to_scan:
            one.work(known_pages=room.learned)  # desks
    counted, spent = sum(one.line.facts.archival is Cause.COUNTED for one in backlog), 0
    reached: dict[float, int | None] = dict.fromkeys(_STEPS)
    for batch in play(backlog):
        for one in batch:
            spent += one.work()
            counted += one.line.facts.archival is Cause.COUNTED
        for step in _STEPS:
            if reached[step] is None and counted >= step * len(backlog):
                reached[step] = spent
        if reached[TARGET] is not None:
            break
    return Curve(reached)


def _tell(name: str, outcomes: Sequence[Outcome]) -> bool:
    """Print what came of one kind of store room; return whether the promise was missed."""
    ratios = [each.ratio for each in outcomes]
    singles = [each.singly.to_target / each.by_dossier.to_target for each in outcomes]
    missed = name in JUDGED and max(ratios) > MOST
    mark = "  MISSED" if missed else "" if name in JUDGED else "  (not judged)"
    _say(f"{name}: {statistics.mean(ratios):.2f} of the pages, seeds {' '.join(f'{one:.2f}' for one in ratios)}{mark}")
    _say(f"    dossier by dossier, each fetched by itself: {statistics.mean(singles):.2f}")
    first = outcomes[0]
    for label, curve in (("list", first.by_list), ("fifo", first.by_dossier), ("fifo by box", first.by_box)):
        told = "  ".join(f"{step:.0%} {curve.pages[step]}" for step in _STEPS)
        _say(f"    {label:12} pages to {told}")
    return missed


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
