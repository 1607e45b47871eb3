"""Cells of a row by role, as texts, times, codes and flags; a cell that cannot be read makes its row unfit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar

from dossier.text import nfc, spaces_collapsed
from registers.dates import moment
from registers.reasons import RowReason, Unfit, Warned
from registers.settings import key, limits, names
from registers.sheets import BadCell

V = TypeVar("V")
_CARD, _OLD_CARD = 12, 9  # digits of the identity card since 2021, and of the one before
_PAGES = 10_000  # sets of papers that one dossier may have
_BAD = {
    BadCell.ERROR: RowReason.CELL_ERROR,
    BadCell.UNCOMPUTED: RowReason.FORMULA_UNCOMPUTED,
    BadCell.UNSTABLE: RowReason.FORMULA_UNSTABLE,
}


class Cells:
    """Reads the cells of one register's rows by role.

    Args:
        columns: Column index by role, see `registers/data/columns.toml`.
        serial_shift: Days between the file's day numbers and those that count from 30/12/1899.
    """

    def __init__(self, columns: Mapping[str, int], serial_shift: int = 0) -> None:
        self._columns = columns
        self._shift = serial_shift
        self._longest = limits().cell_characters

    def has(self, role: str) -> bool:
        """Return whether the register has such a column."""
        return role in self._columns

    def text(self, row: Sequence[object], role: str) -> str:
        """Return a cell as text."""
        column = self._columns.get(role)
        if column is None or column >= len(row):
            return ""
        return as_text(row[column])

    def moment(self, row: Sequence[object], role: str) -> datetime | None:
        """Return the time that a cell holds."""
        column = self._columns.get(role)
        if column is None or column >= len(row):
            return None
        cell = row[column]
        if self._shift and isinstance(cell, int | float) and cell:
            cell += self._shift
        try:
            return moment(cell)
        except (ValueError, OverflowError) as exc:
            raise Unfit(RowReason.DATE_IMPOSSIBLE) from exc

    def value(self, row: Sequence[object], role: str, known: Mapping[str, V], reason: RowReason) -> V | None:
        """Return what a printed name stands for, None for an empty cell."""
        text = self.text(row, role)
        if not text:
            return None
        found = known.get(text)
        if found is None:
            found = known.get(key(text) or text)
        if found is None:
            raise Unfit(reason)
        return found

    def flag(self, row: Sequence[object], role: str) -> bool | None:
        """Return a yes or no; an empty cell is a no, a missing column says nothing."""
        if role not in self._columns:
            return None
        return bool(self.value(row, role, names().flags, RowReason.FLAG_UNKNOWN))

    def link(self, row: Sequence[object], role: str) -> bool | None:
        """Return whether a cell that holds a flag, or the link itself, or nothing, says that there is something."""
        if role not in self._columns:
            return None
        text = self.text(row, role)
        return names().flags.get(key(text) or text, True) if text else False

    def number(self, row: Sequence[object], role: str) -> int | None:
        """Return a small whole number."""
        text = self.text(row, role)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < len(str(_PAGES))):
            raise Unfit(RowReason.NUMBER_IMPOSSIBLE)
        return int(text)

    def identity(self, row: Sequence[object], role: str) -> tuple[str, Warned | None]:
        """Return an identity number with the zeros that a spreadsheet took from it, and what to tell of it."""
        text = self.text(row, role).replace(" ", "")
        if not text or not (text.isascii() and text.isdigit()) or len(text) in (_CARD, _OLD_CARD):
            return text, None
        if len(text) in (_CARD - 1, _CARD - 2):
            return text.zfill(_CARD), Warned.ID_PADDED
        if len(text) == _OLD_CARD - 1:
            return text.zfill(_OLD_CARD), Warned.ID_PADDED
        return text, Warned.ID_ODD

    def procedure(self, row: Sequence[object], role: str) -> str:
        """Return a cell with the code of a TTHC; as a number it has lost the zeros at its end."""
        column = self._columns.get(role)
        cell = row[column] if column is not None and column < len(row) else None
        return f"{cell:.6f}" if isinstance(cell, float) else self.text(row, role)

    def check(self, row: Sequence[object]) -> None:
        """Look for cells that are too long, or in which a spreadsheet shows an error or what it has not computed.

        Raises:
            Unfit: One of the columns that are read has such a cell.
        """
        for column in self._columns.values():
            if column < len(row):
                cell = row[column]
                if type(cell) is str:
                    if len(cell) > self._longest:
                        raise Unfit(RowReason.CELL_TOO_LONG)
                elif isinstance(cell, BadCell):
                    raise Unfit(_BAD[cell])


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
    text = text.replace("\0", "")
    return text.strip() if text.isascii() else spaces_collapsed(nfc(text))
