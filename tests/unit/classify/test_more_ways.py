"""More ways in which papers say the same: numbers, issuers, addressees, amounts, tax codes; and what is none."""

from __future__ import annotations

import pytest

from tests.unit.classify.test_ways_of_saying import FILLING, HEAD, MOTTO, said

TITLED = ("", "GIẤY CHỨNG SINH", "")


@pytest.mark.parametrize(
    ("row", "number"),
    [
        (" | Số: 213/2019/TLKH-BS", "213/2019/TLKH-BS"),
        ("Số: 14/2024/TLKS-BS | ", "14/2024/TLKS-BS"),
        ("Số : 07/2022/TLKT", "07/2022/TLKT"),
        ("Số: 23/TLKT-BS", "23/TLKT-BS"),
        ("Số: 47/2026", "47/2026"),
    ],
)
def test_the_number_of_an_extract(row: str, number: str) -> None:
    """With the year between number and symbol, or without it, or the year alone."""
    assert said("TRICH_LUC_KET_HON", "so", (*HEAD, row, "", "TRÍCH LỤC KẾT HÔN", "", *FILLING)) == [number]


@pytest.mark.parametrize(
    "row",
    [
        "Giấy số: 224",
        "Sổ hộ tịch | Giấy số 224",
        "Phiếu số: 224",
        "Giấy chứng sinh số: 224",
        "Bản số: 224.",
        "Quyển số: 02/PKKV-2019 Số chứng sinh: 224",
        "Quyển số 3/2020 - Số 224",
        "Quyển: 01/BV.2014, số giấy: 224",
    ],
)
def test_the_number_of_a_paper_of_a_hospital(row: str) -> None:
    """Alone behind what the paper is called, or behind its book."""
    assert said("GIAY_CHUNG_SINH", "so", (*HEAD, row, *TITLED, *FILLING)) == ["224"]


@pytest.mark.parametrize("row", ["Giấy giới thiệu kèm theo số 224 bản", "Số vào viện: 4697", "Bản sao số lượng: 2"])
def test_numbers_in_the_head_that_are_not_the_papers(row: str) -> None:
    """Of an admission, of copies."""
    assert not said("GIAY_CHUNG_SINH", "so", (*HEAD, row, *TITLED, *FILLING))


@pytest.mark.parametrize(
    ("rows", "issuer"),
    [
        (("Sở Y tế Hải Lâm | Mẫu 24", "Bệnh viện Phụ sản Hải Lâm | Số vào viện: 12"), "Bệnh viện Phụ sản Hải Lâm"),
        (("UBND huyện Sông La", "Trung tâm Y tế huyện Sông La"), "Trung tâm Y tế huyện Sông La"),
        ((f"TRUNG TÂM Y TẾ HUYỆN SÔNG LA | {MOTTO}", "Trạm Y tế xã Phú Khê | Độc lập"), "Trạm Y tế xã Phú Khê"),
        ((f"BỆNH VIỆN ĐA KHOA SÔNG LA | {MOTTO}", "Phòng Kế hoạch tổng hợp | Độc lập"), "BỆNH VIỆN ĐA KHOA SÔNG LA"),
        ((f"UBND XÃ PHÚ KHÊ | {MOTTO}", "Bộ phận Một cửa: quầy 2 | Độc lập"), "UBND XÃ PHÚ KHÊ"),
    ],
)
def test_an_issuer_in_small_letters(rows: tuple[str, ...], issuer: str) -> None:
    """Alone, or with its place under a body in capitals; a part of that body is none."""
    assert said("GIAY_CHUNG_SINH", "co_quan", (*rows, *TITLED, *FILLING)) == [issuer]


