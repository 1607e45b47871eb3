"""Why rows are set aside, and what is told about rows that are taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RowReason(StrEnum):
    """Why a row was set aside."""

    CODE_MISSING = "CODE_MISSING"
    CODE_INVALID = "CODE_INVALID"
    CODE_DUPLICATE = "CODE_DUPLICATE"
    UNIT_UNKNOWN = "UNIT_UNKNOWN"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"
    DATE_IN_FUTURE = "DATE_IN_FUTURE"
    DUE_BEFORE_RECEIVED = "DUE_BEFORE_RECEIVED"
    FINISHED_BEFORE_RECEIVED = "FINISHED_BEFORE_RECEIVED"
    STATUS_UNKNOWN = "STATUS_UNKNOWN"
    CHANNEL_UNKNOWN = "CHANNEL_UNKNOWN"
    FLAG_UNKNOWN = "FLAG_UNKNOWN"
    NUMBER_IMPOSSIBLE = "NUMBER_IMPOSSIBLE"
    CELL_TOO_LONG = "CELL_TOO_LONG"
    CELL_ERROR = "CELL_ERROR"
    FORMULA_UNCOMPUTED = "FORMULA_UNCOMPUTED"
    FORMULA_UNSTABLE = "FORMULA_UNSTABLE"
    # found when the row is compared with what the catalogue knows
    OLDER_THAN_KNOWN = "OLDER_THAN_KNOWN"
    UNDOES_WHAT_IS_KNOWN = "UNDOES_WHAT_IS_KNOWN"


class Warned(StrEnum):
    """What a person should look at in a row that was taken."""

    ID_PADDED = "ID_PADDED"
    ID_ODD = "ID_ODD"
    CODE_DAY_DIFFERS = "CODE_DAY_DIFFERS"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was set aside: its number in the file from 1, why, and its cells as text (may name people)."""

    row: int
    reason_code: RowReason
    values: tuple[str, ...]


class Unfit(Exception):  # noqa: N818 - carries a reason from a cell to its row
    """A cell that keeps its row from being taken."""

    def __init__(self, reason: RowReason) -> None:
        super().__init__(reason)
        self.reason = reason
