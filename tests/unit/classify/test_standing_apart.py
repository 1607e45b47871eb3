"""Labels and values that stand apart: one below the other, in tables, behind open places, units before numbers."""

from __future__ import annotations

import pytest

from bench.papers.typed import page_of
from classify.fields import extract
from classify.rules import load_rules

RULES = load_rules()
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
FILLING = tuple(f"Nội dung thứ {number} của văn bản được trình bày ở đây cho đủ dòng." for number in range(10))


def said(kind: str, name: str, *rows: str) -> list[str]:
    """Return the values of one field of a paper of these rows; two spaces and a bar part cells."""
    return [one.value for one in extract([page_of(rows)], kind, RULES) if one.name == name]


@pytest.mark.parametrize("row", ["......, ngày 19/01/2026", "…………, ngày 19-01-2026", "Ngày 19/01/2026"])
def test_a_day_whose_place_was_left_open(row: str) -> None:
    """In the head of an application, and of a paper of an office."""
    assert said("DON_DANG_KY_BIEN_DONG", "ngay_lap", *MOTTO, row, "ĐƠN ĐĂNG KÝ BIẾN ĐỘNG", *FILLING) == ["2026-01-19"]


def test_a_day_alone_under_the_number() -> None:
    """Nothing else in its row; another day in the text is told of."""
    rows = (
        *MOTTO,
        "UBND XÃ ĐỨC LẬP",
        "Số: 945/XNTTHN",
        "17 - 02 - 2025",
        "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        *FILLING,
    )
    rows = (*rows, "Đã ly hôn theo Bản án số 60/2020/HNGĐ-ST ngày 26-07-2020 của Tòa án nhân dân", "CHỦ TỊCH")
    assert said("XAC_NHAN_TINH_TRANG_HON_NHAN", "ngay_ban_hanh", *rows) == ["2025-02-17"]


@pytest.mark.parametrize(
    "row",
    [
        "Chép đúng sổ gốc lưu tại nơi đăng ký; ngày cấp 12 tháng 09 năm 2022.",
        "Ngày cấp bản sao: 12/09/2022",
        "Trích lục ngày 12/9/2022 từ sổ đăng ký khai sinh",
        "Sao lục ngày 12 tháng 9 năm 2022",
    ],
)
def test_the_day_of_a_copy(row: str) -> None:
    """Neither the day of the entry that is copied nor that of a card."""
    rows = (*MOTTO, "TRÍCH LỤC KHAI SINH", *FILLING[:5], "Giấy tờ: CCCD số 099202760802, ngày cấp 05/06/2021")
    rows = (*rows, "Đã ghi vào Sổ đăng ký khai sinh: số 194 ngày: 12-03-2020", row, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert said("TRICH_LUC_KHAI_SINH", "ngay_ban_hanh", *rows) == ["2022-09-12"]


def test_who_signs_tells_the_day() -> None:
    """Not the day that another paper was signed."""
    for row in ("Người đứng đơn ký ngày 31-01-2023", "Người khai ký tên, ngày 31/01/2023", "Chủ hộ ký ngày: 31.1.2023"):
        assert said("DON_DE_NGHI_CPXD", "ngay_lap", *MOTTO, "ĐƠN XIN PHÉP", *FILLING, row) == ["2023-01-31"], row


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("GCN_QSDD", ("Bà:", "CAO THỊ BÍCH TRÂM", "Năm sinh: 1976")),
        ("GCN_QSDD", ("Hộ ông (bà):", "CAO THỊ BÍCH TRÂM", "Năm sinh: 1976")),
        ("DON_DANG_KY_DAT_DAI", ("Tên chồng:", "CAO THỊ BÍCH TRÂM năm sinh 1978", "Tên vợ:", "Lý Ngọc Hiền")),
        ("TO_TRINH", ("Chủ sử dụng: CAO THỊ BÍCH TRÂM", "Thửa 1129, tờ bản đồ số 2")),
    ],
)
def test_a_name_below_its_label(kind: str, rows: tuple[str, ...]) -> None:
    """Alone on its row or with a year behind it."""
    title = RULES.kind(kind).headings[0].upper()
    assert said(kind, "ho_ten", *MOTTO, title, *rows, *FILLING) == ["CAO THỊ BÍCH TRÂM"]


