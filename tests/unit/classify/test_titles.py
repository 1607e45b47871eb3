"""Traps of headings: papers named in bodies, headings twice, stamps, slips of reading, no heading at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classify.kinds import classify
from classify.rules import UNKNOWN, load_rules
from dossier.page import PageReading, PageText, PageTransform, Verdict
from tests.readings import expected, reading, sample_text

RULES = load_rules()
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
HEAD = (
    "ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ ĐÔNG LIỄU          Độc lập - Tự do - Hạnh phúc\n\n"
)


def kind_of(text: str) -> str:
    """Return the kind of a one-page paper."""
    return classify([reading(text)], RULES).kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở", "GCN_QSDD"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "GCN_DKDN"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ KINH DOANH\nHỘ KINH DOANH CÁ THỂ", "GCN_DANG_KY_HO_KINH_DOANH"),
        ("ĐƠN ĐĂNG KÝ ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI ĐẤT", "DON_DANG_KY_DAT_DAI"),
        ("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI", "DON_DANG_KY_BIEN_DONG"),
        ("ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG", "DON_DE_NGHI_CPXD"),
        ("ĐƠN XIN XÁC NHẬN", "DON"),
        ("HỢP ĐỒNG ỦY QUYỀN", "HOP_DONG_UY_QUYEN"),
        ("HỢP ĐỒNG MUA BÁN XE", "HOP_DONG"),
        ("PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "PHIEU_KIEM_SOAT"),
        ("THÔNG BÁO NỘP LỆ PHÍ TRƯỚC BẠ", "THONG_BAO_NOP_THUE"),
        ("THÔNG BÁO", "THONG_BAO"),
        ("TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ", "CT01"),
        ("BIÊN BẢN HỌP HỘI ĐỒNG XÉT DUYỆT TRỢ GIÚP XÃ HỘI", "BIEN_BAN_HOI_DONG"),
        ("TRÍCH LỤC BẢN ĐỒ ĐỊA CHÍNH", "TRICH_LUC_BAN_DO"),
        ("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "XAC_NHAN_TINH_TRANG_HON_NHAN"),
    ],
)
def test_longest_heading_decides(title: str, kind: str) -> None:
    """The longest heading that a title begins with decides, over two rows too."""
    assert kind_of(MOTTO + title + "\n\nNội dung của giấy tờ này được ghi ở đây.") == kind


def test_title_in_plain_case() -> None:
    """A heading in plain case counts when it stands alone in the middle of its row, but is not accepted unseen."""
    page = reading(MOTTO + "GIẤY KHAI SINH")
    words = tuple(replace(word, text=word.text.capitalize()) for word in page.text.words)
    found = classify([replace(page, text=replace(page.text, words=words))], RULES)
    assert found.kind == "GIAY_KHAI_SINH"
    assert found.confidence < RULES.bands.accept


@pytest.mark.parametrize(
    "body",
    [
        "Tôi đã ký hợp đồng chuyển nhượng quyền sử dụng đất với bà Tạ Thị Nguyệt.",
        "I. QUYẾT ĐỊNH",
        "1. GIẤY KHAI SINH",
        "Điều 1. HỢP ĐỒNG",
        "QUYẾT ĐỊNH:",
        "(BẢN SAO)",
        "ĐƠN VỊ: TRẠM Y TẾ",
    ],
)
def test_what_is_no_title(body: str) -> None:
    """Papers named in running text, section heads, the operative "QUYẾT ĐỊNH:" and stamps decide nothing."""
    assert kind_of(MOTTO + body) == UNKNOWN


def test_title_below_the_zone_decides_nothing() -> None:
    """A heading in the lower part of the page is not the title."""
    assert kind_of(MOTTO + "\n" * 40 + "GIẤY KHAI SINH") == UNKNOWN


def test_copy_stamp_before_the_title() -> None:
    """A stamp "BẢN SAO" above the title leaves the title standing."""
    assert kind_of(MOTTO + "BẢN SAO\n\nGIẤY KHAI SINH") == "GIAY_KHAI_SINH"


def test_agency_is_no_title() -> None:
    """Capitals of the agency beside the motto are not read as headings."""
    text = HEAD.replace("XÃ ĐÔNG LIỄU", "THÔNG BÁO XÃ") + "Kính gửi: Bà Nguyễn Thị Chắt"
    assert kind_of(text) == UNKNOWN


def test_letter_without_type_line() -> None:
    """Number with symbol and V/v make an official letter; with "Kính gửi" only it is shown, not accepted."""
    letter = HEAD + "Số: 12/UBND-VP          Đông Liễu, ngày 02 tháng 3 năm 2026\n"
    sure = classify([reading(letter + "V/v cử cán bộ tập huấn\n\nKính gửi: Phòng Nội vụ")], RULES)
    unsure = classify([reading(letter + "\nKính gửi: Phòng Nội vụ")], RULES)
    assert (sure.kind, unsure.kind) == ("CONG_VAN", "CONG_VAN")
    assert unsure.confidence < RULES.bands.accept <= sure.confidence


def test_symbol_that_names_another_type_lowers_confidence() -> None:
    """A title that the number's symbol contradicts is not accepted without a look."""
    text = HEAD + "Số: 12/QĐ-UBND          Đông Liễu, ngày 02 tháng 3 năm 2026\n\nTHÔNG BÁO\nVề việc nghỉ lễ"
    found = classify([reading(text)], RULES)
    assert found.kind == "THONG_BAO"
    assert found.confidence < RULES.bands.accept
    assert "QUYET_DINH" in {kind for kind, _ in found.candidates}


