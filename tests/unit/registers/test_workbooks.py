"""Registers as .xlsx: typed cells, several sheets, and workbooks made to exhaust memory."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import pytest
import xlsxwriter
import xlwt

from dossier.errors import Code, Rejected
from dossier.register import Status
from registers import parts, reading
from registers.dates import VIETNAM
from registers.parts import Parts, Request
from registers.reading import read_register
from registers.reasons import RowReason, Warned
from registers.settings import limits
from registers.xlsx_cells import Texts

HEADER = ("STT", "Mã hồ sơ", "Tên TTHC", "Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Trạng thái hồ sơ")
SMALL = replace(limits(), expanded_bytes=1 << 16, string_bytes=1 << 12, members=20, rows=100, columns=20)


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
    assert (entry.row, entry.status, found.layout.form) == (5, Status.RETURNED, "xlsx")
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
    assert list(read_register(tmp_path / "r.xlsx").entries) == list(read_register(tmp_path / "r.csv").entries)


def sheet_of(path: Path, rows: str, **members: str) -> Path:
    """Write a workbook with these rows as XML, and other members."""
    with xlsxwriter.Workbook(path.with_suffix(".base")) as book:
        book.add_worksheet("Sổ").write_row(0, 0, HEADER)
    with zipfile.ZipFile(path.with_suffix(".base")) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            out.writestr(name, data)
        for name, text in members.items():
            out.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


def row_of(number: int, *cells: str, code: str = "H99.27.14-260211-0008") -> str:
    """Return a row as XML: a code, a name, and cells as XML of their inside behind their column."""
    texts = (("B", code), ("C", "Đăng ký khai sinh"))
    first = "".join(f'<c r="{at}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in texts)
    rest = "".join(f'<c r="{at}{number}"{inside}</c>' for at, _, inside in (cell.partition(":") for cell in cells))
    return f'<row r="{number}">{first}{rest}</row>'


def refused(path: Path) -> str:
    """Return why a file is refused as a whole."""
    with pytest.raises(Rejected) as caught:
        read_register(path)
    assert caught.value.code is Code.REGISTER_UNREADABLE
    return caught.value.detail


def test_far_cells_take_no_memory(tmp_path: Path) -> None:
    """One cell in the last corner would make a rectangle of 17 thousand million cells; it is passed over."""
    path = sheet_of(
        tmp_path / "r.xlsx", row_of(2, "D:><v>46064</v>") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    found = read_register(path)
    assert (len(found.entries), found.skipped) == (1, 1)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('D: t="e"><v>#REF!</v>', RowReason.CELL_ERROR),
        ("D:><f>E2-5</f>", RowReason.FORMULA_UNCOMPUTED),
        ("D:><f>TODAY()</f><v>46064</v>", RowReason.FORMULA_UNSTABLE),
        ("D:><f>'[so khac.xlsx]Sheet1'!A1</f><v>46064</v>", RowReason.FORMULA_UNSTABLE),
        ("D:><v>99999999</v>", RowReason.DATE_IMPOSSIBLE),
        ("D:><v>NaN</v>", RowReason.DATE_IMPOSSIBLE),
    ],
)
def test_cells_that_say_nothing_that_holds(tmp_path: Path, cell: str, reason: RowReason) -> None:
    """Errors, formulas that were not computed, and those that give another day tomorrow set their row aside."""
    found = read_register(sheet_of(tmp_path / "r.xlsx", row_of(2, cell)))
    assert [row.reason_code for row in found.rejected] == [reason]


def test_a_formula_with_its_value_is_that_value(tmp_path: Path) -> None:
    """Clerks compute the day of appointment from the day of reception."""
    found = read_register(sheet_of(tmp_path / "r.xlsx", row_of(2, "D:><v>46064</v>", "E:><f>D2+15</f><v>46079</v>")))
    assert found.entries[0].due_at == datetime(2026, 2, 26, 23, 59, 59, tzinfo=VIETNAM)


def test_a_code_of_a_procedure_as_a_number_keeps_its_zeros(tmp_path: Path) -> None:
    """2.000630 as a number is 2.00063; a lost zero in front of an identity number is put back and told."""
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã hồ sơ", "Mã TTHC", "Số CCCD", "Ngày nhận"])
        sheet.write_row(1, 0, ["H99.27.14-260211-0008", 2.00063, 99175004461, 46064])
    found = read_register(tmp_path / "r.xlsx")
    assert (found.entries[0].procedure, found.entries[0].applicant_id) == ("2.000630", "099175004461")
    assert found.warned_rows == {Warned.ID_PADDED: [2]}


def test_workbooks_of_1904_count_their_days_from_there(tmp_path: Path) -> None:
    """A spreadsheet made on an old Macintosh has other day numbers."""
    with xlsxwriter.Workbook(tmp_path / "r.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [1, "H99.27.14-260211-0008", "Đăng ký khai sinh", 46064 - 1462])
    received = read_register(tmp_path / "r.xlsx").entries[0].received_at
    assert received == datetime(2026, 2, 11, tzinfo=VIETNAM)


def test_old_workbooks_are_read(tmp_path: Path) -> None:
    """An .xls file says the same as an .xlsx file, dates as dates."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sổ")
    stamp = xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm")
    cells = (1, "H99.27.14-260211-0008", "Đăng ký khai sinh", datetime(2026, 2, 11, 9, 40), 46099, "", "Đang xử lý")  # noqa: DTZ001
    for place, (name, cell) in enumerate(zip(HEADER, cells, strict=True)):
        sheet.write(0, place, name)
        sheet.write(1, place, cell, stamp) if isinstance(cell, datetime) else sheet.write(1, place, cell)
    book.save(tmp_path / "r.xls")
    found = read_register(tmp_path / "r.xls")
    assert (found.layout.form, found.layout.sheet) == ("xls", "Sổ")
    assert found.entries[0].received_at == datetime(2026, 2, 11, 9, 40, tzinfo=VIETNAM)
    assert found.entries[0].due_at == datetime(2026, 3, 18, 23, 59, 59, tzinfo=VIETNAM)


