"""What reading doubtful numbers and days a second time is worth, and what it costs.

    python -m bench.papers.again dev --per-kind 4          # draws and reads the papers, then the places in doubt again
    python -m bench.papers.again dev --per-kind 4 --kept   # only papers whose first reading lies on the disk

The sets are `train`, which the rule was tried on, and `dev`; the frozen one is not looked at here.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from bench.papers.corpus import Read, kept, read_all
from bench.papers.scans import hands, scanned_pages
from bench.papers.template import templates
from classify.again import Doubt, doubts_of
from classify.extracted import ExtractedField
from classify.fields import found_on, weighed
from classify.kinds import classify
from classify.paper import paper_of
from classify.rules import Rules, load_rules
from classify.sameness import same_value
from classify.settling import settled, votes_on
from ocr.again import Piece, Readings, read_again
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.rules import rules_on

_WORDS: Final = {
    "same": "read alike by most",
    "other": "another value proposed",
    "open": "disputed, the first stands",
    "": "nothing said",
    "new": "found by second readings alone",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One value that was read again: what it was and is now, and whether that is true."""

    item: str
    name: str
    true: str
    before: ExtractedField | None
    after: ExtractedField | None
    was_right: bool
    is_right: bool

    @property
    def how(self) -> str:
        """What became of it, as `ExtractedField.again` has it."""
        return self.after.again if self.after else ""


@dataclass
class Cost:
    """Seconds of one core, and what they were for."""

    papers: int = 0
    pages: int = 0
    looking: float = 0.0
    places: int = 0
    pages_again: int = 0
    reading: float = 0.0
    settling: float = 0.0


@dataclass
class Found:
    """Everything that a run found."""

    outcomes: list[Outcome] = field(default_factory=list)
    cost: Cost = field(default_factory=Cost)


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers.again")
    parser.add_argument("set", choices=("train", "dev"))
    parser.add_argument("--per-kind", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kept", action="store_true", help="only papers whose first reading lies on the disk")
    parser.add_argument("--failures", type=Path, help="write what is wrong after the second reading into this file")
    given = parser.parse_args()
    items = hands(templates(given.set), given.per_kind)
    papers = read_all([item for item in items if kept(item)] if given.kept else items, given.jobs)
    found, engine, rules = Found(), start_engine("tesserocr"), load_rules()
    for paper in papers:
        found.outcomes += _outcomes(paper, engine, rules, found.cost)
    sys.stdout.write("\n".join(lines(found, given.set)) + "\n")
    if given.failures:
        given.failures.write_text("\n".join(_failures(found.outcomes)) + "\n", encoding="utf-8")
    return 0


def _outcomes(read: Read, engine: OcrEngine, rules: Rules, cost: Cost) -> Iterator[Outcome]:
    """Yield the outcome of each printed value of a paper that is in doubt and of which the truth is known."""
    paper = paper_of(read.pages, classify(read.pages, rules).kind, rules)
    first = list(weighed(paper, found_on(paper)))
    cost.papers, cost.pages = cost.papers + 1, cost.pages + len(read.pages)
    start = time.process_time()
    doubts = doubts_of(paper, first)
    cost.looking += time.process_time() - start
    if not doubts:
        return
    seconds = _second_readings(read, doubts, engine, cost)
    start = time.process_time()
    votes = votes_on(paper, first, doubts, seconds)
    after = settled(paper, first, votes)
    cost.settling += time.process_time() - start
    doubted = {id(each.first) for each in votes if each.first}
    pairs = [(one.field, now) for one, now in zip(first, after, strict=False) if id(one) in doubted]
    for before, now in [*pairs, *((None, now) for now in after[len(first) :])]:
        name, true = now.name, read.paper.fields.get(now.name, ())
        if true and name not in read.paper.in_pen:
            was = before is not None and _is_true(before, true)
            yield Outcome(read.item.name, name, " / ".join(true), before, now, was, _is_true(now, true))


def _second_readings(read: Read, doubts: Sequence[Doubt], engine: OcrEngine, cost: Cost) -> list[Readings]:
    pages = list(scanned_pages(read.item))
    found: dict[int, Readings] = {}
    limits = rules_on(date.today()).limits  # noqa: DTZ011 - a legal day is a local day
    for page in sorted({doubt.page for doubt in doubts}):
        places = [at for at, doubt in enumerate(doubts) if doubt.page == page]
        pieces = [Piece(doubts[at].box, doubts[at].height, doubts[at].signs) for at in places]
        start = time.process_time()
        again = read_again(engine, *pages[page], read.pages[page].transform, pieces, limits)
        cost.reading += time.process_time() - start
        cost.places, cost.pages_again = cost.places + len(places), cost.pages_again + 1
        found.update(zip(places, again, strict=True))
    return [found[at] for at in range(len(doubts))]


def _is_true(value: ExtractedField, true: Sequence[str]) -> bool:
    return any(same_value(value.name, value.value, one) for one in true)


def lines(found: Found, set_name: str) -> Iterator[str]:
    """Yield the tables."""
    outcomes, cost = found.outcomes, found.cost
    first = [one for one in outcomes if one.before]
    yield f"## Values in doubt read again, {set_name}: {cost.papers} papers, {cost.pages} pages"
    yield ""
    yield "| what became of them | values | right before | right after | confidence before | after | asked after |"
    yield "|---|---|---|---|---|---|---|"
    for how, words in _WORDS.items():
        own = [one for one in outcomes if one.how == how]
        if own:
            yield _row(words, own)
    if first:
        yield _row("all that had a value", first)
    yield ""
    wrong, right = [one for one in first if not one.was_right], [one for one in first if one.was_right]
    mended = sum(one.is_right for one in wrong)
    spoilt = sum(not one.is_right for one in right)
    yield f"Wrong values: {len(wrong)}, of which right now {mended}. Right values: {len(right)}, wrong now {spoilt}."
    new = [one for one in outcomes if one.before is None]
    yield f"Values that were missing and are there now: {len(new)}, of which right {sum(one.is_right for one in new)}."
    yield ""
    yield (
        f"Cost on one core: {_per(cost.looking, cost.pages)} ms a page to see what is in doubt; of {cost.pages_again} "
        f"pages {cost.places} places read again, {_per(cost.reading, cost.pages_again)} ms a page, "
        f"{_per(cost.reading, cost.places)} ms a place; {_per(cost.settling, cost.pages_again)} ms a page to settle."
    )


def _row(words: str, own: Sequence[Outcome]) -> str:
    before = [one.before.confidence for one in own if one.before]
    after = [one.after.confidence for one in own if one.after]
    asked = sum(1 for one in own if one.after and one.after.must_confirm)
    was, now = (sum(getattr(one, side) for one in own) for side in ("was_right", "is_right"))
    return f"| {words} | {len(own)} | {was} | {now} | {_mean(before)} | {_mean(after)} | {asked} |"


def _mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.1f}" if values else "–"


def _per(seconds: float, count: int) -> str:
    return f"{1000 * seconds / max(1, count):.1f}"


def _failures(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for one in outcomes:
        if not one.is_right or one.is_right != one.was_right:
            was = one.before.value if one.before else "–"
            now = f"{one.after.value} ({one.how}, {one.after.confidence})" if one.after else "–"
            yield f"{one.item} {one.name}: true {one.true}; was {was}; is {now}"


if __name__ == "__main__":
    sys.exit(main())