def test_unknown_offers_candidates() -> None:
    """Without a heading the paper is UNKNOWN, and phrases of the body are offered as what it might be."""
    text = "Quyết định này có hiệu lực kể từ ngày ký.\nchịu trách nhiệm thi hành Quyết định này"
    found = classify([reading(text)], RULES)
    assert found.kind == UNKNOWN
    assert found.candidates[0][0] == "QUYET_DINH"
    assert found.confidence < RULES.titles["unknown_below"]


def test_speck_after_a_long_title() -> None:
    """A colon that dust made after a long heading leaves the heading standing."""
    assert kind_of(MOTTO + "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ:") == "PHIEU_KIEM_SOAT"


def test_other_paper() -> None:
    """A clear title in no list under the motto is some other paper, which a person must confirm."""
    page = reading(MOTTO + "BẢNG KÊ ĐỐI TƯỢNG HƯỞNG CHÍNH SÁCH\n\nNội dung bảng kê")
    found = classify([page], RULES)
    assert found.kind == "KHAC"
    assert found.confidence < RULES.bands.show
    doubtful = reading(MOTTO + "BẢNG KÊ ĐỐI TƯỢNG HƯỞNG CHÍNH SÁCH", confidence=50.0)
    assert classify([doubtful], RULES).kind == UNKNOWN


def test_certified_copy_without_title() -> None:
    """The clause of a certified copy decides only when no title does."""
    clause = "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH\nSố chứng thực: 125/2026"
    assert kind_of("Trang sau của giấy tờ\n\n" + clause) == "BAN_SAO_CHUNG_THUC"
    assert kind_of(MOTTO + "GIẤY KHAI SINH\n\nHọ tên\n\n" + clause) == "GIAY_KHAI_SINH"


def test_blank_document() -> None:
    """A document without a word is UNKNOWN without candidates."""
    blank = PageReading(PageText((), "test", "test"), PageTransform(2480, 3508), Verdict.BLANK)
    found = classify([blank], RULES)
    assert (found.kind, found.confidence, found.candidates) == (UNKNOWN, 0.0, ())


SLIPS = [("ổ", "ố"), ("ể", "ế"), ("Ễ", "Ê"), ("ẩ", "ấ"), ("ắ", "ặ"), ("Ổ", "Ồ"), (" - ", " ~ "), ("1", "I"), ("I", "l")]


