"""Groups partition: whatever a table has rows for, each dossier is in exactly one of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.deriving import fact_line
from dossier.errors import Code, Rejected
from dossier.facts import FactLine, cells
from dossier.register import VIETNAM, RegisterEntry
from registers.reference import Kind, ReferenceRow
from registers.units import UnitTree
from reports.grouping import DIMENSIONS, By, Seen, axis_of, by_group, by_period, grouping
from reports.indicators.registry import chosen, formula, formulas
from reports.inspection import Question
from reports.period import Counting, Period, month, quarter, whole_year
from reports.rates import definitions, versions
from reports.view import Base
from tests.reporting import Inspected, inspected
from tests.unit.reports.test_inspection import AS_OF, PROCEDURES, at, entry, registers

_UNITS = ("H99.27.14", "H99.27.15", "H77")


def _unit(code: str, level: str, parent: str, *successors: str) -> ReferenceRow:
    values = {"code": code, "name": code, "level": level, "parent": parent, "successors": successors, "fonds": ""}
    until = date(2026, 2, 10) if successors else None
    return ReferenceRow(Kind.UNITS, code, date(2020, 1, 1), until, "NQ", values)


TREE = UnitTree(
    [_unit("H99", "tinh", ""), _unit("H99.27.14", "xa", "H99", "H99.27.15"), _unit("H99.27.15", "xa", "H99")]
)
QUARTER = quarter(2026, 1, Counting.CALENDAR)


def _spread(rows: list[FactLine]) -> list[FactLine]:
    """Return the rows spread over units."""
    return [
        FactLine(r.code, _UNITS[n % 3], r.field, r.procedure, r.facts, r.received, r.due, r.finished)
        for n, r in enumerate(rows)
    ]


@settings(max_examples=40, deadline=None)
@given(rows=registers, base=st.sampled_from(Base), seen=st.sampled_from(Seen))
def test_groups_add_up_to_the_whole(rows: list[RegisterEntry], base: Base, seen: Seen) -> None:
    """In every dimension and both views of units the groups' workloads and rates are those of the report."""
    whole = inspected(rows, {}, PROCEDURES, period=QUARTER, as_of=AS_OF, base=base)
    lines, view = _spread(list(whole.rows)), Question(QUARTER, AS_OF, base).view()
    total, rates = whole.figures.total, whole.figures.rates
    for by in By:
        if by is By.PERIOD:
            continue
        counted = cells(lines, view.axis, DIMENSIONS[by])
        found = by_group(counted, view, grouping(by, TREE, AS_OF.date(), seen), {})
        assert len({line.group for line in found}) == len(found)
        assert sum(line.load.handled for line in found) == total.handled
        for kind, number in total.outcomes.items():
            assert sum(line.load.outcomes[kind] for line in found) == number
        for key in formulas():
            assert sum(line.rates[key].numerator for line in found) == rates[key].numerator, (by, key)
            assert sum(line.rates[key].denominator for line in found) == rates[key].denominator, (by, key)


@settings(max_examples=12, deadline=None)
@given(
    rows=registers, counting=st.sampled_from([Counting.CALENDAR, Counting.ADMINISTRATIVE]), base=st.sampled_from(Base)
)
def test_months_counted_together_are_those_counted_alone(
    rows: list[RegisterEntry], counting: Counting, base: Base
) -> None:
    """One pass over the year gives each month's report, and what is received in them is received in the year."""
    year = whole_year(2026, counting)
    parts = year.months()
    whole = inspected(rows, {}, PROCEDURES, period=year, as_of=AS_OF, base=base)
    found = by_period(cells(whole.rows, axis_of(parts, AS_OF, base)), parts, AS_OF, base, {})
    for part, line in zip(parts[:5], found, strict=False):
        alone = inspected(rows, {}, PROCEDURES, period=part, as_of=AS_OF, base=base).figures
        assert line.group == part.name
        assert line.load == alone.total
        assert all(line.rates[key] == alone.rates[key] for key in line.rates)
    assert sum(line.load.received for line in found) == whole.figures.total.received


