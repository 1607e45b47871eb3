"""Reference rows from cells and back: each cell by its column's form, each fault named by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registers.dates import moment
from registers.reference import COLUMNS, DATING, Column, Form, Kind, ReferenceRow, Value, key_of
from registers.settings import key, names

_YES, _NO = "có", "không"
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken: its number in the file and the name of the column at fault."""

    row: int
    column: str


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """Return all columns of a kind in the order of its sheet."""
    return (*COLUMNS[kind], *DATING)


def kind_of(header: Sequence[object]) -> tuple[Kind, dict[str, int]] | None:
    """Return which kind a header row is of, and where each column stands; None when it is of none.

    Columns are known by heading or by name, without regard to tones, and may stand in any order.
    """
    places = {key(str(cell)): place for place, cell in reversed(list(enumerate(header))) if key(str(cell or ""))}
    found = []
    for kind in Kind:
        at = {one.name: _place(one, places) for one in columns_of(kind)}
        known = {name: place for name, place in at.items() if place is not None}
        if all(column.name in known for column in columns_of(kind) if column.needed):
            found.append((kind, known))
    return max(found, key=lambda pair: len(pair[1]), default=None)


def read_row(kind: Kind, number: int, cells: Mapping[str, object]) -> ReferenceRow | list[Fault]:
    """Return the row that cells by column name say, or what is wrong with them."""
    values: dict[str, Value | date] = {}
    faults = []
    for column in columns_of(kind):
        try:
            values[column.name] = _read(column, cells.get(column.name))
        except ValueError:
            faults.append(Fault(number, column.name))
    if faults:
        return faults
    return _row(kind, values) or [Fault(number, "valid_to")]


def cells_of(row: ReferenceRow) -> dict[str, str | int | date | None]:
    """Return what stands in the cells of a row, by column name."""
    own: dict[str, object] = {
        **row.values,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "basis": row.basis,
        "checked": row.checked,
        "withdrawn": row.withdrawn or None,
    }
    return {column.name: _written(own.get(column.name)) for column in columns_of(row.kind)}


def rows_of(
    kind: Kind, at: Mapping[str, int], rows: Iterable[tuple[int, Sequence[object]]]
) -> Iterator[ReferenceRow | list[Fault]]:
    """Yield each numbered row below a header, or its faults; empty rows are passed over."""
    for number, row in rows:
        named = {name: row[place] for name, place in at.items() if place < len(row)}
        if any(cell not in (None, "") for cell in named.values()):
            yield read_row(kind, number, named)


def _place(column: Column, places: Mapping[str, int]) -> int | None:
    return next((places[one] for one in (key(column.heading), key(column.name)) if one in places), None)


def _row(kind: Kind, values: dict[str, Value | date]) -> ReferenceRow | None:
    """Return a row of read values; None when it ends before it begins."""
    start, end = values.pop("valid_from"), values.pop("valid_to")
    basis, checked, withdrawn = (values.pop(name) for name in ("basis", "checked", "withdrawn"))
    own: dict[str, Value] = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
    }
    if not isinstance(start, date) or (isinstance(end, date) and end < start):
        return None
    last = end if isinstance(end, date) else None
    return ReferenceRow(kind, key_of(kind, own), start, last, str(basis), own, bool(checked), bool(withdrawn))


def _read(column: Column, cell: object) -> Value | date:
    text = _text(cell)
    if column.needed and not text:
        raise ValueError("empty")
    found = _READERS[column.form](cell, text)
    if column.allowed and found not in column.allowed:
        raise ValueError("none of those allowed")
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else " ".join(str(cell).split())
    if len(text) > _LONGEST:
        raise ValueError("too long")
    return text


def _number(_cell: object, text: str) -> Value:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > len("99999"):
        raise ValueError("no whole number")
    return int(text)


def _flag(cell: object, text: str) -> Value:
    if isinstance(cell, bool) or not text:
        return cell if isinstance(cell, bool) else None
    try:
        return names().flags[key(text)]
    except KeyError as exc:
        raise ValueError("neither yes nor no") from exc


def _day(cell: object, text: str) -> date | None:
    found = moment(cell if isinstance(cell, date | datetime | int | float) else text)
    return found.date() if found is not None else None


def _codes(cell: object, text: str) -> Value:
    return tuple(map(str, cell)) if isinstance(cell, list | tuple) else tuple(text.replace(",", " ").split())


def _plain(_cell: object, text: str) -> Value:
    return text


_READERS = {Form.TEXT: _plain, Form.NUMBER: _number, Form.FLAG: _flag, Form.CODES: _codes, Form.DAY: _day}


def _written(value: object) -> str | int | date | None:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, tuple | list):
        return " ".join(map(str, value))
    if isinstance(value, int | date) or value is None:
        return value
    return str(value)
