"""What is asked all the time finds its answer in an index: a million finished pages cost nothing.

SQLite tells how it would look; a table that grows with the archive may only be walked through in an index that holds
all that is asked of it, or only the few rows that are not finished.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from catalog import Catalogue, Transaction, documents, fixity, queue, work
from dossier.states import Step
from hososo.overview import overview
from hososo.settings import Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
_GROWING = "dossier|intake|source_file|page|document|stored_object|claim|work_item|event_link|problem"
_WALKED = re.compile(rf"SCAN (?:{_GROWING})(?! USING (?:COVERING )?INDEX)")
_OF_FEW = "ix_document_unconfirmed|ix_work_item_next|ix_stored_object_faulty|ix_problem_unresolved"
_WHOLE = re.compile(rf"SCAN (?:{_GROWING}) USING INDEX (?!{_OF_FEW})")


@pytest.fixture
def catalogue(tmp_path: Path, sqlite_template: Path) -> Iterator[Catalogue]:
    """Give an empty catalogue on SQLite."""
    path = tmp_path / "catalogue.db"
    path.write_bytes(sqlite_template.read_bytes())
    opened = Catalogue(f"sqlite:///{path}")
    yield opened
    opened.close()


def _plans(catalogue: Catalogue, ask: Callable[[], object]) -> list[tuple[str, str]]:
    """Return every statement that a question runs, with what SQLite does for it."""
    asked: list[tuple[str, object]] = []

    def note(*happened: object) -> None:
        """Keep a statement with its parameters."""
        if str(happened[2]).startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((str(happened[2]), happened[3]))

    event.listen(catalogue._engine, "before_cursor_execute", note)
    ask()
    event.remove(catalogue._engine, "before_cursor_execute", note)
    database = sqlite3.connect(str(catalogue._engine.url.database))
    plans = [
        (statement, row[3])
        for statement, parameters in asked
        for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
    ]
    database.close()
    return plans


def _write(catalogue: Catalogue, do: Callable[[Transaction], object]) -> None:
    with catalogue.write() as tx:
        do(tx)


QUESTIONS: dict[str, Callable[[Catalogue], object]] = {
    "status": lambda own: overview(own, Settings()),
    "claim": lambda own: _write(own, lambda tx: work.claim(tx, "run/1/", tuple(Step), NOW)),
    "leases": lambda own: _write(own, lambda tx: work.release_expired(tx, NOW)),
    "progress": lambda own: _write(own, lambda tx: queue.open_count(tx, tuple(Step), NOW)),
    "held": lambda own: _write(own, queue.claimed_by),
    "confirming": lambda own: _write(own, lambda tx: documents.unconfirmed(tx, None, 50)),
    "fixity": lambda own: _write(own, lambda tx: fixity.faulty(tx, "", 10)),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_table_that_grows_is_walked_through(catalogue: Catalogue, question: str) -> None:
    """Each statement is answered from an index."""
    plans = _plans(catalogue, lambda: QUESTIONS[question](catalogue))
    assert plans
    assert [plan for plan in plans if _WALKED.search(plan[1]) or _WHOLE.search(plan[1])] == []


def test_a_question_without_an_index_would_be_found(catalogue: Catalogue) -> None:
    """That an item set aside is an undone one is not for SQLite to conclude."""

    def ask() -> None:
        with catalogue.read() as tx:
            tx.exec_driver_sql("SELECT id FROM work_item WHERE state = 'quarantined'").all()

    assert any(_WALKED.search(plan) for _, plan in _plans(catalogue, ask))
