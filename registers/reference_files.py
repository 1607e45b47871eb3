"""Reference data in files: read from .xlsx, .csv and .toml, written to the same, sheets as people edit them.

One file holds one kind. What is written can be edited in a spreadsheet and read back: that is how rows are changed.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import xlsxwriter

from confine import Confined, Died, OutOfMemory, TimedOut
from confine import Limits as ChildLimits
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected, Unavailable
from registers.choice import Choice
from registers.delimited import delimited
from registers.reference import Form, Kind, ReferenceRow
from registers.reference_cells import Fault, cells_of, columns_of, kind_of, read_row, rows_of
from registers.settings import limits
from registers.sheets import Row
from registers.workbook import workbook

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MOST_BYTES = 16 * 1024 * 1024
_FONT = {"font_name": "Times New Roman", "font_size": 12}
SUFFIXES = (".xlsx", ".csv", ".toml")


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """What a file says: rows of one kind, what is wrong with the others, the digest of its bytes."""

    kind: Kind
    rows: tuple[ReferenceRow, ...]
    faults: tuple[Fault, ...]
    sha256: str


def read_reference(path: Path) -> ReferenceFile:
    """Read a file of reference data.

    Args:
        path: .xlsx or .csv with a header row (by heading or by column name, in any order), or .toml with
            `kind = "units"` and `[[row]]` tables. A workbook is opened in a confined child process.

    Raises:
        Rejected: REFERENCE_UNREADABLE, it is no such file, over the bounds, or has a header of no known kind.
    """
    if path.suffix.lower() != ".xlsx":
        return read_here(path)
    bounds = limits()
    try:
        with Confined(
            "registers.reference_files:read_here",
            ChildLimits(bounds.wall_seconds, bounds.cpu_seconds, bounds.memory_bytes),
        ) as child:
            found: ReferenceFile = child.call(path)
    except (TimedOut, OutOfMemory, Died) as exc:
        raise _unreadable(f"stopped: {type(exc).__name__}") from exc
    return found


def read_here(path: Path) -> ReferenceFile:
    """Read a file in this process; `read_reference` says what is returned and raised."""
    data = _bytes(path)
    suffix = path.suffix.lower()
    if suffix == ".toml":
        kind, rows = _of_toml(data)
    elif suffix in {".csv", ".xlsx"}:
        kind, rows = _of_sheet(path, suffix)
    else:
        raise _unreadable("none of " + " ".join(SUFFIXES))
    taken = [row for row in rows if isinstance(row, ReferenceRow)]
    faults = [fault for row in rows if not isinstance(row, ReferenceRow) for fault in row]
    return ReferenceFile(kind, tuple(taken), tuple(faults), of_bytes(data))


def packaged(name: str) -> tuple[ReferenceRow, ...]:
    """Return the rows of a packaged file `registers/data/NAME.toml`."""
    _, rows = _of_toml(resources.files("registers").joinpath(f"data/{name}.toml").read_bytes())
    if not all(isinstance(row, ReferenceRow) for row in rows):
        raise ValueError(f"{name}: {rows}")
    return tuple(row for row in rows if isinstance(row, ReferenceRow))


def write_reference(kind: Kind, rows: Iterable[ReferenceRow], path: Path) -> None:
    """Write rows of one kind in the form that the suffix names; a file of that name is replaced when it is complete.

    Raises:
        Rejected: REFERENCE_UNREADABLE, no such form.
        Unavailable: EXPORT_TARGET, the file cannot be written.
    """
    write = {".xlsx": _write_xlsx, ".csv": _write_csv, ".toml": _write_toml}.get(path.suffix.lower())
    if write is None:
        raise _unreadable("none of " + " ".join(SUFFIXES))
    part = path.with_name(f".{path.name}.part")
    try:
        write(kind, list(rows), part)
        part.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as exc:
        part.unlink(missing_ok=True)
        raise Unavailable(Code.EXPORT_TARGET, type(exc).__name__, subject=path.name) from exc


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise _unreadable(type(exc).__name__) from exc
    if not data or len(data) > _MOST_BYTES:
        raise _unreadable("larger than allowed" if data else "empty")
    return data


def _of_toml(data: bytes) -> tuple[Kind, list[ReferenceRow | list[Fault]]]:
    try:
        table = tomllib.loads(data.decode("utf-8"))
        kind, rows = Kind(table["kind"]), table["row"]
        shared: dict[str, Any] = {name: table[name] for name in ("valid_from", "basis", "checked") if name in table}
        return kind, [read_row(kind, number, {**shared, **row}) for number, row in enumerate(rows, start=1)]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, LookupError, TypeError, ValueError) as exc:
        raise _unreadable(type(exc).__name__) from exc


def _of_sheet(path: Path, suffix: str) -> tuple[Kind, list[ReferenceRow | list[Fault]]]:
    bounds = limits()
    sheets = workbook(path, "", bounds) if suffix == ".xlsx" else delimited(path, Choice(), bounds)
    for sheet in sheets:
        for last, header in enumerate(sheet.head, start=1):
            if found := kind_of(header):
                kind, at = found
                below = ((number, _unmarked(row)) for number, row in sheet.rows() if number > last)
                return kind, list(rows_of(kind, at, below))
    raise _unreadable("no header of reference data")


def _unreadable(detail: str) -> Rejected:
    return Rejected(Code.REFERENCE_UNREADABLE, detail, subject="reference")


def _unmarked(row: Row) -> Row:
    """Return a row without the apostrophes that keep a spreadsheet from running its texts."""
    return [
        cell[1:] if isinstance(cell, str) and cell[:1] == "'" and cell[1:].startswith(_FORMULA_STARTS) else cell
        for cell in row
    ]


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _lines(kind: Kind, rows: Sequence[ReferenceRow]) -> Iterator[list[object]]:
    for row in rows:
        cells = cells_of(row)
        yield [_harmless(cells[column.name]) for column in columns_of(kind)]


def _write_csv(kind: Kind, rows: list[ReferenceRow], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(column.heading for column in columns_of(kind))
        for line in _lines(kind, rows):
            writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in line])


def _write_xlsx(kind: Kind, rows: list[ReferenceRow], path: Path) -> None:
    """Write a sheet: codes as text, so that none loses a zero, numbers and days as such."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(kind.value)
        plain, head = book.add_format(_FONT), book.add_format({**_FONT, "bold": True, "text_wrap": True, "border": 1})
        day = book.add_format({**_FONT, "num_format": "dd/mm/yyyy"})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns_of(kind)):
            sheet.set_column(place, place, 14 if column.form in {Form.DAY, Form.FLAG, Form.NUMBER} else 30)
            sheet.write_string(0, place, column.heading, head)
        for number, line in enumerate(_lines(kind, rows), start=1):
            for place, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell, plain)
                elif cell not in (None, ""):
                    sheet.write_string(number, place, str(cell), plain)


def _write_toml(kind: Kind, rows: list[ReferenceRow], path: Path) -> None:
    out = io.StringIO()
    out.write(f'kind = "{kind.value}"\n')
    for row in rows:
        out.write("\n[[row]]\n")
        for name, cell in cells_of(row).items():
            if isinstance(cell, date):
                out.write(f"{name} = {cell.isoformat()}\n")
            elif cell not in (None, ""):
                out.write(f"{name} = {json.dumps(cell, ensure_ascii=False)}\n")  # JSON's strings are TOML's as well
    path.write_text(out.getvalue(), encoding="utf-8")
