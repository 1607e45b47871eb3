"""Dossiers, their deliveries (intakes) and the files of each delivery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from catalog.catalogue import Transaction
from catalog.inserting import insert_missing
from catalog.schema import dossier, intake, moment, source_file, stamp
from dossier.codes import DossierCode
from dossier.digest import of_bytes
from dossier.model import Dossier, Intake, SourceFile
from dossier.states import FileState, IntakeState, Priority


@dataclass(frozen=True, slots=True)
class Errand:
    """Who waits for a delivery, and at which place its folder lies (empty: every host sees it)."""

    priority: Priority = Priority.COUNTER
    place: str = ""


HERE_AND_NOW = Errand()


def dossier_id(code: DossierCode) -> str:
    """Return the id that the dossier with this code has or will have."""
    return of_bytes(code.normal.encode())[:20]


def ensure_dossier(tx: Transaction, code: DossierCode, unit: str, at: datetime) -> str:
    """Return the id of the dossier with this code, making it when it is new."""
    own = dossier_id(code)
    new = {"id": own, "code": code.normal, "raw": code.raw, "unit": unit, "created_at": stamp(at)}
    insert_missing(tx, dossier, [new])
    return own


def lock_dossiers(tx: Transaction, dossier_ids: Iterable[str]) -> None:
    """Keep all others from writing about these dossiers until the transaction ends.

    All that a transaction needs goes into one call, before anything of them is read: they are locked in order of id.
    SQLite has one writer at a time anyway.
    """
    wanted = sorted(set(dossier_ids))
    if wanted and tx.dialect.name != "sqlite":
        # Not against those who only refer to a dossier's row.
        every = select(dossier.c.id).where(dossier.c.id.in_(wanted)).order_by(dossier.c.id)
        tx.execute(every.with_for_update(key_share=True)).all()


def find_dossier(tx: Transaction, code: str) -> Dossier | None:
    """Return the dossier with a normalised code, or None."""
    newest = select(func.max(intake.c.version)).where(intake.c.dossier_id == dossier.c.id).scalar_subquery()
    row = tx.execute(select(dossier, newest.label("version")).where(dossier.c.code == code)).first()
    return _dossier(row) if row else None


def units(tx: Transaction) -> list[str]:
    """Return the labels of all units that received a dossier."""
    # From one to the next through the index: there are few of them, and a million dossiers.
    first = select(func.min(dossier.c.unit).label("unit")).cte(recursive=True)
    after = select(func.min(dossier.c.unit)).where(dossier.c.unit > first.c.unit).scalar_subquery()
    every = first.union_all(select(after).where(first.c.unit.is_not(None)))
    return sorted(tx.execute(select(every.c.unit).where(every.c.unit.is_not(None))).scalars())


def all_dossiers(tx: Transaction) -> list[Dossier]:
    """Return every dossier in order of code."""
    newest = select(func.max(intake.c.version)).where(intake.c.dossier_id == dossier.c.id).scalar_subquery()
    rows = tx.execute(select(dossier, newest.label("version")).order_by(dossier.c.code))
    return [_dossier(row) for row in rows]


def dossiers_after(tx: Transaction, units: Iterable[str] | None, after: str, most: int) -> list[Dossier]:
    """Return dossiers of some units (None: all) whose codes come after one, in order of code, so many at most."""
    newest = select(func.max(intake.c.version)).where(intake.c.dossier_id == dossier.c.id).scalar_subquery()
    query = select(dossier, newest.label("version")).where(dossier.c.code > after)
    if units is not None:
        query = query.where(dossier.c.unit.in_(list(units)))
    return [_dossier(row) for row in tx.execute(query.order_by(dossier.c.code).limit(most))]


def begin(
    tx: Transaction,
    dossier_id: str,
    folder: str,
    fingerprint: str,
    at: datetime,
    errand: Errand = HERE_AND_NOW,
) -> str:
    """Record a new delivery of a dossier folder and return its id."""
    last = tx.execute(select(func.max(intake.c.version)).where(intake.c.dossier_id == dossier_id)).scalar()
    version = (last or 0) + 1
    intake_id = of_bytes(f"{dossier_id}/{version}".encode())[:20]
    tx.execute(
        insert(intake).values(
            id=intake_id,
            dossier_id=dossier_id,
            folder=folder,
            fingerprint=fingerprint,
            version=version,
            state=IntakeState.RECEIVING.value,
            difference={},
            created_at=stamp(at),
            priority=int(errand.priority),
            place=errand.place,
        )
    )
    tx.execute(update(dossier).where(dossier.c.id == dossier_id).values(facts_due=True))
    return intake_id


def get(tx: Transaction, intake_id: str) -> Intake:
    """Return one delivery."""
    row = tx.execute(_joined().where(intake.c.id == intake_id)).one()
    return _intake(row)


def latest(tx: Transaction, dossier_id: str) -> Intake | None:
    """Return the newest delivery of a dossier, whatever became of it."""
    row = tx.execute(
        _joined().where(intake.c.dossier_id == dossier_id).order_by(intake.c.version.desc()).limit(1)
    ).first()
    return _intake(row) if row else None


def latest_from(tx: Transaction, dossier_id: str, folder: str) -> Intake | None:
    """Return the newest delivery of a dossier out of one folder, or None."""
    row = tx.execute(
        _joined()
        .where(intake.c.dossier_id == dossier_id, intake.c.folder == folder)
        .order_by(intake.c.version.desc())
        .limit(1)
    ).first()
    return _intake(row) if row else None


def other_place_of(tx: Transaction, folder: str, place: str) -> str | None:
    """Return another place than this one that has delivered from a folder of this name or below it, or None.

    Where a place has no name, everybody sees its folders: they are the same ones.
    """
    if not place:
        return None
    below = intake.c.folder.startswith(folder.rstrip("/") + "/", autoescape=True)
    found = tx.execute(
        select(intake.c.place).where((intake.c.folder == folder) | below, intake.c.place.not_in(("", place))).limit(1)
    )
    return found.scalar()


def assembled(tx: Transaction, dossier_id: str) -> list[Intake]:
    """Return the deliveries of a dossier whose documents were made, newest first."""
    rows = tx.execute(
        _joined()
        .where(intake.c.dossier_id == dossier_id, intake.c.state == IntakeState.ASSEMBLED.value)
        .order_by(intake.c.version.desc())
    )
    return [_intake(row) for row in rows]


def under_way(tx: Transaction) -> list[Intake]:
    """Return the deliveries that have no documents yet, because they are being received or read."""
    states = (IntakeState.RECEIVING.value, IntakeState.READING.value)
    rows = tx.execute(_joined().where(intake.c.state.in_(states)).order_by(intake.c.dossier_id, intake.c.version))
    return [_intake(row) for row in rows]


def unapproved(tx: Transaction, units: Iterable[str] | None, most: int) -> list[Intake]:
    """Return deliveries to dossiers of some units (None: all) that wait for an approval, the oldest first."""
    query = _joined().where(intake.c.state == IntakeState.UNAPPROVED.value).order_by(intake.c.created_at).limit(most)
    if units is not None:
        query = query.where(dossier.c.unit.in_(list(units)))
    return [_intake(row) for row in tx.execute(query)]


def previous_assembled(tx: Transaction, dossier_id: str, before: int) -> Intake | None:
    """Return the newest delivery before a version whose documents were made, or None."""
    return next((item for item in assembled(tx, dossier_id) if item.version < before), None)


def state_of(tx: Transaction, intake_id: str) -> IntakeState | None:
    """Return the state of a delivery, or None when it is not known."""
    found = tx.execute(select(intake.c.state).where(intake.c.id == intake_id)).scalar()
    return IntakeState(found) if found else None


def fingerprint(tx: Transaction, intake_id: str) -> str:
    """Return the cheap fingerprint of a delivery's folder: names, sizes, times."""
    return str(tx.execute(select(intake.c.fingerprint).where(intake.c.id == intake_id)).scalar_one())


