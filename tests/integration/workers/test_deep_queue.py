"""A deep queue: claims come off an index, in order, however many items wait and whatever the database expects."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from catalog import Catalogue, Transaction, queue, work
from dossier.states import Step

_ITEMS = 20_000
_NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_nobody_sorts_a_queue_that_has_just_been_filled(catalogue: Catalogue) -> None:
    """Right after a large delivery, before the database has counted, the next item is read off the index."""
    with catalogue.write() as tx:
        work.enqueue(tx, Step.READ, (f"page-{number:05}" for number in range(_ITEMS)), "box", _NOW)
    with catalogue.write() as tx:
        work.read_in_order(tx)
        plan = _plan(
            tx,
            "select id, priority from work_item where state = 'ready' and step = 'read' "
            "and run_after <= 1 order by priority, id limit 1",
        )
    assert "ix_work_item_next" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_items_come_in_order_of_urgency_and_age(catalogue: Catalogue) -> None:
    """What the relay sees and what a worker claims is the same item."""
    with catalogue.write() as tx:
        work.enqueue(tx, Step.READ, ("a", "b", "c"), "box", _NOW)
        tx.execute(text("update work_item set priority = 10 where subject <> 'c'"))
    with catalogue.read() as tx:
        assert [item.subject for item in queue.due(tx, Step.READ, _NOW, 10)] == ["c", "a", "b"]
    claimed = []
    for _ in range(3):
        with catalogue.write() as tx:
            item = work.claim(tx, "run/1/", tuple(Step), _NOW)
        assert item is not None
        claimed.append(item.subject)
    assert claimed == ["c", "a", "b"]


def _plan(tx: Transaction, query: str) -> str:
    explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in tx.execute(text(f"{explain} {query}")))
