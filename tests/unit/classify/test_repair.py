"""Reading repair: what the paper elsewhere, office names or syllables of names propose; what stays as read."""

from __future__ import annotations

import pytest

from classify.fields import extract
from classify.rules import load_rules
from classify.spelling import proposed
from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word
from tests.readings import reading

RULES = load_rules()


def read(text: str, kind: str, field: str) -> tuple[str, str, float]:
    """Return value, reading and confidence of the first field of a name."""
    found = next(one for one in extract([reading(text)], kind, RULES) if one.name == field)
    return found.value, found.raw, found.confidence


def test_a_name_is_spelt_as_where_it_was_read_better() -> None:
    """Tones lost in capitals come back from the same name in small letters; the reading stays beside the value."""
    text = "GIẤY KHAI SINH\nHọ, chữ đệm, tên: NGÔ DUY TIÊN\nNgười đi khai sinh: ông\nNgô Duy Tiến, cha\nNgô Duy Tiến\n"
    assert read(text, "GIAY_KHAI_SINH", "ho_ten")[:2] == ("NGÔ DUY TIẾN", "NGÔ DUY TIÊN")


def test_a_proposed_name_waits_for_a_person() -> None:
    """What the lexicon proposes, or does not know, is never shown as sure."""
    for printed, meant in (("QUẤCH VĂN VƯỢNG", "QUÁCH VĂN VƯỢNG"), ("XQKD VĂN VƯỢNG", "XQKD VĂN VƯỢNG")):
        text = f"GIẤY KHAI SINH\nHọ, chữ đệm, tên: {printed}\n"
        assert read(text, "GIAY_KHAI_SINH", "ho_ten")[:2] == (meant, printed)
        assert all(one.must_confirm for one in extract([reading(text)], "GIAY_KHAI_SINH", RULES))


def test_another_person_is_not_taken_for_the_same() -> None:
    """Names that differ in more than a letter of one word, or are met alone, say nothing about each other."""
    text = "GIẤY KHAI SINH\nHọ, chữ đệm, tên: NGÔ DUY TIÊN\nHọ, chữ đệm, tên người cha: Ngô Duy Tuấn\nTrần Duy Tiến\n"
    assert read(text, "GIAY_KHAI_SINH", "ho_ten")[0] == "NGÔ DUY TIÊN"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("ỦY BAN NHÂN DÂN XÃ BÉN ĐÁ", "ỦY BAN NHÂN DÂN XÃ BẾN ĐÁ"),
        ("ỦY.BAN NHÂN DÂN XÃ BẾN ĐÁ", "ỦY BAN NHÂN DÂN XÃ BẾN ĐÁ"),
        ("PHONG TƯ PHAP", "PHÒNG TƯ PHÁP"),
        ("ỦY BAN NHÂN DÂN THỊ XÃ BẾN QUAN", "ỦY BAN NHÂN DÂN THỊ XÃ BẾN QUAN"),
    ],
)
def test_agencies_are_spelt_as_offices_are(printed: str, meant: str) -> None:
    """Phrases of offices have one spelling; the place has the one that the paper gives it elsewhere."""
    text = (
        f"{printed}          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: 12/QĐ-UBND          Bến Đá, ngày 05 tháng 3 năm 2026\nQUYẾT ĐỊNH\nVề việc cấp giấy\nxã Bến Đá, tỉnh\n"
    )
    assert read(text, "QUYET_DINH", "co_quan")[0] == meant


@pytest.mark.parametrize(
    ("word", "family", "meant"),
    [
        ("Đỉnh", True, "đinh"),
        ("QUẤCH", True, "quách"),
        ("IÊ", True, "lê"),
        ("Nguyễn", True, None),
        ("Hoà", False, None),
        ("Tiên", False, None),  # a name too: what was meant nobody can know
        ("Xqkd", False, None),
    ],
)
def test_syllables_of_names(word: str, *, family: bool, meant: str | None) -> None:
    """What is no syllable of names is proposed as the one that it clearly must be; what may be one stays."""
    assert proposed(word, family=family) == meant


def test_a_type_one_letter_off_the_title_is_the_titles() -> None:
    """The symbol of a tờ trình read as "TTT" is "TTr"; agencies' own codes are not types."""
    head = (
        "UBND XÃ A          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: 135/{}          B, ngày 05 tháng 3 năm 2026\nTỜ TRÌNH\n"
    )
    assert read(head.format("TTT-KT"), "TO_TRINH", "ky_hieu")[0] == "TTr-KT"
    assert read(head.format("STP-KT"), "TO_TRINH", "ky_hieu")[0] == "STP-KT"