def refresh_fingerprint(tx: Transaction, intake_id: str, value: str) -> None:
    """Note that a folder looks different but holds the same bytes."""
    tx.execute(update(intake).where(intake.c.id == intake_id).values(fingerprint=value))


def forget_look(tx: Transaction, intake_id: str) -> None:
    """Forget what a delivery's folder looked like, so that the next look at it takes it as changed."""
    tx.execute(update(intake).where(intake.c.id == intake_id).values(fingerprint="", content=""))


def set_state(tx: Transaction, intake_id: str, state: IntakeState, error: str = "") -> None:
    """Record what became of a delivery."""
    tx.execute(update(intake).where(intake.c.id == intake_id).values(state=state.value, error=error))
    own = select(intake.c.dossier_id).where(intake.c.id == intake_id).scalar_subquery()
    tx.execute(update(dossier).where(dossier.c.id == own).values(facts_due=True))


def set_content(tx: Transaction, intake_id: str, content: str, difference: Mapping[str, Any]) -> None:
    """Record the digest over a delivery's files and how it differs from the one before."""
    tx.execute(update(intake).where(intake.c.id == intake_id).values(content=content, difference=dict(difference)))


def content(tx: Transaction, intake_id: str) -> str:
    """Return the digest over a delivery's files; empty while it is being received."""
    return str(tx.execute(select(intake.c.content).where(intake.c.id == intake_id)).scalar_one())


