"""The list of a store room: columns by name in any order, all rows or none, nothing of a cell runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from dossier.errors import Code, Rejected
from dossier.papers import PaperPlace
from registers.places import Fault, read_places

CODE = "H99.27.14-260211-0008"


def _csv(folder: Path, text: str) -> Path:
    path = folder / "hop.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_list_says_where_each_dossier_lies(tmp_path: Path) -> None:
    """Above the header there may be a title; columns may stand in any order; what is missing stays empty."""
    path = _csv(
        tmp_path,
        "DANH MỤC HỘP;;;;;;\nHộp số;Mã hồ sơ;Số tờ;Quầy;Kho;Giá;Hồ sơ số\n"
        f"12;{CODE};34;Quầy 2;A;3;07\n;H99.27.14-260211-0009;;;;;\n",
    )
    found = read_places(path)
    assert found.faults == ()
    assert found.places == (
        PaperPlace(CODE, "Kho A, giá 3, hộp 12", "07", "Quầy 2", 34),
        PaperPlace("H99.27.14-260211-0009", ""),
    )


def test_leaves_stand_in_one_column_or_in_two(tmp_path: Path) -> None:
    """As people write them; where nobody counted, there are as many pages as leaves; nobody need say any."""
    one = _csv(tmp_path, f"Mã hồ sơ;Hộp;Bút lục;Số trang\n{CODE};1;từ tờ 1 đến tờ 12;20\n{CODE};1;;3\n")
    assert [(each.leaves, each.pages) for each in read_places(one).places] == [("1-12", 20), ("", 3)]
    two = _csv(tmp_path, f"Mã hồ sơ;Hộp;Từ tờ;Đến tờ\n{CODE};1;13;20\n{CODE};1;;\n")
    assert [(each.leaves, each.pages) for each in read_places(two).places] == [("13-20", 8), ("", None)]


@pytest.mark.parametrize("row", ["12-1;", "1, 1;", "13-;", "1-12;5", "1-12;25", "1-999999;", f"{'1,' * 900}1;"])
def test_leaves_that_cannot_be(tmp_path: Path, row: str) -> None:
    """Named by row and column: no leaves, fewer pages than leaves, more than they have sides."""
    found = read_places(_csv(tmp_path, f"Mã hồ sơ;Tờ số;Số trang\n{CODE};{row}\n"))
    assert (found.places, found.faults) == ((), (Fault(2, "leaves"),))


def test_a_workbook_is_read_the_same(tmp_path: Path) -> None:
    """Numbers in cells are numbers; it is opened in a process of its own."""
    path = tmp_path / "hop.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã hồ sơ", "Hộp", "Số trang"])
        sheet.write_row(1, 0, [CODE, 12, 34])
    assert read_places(path).places == (PaperPlace(CODE, "hộp 12", "", "", 34),)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"không phải mã;{'1'}", "code"),
        (f"{CODE};0", "pages"),
        (f"{CODE};-3", "pages"),
        (f"{CODE};9999999", "pages"),
        (f"{CODE};{'9' * 500}", "pages"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, column: str) -> None:
    """By its number in the file and its column."""
    assert read_places(_csv(tmp_path, f"Mã hồ sơ;Số tờ\n{row}\n")).faults == (Fault(2, column),)


@pytest.mark.parametrize("text", ["Mã hồ sơ;Ghi chú\nx;y\n", "a;b\n1;2\n", "<html>", "\x00\x01"])
def test_what_is_no_such_list_is_refused(tmp_path: Path, text: str) -> None:
    """Without a code and a box, counter or number of pages it says nothing."""
    with pytest.raises(Rejected) as refused:
        read_places(_csv(tmp_path, text))
    assert refused.value.code is Code.REGISTER_UNREADABLE