@pytest.mark.parametrize("entry", expected(), ids=lambda entry: str(entry["loai"]))
def test_kind_survives_slips_of_reading(entry: dict[str, object]) -> None:
    """Tone slips, tildes and look-alikes through the whole text leave the kind right."""
    text = sample_text(str(entry["file"])[:2])
    for good, bad in SLIPS:
        text = text.replace(good, bad)
    assert kind_of(text) == entry["loai"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("GIÁY CHÚNG NHẶN KẾT HQN", "GIAY_CHUNG_NHAN_KET_HON"),
        ("HOP ĐÔNG CHUYEN NHUQNG QUYỀN SỬ DỤNG ĐẤT", "HOP_DONG_CHUYEN_NHUONG"),
        ("G1ẤY KHAl S1NH", "GIAY_KHAI_SINH"),
        ("GIẤYKHAI SINH", "GIAY_KHAI_SINH"),
    ],
)
def test_bent_headings(title: str, kind: str) -> None:
    """A wrong letter in a long heading, look-alike capitals and lost spaces are tolerated."""
    assert kind_of(MOTTO + title) == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("1. Tên hộ kinh doanh: THÀNH LỢI", "GCN_DANG_KY_HO_KINH_DOANH"),
        ("1. Tên công ty: CÔNG TY TNHH AN BÌNH\n2. Vốn điều lệ: 500.000.000 đồng", "GCN_DKDN"),
        ("Tên hộ kinh doanh chuyển đổi: THÀNH LỢI\nMã số doanh nghiệp: 0101234567", "GCN_DKDN"),
    ],
)
def test_one_title_of_two_certificates_is_told_by_the_labels(body: str, kind: str) -> None:
    """Old papers of households and of companies bear one title; their labels say which it is."""
    assert kind_of(f"{HEAD}= GIẤY CHỨNG NHẬN ĐĂNG KÝ KINH DOANH\n\n{body}") == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("TRÍCH LỤC BỘ KHAI SANH", "TRICH_LUC_KHAI_SINH"),
        ("BẢN SAO TRÍCH LỤC KHAI TỬ", "TRICH_LUC_KHAI_TU"),
        ("TRÍCH LỤC GHI CHÚ KẾT HÔN", "TRICH_LUC_KET_HON"),
        ("TỜ KHAI\nNỘP LỆ PHÍ TRƯỚC BẠ NHÀ ĐẤT", "TO_KHAI_LPTB"),
        ("TỜ KHAI\nCẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "TO_KHAI_HO_TICH"),
        ("ĐƠN XIN CẤP\nGIẤY PHÉP XÂY DỰNG", "DON_DE_NGHI_CPXD"),
        ("GIẤY PHÉP SỬA CHỮA, CẢI TẠO CÔNG TRÌNH", "GIAY_PHEP_XAY_DUNG"),
        ("HỢP ĐỒNG CÔNG CHỨNG\nMUA BÁN NHÀ Ở", "HOP_DONG_CHUYEN_NHUONG"),
        ("HỢP ĐỒNG ỦY QUYỀN CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT", "HOP_DONG_UY_QUYEN"),
        ("HỢP ĐỒNG ĐẶT CỌC CHUYỂN NHƯỢNG ĐẤT", "HOP_DONG"),
        ("THÔNG BÁO NỘP TIỀN\nVỀ LỆ PHÍ TRƯỚC BẠ NHÀ, ĐẤT", "THONG_BAO_NOP_THUE"),
        ("THÔNG BÁO NỘP TIỀN\nVỀ TIỀN SỬ DỤNG ĐẤT", "THONG_BAO_NOP_TIEN"),
        ("THÔNG BÁO THU HỒI ĐẤT", "THONG_BAO"),
        ("ĐƠN ĐỀ NGHỊ HƯỞNG TRỢ CẤP THẤT NGHIỆP", "DON"),
        ("ĐƠN XIN HƯỞNG CHẾ ĐỘ TRỢ CẤP XÃ HỘI", "DON_TRO_GIUP"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ KINH DOANH\nDÙNG CHO HỘ GIA ĐÌNH", "GCN_DANG_KY_HO_KINH_DOANH"),
        ("PHIẾU HƯỚNG DẪN HOÀN THIỆN HỒ SƠ", "PHIEU_YEU_CAU_BO_SUNG"),
        ("VĂN BẢN NHẬN TÀI SẢN THỪA KẾ", "VAN_BAN_THUA_KE"),
        ("GIẤY XÁC NHẬN\nVỀ TÌNH TRẠNG HÔN NHÂN", "XAC_NHAN_TINH_TRANG_HON_NHAN"),
    ],
)
def test_headings_with_other_words_in_between(title: str, kind: str) -> None:
    """Old names, words between the parts of a heading and titles over two rows are known, and surely."""
    found = classify([reading(MOTTO + title + "\n\nNội dung của giấy tờ này được ghi ở đây.")], RULES)
    assert (found.kind, found.confidence >= RULES.bands.accept) == (kind, True)


def test_title_that_goes_on_in_small_letters() -> None:
    """Small letters under a general title may name the kind; a person looks, unless the words of the paper agree."""
    page = reading(MOTTO + "ĐƠN ĐỀ NGHỊ\nCẤP GIẤY PHÉP XÂY DỰNG NHÀ Ở")
    words = [replace(each, text=each.text.lower()) if each.line >= 400 else each for each in page.text.words]
    found = classify([replace(page, text=replace(page.text, words=tuple(words)))], RULES)
    assert found.kind == "DON_DE_NGHI_CPXD"
    assert RULES.bands.show <= found.confidence < RULES.bands.accept


def test_likely_heading_asks() -> None:
    """A title that offices use for several papers makes one of them likely, never sure."""
    found = classify([reading(MOTTO + "GIẤY SANG NHƯỢNG ĐẤT VƯỜN")], RULES)
    assert found.kind == "HOP_DONG_CHUYEN_NHUONG"
    assert found.confidence < RULES.bands.accept


def test_map_within_a_certificate() -> None:
    """The title of a drawing is not the paper's where the page has another one."""
    text = "= SƠ ĐỒ THỬA ĐẤT\n\n" + MOTTO + "= GIẤY CHỨNG NHẬN\n= QUYỀN SỬ DỤNG ĐẤT"
    assert kind_of(text) == "GCN_QSDD"
    assert kind_of(MOTTO + "= SƠ ĐỒ THỬA ĐẤT") == "BAN_VE"
