"""What a person decides goes before what is found: encoding, separator, sheet, header row, columns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from registers.choice import Choice, column_letters, column_number
from registers.dates import VIETNAM
from registers.reading import opened, read_register
from registers.reasons import RowReason
from tests.unit.registers.test_reading import BOOK, CODE, book_row, write

ODD = ["a", "so", "viec", "nguoi", "co quan", "vao", "han", "ra", "cach", "them"]
ODD_COLUMNS = {"code": "B", "received": "vao", "due": "G", "applicant": "nguoi"}


def test_columns_are_named_by_letter_or_header(tmp_path: Path) -> None:
    """A header that nobody knows is read as a person says."""
    path = write(tmp_path / "r.csv", [ODD, book_row()])
    with pytest.raises(Rejected) as caught:
        read_register(path)
    assert caught.value.code is Code.REGISTER_COLUMNS
    entry = read_register(path, Choice(header_row=1, columns=ODD_COLUMNS)).entries[0]
    assert (entry.code, entry.applicant) == (CODE, "Quách Thị Vân Kiều")
    assert entry.due_at == datetime(2026, 3, 18, 23, 59, 59, tzinfo=VIETNAM)
    assert (entry.returned_at, entry.procedure_name) == (None, "")


def test_a_column_is_left_out_or_moved(tmp_path: Path) -> None:
    """`-` takes a column from what was found; a column has one role."""
    path = write(tmp_path / "r.csv", [BOOK, book_row()])
    found = read_register(path, Choice(columns={"note": "-", "applicant": "Ghi chú", "returned": "-"}))
    assert found.entries[0].applicant == "ghi chú"
    assert {"note", "returned"} & set(found.layout.columns) == set()


@pytest.mark.parametrize("columns", [{"code": "ZZZ"}, {"code": "không có cột này"}, {"received": "-"}])
def test_a_column_that_is_not_there_is_refused(tmp_path: Path, columns: dict[str, str]) -> None:
    """Better than reading another one."""
    path = write(tmp_path / "r.csv", [BOOK, book_row()])
    if columns == {"code": "ZZZ"}:
        assert [row.reason_code for row in read_register(path, Choice(columns=columns)).rejected] == [
            RowReason.CODE_MISSING
        ]
        return
    with pytest.raises(Rejected) as caught:
        read_register(path, Choice(columns=columns))
    assert caught.value.code is Code.REGISTER_COLUMNS


def test_the_sheet_is_chosen(tmp_path: Path) -> None:
    """Of several registers in one workbook."""
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        for name, code in (("Tháng 1", CODE), ("Tháng 2", CODE[:-1] + "9")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, BOOK)
            sheet.write_row(1, 0, book_row(code))
    found = read_register(tmp_path / "r.xlsx", Choice(sheet="Tháng 2"))
    assert ([entry.code for entry in found.entries], found.layout.sheets) == ([CODE[:-1] + "9"], ("Tháng 1", "Tháng 2"))
    with pytest.raises(Rejected):
        read_register(tmp_path / "r.xlsx", Choice(sheet="Tháng 3"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_source_is_known_again_by_its_header(tmp_path: Path, suffix: str) -> None:
    """However its title rows and its rows change, and however it is read."""
    marks = []
    for number, month in enumerate(("THÁNG 1", "THÁNG 2")):
        path, rows = tmp_path / f"{number}{suffix}", [[month], ODD, book_row(CODE[:-1] + str(number))]
        if suffix == ".csv":
            write(path, rows)
        else:
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet(month)
                for place, row in enumerate(rows):
                    sheet.write_row(place, 0, row)
        with opened(path) as file:
            found = file.read(Choice(header_row=2, columns=ODD_COLUMNS))
            assert found.layout.mark in file.marks()
        marks.append(found.layout.mark)
    assert marks[0] == marks[1] != ""


def test_choices_are_kept_and_completed() -> None:
    """As JSON and back; what is said now goes before what was saved."""
    saved = Choice("tcvn3", "tab", "Sổ", 4, {"code": "B", "received": "C"})
    assert Choice.from_dict(saved.as_dict()) == saved
    assert Choice.from_dict({}) == Choice()
    assert not Choice()
    now = Choice(separator=",", columns={"received": "D"}).over(saved)
    assert now == Choice("tcvn3", ",", "Sổ", 4, {"code": "B", "received": "D"})


@given(st.integers(0, 20_000))
def test_letters_of_columns(index: int) -> None:
    """As spreadsheets count them."""
    letters = column_letters(index)
    assert len(letters) > 3 or column_number(letters) == index
    assert column_number("mã") is column_number("") is None
