"""Cells of a register by what their column holds: texts, times, codes, flags; a bad one makes its row unfit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from dossier.text import nfc
from registers.dates import moment, of_text
from registers.reasons import RowReason, Unfit, Warned
from registers.settings import key, limits, names
from registers.sheets import BadCell

V = TypeVar("V")
Reader = Callable[[object], Any]
_CARD, _OLD_CARD = 12, 9  # digits of the identity card since 2021, and of the one before
_DIGITS = 4  # of the number of sets of papers that one dossier may have
_KEPT = 1 << 12  # different cells of a column whose meaning is kept
_BAD = {
    BadCell.ERROR: RowReason.CELL_ERROR,
    BadCell.UNCOMPUTED: RowReason.FORMULA_UNCOMPUTED,
    BadCell.UNSTABLE: RowReason.FORMULA_UNSTABLE,
}
_LONGEST = limits().cell_characters


def text(cell: object) -> str:
    """Return a cell as text.

    Raises:
        Unfit: It is longer than a spreadsheet allows, shows an error, or is a formula without a lasting value.
    """
    if type(cell) is str:
        if len(cell) > _LONGEST:
            raise Unfit(RowReason.CELL_TOO_LONG)
    elif isinstance(cell, BadCell):
        raise Unfit(_BAD[cell])
    return as_text(cell)


def time_reader(serial_shift: int) -> Reader:
    """Return what reads a time; `serial_shift` is added to the day numbers of a spreadsheet."""

    def read(cell: object) -> datetime | None:
        if type(cell) is str:
            try:
                return of_text(cell)
            except (ValueError, OverflowError) as exc:
                raise Unfit(RowReason.DATE_IMPOSSIBLE) from exc
        if serial_shift and isinstance(cell, int | float) and cell:
            cell += serial_shift
        try:
            return moment(cell)
        except (ValueError, OverflowError) as exc:
            raise Unfit(_BAD[cell] if isinstance(cell, BadCell) else RowReason.DATE_IMPOSSIBLE) from exc

    return read


def value_reader(known: Mapping[str, V], reason: RowReason, empty: V | None = None) -> Reader:
    """Return what reads a printed name as what it stands for."""
    kept: dict[object, V | None] = {}

    def read(cell: object) -> V | None:
        if cell in kept:
            return kept[cell]
        printed = text(cell)
        found = known.get(key(printed) or printed) if printed else empty
        if printed and found is None:
            raise Unfit(reason)
        if len(kept) < _KEPT:
            kept[cell] = found
        return found

    return read


def link(cell: object) -> bool:
    """Return whether a cell that holds a flag, or the link itself, or nothing, says that there is something."""
    printed = text(cell)
    return names().flags.get(key(printed) or printed, True) if printed else False


def number(cell: object) -> int | None:
    """Return a small whole number."""
    printed = text(cell)
    if not printed:
        return None
    if not (printed.isascii() and printed.isdigit() and len(printed) <= _DIGITS):
        raise Unfit(RowReason.NUMBER_IMPOSSIBLE)
    return int(printed)


def identity(cell: object) -> tuple[str, Warned | None]:
    """Return an identity number with the zeros that a spreadsheet took from it, and what to tell of it."""
    printed = text(cell).replace(" ", "")
    if not (printed.isascii() and printed.isdigit()) or len(printed) in (_CARD, _OLD_CARD):
        return printed, None
    if len(printed) in (_CARD - 1, _CARD - 2):
        return printed.zfill(_CARD), Warned.ID_PADDED
    if len(printed) == _OLD_CARD - 1:
        return printed.zfill(_OLD_CARD), Warned.ID_PADDED
    return printed, Warned.ID_ODD


def procedure(cell: object) -> str:
    """Return a cell with the code of a TTHC; as a number it has lost the zeros at its end."""
    return f"{cell:.6f}" if isinstance(cell, float) else text(cell)


def as_text(cell: object) -> str:
    """Return a cell as text: whole numbers without a point, NFC, trimmed, without NUL, which no database stores."""
    if type(cell) is str:
        return cell.strip() if cell.isascii() and "\0" not in cell else _cleaned(cell)
    if cell is None:
        return ""
    if isinstance(cell, BadCell):
        return cell.value
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


@lru_cache(maxsize=1 << 14)
def _cleaned(text: str) -> str:
    return " ".join(nfc(text.replace("\0", "")).split())
