"""A frozen report can be counted again for ever, and what two of them differ by is explained dossier by dossier."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings

from dossier.errors import Code, Rejected
from dossier.facts import FACTS_VERSION, FactLine
from dossier.register import VIETNAM, RegisterEntry
from reports.as_json import as_json
from reports.indicators.published import KEY, published
from reports.inspection import Question
from reports.lists import Detail
from reports.snapshot import Frozen, difference, freeze, read, written
from tests.reporting import inspected
from tests.unit.reports.test_inspection import AS_OF, FEBRUARY, PROCEDURES, at, entry, papers, registers

QUESTION = Question(FEBRUARY, AS_OF, unit="Xã Thử", demo=True)


def lines(rows: list[RegisterEntry], digitised: set[str] = frozenset()) -> tuple[FactLine, ...]:  # type: ignore[assignment]
    """Return the facts of some rows; those that are digitised have all their papers."""
    evidence = {code: papers(code) for code in digitised}
    return inspected(rows, evidence, PROCEDURES, period=FEBRUARY, as_of=AS_OF, demo=True).rows


def frozen(rows: list[RegisterEntry], digitised: set[str] = frozenset()) -> Frozen:  # type: ignore[assignment]
    """Return the snapshot of February."""
    return freeze(lines(rows, digitised), QUESTION, published(PROCEDURES.values()), "a digest", ["H99.27.14"])


@settings(deadline=None)
@given(registers)
def test_it_comes_back_to_the_byte(rows: list[RegisterEntry]) -> None:
    """Read, counted and written again; and it says what a report of that day says."""
    kept = list(written(frozen(rows)))
    again = read(kept)
    assert list(written(again)) == kept
    report = inspected(rows, {}, PROCEDURES, period=FEBRUARY, as_of=AS_OF, demo=True, unit="Xã Thử")
    told, said = as_json(again.figures), as_json(report.figures)
    assert {**told, "cells_sha256": ""} == {**said, "cells_sha256": ""}
    assert again.figures.rates[KEY] == published(PROCEDURES.values())


def test_the_order_of_the_register_does_not_matter() -> None:
    """Nor do rows that no figure counts."""
    rows = [entry(number) for number in range(1, 6)]
    long_ago = entry(9, received_at=at(3).replace(year=2019), settled_at=at(4).replace(year=2019))
    assert list(written(frozen(rows))) == list(written(frozen([*reversed(rows), long_ago])))


def damaged(kept: list[bytes], what: str) -> list[bytes]:
    """Return a snapshot in which something is not as it was."""
    if what == "row gone":
        return [kept[0], kept[1], *kept[3:]]
    if what == "figure":
        return [*kept[:-1], kept[-1].replace(b'"received":5', b'"received":6')]
    if what == "cut":
        return kept[:-1]
    if what == "newer":
        return [kept[0].replace(b'"facts":%d' % FACTS_VERSION, b'"facts":99'), *kept[1:]]
    return {"empty": [], "junk": [b"\x00\xff"], "other": [b'{"#":"hososo-seal 2"}\n']}[what]


@pytest.mark.parametrize("what", ["row gone", "figure", "cut", "newer", "empty", "junk", "other"])
def test_what_was_changed_is_not_counted(what: str) -> None:
    """Rows and figures vouch for each other; a form that this program does not know is refused."""
    kept = list(written(frozen([entry(number) for number in range(1, 6)])))
    assert read(kept)
    with pytest.raises(Rejected) as caught:
        read(damaged(kept, what))
    assert caught.value.code is Code.SNAPSHOT_DAMAGED


def test_facts_that_came_later_take_nothing_away() -> None:
    """A snapshot of an earlier release lacks a fact that nobody asked for then."""
    kept = list(written(frozen([entry()])))
    profile = json.loads(kept[1])
    del profile["facts"]["explained"]
    assert read([kept[0], json.dumps(profile).encode(), *kept[2:]]).rows == frozen([entry()]).rows


def test_versions_are_named_though_the_newest_were_asked_for() -> None:
    """So that a newer version of a definition does not change the old report."""
    asked = frozen([entry()]).figures.question.versions
    assert asked is not None
    assert {"portal", "archival", "timeliness"} <= set(asked)
    assert all(asked.values())


@settings(deadline=None)
@given(registers, registers)
def test_all_that_differs_is_named(before: list[RegisterEntry], after: list[RegisterEntry]) -> None:
    """The changes account for every count: each figure's difference is that of the dossiers listed."""
    old, new = frozen(before), frozen(after)
    changes = difference(old, new)
    moved: Counter[str] = Counter()
    for change in changes:
        moved.subtract(_counts(change.before))
        moved.update(_counts(change.after))
    lost, found = (Counter({line.cause.value: line.count for line in side.figures.causes}) for side in (old, new))
    for cause in {*lost, *found}:
        assert found[cause] - lost[cause] == moved[f"archival {cause}"]
    assert new.figures.total.handled - old.figures.total.handled == moved["handled"]
    assert [change.code for change in changes] == sorted(change.code for change in changes)


def _counts(one: Detail | None) -> dict[str, int]:
    if one is None:
        return {}
    base = {f"archival {one.archival.value}": 1} if one.archival is not None else {}
    return base | ({"handled": 1} if one.outcome is not None else {})


def test_a_dossier_says_why_it_counts_now() -> None:
    """Digitised since; the other one has not changed and is not named."""
    rows = [entry(1), entry(2)]
    (change,) = difference(frozen(rows), frozen(rows, {rows[0].code}))
    assert change.code == rows[0].code
    assert change.before is not None
    assert change.after is not None
    assert (change.before.archival, change.after.archival) == ("NOT_SCANNED", "COUNTED")


def test_time_alone_can_change_a_report() -> None:
    """A dossier in progress turns overdue, though nothing was written about it."""
    open_one = entry(1, status=None, settled_at=None, due_at=at(20))
    early = replace(QUESTION, as_of=datetime(2026, 2, 10, tzinfo=VIETNAM))
    rate = published(PROCEDURES.values())
    first, second = (freeze(lines([open_one]), question, rate, "x") for question in (early, QUESTION))
    (change,) = difference(first, second)
    assert change.before is not None
    assert change.after is not None
    assert change.before.archival == change.after.archival
    assert change.before.outcome != change.after.outcome