@pytest.mark.parametrize(
    ("row", "body"),
    [
        ("Cơ quan tiếp nhận: Công an xã Phú Khê tỉnh, thành phố: Hải Lâm", "Công an xã Phú Khê"),
        ("Nộp tại: UBND xã Phú Khê", "UBND xã Phú Khê"),
        ("Nơi nộp: Chi cục Thuế khu vực Sông La", "Chi cục Thuế khu vực Sông La"),
        ("Nơi nhận: Trung tâm Phục vụ hành chính công xã Phú Khê", "Trung tâm Phục vụ hành chính công xã Phú Khê"),
        ("Đơn vị giải quyết hồ sơ: Phòng Tư pháp huyện Sông La", "Phòng Tư pháp huyện Sông La"),
        ("Gửi đến: Văn phòng Đăng ký đất đai tỉnh Hải Lâm", "Văn phòng Đăng ký đất đai tỉnh Hải Lâm"),
        ("1. Cơ quan thuế quản lý: Thuế cơ sở 3 tỉnh Hải Lâm", "Thuế cơ sở 3 tỉnh Hải Lâm"),
    ],
)
def test_whom_a_form_is_for_by_a_label(row: str, body: str) -> None:
    """A form without "Kính gửi" says where it is handed in."""
    assert said("CT01", "co_quan_nhan", (MOTTO, "", "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ", "", row, *FILLING)) == [body]


def test_who_gets_copies_is_not_whom_a_form_is_for() -> None:
    """The list at the foot."""
    rows = (
        MOTTO,
        "",
        "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ",
        "",
        *FILLING,
        *FILLING,
        *FILLING,
        "Nơi nhận: UBND xã Phú Khê",
    )
    assert not said("CT01", "co_quan_nhan", rows)


@pytest.mark.parametrize(
    "rows",
    [
        ("Giá cho cả hai thửa: 1.841.000.000 đồng",),
        ("4. Vốn:", "1.841.000.000 đ (một tỷ tám trăm bốn mươi mốt triệu đồng)"),
        ("Vốn đăng ký: 1.841.000.000 VNĐ",),
        ("Tổng số tiền hai bên thỏa thuận: 1.841.000.000 đồng",),
        ("1.6. Giá trị đất thực tế chuyển giao (đồng):", "1.841.000.000"),
    ],
)
def test_an_amount_behind_its_label(rows: tuple[str, ...]) -> None:
    """In the row, or in the next."""
    head = (MOTTO, "", "HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT", "")
    assert said("HOP_DONG_CHUYEN_NHUONG", "gia_tri_vnd", (*head, *rows, *FILLING)) == ["1841000000"]


@pytest.mark.parametrize(
    "code", ["9837694776", "983 769 477 6", "983.769.477.6", "9837694776 3. Điện thoại: 0912345678"]
)
def test_a_tax_code_in_groups(code: str) -> None:
    """Ten digits, however they are grouped; a number of the next row is not part of it."""
    head = (MOTTO, "", "TỜ KHAI LỆ PHÍ TRƯỚC BẠ", "")
    assert said("TO_KHAI_LPTB", "ma_so_thue", (*head, f"2. Mã số thuế: {code}", *FILLING)) == ["9837694776"]


@pytest.mark.parametrize("row", ["Số máy: 433721 Số khung: RL433721", "Số hộ chiếu: BN 433721", "Biển số: HL 433721"])
def test_numbers_like_those_of_certificates(row: str) -> None:
    """Of vehicles and passports."""
    head = (MOTTO, "", "TỜ KHAI LỆ PHÍ TRƯỚC BẠ", "")
    assert not said("TO_KHAI_LPTB", "so_phat_hanh_gcn", (*head, row, *FILLING))


def test_what_a_private_paper_is_about_is_no_subject() -> None:
    """In brackets under its title; where an office numbers the paper it is one."""
    about = ("GIẤY ỦY QUYỀN", "(V/v nhận kết quả giải quyết hồ sơ)")
    private = (MOTTO, "", *about, *FILLING)
    office = (*HEAD, "Số: 12/GUQ-UBND | Sông La, ngày 05 tháng 3 năm 2021", "", *about, *FILLING)
    assert not said("GIAY_UY_QUYEN", "trich_yeu", private)
    assert said("GIAY_UY_QUYEN", "trich_yeu", office) == ["V/v nhận kết quả giải quyết hồ sơ"]