def test_a_label_on_two_lines_of_a_table_is_one() -> None:
    """Where a row's label wraps above and below its values, the values belong to the whole label."""
    lines = [
        (330, 600, "Thông tin"), (1000, 600, "Bên nữ"), (1600, 600, "Bên nam"),
        (330, 700, "Họ, chữ đệm,"), (1000, 728, "TRẦN THỊ MAI"), (1600, 728, "LÊ VĂN NAM"), (330, 756, "tên"),
        (330, 850, "Số định danh"), (1000, 878, "099184209535"), (1600, 878, "099084005883"), (330, 906, "cá nhân"),
    ]  # fmt: skip
    words = []
    for number, (left, top, text) in enumerate(lines):
        for word in text.split():
            words.append(Word(word, Box(left, top, left + 27 * len(word), top + 40), 92.0, number, 0))
            left += 27 * len(word) + 14  # noqa: PLW2901
    page = PageReading(PageText(tuple(words), "test", "test"), PageTransform(2480, 3508), Verdict.GOOD)
    values = {(one.name, one.value) for one in extract([page], "TRICH_LUC_KET_HON", RULES)}
    assert {("ho_ten", "TRẦN THỊ MAI"), ("ho_ten_2", "LÊ VĂN NAM")} <= values
    assert {("so_dinh_danh", "099184209535"), ("so_dinh_danh", "099084005883")} <= values


def test_columns_sections_and_lists() -> None:
    """Values under the heads of a table, every person of a side, every addressee of a list."""
    table = "GIẤY CHỨNG NHẬN\nSố thửa          Tờ bản đồ          Diện tích (m2)\n40          21          991\n"
    found = {one.name: one.value for one in extract([reading(table)], "GCN_QSDD", RULES)}
    assert (found["so_thua"], found["so_to_ban_do"], found["dien_tich_m2"]) == ("40", "21", "991")
    deed = (
        "HỢP ĐỒNG TẶNG CHO\nBÊN A:\n1. Ông Võ Văn An, sinh năm 1965\n2. Bà Tô Thị Bé, sinh năm 1966\n"
        "BÊN B:\nÔng Võ Văn Chín, sinh năm 1990\nĐiều 1. Tài sản\n"
    )
    sides = [(one.name, one.value) for one in extract([reading(deed)], "HOP_DONG_TANG_CHO", RULES)]
    assert {("ben_a", "Võ Văn An"), ("ben_a", "Tô Thị Bé"), ("ben_b", "Võ Văn Chín")} <= set(sides)
    letter = "ĐƠN ĐỀ NGHỊ\nKính gửi:\n- UBND xã Bến Đá;\n- Công an xã Bến Đá.\nTôi tên là: Võ Văn An\n"
    told = [one.value for one in extract([reading(letter)], "DON", RULES) if one.name == "co_quan_nhan"]
    assert told == ["UBND xã Bến Đá", "Công an xã Bến Đá"]


@pytest.mark.parametrize(("elsewhere", "found"), [("2021", "2021-10-07"), ("2020", None)])
def test_a_year_that_cannot_be_is_proved_or_left(elsewhere: str, found: str | None) -> None:
    """2091 on a paper that says 2021 elsewhere is 2021, and waits; without that proof there is no date."""
    text = (
        "UBND XÃ A          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        f"Số: 12/TB-UBND          B, ngày 07 tháng 10 năm 2091\nTHÔNG BÁO\nTheo kế hoạch năm {elsewhere} của xã\n"
    )
    days = [one for one in extract([reading(text)], "THONG_BAO", RULES) if one.name == "ngay_ban_hanh"]
    assert [one.value for one in days] == ([found] if found else [])
    assert all(one.confidence <= RULES.checks["repaired_cap"] for one in days)


def test_slips_of_labels_lead_to_values_and_are_in_none() -> None:
    """A label read as "Đăng bý lần đầu" is found as what it must be; numbers and values stay as they were read."""
    text = "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH\nĐăng bý lần đầu: ngày 16 tháng 10 năm 2023\n1.1. Tên: Phan Thị\n"
    days = [one.value for one in extract([reading(text)], "GCN_DANG_KY_HO_KINH_DOANH", RULES) if "ngay" in one.name]
    assert days == ["2023-10-16", "2023-10-16"]
    assert RULES.labels.mended("1.1. ten: lo thi ha") == "1.1. ten: lo thi ha"
    assert RULES.labels.mended("ma so thue: 123") == "ma so thue: 123"