def test_merged_units_count_under_their_successor() -> None:
    """In the view of today two communes are one, in the historic one they are two, and both lie in one province."""
    lines = [
        FactLine(f"c{n}", _UNITS[n], "", "", row.facts, row.received, row.due, row.finished)
        for n, row in enumerate(
            inspected([entry(1), entry(2), entry(3)], {}, PROCEDURES, period=QUARTER, as_of=AS_OF).rows
        )
    ]
    view = Question(QUARTER, AS_OF).view()

    def groups(by: By, seen: Seen) -> list[str]:
        """Return the groups there are."""
        counted = cells(lines, view.axis, DIMENSIONS[by])
        return [line.group for line in by_group(counted, view, grouping(by, TREE, AS_OF.date(), seen), {})]

    assert groups(By.UNIT, Seen.HISTORIC) == ["H77", "H99.27.14", "H99.27.15"]
    assert groups(By.UNIT, Seen.PRESENT) == ["H77", "H99.27.15"]
    assert groups(By.PROVINCE, Seen.HISTORIC) == ["H77", "H99"]


@pytest.mark.parametrize("counting", [Counting.CALENDAR, Counting.ADMINISTRATIVE])
def test_months_of_a_period_follow_each_other(counting: Counting) -> None:
    """They cover the period day by day, as it counts them; the ends of a free range are cut off."""
    for period in (
        whole_year(2026, counting),
        quarter(2026, 1, counting),
        Period(date(2026, 1, 9), date(2026, 3, 2), "", counting),
    ):
        parts = period.months()
        assert (parts[0].start, parts[-1].end) == (period.start, period.end)
        assert all(one.end + timedelta(days=1) == other.start for one, other in pairwise(parts))
    assert [part.name for part in month(2026, 2, counting).months()] == ["2026-02"]


def test_every_version_has_its_formula_and_none_is_changed_by_a_new_one() -> None:
    """What `definitions.toml` names can be computed, the newest is the default, and an older one can be asked for."""
    for key, known in formulas().items():
        assert [one.version for one in known] == [one.version for one in versions(key)]
        assert formula(key).version == definitions()[key].version
    assert [one.version for one in chosen({"timeliness": "766-2.1/2025-07"}) if one.key == "timeliness"] == [
        "766-2.1/2025-07"
    ]
    for key, version in (("timeliness", "766-2.1/1999-01"), ("nothing", "")):
        with pytest.raises(Rejected) as caught:
            formula(key, version)
        assert caught.value.code is Code.DEFINITION_UNKNOWN


def test_an_old_version_gives_its_old_figure() -> None:
    """A dossier without an appointment is judged by the legal deadline in the new version, by none in the old."""
    row = entry(1, due_at=None)
    lines = list(_quarter([row]).rows)
    legal = _with_legal_due(row)
    assert lines[0].facts.due == ""
    view = Question(QUARTER, AS_OF).view()
    old, new = (formula("timeliness", one.version) for one in versions("timeliness"))
    assert (
        old.rate(cells([legal], view.axis), view).numerator,
        new.rate(cells([legal], view.axis), view).numerator,
    ) == (0, 1)
    assert {old.rate(cells(lines, view.axis), view).numerator, new.rate(cells(lines, view.axis), view).numerator} == {0}


def test_what_no_register_says_is_no_data() -> None:
    """Reuse is a rate once one row has the flag, and no data while none has; so is the channel."""
    silent = inspected([entry(1, channel=None)], {}, PROCEDURES, period=QUARTER, as_of=AS_OF).figures.rates
    said = inspected(
        [entry(1), entry(2, portal_reused=False)], {}, PROCEDURES, period=QUARTER, as_of=AS_OF
    ).figures.rates
    assert [silent[key].known for key in ("reused", "shared", "channel_post", "portal")] == [False, False, False, True]
    assert (said["reused"].known, said["reused"].text, silent["reused"].text) == (True, "0,00%", "–")
    assert said["channel_direct"].numerator == 2


def _quarter(rows: list[RegisterEntry]) -> Inspected:
    return inspected(rows, {}, PROCEDURES, period=QUARTER, as_of=AS_OF)


def _with_legal_due(row: RegisterEntry) -> FactLine:
    """Return the row's facts with a deadline that the procedure's days give."""
    due = datetime(2026, 2, 12, 23, 59, 59, tzinfo=VIETNAM)
    assert at(9) < due
    return fact_line(row, PROCEDURES["1.001193"], None, legal_due=due)