def difference(tx: Transaction, intake_id: str) -> dict[str, Any]:
    """Return how a delivery differs from the one before: lists `added`, `replaced`, `removed`; or nothing."""
    return dict(tx.execute(select(intake.c.difference).where(intake.c.id == intake_id)).scalar_one())


def add_files(tx: Transaction, files: Iterable[SourceFile]) -> None:
    """Record the files of a delivery in order."""
    rows = [
        {
            "id": file.id,
            "intake_id": file.intake_id,
            "position": position,
            "name": file.name,
            "component": file.component,
            "sha256": file.sha256,
            "size": file.size,
            "media_type": file.media_type,
            "state": file.state.value,
            "pages": file.pages,
            "signatures": file.signatures,
            "error": file.error,
            "detail": file.detail,
        }
        for position, file in enumerate(files)
    ]
    if rows:
        tx.execute(insert(source_file), rows)


def files(tx: Transaction, intake_id: str) -> list[SourceFile]:
    """Return the files of a delivery in order."""
    rows = tx.execute(select(source_file).where(source_file.c.intake_id == intake_id).order_by(source_file.c.position))
    return [_file(row) for row in rows]


def set_file_state(tx: Transaction, file_id: str, state: FileState) -> None:
    """Record what became of a file."""
    tx.execute(update(source_file).where(source_file.c.id == file_id).values(state=state.value))


def reject_file(tx: Transaction, file_id: str, error: str) -> None:
    """Record that a file was not taken into the archive, and why."""
    tx.execute(
        update(source_file).where(source_file.c.id == file_id).values(state=FileState.REJECTED.value, error=error)
    )


def counts(tx: Transaction) -> dict[IntakeState, int]:
    """Return how many newest deliveries are in each state: looks at the few that have no documents."""
    later = intake.alias()
    overtaken = select(later.c.id).where(later.c.dossier_id == intake.c.dossier_id, later.c.version > intake.c.version)
    without = [state.value for state in IntakeState if state is not IntakeState.ASSEMBLED]
    rows = tx.execute(
        select(intake.c.state, func.count())
        .where(intake.c.state.in_(without), ~overtaken.exists())
        .group_by(intake.c.state)
    )
    others = {IntakeState(state): count for state, count in rows}
    dossiers = tx.execute(select(func.count()).select_from(intake).where(intake.c.version == 1)).scalar_one()
    assembled = dossiers - sum(others.values())
    return others | ({IntakeState.ASSEMBLED: assembled} if assembled else {})


def _joined() -> Any:  # noqa: ANN401 - a select of two tables
    return select(intake, dossier.c.code).join(dossier, dossier.c.id == intake.c.dossier_id)


def _dossier(row: Row[Any]) -> Dossier:
    return Dossier(row.id, row.code, row.raw, row.unit, row.version or 0, moment(row.created_at))


def _intake(row: Row[Any]) -> Intake:
    state = IntakeState(row.state)
    return Intake(row.id, row.dossier_id, row.code, row.folder, row.version, state, row.error, row.place)


def _file(row: Row[Any]) -> SourceFile:
    return SourceFile(
        row.id,
        row.intake_id,
        row.name,
        row.sha256,
        row.size,
        row.media_type,
        FileState(row.state),
        row.component,
        row.pages,
        row.signatures,
        row.error,
        row.detail,
    )
