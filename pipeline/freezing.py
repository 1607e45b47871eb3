"""Freezing: a report with all that it was counted from becomes an object of the archive, and is listed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from typing import IO

from catalog import Transaction, facts, snapshots
from catalog.snapshots import Snapshot
from dossier.errors import Code, Rejected
from dossier.people import Account
from pipeline.keeping import keep, keep_bytes
from pipeline.locking import lock
from pipeline.questions import Answerable, scope_of
from pipeline.referring import reference
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE, record_snapshot, snapshot_object
from reports.indicators.published import published
from reports.signable import require_closed
from reports.snapshot import SNAPSHOT_TYPE, Frozen, freeze, read, scope_in, written

_LONGEST_HEADING = 1 << 20


def frozen_now(tx: Transaction, asks: Answerable) -> Frozen:
    """Return the answer of a question with the rows that it is counted from."""
    question = asks.question
    return freeze(
        facts.lines(tx, asks.scope),
        question,
        published(asks.known.procedures.on(question.period.end).values()),
        asks.known.digest,
        asks.scope.units,
    )


def take(frozen: Frozen, actor: str, why: str, services: Services) -> Snapshot:
    """Store a snapshot and list it; the same figures taken twice are one object and two entries of the list.

    Raises:
        Rejected(REPORT_NOT_CLOSED): Dossiers that nobody explains are left.
        Unavailable: The store or the catalogue cannot take it now.
    """
    require_closed(frozen.figures)
    with tempfile.TemporaryFile(dir=services.scratch) as stream:
        stream.writelines(written(frozen))
        ref = keep(stream, SNAPSHOT_TYPE, services)
    question = frozen.figures.question
    taken = Snapshot(
        number=0,
        at=services.clock(),
        actor=actor,
        sha256=ref.sha256,
        unit=question.unit,
        period=question.period.name,
        base=question.base.value,
        note=why,
    )
    note = keep_bytes(snapshot_object(taken, ref), STATEMENT_TYPE, services)
    lock((ref.sha256, note.sha256), services)
    with services.commit() as tx:
        number = record_snapshot(tx, taken, ref, note)
    return replace(taken, number=number)


def known(number: int, services: Services) -> Snapshot:
    """Return one snapshot of the list.

    Raises:
        Rejected(SNAPSHOT_UNKNOWN): There is none of this number.
    """
    with services.catalogue.read() as tx:
        found = snapshots.find(tx, number)
    if found is None:
        raise Rejected(Code.SNAPSHOT_UNKNOWN, subject=str(number))
    return found


def thawed(taken: Snapshot, services: Services) -> Frozen:
    """Return a snapshot, counted again from its own rows.

    Raises:
        Rejected: SNAPSHOT_DAMAGED; OBJECT_MISSING, OBJECT_DAMAGED: the store does not hold its bytes.
    """
    services.store.verify(taken.sha256)
    with services.store.open(taken.sha256) as stream:
        return read(_lines(stream))


def seen_by(own: Account, taken: Iterable[Snapshot], services: Services) -> list[Snapshot]:
    """Return those snapshots that are about nothing but the units of an account.

    Raises:
        Rejected: SNAPSHOT_DAMAGED, OBJECT_MISSING.
    """
    if own.units is None:
        return list(taken)
    with services.catalogue.read() as tx:
        may = scope_of(tx, own, reference(tx, services).units, services.clock()).units or frozenset()
    scopes = ((one, _scope(one, services)) for one in taken)
    return [one for one, scope in scopes if scope is not None and may.issuperset(scope)]


def _scope(taken: Snapshot, services: Services) -> tuple[str, ...] | None:
    with services.store.open(taken.sha256) as stream:
        return scope_in(stream.readline(_LONGEST_HEADING))


def _lines(stream: IO[bytes]) -> Iterable[bytes]:
    return iter(stream.readline, b"")
