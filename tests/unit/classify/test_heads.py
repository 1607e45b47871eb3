"""Heads of papers as they really are: issuers with no motto beside them, subjects read badly, numbers anywhere."""

from __future__ import annotations

import pytest

from tests.unit.classify.test_ways_of_saying import FILLING, HEAD, MOTTO, said

OATH = "Độc lập - Tự do - Hạnh phúc"
BODY = "ỦY BAN NHÂN DÂN XÃ ĐỨC LẬP"
CENTRE = "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"


@pytest.mark.parametrize(
    ("rows", "issuer"),
    [
        ((f"CHỦ TỊCH | {MOTTO}", f"ỦY BAN NHÂN DÂN | {OATH}", "XÃ ĐỨC LẬP | "), f"CHỦ TỊCH {BODY}"),
        ((f"UBND XÃ ĐỨC LẬP | {MOTTO}", f"Bộ phận Một cửa | {OATH}"), "Bộ phận Một cửa"),
        (
            (f"SỞ Y TẾ TỈNH HẢI LÂM | {MOTTO}", f"BỆNH VIỆN ĐA KHOA | {OATH}", "BẾN QUAN | "),
            "BỆNH VIỆN ĐA KHOA BẾN QUAN",
        ),
        ((f"{CENTRE} | {MOTTO}", f"XÃ-ĐỨC LẬP | {OATH}"), f"{CENTRE} XÃ ĐỨC LẬP"),
        ((f"BẢN SAO | {MOTTO}", f"{BODY} | {OATH}"), BODY),
        ((f"{BODY} GỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", f"{CENTRE} | {OATH}"), CENTRE),
        ((f"PHÒNG KINH TẾ, HẠ TẦNG | {MOTTO}", f"VÀ ĐÔ THỊ | {OATH}"), "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ"),
    ],
)
def test_the_issuer_beside_the_motto(rows: tuple[str, ...], issuer: str) -> None:
    """With who heads it, over a part in small letters, past a copy's stamp, with its own commas."""
    assert said("GIAY_TIEP_NHAN_HEN_TRA", "co_quan", (*rows, "", "GIẤY TIẾP NHẬN HỒ SƠ", "", *FILLING)) == [issuer]


@pytest.mark.parametrize(
    ("rows", "issuer"),
    [
        (("UBND HUYỆN SÔNG LA | Mẫu số 05", "Bộ phận Một cửa | "), "Bộ phận Một cửa"),
        (("THÀNH PHỐ HẢI LÂM | BM.07", f"{CENTRE} | Lần ban hành: 01"), CENTRE),
        ((f"{BODY} | Mã số: 17", "", f" {MOTTO}"), BODY),
        ((f"{MOTTO} | {BODY}", f"{OATH} | TỈNH HẢI LÂM"), BODY),
    ],
)
def test_the_issuer_with_no_motto_beside_it(rows: tuple[str, ...], issuer: str) -> None:
    """Alone in the top, over the motto, or right of it; a person looks at what was found where none is expected."""
    assert said("PHIEU_KIEM_SOAT", "co_quan", (*rows, "", "PHIẾU KIỂM SOÁT", "", *FILLING)) == [issuer]


@pytest.mark.parametrize(
    "rows",
    [
        ("CHÚ Ý | Mẫu số 05", "Giấy này do người đứng tên giữ"),
        ("SỔ THEO DÕI HỒ SƠ | Mẫu số 05",),
        ("BẢN CAM KẾT | Mẫu số 05",),
        ("BÊN GIAO | BÊN NHẬN",),
    ],
)
def test_what_stands_in_the_top_and_issues_nothing(rows: tuple[str, ...]) -> None:
    """Notes, books and sides of a deed that fold like bodies or are in capitals."""
    assert said("PHIEU_KIEM_SOAT", "co_quan", (*rows, "", "PHIẾU KIỂM SOÁT", "", *FILLING)) == []


