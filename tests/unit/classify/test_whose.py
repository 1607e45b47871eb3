"""Whose a name or a day is: couples, sides of deeds, who signs over an office, days beside other days."""

from __future__ import annotations

import pytest

from bench.papers.typed import page_of
from classify.candidates import candidates
from classify.fields import extract
from classify.paper import layouts_of
from classify.rules import load_rules
from classify.stream import stream
from tests.unit.classify.test_ways_of_saying import said

RULES = load_rules()
_PROSE = "Nay làm giấy này để các cơ quan xem xét, giải quyết theo quy định của pháp luật hiện hành."


@pytest.mark.parametrize(
    "rows",
    [
        ("Ông Lê Bá Kiên sinh năm 1960 CMND 012345678", "Bà Bùi Thị Hoa sinh năm 1964 CMND 012345679"),
        ("1. Ông Lê Bá Kiên, sinh năm 1960", "2. Bà Bùi Thị Hoa, sinh năm 1964"),
        ("Tên chồng:", "Lê Bá Kiên", "Tên vợ:", "Bùi Thị Hoa"),
        ("1.1. Họ tên chồng:", "Lê Bá Kiên", "1.2. Họ tên vợ:", "Bùi Thị Hoa"),
        ("Họ và tên chồng:", "Lê Bá Kiên", "Năm sinh: 1960", "Họ và tên vợ: Bùi Thị Hoa"),
    ],
)
def test_the_second_of_a_couple(rows: tuple[str, ...]) -> None:
    """In the row below the first, or under a label of her own."""
    assert said("DON_DANG_KY_BIEN_DONG", "ho_ten_2", ("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG", "", *rows, _PROSE)) == ["Bùi Thị Hoa"]


@pytest.mark.parametrize(
    "rows",
    [
        ("Vợ chồng tôi là: Lê Bá Kiên CMND: 012345678", "và: Bùi Thị Hoa CMND: 012345679"),
        ("Hai vợ chồng tôi là ông Lê Bá Kiên và vợ là bà Bùi Thị Hoa", _PROSE),
        ("Chúng tôi gồm: ông Lê Bá Kiên, CMND 012345678", "và bà Bùi Thị Hoa, CMND 012345679"),
    ],
)
def test_both_of_a_couple_give_power(rows: tuple[str, ...]) -> None:
    """Whoever is named with "và" after them is with them, not the other side."""
    paper = ("GIẤY ỦY QUYỀN", "", *rows, "Nay ủy quyền cho con là: Lê Bá Nam CMND: 012345670", _PROSE)
    assert said("GIAY_UY_QUYEN", "ben_a", paper)[:2] == ["Lê Bá Kiên", "Bùi Thị Hoa"]


@pytest.mark.parametrize("first", ["CHỒNG", "VỢ"])
def test_her_day_of_birth_wherever_his_stands(first: str) -> None:
    """On papers of a marriage the day of birth is the wife's."""
    blocks = {
        "CHỒNG": ("CHỒNG", "Họ và tên: LÊ BÁ KIÊN", "Sinh ngày: 5 tháng: 4 năm: 1990 Dân tộc: Kinh"),
        "VỢ": ("VỢ", "Họ và tên: BÙI THỊ HOA", "Sinh ngày: 7 tháng: 8 năm: 1992 Dân tộc: Kinh"),
    }
    rows = (*blocks[first], *blocks["VỢ" if first == "CHỒNG" else "CHỒNG"])
    assert said("GIAY_CHUNG_NHAN_KET_HON", "ngay_sinh", ("GIẤY CHỨNG NHẬN KẾT HÔN", "", *rows)) == ["1992-08-07"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày 5 tháng 3 năm 2020", "2020-03-05"),
        ("ngày: 5 tháng: 3 năm: 2020", "2020-03-05"),
        ("ngày 5 tháng 3\nnăm 2020", "2020-03-05"),
        ("ngày 5\ntháng 3 năm 2020", "2020-03-05"),
        ("ngày 5 tháng 3,\n năm 2020", "2020-03-05"),
        ("ngày … 5 … tháng … 3 … năm 2020", "2020-03-05"),
        ("05/03/2020", "2020-03-05"),
        ("ngày 5\n\n\ntháng 3 năm 2020", None),
        ("ngày 5 tháng 13 năm 2020", None),
    ],
)
def test_a_day_on_two_rows_is_one(text: str, day: str | None) -> None:
    """A row may end within a day."""
    layouts = layouts_of([page_of(text.split("\n"))], RULES)
    found = [one.value for one in candidates(stream(layouts, RULES.labels)) if one.sort == "day"]
    assert found == ([day] if day else []) or (day is None and "2020-03-05" in found)


