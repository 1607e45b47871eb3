"""Import of a one-stop register (sổ theo dõi, export with national sync fields): the denominator of every rate."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from confine import Confined, Died, OutOfMemory, TimedOut
from confine import Limits as ChildLimits
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.register import RegisterEntry
from registers.columns import Header, find_header
from registers.inflation import too_large
from registers.procedures import by_name, load_procedures
from registers.rows import RejectedRow, RowReader
from registers.settings import Limits, limits
from registers.sheets import Row, Sheet, delimited, unreadable, workbook


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """What one register file says.

    Attributes:
        entries: One per dossier, in file order, codes unique.
        rejected: Rows set aside with their reason; the file's other rows are not touched by them.
        columns: Header text as printed, by role.
        encoding: `xlsx`, or the text encoding of a .csv file.
        sha256: Of the file's bytes, lower-case hex.
        skipped: How many rows below the header are no dossiers (blank, totals, section titles, signature lines).
    """

    entries: tuple[RegisterEntry, ...]
    rejected: tuple[RejectedRow, ...]
    columns: dict[str, str]
    encoding: str
    sha256: str
    skipped: int


def read_register(path: Path) -> RegisterFile:
    """Read a register from .xlsx or .csv.

    Columns are found by their names (`registers/data/columns.toml`), wherever the header row stands. A row is
    imported whole or set aside with a reason. Times are taken as Asia/Ho_Chi_Minh (+07:00); a deadline that is a
    bare day lasts until its last second. Bounds on size are in `registers/data/limits.toml`. A workbook is opened in
    a confined child process, because one wrong count inside it makes the library abort the process it runs in.

    Raises:
        Rejected: REGISTER_UNREADABLE (not a register file, damaged, over the bounds) or REGISTER_COLUMNS (no header
            with at least a dossier code and a date of reception).
    """
    if path.suffix.lower() != ".xlsx":
        return read_here(path)
    bounds = limits()
    child_limits = ChildLimits(bounds.wall_seconds, bounds.cpu_seconds, bounds.memory_bytes)
    try:
        with Confined("registers.reading:read_here", child_limits) as child:
            found: RegisterFile = child.call(path)
    except (TimedOut, OutOfMemory, Died) as exc:
        raise unreadable(f"stopped: {type(exc).__name__}") from exc
    return found


def read_here(path: Path) -> RegisterFile:
    """Read a register in this process; `read_register` says what is returned and raised."""
    bounds = limits()
    data = _bytes(path, bounds)
    if path.suffix.lower() == ".xlsx":
        _check_inflation(data, bounds)
        sheets = workbook(data, bounds)
    elif path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        sheets = delimited(data, bounds)
    else:
        raise unreadable("neither .xlsx nor .csv")
    sheet, header = _best(sheets)
    entries, rejected, skipped = _sorted_out(header, sheet.rows)
    return RegisterFile(entries, rejected, header.texts, sheet.encoding, of_bytes(data), skipped)


def _bytes(path: Path, bounds: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(bounds.bytes + 1)
    except OSError as exc:
        raise unreadable(type(exc).__name__) from exc
    if not data or len(data) > bounds.bytes:
        raise unreadable("larger than allowed" if data else "empty")
    return data


def _check_inflation(data: bytes, bounds: Limits) -> None:
    try:
        reason = too_large(data, bounds)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError) as exc:
        raise unreadable(f"no workbook: {type(exc).__name__}") from exc
    if reason:
        raise unreadable(reason)


def _best(sheets: Iterator[Sheet]) -> tuple[Sheet, Header]:
    """Return the reading whose header names the most columns."""
    known = [(sheet, header) for sheet in sheets if (header := find_header(sheet.head)) is not None]
    if not known:
        raise Rejected(Code.REGISTER_COLUMNS, "no header row found", subject="register")
    sheet, header = max(known, key=lambda pair: len(pair[1].columns))
    if header.missing:
        raise Rejected(Code.REGISTER_COLUMNS, f"missing: {', '.join(header.missing)}", subject="register")
    return sheet, header


def _sorted_out(header: Header, rows: Iterable[Row]) -> tuple[tuple[RegisterEntry, ...], tuple[RejectedRow, ...], int]:
    reader = RowReader(header.columns, by_name(load_procedures().values()))
    entries: list[RegisterEntry] = []
    rejected: list[RejectedRow] = []
    skipped = 0
    first = header.last_row + 1
    for number, row in enumerate(islice(rows, first, None), start=first + 1):
        found = reader.read(number, row)
        if found is None:
            skipped += 1
        elif isinstance(found, RejectedRow):
            rejected.append(found)
        else:
            entries.append(found)
    return tuple(entries), tuple(rejected), skipped