@pytest.mark.parametrize(
    ("rows", "subject"),
    [
        (("VIv giao đất làm nhà ở",), "V/v giao đất làm nhà ở"),
        (("V/% giao đất làm nhà ở",), "V/v giao đất làm nhà ở"),
        (("V?b giao đất làm nhà ở",), "V/v giao đất làm nhà ở"),
        (("VX%v giao đất làm nhà ở",), "V/v giao đất làm nhà ở"),
        (("(V% giao đất làm nhà ở)",), "V/v giao đất làm nhà ở"),
        (("và việc giao đất làm nhà ở",), "Về việc giao đất làm nhà ở"),
        (("Về việc giao đất", f"CHỦ TỊCH {BODY}"), "Về việc giao đất"),
        (("Về việc giao đất", "GIÁM ĐỐC SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"), "Về việc giao đất"),
        (("Xin giao đất cho các hộ", "Kính trình: Ủy ban nhân dân huyện"), "Xin giao đất cho các hộ"),
        (("giao đất cho các hộ", "Thời gian: 14 giờ ngày 05/03/2021"), "giao đất cho các hộ"),
    ],
)
def test_a_subject_ends_where_another_part_begins(rows: tuple[str, ...], subject: str) -> None:
    """And begins with "V/v" or "Về việc", however these were read."""
    whole = (*HEAD, "", " QUYẾT ĐỊNH", *(f" {row}" for row in rows), "", "", *FILLING)
    assert said("QUYET_DINH", "trich_yeu", whole) == [subject]


@pytest.mark.parametrize("opening", ["V/v", "V/", "Vé", "V?v", "Về uiệc"])
def test_the_subject_of_a_letter_read_badly(opening: str) -> None:
    """Under its number."""
    right = "Về việc" if opening.startswith("Về") else "V/v"
    rows = (
        *HEAD,
        "Số: 12/UBND-VP | Sông La, ngày 05 tháng 3 năm 2021",
        f"{opening} cấp biểu mẫu | ",
        "",
        "Kính gửi: Sở Tư pháp",
    )
    assert said("CONG_VAN", "trich_yeu", (*rows, "", *FILLING)) == [f"{right} cấp biểu mẫu"]


@pytest.mark.parametrize(
    "row",
    [
        "12/QĐ-UBND | ",
        "Sế: 12/QĐ-UBND | ",
        "Số văn bản: 12/QĐ-UBND | ",
        "Số hiệu văn bản: 12/QĐ-UBND | ",
        "Số: 12/QĐĐ-UBND | ",
        "Số: 12IQĐ-UBND | ",
        "Số: l2/QĐ-UBND | ",
        " QUYẾT ĐỊNH 12/QĐ-UBND",
        "UBND HUYỆN SÔNG LA, TỈNH HẢI LÂM Số: 12/QĐ-UBND",
    ],
)
def test_a_number_wherever_it_stands(row: str) -> None:
    """Without a label, with a longer one, behind title or agency, its type read with a letter twice."""
    rows = (*HEAD, row, "", "Về việc công nhận hòa giải viên", *FILLING)
    assert (said("QUYET_DINH", "so", rows), said("QUYET_DINH", "ky_hieu", rows)) == (["12"], ["QĐ-UBND"])


@pytest.mark.parametrize(
    "row",
    ["Căn cứ Quyết định số 12/QĐ-UBND", "Kèm theo Tờ trình số 12/TTr-UBND", "Số vào sổ gốc cấp bằng: 990/CĐN"],
)
def test_the_number_of_another_paper(row: str) -> None:
    """On which this one rests, that it goes with, or of a book."""
    assert said("THONG_BAO", "so", (*HEAD, "", " THÔNG BÁO", "", row, *FILLING)) == []


@pytest.mark.parametrize(
    "row",
    [
        "Số/NG.: 651/2024",
        "Số chứng sinh: 651/2024",
        "Số phiếu: 651/2024",
        "Quyển số 02/2024 - Số 651/2024",
        "Quyển số: 07 Số: 651/2024",
    ],
)
def test_a_number_of_its_year(row: str) -> None:
    """Behind any label."""
    assert said("GIAY_CHUNG_SINH", "so", (*HEAD, row, "", " GIẤY CHỨNG SINH")) == ["651/2024"]


