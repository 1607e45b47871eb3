"""A populated catalogue of every released schema is upgraded and goes on, on each database.

`released/VERSION.jsonl` holds the rows of a real run of that version over the small sample set, a delivery changed,
another killed in the middle: one line a row, tables that are referred to first.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean, Connection, LargeBinary, MetaData, Table, func, insert, or_, select, text

import catalog.migrations
from catalog import Catalogue, documents, events, intakes, objects, pages, queue, register_rows, work
from catalog.catalogue import SCHEMA_VERSION, migrate
from catalog.schema import claim, intake, metadata, page, stored_object
from dossier.states import DocumentState, IntakeState, PageState, Step
from pipeline.sealing import check_seals

RELEASED = sorted((Path(__file__).parent / "released").glob("*.jsonl"))
_OF_NO_DOSSIER = ("seal", "register", "import", "edition", "explanation", "snapshot", "signed-report", "lot", "reuse")
LATER = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def _rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows of a released catalogue with their tables."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [(line["table"], line["row"]) for line in lines if line["table"] != "alembic_version"]


def _load(tx: Connection, path: Path) -> None:
    """Make the schema of a released version and put its rows in."""
    migrate(tx, path.stem)
    there = MetaData()
    there.reflect(tx)
    for name, group in groupby(_rows(path), key=lambda pair: pair[0]):
        table = there.tables[name]
        tx.execute(insert(table), [_typed(table, row) for _, row in group])
        if tx.dialect.name == "postgresql" and "id" in table.c and table.c.id.autoincrement is True:
            _count_on(tx, name)


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table, name, value) for name, value in row.items()}


def _value(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    kind = table.c[name].type
    if isinstance(kind, LargeBinary) and value is not None:
        return b64decode(value["base64"])
    return bool(value) if isinstance(kind, Boolean) else value


def _count_on(tx: Connection, name: str) -> None:
    """Let a table number its next row as if it had numbered those that are there."""
    sequence = f"pg_get_serial_sequence('{name}', 'id')"
    tx.execute(text(f"SELECT setval({sequence}, max(id)) FROM {name}"))  # noqa: S608 - a name of ours


_FIRST_AND_LAST = (RELEASED[0], RELEASED[-1])
"""From the first one all steps are gone; those between begin in the middle of the same way."""


@pytest.fixture(
    params=[
        pytest.param(path, marks=() if path in _FIRST_AND_LAST else pytest.mark.long, id=path.stem) for path in RELEASED
    ]
)
def released(request: pytest.FixtureRequest, empty_url: str) -> Iterator[Catalogue]:
    """Give a populated catalogue of a released version, not upgraded."""
    opened = Catalogue(empty_url)
    with opened.write() as tx:
        _load(tx, request.param)
    yield opened
    opened.close()


@pytest.fixture
def upgraded(released: Catalogue) -> Catalogue:
    """Return it, upgraded."""
    released.upgrade()
    return released


def test_every_released_schema_has_its_catalogue() -> None:
    """Whoever adds a version adds the rows of the one before."""
    versions = {path.stem[1:5] for path in (Path(catalog.migrations.__path__[0]) / "versions").glob("v*.py")}
    assert {path.stem for path in RELEASED} == versions - {SCHEMA_VERSION}


def test_the_upgraded_schema_is_the_described_one(upgraded: Catalogue) -> None:
    """Tables, columns, types, indexes and constraints do not differ from a new catalogue's."""
    upgraded.check_version()
    with upgraded.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_what_was_stored_is_still_there(upgraded: Catalogue, request: pytest.FixtureRequest) -> None:
    """Every row with every value, but for work that the upgrade asks for anew, and leaves, which got columns."""
    path = RELEASED[request.node.callspec.indices["released"]]
    with upgraded.read() as tx:
        for name, group in groupby(_rows(path), key=lambda pair: pair[0]):
            table = metadata.tables[name]
            expected = [_typed(table, _with_leaves(name, row)) for _, row in group]
            columns = [table.c[column] for column in expected[0]]
            found = [dict(row._mapping) for row in tx.execute(select(*columns))]
            if name == "work_item":
                expected, found = ([row for row in rows if row["step"] != "close"] for rows in (expected, found))
            assert sorted(map(repr, found)) == sorted(map(repr, expected)), name


