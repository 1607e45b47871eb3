"""Reference data as dated rows: what kinds there are, what columns each has, and which row is in force on a day.

A row never changes: a later edition adds rows. Of the rows with one key the one that took effect last is in force,
until its own last day. Every row says on what it is based and whether somebody has held it against that text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Value = str | int | bool | tuple[str, ...] | None


class Kind(StrEnum):
    """What reference data there is."""

    UNITS = "units"
    PROCEDURES = "procedures"
    COMPONENTS = "components"
    HOLIDAYS = "holidays"
    RETENTION = "retention"
    CODES = "codes"
    AGENCIES = "agencies"


class Form(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    NUMBER = "number"  # whole, not below 0; empty where nothing is set
    FLAG = "flag"  # có, không; empty where nobody has said
    CODES = "codes"  # several codes with spaces between
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the program, its heading in a sheet, what it holds, and what may stand in it."""

    name: str
    heading: str
    form: Form = Form.TEXT
    needed: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One dated row. `key` names the thing, `values` the rest by column; `valid_to` is the last day, None: no end.

    `checked` False: nobody has held it against the text that `basis` names. `withdrawn` rows were entered by mistake
    and are in force on no day.
    """

    kind: Kind
    key: str
    valid_from: date
    valid_to: date | None
    basis: str
    values: Mapping[str, Value] = field(hash=False)
    checked: bool = False
    withdrawn: bool = False


LEVELS = ("trung_uong", "tinh", "huyen", "xa")
KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.UNITS: ("code",),
    Kind.PROCEDURES: ("code",),
    Kind.COMPONENTS: ("procedure", "code"),
    Kind.HOLIDAYS: ("day",),
    Kind.RETENTION: ("code",),
    Kind.CODES: ("set", "code"),
    Kind.AGENCIES: ("code",),
}
COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.UNITS: (
        Column("code", "Mã đơn vị", needed=True),
        Column("name", "Tên đơn vị", needed=True),
        Column("level", "Cấp", needed=True, allowed=LEVELS),
        Column("parent", "Mã đơn vị cấp trên"),
        Column("successors", "Mã đơn vị kế tiếp", Form.CODES),
        Column("fonds", "Nơi giữ phông"),
    ),
    Kind.PROCEDURES: (
        Column("code", "Mã TTHC", needed=True),
        Column("name", "Tên TTHC", needed=True),
        Column("field", "Lĩnh vực", needed=True),
        Column("level", "Cấp thực hiện", allowed=("", *LEVELS)),
        Column("deadline", "Thời hạn (ngày làm việc)", Form.NUMBER),
        Column("has_result", "Có kết quả", Form.FLAG, needed=True),
        Column("result", "Loại kết quả"),
        Column("keeps_papers", "Lưu hồ sơ giấy", Form.FLAG, needed=True),
        Column("published", "Đã công bố", Form.FLAG),
    ),
    Kind.COMPONENTS: (
        Column("procedure", "Mã TTHC", needed=True),
        Column("code", "Mã thành phần", needed=True),
        Column("name", "Tên thành phần", needed=True),
        Column("required", "Bắt buộc", Form.FLAG, needed=True),
        Column("kinds", "Loại giấy tờ", Form.CODES),
        Column("position", "Thứ tự", Form.NUMBER),
    ),
    Kind.HOLIDAYS: (
        Column("day", "Ngày", Form.DAY, needed=True),
        Column("works", "Làm việc", Form.FLAG, needed=True),
        Column("name", "Lý do", needed=True),
    ),
    Kind.RETENTION: (
        Column("code", "Mã nhóm", needed=True),
        Column("name", "Nhóm hồ sơ", needed=True),
        Column("kept", "Có lưu", Form.FLAG, needed=True),
        Column("years", "Số năm (trống: vĩnh viễn)", Form.NUMBER),
        Column("maintenance", "Mã THBQ"),
    ),
    Kind.CODES: (
        Column("set", "Bộ mã", needed=True, allowed=("status", "channel")),
        Column("code", "Mã", needed=True),
        Column("name", "Tên", needed=True),
    ),
    Kind.AGENCIES: (
        Column("code", "Mã cơ quan", needed=True),
        Column("name", "Tên cơ quan", needed=True),
        Column("symbols", "Chữ viết tắt trong ký hiệu", Form.CODES),
        Column("successors", "Mã cơ quan kế tiếp", Form.CODES),
    ),
}
DATING = (
    Column("valid_from", "Hiệu lực từ", Form.DAY, needed=True),
    Column("valid_to", "Hiệu lực đến", Form.DAY),
    Column("basis", "Căn cứ", needed=True),
    Column("checked", "Đã đối chiếu", Form.FLAG),
    Column("withdrawn", "Bỏ dòng", Form.FLAG),
)
"""Columns that every kind has, behind its own."""


def key_of(kind: Kind, values: Mapping[str, Value]) -> str:
    """Return what names the thing that a row is about."""
    return "/".join(str(values[name]) for name in KEYS[kind])


def overlaid(older: Iterable[ReferenceRow], newer: Iterable[ReferenceRow]) -> list[ReferenceRow]:
    """Return all rows; of two with one key and first day the newer, and none that was withdrawn."""
    rows = {(row.kind, row.key, row.valid_from): row for row in (*older, *newer)}
    return sorted((row for row in rows.values() if not row.withdrawn), key=lambda row: (row.key, row.valid_from))


def in_force(rows: Iterable[ReferenceRow], kind: Kind, day: date) -> Iterator[ReferenceRow]:
    """Yield the rows of a kind that are in force on a day, one a key, in order of key."""
    latest: dict[str, ReferenceRow] = {}
    for row in rows:
        if row.kind is kind and row.valid_from <= day and not row.withdrawn:
            other = latest.get(row.key)
            if other is None or other.valid_from < row.valid_from:
                latest[row.key] = row
    for key in sorted(latest):
        if holds_on(latest[key], day):
            yield latest[key]


def holds_on(row: ReferenceRow, day: date) -> bool:
    """Return whether a day is between the first and the last of a row."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
