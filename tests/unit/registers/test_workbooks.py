"""Registers as .xlsx: typed cells, several sheets, and workbooks made to exhaust memory."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from dossier.errors import Code, Rejected
from dossier.register import Status
from registers.dates import VIETNAM
from registers.inflation import too_large
from registers.reading import read_register
from registers.rows import RowReason
from registers.settings import Limits, limits

HEADER = ("STT", "Mã hồ sơ", "Tên TTHC", "Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Trạng thái hồ sơ")
SMALL = Limits(
    bytes=1 << 20,
    expanded_bytes=1 << 16,
    members=20,
    cells=1000,
    rows=100,
    columns=20,
    cell_characters=100,
    search_rows=10,
    least_columns=3,
    first_year=1990,
    last_year=2099,
    wall_seconds=10,
    cpu_seconds=10,
    memory_bytes=1 << 30,
)


def register(path: Path) -> Path:
    """Write a workbook with a cover sheet and a register with a merged title, typed dates and a bad row."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Bìa").write(0, 0, "SỔ THEO DÕI")
        sheet = book.add_worksheet("Sổ")
        stamp = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.merge_range(1, 0, 1, 6, "SỔ THEO DÕI HỒ SƠ NĂM 2026")
        sheet.write_row(3, 0, HEADER)
        sheet.write_row(4, 0, [1, "H99.27.14-260211-0008", "Đăng ký khai sinh"])
        sheet.write_datetime(4, 3, datetime(2026, 2, 11, 9, 40), stamp)  # noqa: DTZ001 - as a spreadsheet keeps it
        sheet.write_row(4, 4, [46099, "17/03/2026", 10])
        sheet.write_row(5, 0, [2, "H99.27.14-260211-0009", "Đăng ký khai sinh", "#N/A", 46099, "", 4])
        sheet.write_row(6, 0, ["Tổng cộng", 2])
    return path


def test_typed_cells_become_typed_values(tmp_path: Path) -> None:
    """Dates as dates, as serial numbers and as text mean the same; row numbers are those that Excel shows."""
    found = read_register(register(tmp_path / "r.xlsx"))
    entry = found.entries[0]
    assert (entry.row, entry.status, found.encoding) == (5, Status.RETURNED, "xlsx")
    assert entry.received_at == datetime(2026, 2, 11, 9, 40, tzinfo=VIETNAM)
    assert entry.due_at == datetime(2026, 3, 18, 23, 59, 59, tzinfo=VIETNAM)
    assert entry.returned_at == datetime(2026, 3, 17, tzinfo=VIETNAM)
    assert [(bad.row, bad.reason_code) for bad in found.rejected] == [(6, RowReason.DATE_IMPOSSIBLE)]
    assert found.skipped == 1


def test_the_same_rows_as_csv_and_xlsx_give_the_same_entries(tmp_path: Path) -> None:
    """The container of a register does not change what it says."""
    cells = ["1", "H99.27.14-260211-0008", "Đăng ký khai sinh", "11/02/2026 09:40", "18/03/2026", "", "Đang xử lý"]
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, cells)
    (tmp_path / "r.csv").write_text("\n".join(";".join(row) for row in (HEADER, cells)), encoding="utf-8")
    assert read_register(tmp_path / "r.xlsx").entries == read_register(tmp_path / "r.csv").entries


def far_cell(reference: str) -> bytes:
    """Return a workbook whose sheet has one cell at a place."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        cell = f'<worksheet><sheetData><row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", cell)
    return data.getvalue()


def test_far_cells_are_seen_before_the_sheet_is_opened() -> None:
    """One cell in the last corner would make a rectangle of 17 thousand million cells."""
    assert too_large(far_cell("XFD1048576"), limits()) == "too many cells"
    assert too_large(far_cell("A1048576"), limits()) == ""
    assert too_large(far_cell("Z50"), SMALL) == "too many cells"
    assert too_large(far_cell("B50"), SMALL) == ""


def test_a_bomb_is_stopped_while_inflating() -> None:
    """What a member becomes is counted, not what its directory entry claims."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (1 << 20))
    honest = data.getvalue()
    assert too_large(honest, SMALL) == "expands too far"
    size = struct.pack("<I", 1 << 20)
    assert too_large(honest.replace(size, struct.pack("<I", 10)), SMALL) == "expands too far"


def test_too_many_members() -> None:
    """A directory of thousands of members is refused unread."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number in range(SMALL.members + 1):
            archive.writestr(f"{number}", b"")
    assert too_large(data.getvalue(), SMALL) == "too many members"


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    """A workbook cut short or with changed bytes is unreadable, never half imported."""
    whole = register(tmp_path / "r.xlsx").read_bytes()
    broken = tmp_path / "b.xlsx"
    for data in (whole[: len(whole) // 2], whole[:200] + bytes(400) + whole[600:], far_cell("A1")):
        broken.write_bytes(data)
        with pytest.raises(Rejected) as caught:
            read_register(broken)
        assert caught.value.code is Code.REGISTER_UNREADABLE


def test_a_count_that_makes_the_library_abort_is_refused(tmp_path: Path) -> None:
    """The library reserves memory for a count it is told and aborts its process; ours lives on."""
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(register(tmp_path / "r.xlsx")) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/sharedStrings.xml":
                data = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="1599999999999"', data)
            target.writestr(name, data)
    with pytest.raises(Rejected) as caught:
        read_register(path)
    assert caught.value.code is Code.REGISTER_UNREADABLE
    assert "stopped" in caught.value.detail