def test_a_bomb_is_stopped_while_inflating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a member becomes is counted, not what its directory entry claims."""
    monkeypatch.setattr(parts, "limits", lambda: SMALL)
    blank = "".join(f'<row r="{number}" spans="1:7" ht="15.75"/>' for number in range(2, 3000))
    with pytest.raises(Rejected) as caught:
        Parts(sheet_of(tmp_path / "r.xlsx", blank)).part(Request(), 0)
    assert caught.value.code is Code.REGISTER_UNREADABLE


def test_texts_without_end_are_stopped() -> None:
    """Shared texts stay in memory, and only so many."""
    texts = Texts(1000)
    item = Element("{x}si")
    SubElement(item, "{x}t").text = "x" * 400
    texts.add(item)
    texts.add(item)
    with pytest.raises(Rejected):
        texts.add(item)
    assert texts.get(1) == "x" * 400
    with pytest.raises(ValueError, match="no such"):
        texts.get(2)


def test_too_many_members(tmp_path: Path) -> None:
    """A directory of thousands of members is refused unread."""
    names = {f"x__{number}": "" for number in range(limits().members)}
    assert refused(sheet_of(tmp_path / "r.xlsx", "", **names)) == "too many members"


def test_macros_and_entities_are_refused(tmp_path: Path) -> None:
    """A register needs neither."""
    assert refused(sheet_of(tmp_path / "m.xlsx", "", xl__vbaProject_bin="x")) == "macros"
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]>'
    path = tmp_path / "e.xlsx"
    with zipfile.ZipFile(sheet_of(tmp_path / "r.xlsx", "")) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            out.writestr(
                name, data.replace(b"<workbook", bomb.encode() + b"<workbook") if "workbook.xml" in name else data
            )
    assert refused(path) == "declares entities"


def test_a_web_page_called_a_workbook_is_told(tmp_path: Path) -> None:
    """Some software writes a page and calls it .xls."""
    path = tmp_path / "r.xls"
    path.write_text("<html><table></table></html>")
    assert refused(path) == "a web page"


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    """A workbook cut short or with changed bytes is unreadable, never half imported."""
    whole = register(tmp_path / "r.xlsx").read_bytes()
    broken = tmp_path / "b.xlsx"
    with zipfile.ZipFile(tmp_path / "r.xlsx") as archive:
        start = archive.getinfo("xl/worksheets/sheet2.xml").header_offset + 100
    for data in (whole[: len(whole) // 2], whole[:start] + bytes(200) + whole[start + 200 :]):
        broken.write_bytes(data)
        assert refused(broken)
    assert refused(sheet_of(broken, '<row r="3"/><row r="3"/>')) == "rows out of order"
    assert refused(sheet_of(broken, '<row r="3"><c r="A3" t="s"><v>77</v></c></row>'))


def test_a_workbook_that_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that opens it is stopped; ours lives on."""
    monkeypatch.setattr(reading, "limits", lambda: replace(limits(), wall_seconds=0.001))
    assert refused(register(tmp_path / "r.xlsx")).startswith("stopped")
