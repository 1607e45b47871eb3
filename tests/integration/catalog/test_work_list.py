"""The work of boxes and dossiers that each database counts is what counting in memory counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bench.store_room import Room, fill
from catalog import Catalogue, facts, work_list
from catalog.facts import Scope
from catalog.work_list import Window
from dossier.facts import FactLine
from dossier.remaining import BoxWork, Prices
from reports.worklist.boxes import Order, boxes_of, ranked
from reports.worklist.effort import Scanned, effort_on
from reports.worklist.pricing import prices

EFFORT = effort_on(date(2026, 1, 1))
EVERYTHING = Window(0, 1 << 40)


@pytest.fixture
def lines(catalogue: Catalogue) -> list[FactLine]:
    """Return the lines of a small store room, which are in the catalogue as well; some have no place."""
    found = [one.line for one in fill(Room(300, in_a_box=10), 7)]
    found = [replace(line, box="", counter="") if n % 11 == 0 else line for n, line in enumerate(found)]
    with catalogue.write() as tx:
        facts.save(tx, found)
    return found


def _priced(catalogue: Catalogue) -> Prices:
    with catalogue.read() as tx:
        scanned = {name: Scanned(*seen) for name, seen in work_list.scanned(tx).items()}
        return prices(work_list.known_facts(tx), scanned, EFFORT)


def _shown(box: BoxWork) -> tuple[object, ...]:
    rounded = (round(one, 6) for one in (box.paper_gain, box.pages, box.paper_minutes, box.desk_gain, box.desk_minutes))
    return (box.unit, box.box, box.dossiers, box.counted, box.on_paper, box.at_desk, box.oldest, *rounded)


def test_boxes_are_those_of_the_lines(catalogue: Catalogue, lines: list[FactLine]) -> None:
    """Box by box and in order, over everything, a window of days, a procedure."""
    known = _priced(catalogue)
    middle = sorted(line.received or 0 for line in lines)[150]
    for window, own in (
        (EVERYTHING, lines),
        (Window(0, middle), [line for line in lines if (line.received or 0) < middle]),
        (
            Window(0, 1 << 40, Scope(procedures=frozenset({"dat-dai"}))),
            [line for line in lines if line.procedure == "dat-dai"],
        ),
    ):
        with catalogue.read() as tx:
            counted = list(work_list.boxes(tx, window, known))
            first = ranked(counted, known, EFFORT, Order.GAIN, 5)[0]
            inside = work_list.box_facts(tx, window, first)
        assert sorted(map(_shown, counted)) == sorted(map(_shown, boxes_of(own, known)))
        for box in first:
            assert sum(number for _, number in inside[box.unit, box.box]) == box.dossiers


def test_dossiers_come_by_what_they_gain(catalogue: Catalogue, lines: list[FactLine]) -> None:
    """In order of gain a minute, or of reception; pages follow each other without a gap; a box has its own."""
    known = _priced(catalogue)
    with catalogue.read() as tx:
        found = work_list.dossiers(tx, EVERYTHING, known, 1000)
        paged = [work_list.dossiers(tx, EVERYTHING, known, 40, skip=skip) for skip in range(0, 200, 40)]
        oldest = work_list.dossiers(tx, EVERYTHING, known, 1000, oldest_first=True)
        box = next(line.box for line in lines if line.box)
        own = work_list.dossiers(tx, replace(EVERYTHING, box=box), known, 1000)
    worth = [one.gain / (one.pages * EFFORT.page_minutes + one.minutes) for one in found]
    assert worth == sorted(worth, reverse=True)
    assert [one.code for page in paged for one in page] == [one.code for one in found][:200]
    assert [one.received for one in oldest] == sorted(one.received for one in found)
    by_code = {line.code: line for line in lines}
    for one in found:
        line = by_code[one.code]
        assert (one.facts, one.box, one.is_known) == (line.facts, line.box, line.to_scan is not None)
        assert one.pages == pytest.approx(known.pages(line.facts, line.procedure, line.to_scan))
    work = {each for each, price in known.by_facts.items() if price.on_paper or price.at_desk}
    assert {one.code for one in found} == {line.code for line in lines if line.facts in work}
    assert {one.code for one in own} == {line.code for line in lines if line.facts in work and line.box == box}


def test_pages_are_learned_from_what_was_scanned_whole(catalogue: Catalogue, lines: list[FactLine]) -> None:
    """By procedure; a line that is made anew counts once."""
    expected: dict[str, tuple[int, int]] = {}
    for line in lines:
        if line.pages:
            dossiers, pages = expected.get(line.procedure, (0, 0))
            expected[line.procedure] = (dossiers + 1, pages + line.pages)
    with catalogue.write() as tx:
        facts.save(tx, lines[:100])
        assert work_list.scanned(tx) == expected
        facts.save(tx, [replace(line, pages=0) for line in lines])
        assert work_list.scanned(tx) == {}
