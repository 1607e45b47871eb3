"""Filling an empty catalogue: from the archived objects, or from a backup."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, func, insert, inspect, select, text

from catalog.catalogue import SCHEMA_VERSION, Catalogue, Transaction, migrate
from catalog.people_tables import access
from catalog.schema import claim, dossier, event_link, metadata, register_import, seal, stamp, stored_object, switch
from dossier.errors import Code, Rejected

_FILLING = "filling"
_EVIDENCE = (dossier, seal, register_import, claim, access)


def is_empty(tx: Transaction) -> bool:
    """Return whether a catalogue has never been used: it knows no dossier, seal, register, object, nor who did what."""
    there = [table for table in _EVIDENCE if inspect(tx).has_table(table.name)]  # an old catalogue has fewer
    return all(tx.execute(select(func.count()).select_from(table)).scalar_one() == 0 for table in there)


def is_fresh(tx: Transaction) -> bool:
    """Return whether a database holds no catalogue, or one that has never been used."""
    return not inspect(tx).has_table(dossier.name) or is_empty(tx)


@contextmanager
def filled_anew(catalogue: Catalogue, version: str) -> Iterator[Transaction]:
    """Give the one transaction in which a fresh catalogue is made as a version had it, and filled.

    Between filling it and working with it, it must be brought to this program's version: `bring_up`.

    Raises:
        Rejected: CATALOGUE_IN_USE when it has been used; CATALOGUE_VERSION when a later program wrote the version.
    """
    if version > SCHEMA_VERSION:
        raise Rejected(Code.CATALOGUE_VERSION, f"schema {version}, program {SCHEMA_VERSION}")
    with catalogue.alone() as tx:
        if not is_fresh(tx):
            raise Rejected(Code.CATALOGUE_IN_USE)
        metadata.drop_all(tx)
        tx.execute(text("DROP TABLE IF EXISTS alembic_version"))
        migrate(tx, version)
        yield tx


def bring_up(tx: Transaction) -> None:
    """Bring a catalogue that was filled to this program's version."""
    migrate(tx, "head")


def begin(tx: Transaction, now: datetime) -> None:
    """Note that the catalogue is being filled and does not know yet what the archive store holds."""
    if not under_way(tx):
        tx.execute(insert(switch).values(name=_FILLING, value="on", changed_at=stamp(now)))


def under_way(tx: Transaction) -> bool:
    """Return whether a filling was begun and has not come to its end."""
    return tx.execute(select(switch.c.name).where(switch.c.name == _FILLING)).first() is not None


def end(tx: Transaction) -> None:
    """Note that the filling has come to its end."""
    tx.execute(delete(switch).where(switch.c.name == _FILLING))


def claims_anything(tx: Transaction) -> bool:
    """Return whether the catalogue knows of any stored object."""
    return tx.execute(select(claim.c.sha256).limit(1)).first() is not None


def unknown(tx: Transaction, digests: Collection[str]) -> set[str]:
    """Return those of some objects that the catalogue does not know."""
    known = select(stored_object.c.sha256).where(stored_object.c.sha256.in_(digests))
    return set(digests) - set(tx.execute(known).scalars())


def chain_state(tx: Transaction, dossier_id: str) -> tuple[int, str]:
    """Return how long a dossier's chain is and when its last event was; 0 and nothing without one."""
    last = (
        select(event_link.c.sequence, event_link.c.at)
        .where(event_link.c.dossier_id == dossier_id)
        .order_by(event_link.c.sequence.desc())
        .limit(1)
    )
    row = tx.execute(last).first()
    return (row.sequence, row.at) if row else (0, "")