@pytest.mark.parametrize(
    "rows",
    [
        ("Kính gửi: | 1. Chi nhánh Văn phòng", " | Đăng ký đất đai Sông La;", " | 2. Ông Lê Văn Bình."),
        ("Kính gửi:", "1/ Chi nhánh Văn phòng Đăng ký đất đai Sông La;", "2/ Ông Lê Văn Bình."),
    ],
)
def test_numbered_addressees(rows: tuple[str, ...]) -> None:
    """One under the other, a long one over two lines."""
    found = said("CONG_VAN", "co_quan_nhan", (*HEAD, "", *rows, "", *FILLING))
    assert found == ["Chi nhánh Văn phòng Đăng ký đất đai Sông La", "Ông Lê Văn Bình"]


@pytest.mark.parametrize(
    "rows",
    [
        ("V/v cấp biểu mẫu | Kính gửi:", "khai sinh năm 2021 | - Sở Tư pháp;", "cho các xã | - Công an huyện Sông La."),
        ("V/v cấp biểu mẫu | Kính gửi:", "cho các xã | Sở Tư pháp", " | Công an huyện Sông La"),
    ],
)
def test_addressees_beside_the_subject(rows: tuple[str, ...]) -> None:
    """Each a cell of the right column, with a dash or without."""
    whole = (*HEAD, "Số: 12/UBND-VP | ", *rows, "", *FILLING)
    assert said("CONG_VAN", "co_quan_nhan", whole) == ["Sở Tư pháp", "Công an huyện Sông La"]


def test_an_addressee_under_a_title_as_wide_as_the_page() -> None:
    """Its label opens a row of its own."""
    title = "ĐƠN ĐỀ NGHỊ ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI THỬA ĐẤT ĐÃ CẤP GIẤY CHỨNG NHẬN"
    rows = (title, "KÍNH GỬI", "Ủy ban nhân dân xã Đức Lập", "", *FILLING)
    assert said("DON", "co_quan_nhan", rows) == ["Ủy ban nhân dân xã Đức Lập"]


def test_what_stands_under_the_addressee_and_is_none() -> None:
    """A label of the form."""
    rows = ("ĐƠN ĐỀ NGHỊ", "", "Kính gửi: | Ủy ban nhân dân xã Đức Lập", "Số nhân khẩu: 6 | Số thửa: 7", "", *FILLING)
    assert said("DON", "co_quan_nhan", rows) == ["Ủy ban nhân dân xã Đức Lập"]


def test_an_addressee_whose_place_stands_in_the_next_row() -> None:
    """It is one body, not two."""
    rows = ("ĐƠN ĐỀ NGHỊ", "", "Kính gửi: | Chi nhánh Văn phòng đăng ký đất đai", " | khu vực Sông La", "", *FILLING)
    assert said("DON", "co_quan_nhan", rows) == ["Chi nhánh Văn phòng đăng ký đất đai khu vực Sông La"]


@pytest.mark.parametrize("label", ["Nơi đăng ký khai sinh:", "Nơi đăng ký:"])
def test_where_a_birth_was_registered(label: str) -> None:
    """Named in the row below; what goes on in a label is no office."""
    rows = ("GIẤY KHAI SINH", "", label, "Ủy ban nhân dân xã Đức Lập, tỉnh Hải Lâm")
    assert said("GIAY_KHAI_SINH", "co_quan", rows) == ["Ủy ban nhân dân xã Đức Lập"]


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (("Số vào sổ cấp GCN: C§ 05158",), "CS 05158"),
        (("Số phát hành / số vào sổ cấp GCN | CM 711511/CH 05158",), "CH 05158"),
        (("Vào sổ đăng ký quyền sở hữu nhà ở và quyền sử dụng đất ở số: CH 05158",), "CH 05158"),
    ],
)
def test_a_number_in_the_land_register(rows: tuple[str, ...], value: str) -> None:
    """Behind a long label or the paper's own number, an S read as a section sign."""
    assert said("GCN_QSDD", "so_vao_so", ("GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", "", *rows)) == [value]
