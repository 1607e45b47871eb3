"""Registers with one thing wrong each, made from a seed: what is wrong, and what must come of it."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import xlsxwriter

from dossier.errors import Code
from registers.reasons import RowReason

HEADER = ["STT", "Mã hồ sơ", "Tên TTHC", "Cá nhân, tổ chức", "Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Trạng thái"]
HEADER += ["Hình thức nộp", "HoSoCoThanhPhanSoHoa", "Số lượng hồ sơ"]
CODE, NAME, RECEIVED, DUE, RETURNED, STATUS, CHANNEL, FLAG, COPIES = 1, 3, 4, 5, 6, 7, 8, 9, 10
Rows = list[list[str]]
_EXCEL_CELL = 32_768


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad register: the file, why it is refused whole, or which rows (by code) are set aside and why."""

    path: Path
    refused: Code | None
    rows: int
    wrong: int = 0
    reason: RowReason | None = None


def good_rows(dice: Random, count: int) -> Rows:
    """Return rows that are all right."""
    return [_good_row(number, dice) for number in range(1, count + 1)]


def _good_row(number: int, dice: Random) -> list[str]:
    day = dice.randrange(10, 25)
    received, due, returned = f"{day}/03/2026", f"{day + 3}/03/2026", f"{day + 2}/03/2026"
    code = f"H99.27.14-2603{day}-{number:04}"
    return [
        str(number),
        code,
        "Đăng ký khai sinh",
        "Lê Thị Thử",
        received,
        due,
        returned,
        "Đã trả",
        "Trực tiếp",
        "1",
        "1",
    ]


