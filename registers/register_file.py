"""What one register file says, and how it was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from dossier.errors import Code, Rejected
from dossier.register import RegisterEntry
from registers.reasons import RejectedRow, RowReason, Warned
from registers.settings import limits
from registers.staging import Staged


@dataclass(frozen=True, slots=True)
class Layout:
    """How a register file was read.

    Attributes:
        form: `csv`, `xls` or `xlsx`.
        encoding: Of its texts, `unicode` for a workbook without old fonts.
        separator: Between the cells of a .csv file, else empty.
        sheet: The sheet that was read, empty for a .csv file; `sheets` are all there are.
        header_row: Last row of the header, from 1.
        columns: Column index by role.
        texts: Header text as printed, by role.
        printed: Header text of every column.
        mark: What the header is known again by, whatever file it stands in.
        as_of: When the export was made; `is_stated` when it says so itself.
        head: The rows down to the last one of the header, as texts.
        sample: The first rows below it.
    """

    form: str
    encoding: str
    separator: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int
    columns: dict[str, int]
    texts: dict[str, str]
    printed: tuple[str, ...]
    mark: str
    as_of: datetime | None
    is_stated: bool
    head: tuple[tuple[str, ...], ...]
    sample: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """What one register file says.

    Attributes:
        layout: How it was read.
        entries: One per dossier, in file order, codes unique; packed, they are the values of their fields.
        rejected: Rows set aside with their reason; the file's other rows are not touched by them.
        sha256: Of the file's bytes, lower-case hex.
        skipped: How many rows below the header are no dossiers (blank, totals, section titles, signature lines).
        reasons: How many rows were set aside for each reason.
        warnings: How many rows a person should look at, by what for, and the numbers of the first of them.
        units: How many dossiers each agency code has.
    """

    layout: Layout
    entries: Staged[RegisterEntry]
    rejected: Staged[RejectedRow]
    sha256: str
    skipped: int = 0
    reasons: Counter[RowReason] = field(default_factory=Counter)
    warnings: Counter[Warned] = field(default_factory=Counter)
    warned_rows: dict[Warned, list[int]] = field(default_factory=dict)
    units: Counter[str] = field(default_factory=Counter)

    def check_sound(self) -> None:
        """Refuse a file of which most rows are wrong: it was read wrongly, as a rule by its columns.

        Raises:
            Rejected: REGISTER_MOSTLY_WRONG, the commonest reason as its detail.
        """
        bounds, wrong = limits(), len(self.rejected)
        if wrong >= bounds.refusal_rows and wrong > bounds.refusal_share * (wrong + len(self.entries)):
            reason, count = self.reasons.most_common(1)[0]
            raise Rejected(Code.REGISTER_MOSTLY_WRONG, f"{wrong} rows, {count} of them {reason}", subject="register")
