"""Import of a one-stop register (sổ theo dõi, export with national sync fields): the denominator of every rate."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from confine import Confined, Died, OutOfMemory, TimedOut
from confine import Limits as ChildLimits
from dossier.digest import of_file
from dossier.errors import Code, Rejected
from dossier.register import RegisterEntry
from registers.choice import Choice
from registers.parts import FIELDS, Part, Parts, Request, form_of
from registers.reasons import RejectedRow, RowReason, Warned
from registers.register_file import Layout, RegisterFile
from registers.settings import limits
from registers.sheets import unreadable
from registers.staging import Staged

_WARNED = 20  # rows of each warning that are named
_held: dict[Path, Parts] = {}


class Source:
    """A register file that is open; made by `opened`."""

    def __init__(self, path: Path, ask: Callable[..., Any]) -> None:
        self._path = path
        self._ask = ask

    def marks(self) -> list[str]:
        """Return what the first rows of the file are known again by; one of them is the header of its source.

        Raises:
            Rejected: REGISTER_UNREADABLE.
        """
        marks: list[str] = self._ask(self._path, None, 0)
        return marks

    def read(
        self, choice: Choice | None = None, at: datetime | None = None, units: Collection[str] | None = None
    ) -> RegisterFile:
        """Read the register.

        Args:
            choice: How to read it, where that is not to be detected.
            at: When it is imported: rows that tell of later days are set aside.
            units: Agency codes that are known, with all below them; rows of others are set aside. None takes all.

        Raises:
            Rejected: REGISTER_UNREADABLE (not a register file, damaged, over the bounds), REGISTER_COLUMNS (no header
                with at least a dossier code and a date of reception), FILE_CHANGED_WHILE_READ.
        """
        request = Request(choice or Choice(), at, None if units is None else frozenset(units))
        sha256, _ = of_file(self._path)
        found = _collected(self._parts(request), sha256)
        if of_file(self._path)[0] != sha256:
            raise Rejected(Code.FILE_CHANGED_WHILE_READ, subject=self._path.name)
        return found

    def _parts(self, request: Request) -> Iterator[Part]:
        number, is_last = 0, False
        while not is_last:
            part: Part = self._ask(self._path, request, number)
            yield part
            number, is_last = number + 1, part.is_last


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Give a register file, .xlsx, .xls or .csv.

    Raises:
        Rejected: REGISTER_UNREADABLE when it is none of them, or its workbook stopped the process that opened it.
    """
    if form_of(path) == "csv":
        parts = Parts(path)
        yield Source(path, lambda _, request, number: parts.part(request, number) if request else parts.marks())
        return
    bounds = limits()
    child_limits = ChildLimits(bounds.wall_seconds, bounds.cpu_seconds, bounds.memory_bytes)
    try:
        with Confined("registers.reading:answer", child_limits) as child:
            yield Source(path, child.call)
    except (TimedOut, OutOfMemory, Died) as exc:
        raise unreadable(f"stopped: {type(exc).__name__}") from exc


def read_register(path: Path, choice: Choice | None = None, at: datetime | None = None) -> RegisterFile:
    """Read a register from .xlsx, .xls or .csv; `Source.read` says what is taken and raised.

    Columns are found by their names (`registers/data/columns.toml`), wherever the header row stands. A row is
    imported whole or set aside with a reason. Times are taken as Asia/Ho_Chi_Minh (+07:00); a deadline that is a
    bare day lasts until its last second. Bounds on size are in `registers/data/limits.toml`.
    """
    with opened(path) as source:
        return source.read(choice, at)


def answer(path: Path, request: Request | None, number: int) -> list[str] | Part:
    """Return a part of a workbook, or without a request what it is known by; runs in the confined child."""
    if path not in _held:
        gc.disable()  # rows make no cycles; looking for some takes a third of the time, and this process is thrown away
        _held.clear()
        _held[path] = Parts(path)
    return _held[path].part(request, number) if request else _held[path].marks()


def _collected(parts: Iterator[Part], sha256: str) -> RegisterFile:
    entries: Staged[RegisterEntry] = Staged(FIELDS, lambda values: RegisterEntry(*values))
    rejected: Staged[RejectedRow] = Staged(
        lambda row: (row.row, str(row.reason_code), row.values),
        lambda values: RejectedRow(values[0], RowReason(values[1]), values[2]),
    )
    layout: Layout | None = None
    skipped, reasons = 0, Counter[RowReason]()
    warnings, warned, units = Counter[Warned](), dict[Warned, list[int]](), Counter[str]()
    for part in parts:
        layout = layout or part.layout
        skipped += part.skipped
        entries.extend_packed(part.entries)
        for row in part.rejected:
            rejected.append(row)
            reasons[row.reason_code] += 1
        units.update(values[_UNIT] for values in part.entries)
        for number, warning in part.warnings:
            warnings[warning] += 1
            if len(named := warned.setdefault(warning, [])) < _WARNED:
                named.append(number)
    assert layout is not None  # noqa: S101 - the first part has it
    return RegisterFile(layout, entries, rejected, sha256, skipped, reasons, warnings, warned, units)


_UNIT = list(RegisterEntry.__dataclass_fields__).index("unit")
