"""The projection counts on each database what counting in memory counts, and lists what it counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import Catalogue, explanations, facts, reference, register_rows
from catalog.facts import Progress, Scope
from dossier.deriving import fact_line
from dossier.facts import Axis, Cell, FactLine, Facts, cells
from dossier.register import Channel, Procedure, RegisterEntry, Status
from reports.lists import behind, figures
from reports.period import Counting, month
from reports.view import Base, View, views

PERIOD = month(2026, 2, Counting.CALENDAR)
START = datetime(2026, 1, 1, tzinfo=UTC)
PROCEDURE = Procedure(
    "1.1", "Tên", "Hộ tịch", (), has_result=True, keeps_papers=True, valid_from=START.date(), basis=""
)

moments = st.none() | st.integers(0, 90 * 24).map(lambda hours: START + timedelta(hours=hours))
flags = st.none() | st.booleans()
entries = st.builds(
    RegisterEntry,
    code=st.just(""),
    raw_code=st.just(""),
    row=st.just(1),
    unit=st.sampled_from(["H99.1", "H99.2", "Đơn vị"]),
    field=st.sampled_from(["", "Đất đai", "Hộ tịch"]),
    procedure=st.sampled_from(["1.1", "9.9", ""]),
    procedure_name=st.just(""),
    channel=st.none() | st.sampled_from(Channel),
    status=st.none() | st.sampled_from(Status),
    received_at=moments,
    due_at=moments,
    settled_at=moments,
    returned_at=moments,
    portal_components=flags,
    portal_result=flags,
    portal_reused=flags,
)
registers = st.lists(st.tuples(entries, st.booleans()), max_size=30).map(
    lambda rows: [
        fact_line(
            replace(row, code=f"H99.1-260101-{number:04d}"),
            PROCEDURE if row.procedure == "1.1" else None,
            None,
            explained=explained,
        )
        for number, (row, explained) in enumerate(rows)
    ]
)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Give one catalogue a database for all examples; each begins by forgetting the lines of the one before."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('facts') / 'catalogue.db'}"
    else:
        url = request.getfixturevalue("postgres").empty_database()
    opened = Catalogue(url)
    opened.upgrade()
    yield opened
    opened.close()


def _counted(found: Iterator[Cell]) -> Counter[Cell]:
    """Return cells with their counts as a bag, equal cells added up."""
    bag: Counter[Cell] = Counter()
    for cell in found:
        bag[replace(cell, count=0)] += cell.count
    return bag


def _view(base: Base) -> tuple[Axis, View]:
    axis, (_, view) = views([month(2026, 1, Counting.CALENDAR), PERIOD], START + timedelta(days=400), base)
    return axis, view


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=registers, base=st.sampled_from(Base), by=st.sets(st.sampled_from(["unit", "field", "procedure"])))
def test_database_and_memory_count_alike(shared: Catalogue, rows: list[FactLine], base: Base, by: set[str]) -> None:
    """The same cells whatever is told apart; scopes leave out what they say; lines come back as they were."""
    axis, view = _view(base)
    dimensions = sorted(by)
    with shared.write() as tx:
        facts.clear(tx)
        facts.save(tx, rows)
        facts.save(tx, rows[:3])  # again: in place of the first
    scope = Scope(units=frozenset({"H99.1"}), fields=frozenset({"", "Hộ tịch"}))
    own = [row for row in rows if row.unit == "H99.1" and row.field in {"", "Hộ tịch"}]
    with shared.read() as tx:
        assert _counted(facts.cells(tx, axis, dimensions)) == _counted(cells(rows, axis, dimensions))
        assert _counted(facts.cells(tx, axis, dimensions, scope)) == _counted(cells(own, axis, dimensions))
        assert list(facts.lines(tx)) == rows
        counted = list(facts.cells(tx, axis, (), scope))
        for name in list(figures())[::5]:
            chosen = behind(name, counted, view)
            alone = [row.code for row in own if behind(name, cells([row], axis), view)]
            assert facts.listed(tx, axis, chosen, scope=scope, limit=1000) == alone
            assert facts.listed(tx, axis, chosen, scope=scope, after=(alone or [""])[0], limit=2) == alone[1:3]


def test_facts_survive_their_text(catalogue: Catalogue) -> None:
    """Every field of the facts comes back from the database as it was."""
    (row,) = [fact_line(_entry(), PROCEDURE, None, explained=True)]
    full = replace(row.facts, components=(1, 0, 0, 2, 0, 0, 0, 3), scanned=4, signed=3, results=2, development=1)
    with catalogue.write() as tx:
        facts.save(tx, [replace(row, facts=full)])
    with catalogue.read() as tx:
        (found,) = facts.lines(tx)
    assert found.facts == full == Facts.of_text(full.as_text())
    assert isinstance(found.facts.status, Status)


def test_progress_and_explanations(catalogue: Catalogue) -> None:
    """How far the lines have come is kept; a second reason for a dossier takes the place of the first."""
    with catalogue.write() as tx:
        assert facts.progress(tx) is None
        facts.set_progress(tx, Progress("a", 1))
        facts.set_progress(tx, Progress("b", 2))
        for reason in ("một", "hai"):
            explanations.put(tx, ["x"], reason, "lan.nt", START)
    with catalogue.read() as tx:
        assert facts.progress(tx) == Progress("b", 2)
        assert explanations.explained(tx, ["x", "y"]) == {"x"}
        assert facts.span(tx) is None
        assert register_rows.newest_import(tx) == 0


def test_editions_are_kept_as_they_were(catalogue: Catalogue) -> None:
    """What an edition said stays when a later one says something else."""
    row = reference.StoredRow("units", "H1", START.date(), None, "NQ", False, False, {"name": "Cũ"})  # noqa: FBT003
    with catalogue.write() as tx:
        first, second = reference.Edition(1, "units", "0" * 64, 1, "a", START), 2
        reference.add(tx, first, [row])
        changed = replace(first, number=second, sha256="1" * 64, actor="b")
        reference.add(tx, changed, [replace(row, values={"name": "Mới"})])
    with catalogue.read() as tx:
        assert [one.values["name"] for one in reference.rows(tx, first.number)] == ["Cũ"]
        assert [one.values["name"] for one in reference.rows(tx)] == ["Cũ", "Mới"]
        assert [(one.number, one.count, one.actor) for one in reference.editions(tx)] == [
            (1, 1, "a"),
            (second, 1, "b"),
        ]
        assert reference.latest(tx) == second


def _entry() -> RegisterEntry:
    return RegisterEntry(
        "H99.1-260101-0001",
        "",
        1,
        "H99.1",
        "",
        "1.1",
        "",
        Channel.POST,
        Status.RETURNED,
        START,
        START + timedelta(days=5),
        START + timedelta(days=4),
        None,
    )