def test_the_wife_below_her_label() -> None:
    """Behind the husband, below his."""
    rows = ("Tên chồng:", "Bùi Hoàng Vượng năm sinh 1978", "Tên vợ:", "Lý Ngọc Hiền năm sinh 1980", *FILLING)
    assert said("DON_DANG_KY_DAT_DAI", "ho_ten_2", *MOTTO, "ĐƠN ĐĂNG KÝ ĐẤT ĐAI", *rows) == ["Lý Ngọc Hiền"]


def test_a_household_business_is_nobodys_name() -> None:
    """Under the signature of its holder."""
    assert said("GIAY_DE_NGHI", "ho_ten", *MOTTO, *FILLING, "CHỦ HỘ KINH DOANH") == []


def test_parcels_one_below_the_other() -> None:
    """Labels and values in turn."""
    rows = ("1.2. Thửa đất", "Thửa số", "892", "Tờ bản đồ", "34", "Diện tích", "121,3 m2 (hình thức sử dụng: riêng)")
    whole = (*MOTTO, "HỢP ĐỒNG", *rows, "1.3. Nhà ở: tổng diện tích sàn 209,5 m2")
    for name, value in {"so_thua": "892", "so_to_ban_do": "34", "dien_tich_m2": "121.3"}.items():
        assert said("HOP_DONG_CHUYEN_NHUONG", name, *whole) == [value]


@pytest.mark.parametrize(
    "row",
    [
        "Diện tích toàn thửa (m2): 688,8 , trong đó xin chuyển 67 m2",
        "Diện tích (m2): 688,8",
        "Diện tích thửa đất, m2: 688,8; số tầng 2",
        "Diện tích thửa đất: 688,8 m2",
    ],
)
def test_a_unit_before_its_number(row: str) -> None:
    """The 2 of "m2" is no area."""
    rows = (*MOTTO, "ĐƠN", "thửa 931 tờ 80 , tại thôn Thượng Cát", row)
    assert said("DON", "dien_tich_m2", *rows) == ["688.8"]
    assert said("GIAY_PHEP_XAY_DUNG", "dien_tich_m2", *rows) == ["688.8"]


def test_a_paper_number_is_no_parcel() -> None:
    """A place that a slip makes a parcel, and the number of the paper in the row below."""
    rows = (*MOTTO, "BIÊN BẢN", "cùng cư trú tại xóm Chùa", "Số: 42/BB-HĐHG", *FILLING, "trong thửa đất số 730")
    assert said("BIEN_BAN", "so_thua", *rows) == ["730"]


def test_the_day_by_which_more_is_to_be_brought() -> None:
    """Is not the one on which papers were taken in."""
    rows = ("Ngày 17/3/2025, Chi nhánh nhận hồ sơ của ông/bà.", "Đề nghị nộp lại chậm nhất 21/04/2025 tại nơi đã nộp.")
    assert said("PHIEU_YEU_CAU_BO_SUNG", "ngay_tiep_nhan", *MOTTO, "PHIẾU YÊU CẦU", *rows) == ["2025-03-17"]


def test_whose_papers_a_slip_is_about_by_who_signs_it() -> None:
    """Where the form was filled in by a pen that nobody can read."""
    rows = (*MOTTO, "PHIẾU YÊU CẦU BỔ SUNG HỒ SƠ", "Hồ sơ của Ông (bà):", *FILLING, "NGƯỜI NHẬN PHIẾU", "Lê Bích Vân")
    assert said("PHIEU_YEU_CAU_BO_SUNG", "ho_ten", *rows) == ["Lê Bích Vân"]
