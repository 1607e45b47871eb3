"""Reused components: which document of another dossier stands for a component, so that nothing is scanned for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select

from catalog.catalogue import Transaction
from catalog.columns import moment, stamp
from catalog.renditions import ORIGINAL, SIGNED
from catalog.schema import document, dossier, field, register_entry, rendition, reused_component
from dossier.states import DocumentState

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reused:
    """One component that is reused.

    Attributes:
        code: The dossier that it stands in; `component` as the procedure's list has it.
        document_id: The document, of the dossier `source`; `sha256` its signed form then, `kind` what it is.
        grounds: `identity`, the same identity number; `word`, a clerk's, whose reason is `note`.
        development: The document's signature is by a development key.
        actor: Id of the account that said so, and when.
    """

    code: str
    component: str
    document_id: str
    source: str
    sha256: str
    kind: str
    grounds: str
    development: bool
    note: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A document that could stand for a component: current, archived, confirmed, with a valid signature."""

    document_id: str
    code: str
    unit: str
    kind: str
    component: str
    born_digital: bool
    development: bool
    archived_at: datetime


def put(tx: Transaction, own: Reused) -> None:
    """Record that a component is reused, in place of what was said of it before."""
    remove(tx, own.code, own.component)
    values = {name: getattr(own, name) for name in Reused.__dataclass_fields__ if name != "at"}
    tx.execute(insert(reused_component).values(**values, at=stamp(own.at)))


def remove(tx: Transaction, code: str, component: str) -> None:
    """Record that a component is not reused."""
    same = (reused_component.c.code == code) & (reused_component.c.component == component)
    tx.execute(delete(reused_component).where(same))


def of_dossiers(tx: Transaction, codes: Sequence[str]) -> dict[str, list[Reused]]:
    """Return the reused components of those among some dossiers that have any, in order of component."""
    found: dict[str, list[Reused]] = {}
    for start in range(0, len(codes), _AT_ONCE):
        some = reused_component.c.code.in_(codes[start : start + _AT_ONCE])
        query = select(reused_component).where(some).order_by(reused_component.c.code, reused_component.c.component)
        for row in tx.execute(query):
            found.setdefault(row.code, []).append(_reused(row))
    return found


def of_person(tx: Transaction, identity: str, but: str, units: Sequence[str] | None, most: int) -> list[Found]:
    """Return documents of other dossiers of a person that could be reused, newest first.

    Args:
        tx: A transaction.
        identity: The identity number as the register has it.
        but: Code of the dossier that they are for.
        units: Only of dossiers of these units; None: of all.
        most: How many.
    """
    of_them = (register_entry.c.applicant_id == identity) & (register_entry.c.code != but)
    query = _usable().join(register_entry, register_entry.c.code == dossier.c.code).where(of_them)
    if units is not None:
        query = query.where(dossier.c.unit.in_(sorted(units)))
    rows = tx.execute(query.order_by(document.c.archived_at.desc(), document.c.id).limit(most))
    return [_found(row) for row in rows]


def usable(tx: Transaction, document_id: str) -> Found | None:
    """Return a document when it could stand for a component of another dossier."""
    row = tx.execute(_usable().where(document.c.id == document_id)).first()
    return None if row is None else _found(row)


def names_person(tx: Transaction, document_id: str, identity: str) -> bool:
    """Return whether a confirmed identity number of a document is this one."""
    said = field.c.name.in_(("so_dinh_danh", "so_dinh_danh_2")) & (field.c.confirmed_by != "")
    query = select(field.c.id).where(field.c.document_id == document_id, said, field.c.value == identity)
    return tx.execute(query.limit(1)).first() is not None


def _usable() -> Any:  # noqa: ANN401 - a select of several tables
    signed = rendition.alias("signed")
    other = rendition.alias("other")
    better = exists().where((other.c.document_id == document.c.id) & (other.c.role == SIGNED))
    final = (signed.c.role == SIGNED) | ((signed.c.role == ORIGINAL) & ~better)
    columns = (document.c.id, document.c.kind, document.c.component, document.c.born_signed, document.c.archived_at)
    return (
        select(*columns, dossier.c.code, dossier.c.unit, signed.c.development)
        .join(dossier, dossier.c.id == document.c.dossier_id)
        .join(signed, (signed.c.document_id == document.c.id) & final)
        .where(
            document.c.superseded_by == "",
            document.c.state == DocumentState.ARCHIVED.value,
            document.c.confirmed_by != "",
            signed.c.verdict == "valid",
        )
    )


def _found(row: Row[Any]) -> Found:
    return Found(
        row.id,
        row.code,
        row.unit,
        row.kind,
        row.component,
        bool(row.born_signed),
        bool(row.development),
        moment(row.archived_at),
    )


def _reused(row: Row[Any]) -> Reused:
    values = {name: getattr(row, name) for name in Reused.__dataclass_fields__}
    return Reused(**{**values, "development": bool(row.development), "at": moment(row.at)})