@pytest.mark.parametrize(
    "row",
    [
        "Thời điểm làm giấy tờ chuyển giao: ngày 2 tháng 3 năm 2020",
        "Bắt đầu lúc 8 giờ 15 phút, ngày 2 tháng 3 năm 2020",
        "Nhận lúc 8 giờ, ngày 2 tháng 3 năm 2020",
    ],
)
def test_a_day_behind_a_label_or_an_hour_closes_no_paper(row: str) -> None:
    """It is of what the label says."""
    rows = ("TỜ KHAI", "", *[_PROSE] * 4, row, _PROSE, "....., ngày 13/06/2020", "NGƯỜI NỘP THUẾ")
    assert said("TO_KHAI_LPTB", "ngay_lap", rows) == ["2020-06-13"]


@pytest.mark.parametrize("office", ["CHỦ TỊCH", "Phó Chủ tịch", "GIÁM ĐỐC"])
def test_a_signer_over_the_office(office: str) -> None:
    """Some papers set the office under the name."""
    rows = ["QUYẾT ĐỊNH", "", *[_PROSE] * 6, "NGƯỜI KÝ", "", "", "Lê Bá Kiên", office]
    found = {one.name: one.value for one in extract([page_of(rows)], "QUYET_DINH", RULES)}
    assert found["nguoi_ky"] == "Lê Bá Kiên"


def test_nobody_stands_on_both_sides_of_a_deed() -> None:
    """Columns of both sides, the first side has two."""
    rows = (
        "HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT",
        "",
        "BÊN CHUYỂN NHƯỢNG (A) | BÊN NHẬN (B)",
        "Chồng: LÊ BÁ KIÊN | Bà CAO THỊ MAI",
        "Sinh 02/03/1960 | Sinh 05/06/1980",
        "Vợ: BÙI THỊ HOA | Nơi ở:",
        _PROSE,
    )
    assert said("HOP_DONG_CHUYEN_NHUONG", "ben_a", rows) == ["LÊ BÁ KIÊN", "BÙI THỊ HOA"]
    assert said("HOP_DONG_CHUYEN_NHUONG", "ben_b", rows) == ["CAO THỊ MAI"]


def test_a_heading_of_a_section_names_nobody() -> None:
    """A title "… NGƯỜI NỘP THUẾ TỰ KÊ KHAI" goes on with no name."""
    rows = ("TỜ KHAI LỆ PHÍ TRƯỚC BẠ", "", "A. PHẦN NGƯỜI NỘP THUẾ TỰ KÊ KHAI", "Tên người nộp thuế: LÊ BÁ KIÊN")
    assert said("TO_KHAI_LPTB", "ho_ten", rows) == ["LÊ BÁ KIÊN"]


@pytest.mark.parametrize("first", ["chồng", "vợ"])
@pytest.mark.parametrize("year", ["Năm sinh: {}", "Sinh năm {}, dân tộc Kinh", "Dân tộc: Kinh. Năm sinh: {}"])
def test_her_year_of_birth(first: str, year: str) -> None:
    """Where an extract of an old book knows no day; the first of the couple is not always the wife."""
    born = {"chồng": ("LÊ BÁ KIÊN", 1950), "vợ": ("BÙI THỊ HOA", 1952)}
    couple = (first, "vợ" if first == "chồng" else "chồng")
    rows = [row for one in couple for row in (f"Họ, chữ đệm, tên {one}", born[one][0], year.format(born[one][1]))]
    for kind, title in (
        ("TRICH_LUC_KET_HON", "TRÍCH LỤC KẾT HÔN"),
        ("GIAY_CHUNG_NHAN_KET_HON", "GIẤY CHỨNG NHẬN KẾT HÔN"),
    ):
        assert said(kind, "nam_sinh", (title, "", *rows, _PROSE)) == ["1952"]
