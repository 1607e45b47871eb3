"""Rows that were set aside come back in the form they came in, and are imported once they are right."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from registers.alphabets import LEGACY, writer
from registers.dates import VIETNAM
from registers.reading import read_register
from registers.reasons import RowReason
from registers.register_file import RegisterFile
from registers.returning import REASON_HEADER, write_rejected
from tests.unit.registers.test_reading import BOOK, CODE, book_row, write

TITLE = ["SỔ THEO DÕI", "", "Ngày xuất: 20/11/2026 08:30"]
WORDS = {RowReason.DATE_IMPOSSIBLE: "ngày không có thật"}


def returned(found: RegisterFile, target: Path) -> Path:
    """Write the rejected rows."""
    return write_rejected(found, target, lambda reason: WORDS.get(reason, str(reason)))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", *LEGACY])
def test_text_files_come_back_as_they_were(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Same encoding, same separator, the title rows too; corrected, the file is imported and its reasons ignored."""
    rows = [TITLE, BOOK, book_row(received="31/02/2026", returned=""), book_row(CODE[:-1] + "9")]
    if encoding in LEGACY:
        rows = [[writer(encoding)(cell) for cell in row] for row in rows]
    path = write(tmp_path / "r.csv", rows, delimiter, "latin-1" if encoding in LEGACY else encoding)
    back = returned(read_register(path), tmp_path / "ra")
    again = read_register(back)
    assert (again.layout.encoding, again.layout.separator) == (encoding, delimiter)
    assert again.layout.printed[-1] == REASON_HEADER
    assert again.layout.as_of == datetime(2026, 11, 20, 8, 30, tzinfo=VIETNAM)
    assert [row.values[-1] for row in again.rejected] == ["ngày không có thật"]
    back.write_bytes(back.read_bytes().replace(*_pair(encoding)))
    corrected = read_register(back)
    assert [entry.received_at for entry in corrected.entries] == [datetime(2026, 2, 11, tzinfo=VIETNAM)]
    assert corrected.entries[0].applicant == "Quách Thị Vân Kiều"


def _pair(encoding: str) -> tuple[bytes, bytes]:
    own = "utf-16-le" if encoding == "utf-16" else "ascii"
    return "31/02/2026".encode(own), "11/02/2026".encode(own)


def test_workbooks_come_back_with_dates_as_dates(tmp_path: Path) -> None:
    """Codes as text, dates as dates, and the second round overwrites the reasons of the first."""
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 0, BOOK)
        sheet.write_row(3, 0, book_row(channel="bồ câu"))
        sheet.write(3, 5, 46064.5)
        sheet.write_row(4, 0, book_row(received="31/02/2026"))
    first = returned(read_register(tmp_path / "r.xlsx"), tmp_path / "ra.xls")
    assert first == tmp_path / "ra.xlsx"
    second = read_register(returned(read_register(first), tmp_path / "ra2"))
    assert second.layout.printed.count(REASON_HEADER) == 1
    assert [row.reason_code for row in second.rejected] == [RowReason.CHANNEL_UNKNOWN, RowReason.DATE_IMPOSSIBLE]
    assert second.rejected[0].values[5] == "46064.5"
    assert [row.values[-1] for row in second.rejected] == ["CHANNEL_UNKNOWN", "ngày không có thật"]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+84 900", "-1+1", "@SUM(A1)"])
def test_nothing_that_comes_back_is_a_formula(tmp_path: Path, cell: str) -> None:
    """A cell that a spreadsheet would compute is guarded, and read again without the guard."""
    found = read_register(write(tmp_path / "r.csv", [BOOK, book_row(received="x", name=cell)]))
    back = returned(found, tmp_path / "ra")
    with back.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream, delimiter=";") for cell in row]
    assert not any(one.startswith(("=", "+", "-", "@")) for one in cells if len(one) > 1)
    assert read_register(back).rejected[0].values[2] == cell