def write_csv(path: Path, rows: Rows) -> Path:
    """Write a .csv file as offices do."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([HEADER, *rows])
    return path


def write_xlsx(path: Path, rows: Rows, inside: str = "", **members: bytes) -> Path:
    """Write a workbook, with XML behind its last row, and other members."""
    plain = BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *rows]):
            sheet.write_row(number, 0, row)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", inside.encode() + b"</sheetData>")
            target.writestr(name, members.pop(name.replace("/", "_").replace(".", "_"), data))
        for name, data in members.items():
            target.writestr(name.replace("_", "/", 1).replace("_", "."), data)
    return path


def _cells(place: int, reason: RowReason, *values: str) -> Callable[[Path, Random], Bad]:
    """Return what spoils a cell of a few rows."""

    def make(folder: Path, dice: Random) -> Bad:
        rows = good_rows(dice, dice.randrange(8, 40))
        wrong = dice.sample(range(len(rows)), dice.randrange(1, 4))
        for number in wrong:
            rows[number][place] = dice.choice(values)
        fits = all(len(value) < _EXCEL_CELL for value in values)
        write, suffix = dice.choice(((write_csv, ".csv"), (write_xlsx, ".xlsx"))[: 1 + fits])
        return Bad(write(folder / f"r{suffix}", rows), None, len(rows), len(wrong), reason)

    return make


def _duplicates(folder: Path, dice: Random) -> Bad:
    rows = good_rows(dice, dice.randrange(8, 40))
    again = [list(row) for row in dice.sample(rows, 3)]
    return Bad(write_csv(folder / "r.csv", rows + again), None, len(rows) + 3, 3, RowReason.CODE_DUPLICATE)


def _swapped(first: int, second: int) -> Callable[[Path, Random], Bad]:
    def make(folder: Path, dice: Random) -> Bad:
        rows = good_rows(dice, dice.randrange(25, 60))
        for row in rows:
            row[first], row[second] = row[second], row[first]
        return Bad(write_csv(folder / "r.csv", rows), Code.REGISTER_MOSTLY_WRONG, len(rows))

    return make


def _odd_cell(inside: str, reason: RowReason) -> Callable[[Path, Random], Bad]:
    """Return what adds a row whose day of reception is this XML."""

    def make(folder: Path, dice: Random) -> Bad:
        rows = good_rows(dice, dice.randrange(8, 40))
        number = len(rows) + 2
        code = f'<c r="B{number}" t="inlineStr"><is><t>H99.27.14-260301-9999</t></is></c>'
        row = f'<row r="{number}">{code}<c r="E{number}"{inside}</c></row>'
        return Bad(write_xlsx(folder / "r.xlsx", rows, row), None, len(rows) + 1, 1, reason)

    return make


def _empty_rows(folder: Path, dice: Random) -> Bad:
    rows = good_rows(dice, 10)
    last = dice.randrange(20_000, 40_000)
    if dice.random() < 0.5:
        with write_csv(folder / "r.csv", rows).open("a", encoding="utf-8") as stream:
            stream.write(";;;;;;;;;;\r\n" * last)
        return Bad(folder / "r.csv", None, 10)
    blank = "".join(f'<row r="{number}" ht="15"><c r="A{number}" s="0"/></row>' for number in range(12, last))
    return Bad(write_xlsx(folder / "r.xlsx", rows, blank), None, 10)


def _bytes(name: str, data: Callable[[Random], bytes], code: Code) -> Callable[[Path, Random], Bad]:
    def make(folder: Path, dice: Random) -> Bad:
        (folder / name).write_bytes(data(dice))
        return Bad(folder / name, code, 0)

    return make


def _members(inside: str = "", **members: bytes) -> Callable[[Path, Random], Bad]:
    """Return what makes a workbook with a member that must not be."""

    def make(folder: Path, dice: Random) -> Bad:
        return Bad(write_xlsx(folder / "r.xlsx", good_rows(dice, 9), inside, **members), Code.REGISTER_UNREADABLE, 9)

    return make


def _damaged(folder: Path, dice: Random) -> Bad:
    path = write_xlsx(folder / "r.xlsx", good_rows(dice, 200))
    data = path.read_bytes()
    path.write_bytes(data[: dice.randrange(len(data) // 4, len(data) - 100)])
    return Bad(path, Code.REGISTER_UNREADABLE, 200)


def _without(*places: int) -> Callable[[Path, Random], Bad]:
    """Return what writes a register without some columns."""

    def make(folder: Path, dice: Random) -> Bad:
        rows = [[cell for at, cell in enumerate(row) if at not in places] for row in [HEADER, *good_rows(dice, 30)]]
        with (folder / "r.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return Bad(folder / "r.csv", Code.REGISTER_COLUMNS, 30)

    return make


KINDS: dict[str, Callable[[Path, Random], Bad]] = {
    "wrong dates": _cells(
        RECEIVED, RowReason.DATE_IMPOSSIBLE, "31/02/2026", "hôm qua", "2026", "11/02/26", "13/13/2026"
    ),
    "years far off": _cells(RECEIVED, RowReason.DATE_IN_FUTURE, "11/03/2027", "20/12/2062"),
    "results of the future": _cells(RETURNED, RowReason.DATE_IN_FUTURE, "11/03/2027"),
    "due before received": _cells(DUE, RowReason.DUE_BEFORE_RECEIVED, "11/03/2020", "01/01/2026 08:00"),
    "returned before received": _cells(RETURNED, RowReason.FINISHED_BEFORE_RECEIVED, "11/03/2020"),
    "codes that are none": _cells(CODE, RowReason.CODE_INVALID, "12", "H99-1", "H99.27.14-261399-0001", "không có"),
    "codes missing": _cells(CODE, RowReason.CODE_MISSING, ""),
    "unknown units": _cells(CODE, RowReason.UNIT_UNKNOWN, "H98.01-260301-0001", "G12.1-260301-000001"),
    "unknown states": _cells(STATUS, RowReason.STATUS_UNKNOWN, "11", "xong rồi"),
    "unknown channels": _cells(CHANNEL, RowReason.CHANNEL_UNKNOWN, "bồ câu", "9"),
    "unknown flags": _cells(FLAG, RowReason.FLAG_UNKNOWN, "có thể", "7"),
    "numbers that are none": _cells(COPIES, RowReason.NUMBER_IMPOSSIBLE, "một bộ", "-1", "99999999"),
    "endless cells": _cells(NAME, RowReason.CELL_TOO_LONG, "x" * 40_000),
    "codes twice": _duplicates,
    "dates swapped": _swapped(RECEIVED, DUE),
    "code and name swapped": _swapped(CODE, NAME),
    "formula not computed": _odd_cell("><f>A1</f>", RowReason.FORMULA_UNCOMPUTED),
    "formula of today": _odd_cell("><f>NOW()</f><v>46099</v>", RowReason.FORMULA_UNSTABLE),
    "error of a spreadsheet": _odd_cell(' t="e"><v>#N/A</v>', RowReason.CELL_ERROR),
    "a million empty rows": _empty_rows,
    "macros": _members(xl_vbaProject_bin=b"x"),
    "a bomb": _members(xl_workbook_xml=b"<workbook>" + b" " * (17 << 20)),
    "rows that go back": _members('<row r="3"/>'),
    "texts that are not there": _members('<row r="90"><c r="A90" t="s"><v>987654</v></c></row>'),
    "cut short": _damaged,
    "no columns that are known": _without(CODE, RECEIVED),
    "no code column": _without(CODE),
    "a web page": _bytes("r.xls", lambda dice: b"<html>" * dice.randrange(1, 99), Code.REGISTER_UNREADABLE),
    "a password": _bytes(
        "r.xlsx",
        lambda dice: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(900) + "EncryptedPackage".encode("utf-16-le"),
        Code.REGISTER_UNREADABLE,
    ),
    "an old workbook of noise": _bytes(
        "r.xls", lambda dice: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(5000), Code.REGISTER_UNREADABLE
    ),
    "noise": _bytes("r.csv", lambda dice: dice.randbytes(5000) + b"\xff\x81", Code.REGISTER_UNREADABLE),
    "nothing": _bytes("r.csv", lambda _: b"", Code.REGISTER_UNREADABLE),
    "another document": _bytes("r.pdf", lambda dice: b"%PDF-1.7" + dice.randbytes(99), Code.REGISTER_UNREADABLE),
    "a file without line ends": _bytes(
        "r.csv", lambda _: ";".join(HEADER).encode() + b"\n" + b"x" * (9 << 20), Code.REGISTER_UNREADABLE
    ),
    "a row without end": _bytes(
        "r.csv", lambda _: ";".join(HEADER).encode() + b"\n" + b'"a\nb";' * (1 << 20), Code.REGISTER_UNREADABLE
    ),
    "a row of a thousand cells": _bytes(
        "r.csv", lambda _: (";".join(HEADER) + "\n" + ";" * 999 + "\n").encode(), Code.REGISTER_UNREADABLE
    ),
}