def _with_leaves(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its leaves as they are kept since 0012."""
    if name == "paper_place":
        number, _, leaves = row["number"].partition("\x1f")
        return {**row, "number": number, "leaves": leaves}
    if name == "hand_over":
        said = row["replaces"] if isinstance(row["replaces"], dict) else {"names": row["replaces"], "leaves": ""}
        return {**row, "replaces": said["names"], "leaves": said["leaves"]}
    return row


def test_chains_and_seals_hold(upgraded: Catalogue) -> None:
    """Each dossier's chain is whole, its head is the noted one, and the seals of that time cover it."""
    with upgraded.read() as tx:
        for dossier in intakes.all_dossiers(tx):
            assert events.check_chain(tx, dossier.id) == events.head(tx, dossier.id)
        check_seals(tx)


def test_what_is_told_of_it_is_right(upgraded: Catalogue) -> None:
    """Counts that are kept since are those of the rows."""
    with upgraded.read() as tx:
        assert intakes.counts(tx) == {IntakeState.ASSEMBLED: len(intakes.all_dossiers(tx))}
        assert pages.counts(tx) == {PageState.READ: tx.execute(select(func.count()).select_from(page)).scalar_one()}
        for row in tx.execute(select(intake.c.id, intake.c.pages)):
            assert row.pages == len(pages.of_intake(tx, row.id))
        counts = documents.counts(tx)
        live = [item for dossier in intakes.all_dossiers(tx) for item in documents.live(tx, dossier.id)]
        assert counts == {state: sum(item.state is state for item in live) for state in counts}
        assert counts[DocumentState.ARCHIVED] < len(live) == sum(counts.values())
        assert len(list(register_rows.entries(tx))) == 40


def test_every_claim_has_its_object(upgraded: Catalogue) -> None:
    """What dossiers, seals, registers and reports need is what is claimed, and nothing claimed is unknown."""
    with upgraded.read() as tx:
        needed = {digest for dossier in intakes.all_dossiers(tx) for digest in objects.of_dossier(tx, dossier.id)}
        of_none = or_(*(claim.c.referrer.startswith(f"{kind}:") for kind in _OF_NO_DOSSIER))
        needed |= set(tx.execute(select(claim.c.sha256).where(of_none)).scalars())
        assert needed == objects.claimed_digests(tx) <= set(tx.execute(select(stored_object.c.sha256)).scalars())


def test_what_the_killed_worker_held_is_done_by_the_next(upgraded: Catalogue) -> None:
    """Old work items are given out, each once, and can be finished."""
    with upgraded.write() as tx:
        assert work.release_expired(tx, LATER) == 1
    done = []
    while True:
        with upgraded.write() as tx:
            item = work.claim(tx, "run/1/", tuple(Step), LATER)
            if item is None:
                break
            work.finish(tx, item, LATER)
            done.append((item.step, item.subject))
    assert {Step.ARCHIVE, Step.CLASSIFY} <= {step for step, _ in done}
    assert len(done) == len(set(done))
    with upgraded.read() as tx:
        assert queue.open_total(tx) == 0


def test_new_rows_get_new_numbers(upgraded: Catalogue) -> None:
    """The chain goes on where it was."""
    with upgraded.write() as tx:
        for dossier in intakes.all_dossiers(tx):
            events.append(tx, dossier.id, "retried", LATER, {})
            events.check_chain(tx, dossier.id)


def test_two_upgrades_at_once_are_one(released: Catalogue, empty_url: str) -> None:
    """Two hosts start after an upgrade of the program: the second finds nothing to do."""

    def upgrade() -> None:
        own = Catalogue(empty_url)
        own.upgrade()
        own.close()

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(upgrade) for _ in range(2)]:
            running.result(60)
    released.check_version()