@pytest.mark.parametrize(
    "head",
    [
        "IV. Những thay đổi sau khi cấp giấy chứng nhận",
        "VI- Những thay đổi sau khi cấp Giấy chứng nhận quyền sử dụng đất",
        "Nội dung thay đổi và cơ sở pháp lý | Xác nhận của cơ quan có thẩm quyền",
    ],
)
def test_who_came_later_is_no_owner(head: str) -> None:
    """A buyer's number among later entries, and no owner's: none is better than the buyer's."""
    owner = ("GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT", "", "Ông: Lê Văn Bình", "CCCD số: 001075000011", *FILLING)
    later = ("", head, "Chuyển nhượng cho bà Vũ Thị Hoa, CCCD số: 001190000022")
    assert said("GCN_QSDD", "so_dinh_danh", (*owner, *later)) == ["001075000011"]
    assert said("GCN_QSDD", "so_dinh_danh", (*owner, later[-1])) == ["001075000011", "001190000022"]


@pytest.mark.parametrize(
    "title", ["HỘ KINH DOANH - SỐ 12D8027904", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH SỐ: 12D8027904"]
)
def test_the_number_of_a_household_in_its_title(title: str) -> None:
    """Behind the last word of it."""
    rows = (MOTTO, "", "GIẤY CHỨNG NHẬN ĐĂNG KÝ KINH DOANH", title, "", "1. Tên hộ:", "CƠ SỞ TÂN TIẾN", *FILLING)
    assert said("GCN_DANG_KY_HO_KINH_DOANH", "so", rows) == ["12D8027904"]
    assert said("GCN_DANG_KY_HO_KINH_DOANH", "ten_ho", rows) == ["CƠ SỞ TÂN TIẾN"]


@pytest.mark.parametrize(
    "heads", ["3.1. Thửa số | 3.2. Tờ bản đồ số", "(1) Số thửa | (2) Tờ BĐ", "a) Thửa | b) Tờ bản đồ"]
)
def test_heads_of_columns_with_numbers_of_their_own(heads: str) -> None:
    """The values stand under them all the same."""
    rows = (MOTTO, "", "ĐƠN ĐĂNG KÝ ĐẤT ĐAI", "", *FILLING, "", heads, "876 | 19", "")
    assert said("DON_DANG_KY_DAT_DAI", "so_thua", rows) == ["876"]
    assert said("DON_DANG_KY_DAT_DAI", "so_to_ban_do", rows) == ["19"]


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ("Số: 41 A 8001234", "41A8001234"),
        ("Số: 05.A.8.001234", "05.A.8.001234"),
        ("Số: 41AB001234", "41AB001234"),
        ("Số ĐKKD: 41A8001234", "41A8001234"),
        ("Số giấy chứng nhận: 41A8001234", "41A8001234"),
        ("Mã HKD: 41A8001234", "41A8001234"),
        ("Mã số: 8123 456 789", "8123456789"),
        ("Mã số HKD: 8123456789", "8123456789"),
        ("Số: 012345678901", "012345678901"),
        ("Số: 123/2019/HKD", "123/2019/HKD"),
        ("Số: 123/GCN-HKD", "123/GCN-HKD"),
        ("Điện thoại: 0912345678", ""),
        ("Số CMND: 0123456789", ""),
        ("Mã số thuế: 8123456789", ""),
    ],
)
def test_the_number_of_a_household_business(row: str, number: str) -> None:
    """With gaps and signs, under longer labels, with a symbol; no number of something else."""
    title = ("PHÒNG TÀI CHÍNH - KẾ HOẠCH", "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH")
    rest = ("Đăng ký lần đầu, ngày 05 tháng 3 năm 2019", "1. Tên hộ kinh doanh: TẠP HÓA BA", *("Nay chứng nhận.",) * 9)
    found = said("GCN_DANG_KY_HO_KINH_DOANH", "so", (*title, row, *rest))
    assert found == ([number] if number else [])
