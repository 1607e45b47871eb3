"""The imported one-stop register: one row a dossier code; a corrected file updates it and keeps what was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from catalog.catalogue import Transaction, row_dict, take_turn
from catalog.schema import moment, register_entry, register_history, register_import, stamp
from dossier.register import Channel, RegisterEntry, Status

_CHUNK = 1000
_TIMES = ("received_at", "due_at", "settled_at", "returned_at")


def save(tx: Transaction, entries: Iterable[RegisterEntry], sha256: str, rejected: int, at: datetime) -> dict[str, int]:
    """Store an import all or nothing; return how many rows were `added`, `changed` and `same`."""
    take_turn(tx, "register")
    rows = [_values(entry) for entry in entries]
    import_id = tx.execute(
        insert(register_import)
        .values(sha256=sha256, accepted=len(rows), rejected=rejected, at=stamp(at))
        .returning(register_import.c.id)
    ).scalar_one()
    tally = {"added": 0, "changed": 0, "same": 0}
    for start in range(0, len(rows), _CHUNK):
        _save_chunk(tx, rows[start : start + _CHUNK], import_id, tally)
    return tally


def imports(tx: Transaction) -> int:
    """Return how many files have been imported so far."""
    return tx.execute(select(func.count()).select_from(register_import)).scalar_one()


def entries(tx: Transaction) -> Iterator[RegisterEntry]:
    """Yield every register row in order of code."""
    for row in tx.execute(select(register_entry).order_by(register_entry.c.code)):
        yield _entry(row)


def find(tx: Transaction, code: str) -> RegisterEntry | None:
    """Return the register row of a dossier code, or None."""
    row = tx.execute(select(register_entry).where(register_entry.c.code == code)).first()
    return _entry(row) if row else None


def _save_chunk(tx: Transaction, rows: list[dict[str, Any]], import_id: int, tally: dict[str, int]) -> None:
    codes = [row["code"] for row in rows]
    known = {
        row.code: row_dict(row) for row in tx.execute(select(register_entry).where(register_entry.c.code.in_(codes)))
    }
    fresh: list[dict[str, Any]] = []
    for row in rows:
        before = known.get(row["code"])
        if before is not None and all(before[name] == value for name, value in row.items() if name != "row"):
            tally["same"] += 1
            continue
        if before is not None:
            tx.execute(insert(register_history).values(code=row["code"], import_id=import_id, before=before))
            tx.execute(delete(register_entry).where(register_entry.c.code == row["code"]))
        tally["added" if before is None else "changed"] += 1
        fresh.append({**row, "import_id": import_id})
    if fresh:
        tx.execute(insert(register_entry), fresh)


def _values(entry: RegisterEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in RegisterEntry.__dataclass_fields__}
    for name in _TIMES:
        values[name] = stamp(values[name]) if values[name] else None
    for name in ("channel", "status"):
        values[name] = int(values[name]) if values[name] is not None else None
    return values


def _entry(row: Row[Any]) -> RegisterEntry:
    values = {name: getattr(row, name) for name in RegisterEntry.__dataclass_fields__}
    for name in _TIMES:
        values[name] = moment(values[name]) if values[name] else None
    values["channel"] = Channel(row.channel) if row.channel is not None else None
    values["status"] = Status(row.status) if row.status is not None else None
    return RegisterEntry(**values)
