"""The same thing said as papers of many years and offices say it: days, numbers, issuers, signers, parcels."""

from __future__ import annotations

import pytest

from classify.fields import extract
from classify.rules import load_rules
from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word

RULES = load_rules()
HALF, LEFT, RIGHT, ADVANCE, LEADING = 1240, 300, 2180, 22, 54
HEAD = ("UBND HUYỆN SÔNG LA | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "PHÒNG TƯ PHÁP | Độc lập - Tự do - Hạnh phúc")


def laid(rows: tuple[str, ...]) -> PageReading:
    """Return a page with these rows; a bar begins the right half, an empty row is a gap."""
    words: list[Word] = []
    for line, row in enumerate(rows):
        for half, text in enumerate(row.split(" | ")):
            x = HALF if half else LEFT
            x += 0 if half or " | " in row or not text.isupper() else (RIGHT - LEFT - ADVANCE * len(text)) // 2
            for token in text.split():
                box = Box(x, 240 + line * LEADING, x + ADVANCE * len(token), 274 + line * LEADING)
                words.append(Word(token, box, 96.0, line, half))
                x = box.right + ADVANCE // 2
    return PageReading(PageText(tuple(words), "test", "test"), PageTransform(2480, 3508), Verdict.GOOD)


def said(kind: str, name: str, rows: tuple[str, ...]) -> list[str]:
    """Return the values of one field."""
    return [field.value for field in extract([laid(rows)], kind, RULES) if field.name == name]


MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
NAMES_BELOW = ("Họ, chữ đệm, tên: | Họ, chữ đệm, tên:", "LÊ VĂN BÌNH | VŨ THỊ HOA", "Ngày sinh: | Ngày sinh:")
HIS, HERS = "07/08/1988", "05/03/1990"
BORN = "Ngày, tháng, năm sinh / Date of birth:"

FILLING = tuple(f"- Nội dung thứ {number} của văn bản được trình bày ở đây cho đủ dòng." for number in range(12))


@pytest.mark.parametrize(
    "row",
    [
        " | Sông La, ngày 05 tháng 3 năm 2021",
        " | Sông La, 05/03/2021",
        " | Sông La, ngày 05/3/2021",
        " | Nam Hòa, ngày 05, tháng 03, năm 2021",
        " | TP. Sông La, ngày 5 - 3 - 2021",
        " | Sông La, ngày....05....tháng....3....năm 2021",
        " | Sông La, ngày (date) 05 tháng (month) 03 năm (year) 2021",
        "Sông La, ngày 05 tháng 3 năm 2021",
        " | Sông La, ngày mồng 5 tháng 3 năm 2021",
    ],
)
@pytest.mark.parametrize("low", [False, True])
def test_the_day_of_issue(row: str, low: bool) -> None:  # noqa: FBT001
    """In the head or over who signs, with the words or without."""
    rows = (*HEAD, *(() if low else (row,)), "", "GIẤY XÁC NHẬN", "", *FILLING, *((row,) if low else ()))
    assert said(
        "XAC_NHAN_TINH_TRANG_HON_NHAN", "ngay_ban_hanh", (*rows, " | TRƯỞNG PHÒNG", "", "", " | Lê Văn Bình")
    ) == ["2021-03-05"]


def test_the_day_of_a_law_is_not_the_day_of_issue() -> None:
    """Nor is a day that the paper tells of."""
    grounds = "- Căn cứ Luật Đất đai ngày 14 tháng 7 năm 1993;"
    rows = (
        *HEAD,
        "",
        "THÔNG BÁO",
        grounds,
        *FILLING,
        " | Ngày 05 tháng 3 năm 1996",
        " | TRƯỞNG PHÒNG",
        "",
        " | Lê Văn Bình",
    )
    assert said("THONG_BAO", "ngay_ban_hanh", rows) == ["1996-03-05"]


@pytest.mark.parametrize(
    ("row", "so", "symbol"),
    [
        ("Số: 12/QĐ-UBND", "12", "QĐ-UBND"),
        ("Số: 12 /QĐ-UBND", "12", "QĐ-UBND"),
        ("Số/No.: 12/QĐ-UBND", "12", "QĐ-UBND"),
        ("Số (No): 12/QĐ-UBND", "12", "QĐ-UBND"),
        ("Số 12-QĐ/UB", "12", "QĐ/UB"),
        ("Số: 12/2004/QĐ-UB", "12", "QĐ-UB"),
        ("Số: 12 QĐ/UB", "12", "QĐ/UB"),
        (" | Số: 12/QĐ-UBND", "12", "QĐ-UBND"),
        ("(Số: 12/QĐ-UBND)", "12", "QĐ-UBND"),
        ("QUYẾT ĐỊNH SỐ 12/QĐ-UB", "12", "QĐ-UB"),
    ],
)
def test_number_and_symbol(row: str, so: str, symbol: str) -> None:
    """Wherever it stands in the head and whatever stands between."""
    rows = (*HEAD, row, "", "Về việc công nhận hòa giải viên", *FILLING)
    assert (said("QUYET_DINH", "so", rows), said("QUYET_DINH", "ky_hieu", rows)) == ([so], [symbol])


@pytest.mark.parametrize(
    "row",
    [
        "Số: 37",
        "Số 37 | Quyển số: 02",
        "Số/No: 37 | Quyển số/Book No: 02",
        "Số: 37, quyển số 01/2004",
        "Số hiệu: 37",
        "Số đăng ký: 37",
        " | Số thứ tự: 37",
    ],
)
def test_the_number_in_a_register_of_civil_status(row: str) -> None:
    """A bare number, its book beside it or not."""
    assert said("GIAY_CHUNG_NHAN_KET_HON", "so", (*HEAD, row, "", "GIẤY CHỨNG NHẬN KẾT HÔN")) == ["37"]


@pytest.mark.parametrize(
    "row",
    [
        "Số 282 quyển số 01/2020-SCT/CK,ĐC",
        "Số chứng thực: 282 | Quyển số: 01/2020",
        "Chứng thực số 282, quyển số 01",
        "Số công chứng 282, quyển số 03/TP/CC-SCC/HĐGD",
    ],
)
def test_the_number_of_a_certified_paper(row: str) -> None:
    """Below what the two sides signed."""
    assert said("GIAY_UY_QUYEN", "so", (" GIẤY ỦY QUYỀN", "", *FILLING, row)) == ["282"]


@pytest.mark.parametrize(
    ("rows", "issuer"),
    [
        (("Mẫu số 07", f"ỦY BAN NHÂN DÂN | {MOTTO}", "XÃ ĐỨC LẬP | Độc lập"), "ỦY BAN NHÂN DÂN XÃ ĐỨC LẬP"),
        ((f"Ủy ban nhân dân | {MOTTO}", "xã Đức Lập | Độc lập"), "Ủy ban nhân dân xã Đức Lập"),
        ((f"QUÂN KHU | {MOTTO}", "BỘ CHỈ HUY QUÂN SỰ | Độc lập", "TỈNH HẢI LÂM | "), "BỘ CHỈ HUY QUÂN SỰ TỈNH HẢI LÂM"),
    ],
)
def test_the_issuer_in_the_head(rows: tuple[str, ...], issuer: str) -> None:
    """Under the number of a form, in small letters, with words that fold like places."""
    assert said("THONG_BAO", "co_quan", (*rows, "", "THÔNG BÁO", *FILLING)) == [issuer]


@pytest.mark.parametrize(
    "block",
    [
        (" | TM. UBND xã Đức Lập", " | K/T CHỦ TỊCH", " | PHÓ CHỦ TỊCH"),
        (" | TM. UBND XÃ ĐỨC LẬP", " | CHỦ TỊCH"),
        (" | T/M UBND XÃ ĐỨC LẬP", " | KT. CHỦ TỊCH", " | PHÓ CHỦ TỊCH"),
        (" | TL. UBND XÃ ĐỨC LẬP", " | CÔNG CHỨC TƯ PHÁP - HỘ TỊCH"),
    ],
)
def test_the_issuer_over_who_signs(block: tuple[str, ...]) -> None:
    """Where the head has none."""
    rows = (" | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "", "GIẤY KHAI SINH", *FILLING, *block, "", "", " | Lê Văn Bình")
    assert [value.upper() for value in said("GIAY_KHAI_SINH", "co_quan", rows)] == ["UBND XÃ ĐỨC LẬP"]


@pytest.mark.parametrize(
    ("position", "name"),
    [
        ("PHÓ TRƯỞNG CÔNG AN", "Trung tá Lê Văn Bình"),
        ("GIÁM ĐỐC BỆNH VIỆN", "BS.CKII. Lê Văn Bình"),
        ("PHÓ GIÁM ĐỐC", "ThS. Lê Văn Bình"),
        ("CHỦ NHIỆM CHÍNH TRỊ", "Đại tá Lê Văn Bình"),
        ("TRƯỞNG BAN CHÍNH SÁCH", "Lê Văn Bình"),
        ("PHÓ GIÁM ĐỐC", "Người ký: Lê Văn Bình"),
        ("TRƯỞNG PHÒNG TƯ PHÁP", "LÊ VĂN BÌNH"),
    ],
)
def test_who_signs(position: str, name: str) -> None:
    """Ranks and degrees are not names; what stands under "TL." is a position whatever it is called."""
    rows = (*HEAD, "", "THÔNG BÁO", *FILLING, " | TL. CHỈ HUY TRƯỞNG", f" | {position}", "", "", f" | {name}")
    assert [value.title() for value in said("THONG_BAO", "nguoi_ky", rows)] == ["Lê Văn Bình"]
    assert said("THONG_BAO", "chuc_vu", rows) == [position]


def test_a_position_of_two_lines() -> None:
    """The body that it heads goes on in the next line."""
    block = (" | GIÁM ĐỐC TRUNG TÂM", " | PHỤC VỤ HÀNH CHÍNH CÔNG", "", "", " | Lê Văn Bình")
    assert said("THONG_BAO", "chuc_vu", (*HEAD, "", "THÔNG BÁO", *FILLING, *block)) == [
        "GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
    ]


@pytest.mark.parametrize(
    ("rows", "subject"),
    [
        (("THÔNG BÁO THU HỒI ĐẤT", "để mở rộng đường liên xã"), "THU HỒI ĐẤT để mở rộng đường liên xã"),
        (("THÔNG BÁO", "VỀ VIỆC THU HỒI ĐẤT"), "VỀ VIỆC THU HỒI ĐẤT"),
        (("THÔNG BÁO", "(Về việc thu hồi đất)"), "Về việc thu hồi đất"),
        (("THÔNG BÁO MỚI", "V/v thu hồi đất"), "V/v thu hồi đất"),
    ],
)
def test_the_subject_under_the_title(rows: tuple[str, ...], subject: str) -> None:
    """What the title says beyond the type belongs to it."""
    assert said("THONG_BAO", "trich_yeu", (*HEAD, "", *rows, "", *FILLING)) == [subject]


@pytest.mark.parametrize(
    "rows",
    [
        ("Kính gửi: Ủy ban nhân dân xã Đức Lập",),
        ("Kính trình: Ủy ban nhân dân xã Đức Lập",),
        ("KÍNH GỬI", "Ủy ban nhân dân xã Đức Lập"),
        ("Kính chuyển: Ủy ban nhân dân xã Đức Lập",),
        ("Kính gửi (1): Ủy ban nhân dân xã Đức Lập",),
    ],
)
def test_whom_a_paper_is_written_to(rows: tuple[str, ...]) -> None:
    """Beside or below."""
    assert said("DON", "co_quan_nhan", ("ĐƠN ĐỀ NGHỊ", "", *rows, "", *FILLING)) == ["Ủy ban nhân dân xã Đức Lập"]


MOMENT = "2024-05-17T13:22:00+07:00"


@pytest.mark.parametrize(
    "rows",
    [
        ("Thời gian nhận hồ sơ: 13 giờ 22 phút, ngày 17 tháng 05 năm 2024",),
        ("NHẬN LÚC", "13h22', 17-05-2024"),
        ("Tiếp nhận: 13:22 17/05/2024",),
        ("Hồ sơ nộp lúc: 17/05/2024 13:22:10",),
        ("Ngày giờ tiếp nhận: 13 giờ 22, ngày 17/05/2024",),
        ("4. Ngày nộp: 13g22 ngày 17/5/2024",),
        ("Đã nhận hồ sơ vào 13 giờ 22 phút ngày 17/05/2024",),
    ],
)
def test_when_a_dossier_was_taken_in(rows: tuple[str, ...]) -> None:
    """With hour and minute, in front of the day or behind it."""
    assert said("GIAY_TIEP_NHAN_HEN_TRA", "ngay_tiep_nhan", (*HEAD, "", "GIẤY TIẾP NHẬN HỒ SƠ", *rows)) == [MOMENT]


@pytest.mark.parametrize(
    "rows",
    [
        ("Thời gian hẹn trả kết quả: 13 giờ 22 phút, ngày 17 tháng 05 năm 2024",),
        ("TRẢ LÚC", "13:22, 17-05-2024"),
        ("Hẹn đến nhận kết quả: trước 13h22 ngày 17/05/2024",),
        ("Mời ông (bà) đến nhận kết quả giải quyết hồ sơ vào lúc 13 giờ 22 phút ngày 17/05/2024",),
        ("Ngày hẹn: 17/05/2024 13:22",),
        ("Hẹn trả: 13h22p ngày 17/05/2024",),
    ],
)
def test_when_the_result_is_due(rows: tuple[str, ...]) -> None:
    """However the label says it."""
    assert said("GIAY_TIEP_NHAN_HEN_TRA", "ngay_hen_tra", (*HEAD, "", "GIẤY TIẾP NHẬN HỒ SƠ", *rows)) == [MOMENT]


@pytest.mark.parametrize(
    "rows",
    [
        ("Sinh ngày, tháng, năm: 05/03/1990",),
        ("Ngày, tháng, năm sinh / Date of birth: 05/03/1990",),
        ("Sinh ngày nào: ngày 05 tháng 3 năm 1990",),
        ("Ngày sinh:", "05/03/1990"),
        ("Sinh lúc 05 giờ 10 phút, ngày 05/03/1990",),
        ("Sinh vào ngày 5 tháng 3 năm 1990 tại Trạm Y tế",),
        ("Sanh ngày: 05-03-1990",),
        ("Sinh: 05/03/1990",),
    ],
)
def test_a_birth(rows: tuple[str, ...]) -> None:
    """As forms since the seventies have it."""
    assert said("GIAY_KHAI_SINH", "ngay_sinh", (*HEAD, "", "GIẤY KHAI SINH", *rows)) == ["1990-03-05"]


@pytest.mark.parametrize(
    "rows",
    [
        ("BÊN CHỒNG | BÊN VỢ", *NAMES_BELOW, f"{HIS} | {HERS}"),
        ("BÊN NỮ | BÊN NAM", *NAMES_BELOW, f"{HERS} | {HIS}"),
        (
            "Họ và tên chồng / Husband: LÊ VĂN BÌNH",
            f"{BORN} {HIS}",
            "Họ và tên vợ / Wife: VŨ THỊ HOA",
            f"{BORN} {HERS}",
        ),
    ],
)
def test_the_bride_is_born(rows: tuple[str, ...]) -> None:
    """Hers, not his, wherever they stand."""
    assert said("TRICH_LUC_KET_HON", "ngay_sinh", (*HEAD, "", "TRÍCH LỤC KẾT HÔN", *rows)) == ["1990-03-05"]


@pytest.mark.parametrize(
    "row",
    [
        "Ngày 18 tháng 3 năm 2026 (ngày mười tám), tại trụ sở Ủy ban nhân dân xã, có mặt:",
        "Hôm nay, ngày 18/03/2026, chúng tôi gồm:",
        "Lập tại xã Đức Lập, ngày 18 tháng 3 năm 2026",
        "Đức Lập, ngày 18 tháng 3 năm 2026",
        "Làm tại nhà ông Bình, thôn Hạ, ngày 18 tháng 3 năm 2026",
    ],
)
def test_the_day_a_deed_was_made(row: str) -> None:
    """Not the day on which an office says that it agrees."""
    first = row.startswith(("Ngày", "Hôm"))
    rows = ("HỢP ĐỒNG CHUYỂN NHƯỢNG", "", *((row,) if first else ()), *FILLING, *(() if first else (row,)))
    office = ("Ý kiến của Ủy ban nhân dân xã", " | Ngày 30 tháng 4 năm 2026", " | CHỦ TỊCH", "", " | Lê Văn Bình")
    assert said("HOP_DONG_CHUYEN_NHUONG", "ngay_lap", (*rows, *office)) == ["2026-03-18"]


@pytest.mark.parametrize(
    "rows",
    [
        ("Thửa đất số: 120; tờ bản đồ số: 7; diện tích: 251,5 m2",),
        ("Thuộc thửa: 120 Tờ số: 7, diện tích đất 251,5 m2",),
        ("thửa 120, tờ bản đồ 7, diện tích 251,5 m²",),
        ("Tờ bản đồ số 7, thửa đất số 120, diện tích 251,5 m2",),
        ("tờ 7, thửa 120, tổng diện tích thửa đất 251,5m2",),
    ],
)
def test_a_parcel(rows: tuple[str, ...]) -> None:
    """Parcel, sheet and area."""
    whole = ("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI", "", *rows)
    names = ("so_thua", "so_to_ban_do", "dien_tich_m2")
    assert [said("DON_DANG_KY_BIEN_DONG", name, whole) for name in names] == [["120"], ["7"], ["251.5"]]


@pytest.mark.parametrize(
    "rows",
    [
        ("Số vào sổ cấp GCN: CS 05158",),
        ("Số phát hành | Số vào sổ cấp GCN", "BX 496481 | CS 05158"),
        ("Vào sổ cấp giấy chứng nhận | TM. ỦY BAN NHÂN DÂN", "quyền sử dụng đất | CHỦ TỊCH", "Số CS 05158"),
        ("Số vào sổ: CS05158 do UBND huyện cấp",),
    ],
)
def test_the_number_in_the_land_register(rows: tuple[str, ...]) -> None:
    """Never the number that the form itself carries."""
    whole = ("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI", "", *rows)
    assert said("DON_DANG_KY_BIEN_DONG", "so_vao_so", whole) == ["CS 05158"]


@pytest.mark.parametrize("kind", ["DON", "TO_KHAI_LPTB", "GIAY_UY_QUYEN"])
def test_the_day_a_form_was_written(kind: str) -> None:
    """Over the writer's name or behind a label."""
    ways = ("Ngày viết đơn: 05/03/2021", "Đức Lập, 5.3.2021", "Đức Lập, ngày: 05/03/2021", "Ngày 5/3/2021 | NGƯỜI KHAI")
    for way in ways:
        assert said(kind, "ngay_lap", ("GIẤY TỜ", *FILLING, way, "", " | Lê Văn Bình")) == ["2021-03-05"], way


def test_the_day_of_minutes() -> None:
    """Where they begin, with the hour."""
    ways = (
        "Biên bản lập lúc 8 giờ 30 ngày 05/03/2021 tại UBND xã",
        "Thời gian: 8 giờ 30 phút, ngày 05/03/2021",
        "Vào hồi 8h00 ngày 05 tháng 3 năm 2021",
        "Hôm nay, hồi 14 giờ ngày 05 tháng 3 năm 2021, tại nhà văn hóa",
    )
    for way in ways:
        assert said("BIEN_BAN", "ngay_lap", (*HEAD, "", "BIÊN BẢN", "", way, *FILLING)) == ["2021-03-05"], way


def test_where_a_birth_was_registered() -> None:
    """A body behind one of many labels, where the head has none."""
    for label in ("Nơi đăng ký:", "Đăng ký tại:", "Nơi cấp:", "Cơ quan cấp:", "Cơ quan đăng ký khai sinh:"):
        rows = (f" | {MOTTO}", "", "GIẤY KHAI SINH", f"{label} UBND xã Đức Lập", *FILLING)
        assert said("GIAY_KHAI_SINH", "co_quan", rows) == ["UBND xã Đức Lập"], label


def test_the_subject_of_a_letter_in_words() -> None:
    """Signs or words for "about"."""
    for way in ("V/v: thu hồi đất", "(V/v thu hồi đất)", "Về việc: thu hồi đất", "Trích yếu: thu hồi đất"):
        rows = (*HEAD, "Số: 12/UBND-TP", way, "", "Kính gửi: UBND xã", *FILLING)
        assert said("CONG_VAN", "trich_yeu", rows) == [way.strip("()")]


def test_parts_of_a_parcel_in_few_words() -> None:
    """Sheets are called maps, areas widths."""
    ways = {
        "so_thua": ("thửa đất có số 120", "Thửa đất số (1): 120", "Thửa: 120"),
        "so_to_ban_do": ("bản đồ số 120", "số tờ: 120", "tờ BĐ số 120"),
        "dien_tich_m2": ("DT: 120 m²", "rộng 120 m2", "có diện tích 120m vuông"),
    }
    for name, rows in ways.items():
        for row in rows:
            assert said("DON_DANG_KY_DAT_DAI", name, ("ĐƠN ĐĂNG KÝ ĐẤT ĐAI", "", f"Thửa đất ở xóm, {row}")) == [
                "120"
            ], row


@pytest.mark.parametrize(
    "row",
    [
        "Thửa đất / Tờ bản đồ: 512/102",
        "Thửa/tờ: 512/102",
        "Số thửa, số tờ: 512, 102",
        "Số thửa; tờ bản đồ số: 512; 102",
        "Thửa - Tờ (theo GCN): 512 - 102",
        "Tờ bản đồ/thửa đất: 102/512",
        "Tờ số, thửa số: 102, 512",
        "TBĐ/thửa: 102/512",
        "Thửa / Tờ | 512/102",
        "Thửa / Tờ | Thửa 512; Tờ 102",
    ],
)
def test_a_parcel_and_its_sheet_share_a_label(row: str) -> None:
    """In the order of the label."""
    rows = ("TỜ KHAI LỆ PHÍ TRƯỚC BẠ NHÀ, ĐẤT", "", row, "Diện tích đất (m2): | 246,1 m2 (sử dụng riêng 246,1 m2)")
    for kind in ("TO_KHAI_LPTB", "HOP_DONG_CHUYEN_NHUONG"):
        assert said(kind, "so_thua", rows) == ["512"]
        assert said(kind, "so_to_ban_do", rows) == ["102"]


@pytest.mark.parametrize(
    "row",
    [
        "Hồ sơ ông (bà) gửi ngày 14/09/2024 xin cấp đổi giấy còn thiếu:",
        "Hồ sơ của bà Lê Thị Hoa nộp ngày 14/9/2024 chưa đủ điều kiện giải quyết.",
        "Đơn của ông tiếp nhận ngày 14 tháng 9 năm 2024 cần hoàn thiện.",
    ],
)
def test_the_day_papers_were_sent_in(row: str) -> None:
    """In a sentence; the day by which more is to be brought is another."""
    rows = ("PHIẾU YÊU CẦU BỔ SUNG HỒ SƠ", "", row, "Mời ông (bà) đến sửa, nộp thêm trước ngày 03/10/2024")
    assert said("PHIEU_YEU_CAU_BO_SUNG", "ngay_tiep_nhan", rows) == ["2024-09-14"]
    assert said("PHIEU_YEU_CAU_BO_SUNG", "ngay_tiep_nhan", (rows[0], "", rows[3])) in ([], ["2024-10-03"])


def test_days_in_the_place_of_an_issue_that_are_of_something_else() -> None:
    """A day behind an hour, a number or a label is told of: the one behind a place closes the paper."""
    told = (
        "Đã chết vào lúc: 20 | giờ, ngày 27/3/2021",
        "Đã đăng ký tại: xã Đức Lập | , số 149 , ngày 14 tháng 08 năm 2007",
        "Hẹn trả kết quả lúc: 16:30 | ngày 09-01-2021",
    )
    for row in told:
        rows = (*HEAD, "", "GIẤY BÁO TỬ", "", row, *FILLING, " | Đức Lập, ngày 01 tháng 4 năm 2021", " | CHỦ TỊCH")
        assert said("GIAY_BAO_TU", "ngay_ban_hanh", rows) == ["2021-04-01"], row


def test_years_of_birth_of_whoever_asks() -> None:
    """Beside the name; whose day of birth is known has no year besides."""
    rows = ("TỜ KHAI CẢI CHÍNH HỘ TỊCH", "", "Tôi tên là: Đinh Thị Sương | Sinh năm: 1952", "Ngày sinh: 27-11-1995")
    assert said("TO_KHAI_HO_TICH", "nam_sinh", rows) == ["1952"]
    rows = ("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG", "", "Hộ ông/bà: NÔNG VĂN CHIẾN | Năm sinh: 1946")
    assert said("DON_DANG_KY_BIEN_DONG", "nam_sinh", rows) == ["1946"]
    rows = ("TỜ KHAI ĐỀ NGHỊ TRỢ GIÚP", "", "Sinh: 24-05-2010", "Người nuôi: Đinh Thị Thu Vân, sinh năm: 1966")
    assert said("DON_TRO_GIUP", "nam_sinh", rows) == []


def test_who_is_named_in_the_row_under_a_label() -> None:
    """Holders of permits, dead people; positions are no names."""
    rows = ("GIẤY PHÉP XÂY DỰNG", "", "1. Cấp cho:", "Ông Thạch Công Triết, số định danh 099072433794, cùng vợ")
    foot = (*FILLING, "Nơi nhận: | KT. TRƯỞNG PHÒNG", "- Chủ đầu tư; | PHÓ TRƯỞNG PHÒNG", "", " | Hoàng Thị Bích Hoà")
    assert said("GIAY_PHEP_XAY_DUNG", "ho_ten", (*rows, *foot)) == ["Thạch Công Triết"]
    assert "PHÓ TRƯỞNG PHÒNG" not in said("GIAY_PHEP_XAY_DUNG", "ho_ten", (rows[0], *foot))
    rows = ("THÔNG BÁO", "", "Người để lại di sản", "QUÁCH HOÀNG HIỂN (chết ngày 13/7/2016), cư trú tại xã Đức Lập.")
    heirs = ("Những người được hưởng", "- Bà Quách Thị Bích Oanh, con;")
    assert said("THONG_BAO", "ho_ten", (*rows, *heirs)) == ["QUÁCH HOÀNG HIỂN"]


def test_numbers_under_a_head_have_the_digits_that_they_must() -> None:
    """Hours and counts under "Số CMND" are no numbers of cards."""
    rows = ("GIẤY CHỨNG SINH", "", "Số CMND/CCCD: | Dân tộc: Kinh", "Lúc: 07 | giờ 08", "Số lần sinh: 02 | con: 02")
    assert said("GIAY_CHUNG_SINH", "so_cmnd", rows) == []
    assert said("GIAY_CHUNG_SINH", "so_cmnd", ("GIẤY", "", "Họ tên | Số CMND", "Lê Hoa | 090662201")) == ["090662201"]


def test_the_area_of_a_parcel_in_a_decision() -> None:
    """Only where a parcel is named."""
    rows = (*HEAD, "", "QUYẾT ĐỊNH", "", "Cho phép chuyển mục đích thửa đất số 684, diện tích 94,3 m2 sang đất ở")
    assert said("QUYET_DINH", "dien_tich_m2", rows) == ["94.3"]
    rows = (*HEAD, "", "QUYẾT ĐỊNH", "", "Sửa chữa hội trường có diện tích sàn 94,3 m2")
    assert said("QUYET_DINH", "dien_tich_m2", rows) == []


def test_the_people_of_a_deed_in_a_table() -> None:
    """A row each, with a year and a number."""
    rows = ("HỢP ĐỒNG MUA BÁN NHÀ Ở", "", "BÊN BÁN (gọi tắt là Bên A)", "Tạ Công Khải | 1988", "Vợ Lê Thị Tuyết | 1958")
    rows = (*rows, "BÊN MUA (gọi tắt là Bên B)", "Lý Quang Phúc | 1968", "Đỗ Thị Oanh | 1985", "", *FILLING)
    assert said("HOP_DONG_CHUYEN_NHUONG", "ben_a", rows)[0] == "Tạ Công Khải"
    assert said("HOP_DONG_CHUYEN_NHUONG", "ben_b", rows) == ["Lý Quang Phúc", "Đỗ Thị Oanh"]
