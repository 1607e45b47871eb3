"""The workbook as a spreadsheet program reads it: typed numbers, print set-up, no formula from outside."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from dossier.errors import Code, Unavailable
from dossier.register import VIETNAM
from registers.procedures import load_procedures
from registers.reading import read_register
from reports.period import free_range
from reports.sheet import harmless
from reports.view import Base
from reports.workbook import write_xlsx
from tests.published.make_registers import huyen_tung
from tests.reporting import Inspected, inspected

SHEETS = ["Báo cáo", "Biểu 06", "Số hóa", "Nguyên nhân", "Danh sách"]


@pytest.fixture
def found(tmp_path: Path) -> Inspected:
    """Return the figures of the Huyền Tụng register."""
    register = read_register(huyen_tung(tmp_path))
    return inspected(
        register.entries,
        {},
        load_procedures(),
        period=free_range(date(2019, 1, 1), date(2019, 7, 31)),
        base=Base.B1,
        demo=False,
        as_of=datetime(2019, 8, 1, tzinfo=VIETNAM),
        unit="UBND phường Huyền Tụng",
    )


def cells(path: Path, sheet: str) -> list[list[object]]:
    """Return the cells of a sheet."""
    return [list(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()]


def test_figures_are_numbers_with_both_counts_beside_the_rate(found: Inspected, tmp_path: Path) -> None:
    """A rate is a number formatted as per cent, its numerator, denominator and definition in the same row."""
    path = tmp_path / "report.xlsx"
    write_xlsx(found.figures, path)
    assert CalamineWorkbook.from_path(str(path)).sheet_names == SHEETS
    report = cells(path, "Báo cáo")
    late = next(row for row in report if row[0] == "Tỷ lệ quá hạn trên số đã giải quyết")
    assert late[1:5] == [0, 768, 0, "hososo-qua-han/2026-01"]
    assert ["Tiếp nhận trong kỳ", 768] in [row[:2] for row in report]
    texts = {str(cell) for row in report for cell in row}
    assert {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"} <= texts
    assert any(text.startswith("Cơ sở tính tỷ lệ số hóa: B1") for text in texts)
    assert "UBND PHƯỜNG HUYỀN TỤNG" in texts


def test_totals_and_lists_agree(found: Inspected, tmp_path: Path) -> None:
    """The form's total row is the sum of its fields and the list has one row a dossier."""
    path = tmp_path / "report.xlsx"
    write_xlsx(found.figures, path, details=found.details())
    form = cells(path, "Biểu 06")
    total = next(row for row in form if row[1] == "Tổng cộng")
    fields = [row for row in form if isinstance(row[0], float)]
    assert total[2:] == [sum(float(str(row[column])) for row in fields) for column in range(2, len(total))]
    listed = [row for row in cells(path, "Danh sách") if str(row[0]).startswith("H03")]
    assert len(listed) == 768


def test_the_page_is_a4_landscape_in_times_new_roman(found: Inspected, tmp_path: Path) -> None:
    """What is printed follows the form of administrative documents."""
    path = tmp_path / "report.xlsx"
    write_xlsx(found.figures, path)
    with zipfile.ZipFile(path) as archive:
        for number in range(1, len(SHEETS) + 1):
            setup = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert 'paperSize="9"' in setup
            assert 'orientation="landscape"' in setup
        styles = archive.read("xl/styles.xml").decode()
    assert '<name val="Times New Roman"/>' in styles
    assert '<sz val="13"/>' in styles


def test_texts_from_registers_are_never_formulas(found: Inspected, tmp_path: Path) -> None:
    """A field named like a formula stays a text, marked so that a later .csv is safe too."""
    path = tmp_path / "report.xlsx"
    hostile = '=HYPERLINK("http://x","y")'
    question = replace(found.figures.question, unit="@SUM(A1)")
    write_xlsx(replace(found.figures, fields=((hostile, found.figures.total),), question=question), path)
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet for sheet in sheets)
    assert f"'{hostile}" in [row[1] for row in cells(path, "Biểu 06") if len(row) > 1]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_formula_starts_are_marked(text: str) -> None:
    """Each start that a spreadsheet takes for a formula is marked, other texts are not."""
    assert harmless(text) == f"'{text}"
    assert harmless("a" + text) == "a" + text


def test_the_same_figures_give_the_same_bytes(found: Inspected, tmp_path: Path) -> None:
    """A frozen report can be written again and compared."""
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(found.figures, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_target_that_cannot_be_written_is_the_worlds_fault(found: Inspected, tmp_path: Path) -> None:
    """A missing folder is told with its code, and nothing is left behind."""
    with pytest.raises(Unavailable) as caught:
        write_xlsx(found.figures, tmp_path / "none" / "report.xlsx")
    assert caught.value.code is Code.EXPORT_TARGET
