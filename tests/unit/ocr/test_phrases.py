"""Marks of letters are mended where a known phrase leaves no doubt, and what was read is kept."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from importlib import resources

import pytest

from dossier.page import Box, Word
from dossier.text import fold, nfc
from ocr.phrases import with_phrases_mended

_GROUPS = tomllib.loads(resources.files("ocr").joinpath("phrases.toml").read_text("utf-8"))
_SMALL = [phrase for group in _GROUPS.pop("small").values() for phrase in group]
_PHRASES = [*_SMALL, *(phrase for group in _GROUPS.values() for phrase in group)]


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(part, Box(9, 9, 30, 20), 91.0, 2, 1) for part in text.split())


def _mended(text: str) -> str:
    return " ".join(word.text for word in with_phrases_mended(_words(text)))


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("CỌNG HÒA XÃ HỌI CHỦ NGHĨA VIẸT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Độc lập - Tự đo - Hạnh phúc", "Độc lập - Tự do - Hạnh phúc"),
        ("TM. ỦY BẠN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN"),
        ("Giầy chứng nhận số 12", "Giấy chứng nhận số 12"),
        ("(Ký, ghỉ rõ họ, tên)", "(Ký, ghi rõ họ, tên)"),
        ("3. Điện tích: 240", "3. Diện tích: 240"),
        ("người nộp hỗ sơ.", "người nộp hồ sơ."),
        ("số đinh danh cá nhân:", "số định danh cá nhân:"),
        ("Điêu 4. Các bên", "Điều 4. Các bên"),
        ("ngay 06 tháng 01 năm 2026", "ngày 06 tháng 01 năm 2026"),
        ("khoản 2 Điểu 15", "khoản 2 Điều 15"),
        ("Giám đôc Sở, chê độ", "Giám đốc Sở, chế độ"),
        ("chinh lý tài liệu tôn đọng", "chỉnh lý tài liệu tồn đọng"),
    ],
)
def test_phrases_get_their_marks(read: str, right: str) -> None:
    """Case, brackets and stops stay as they were read."""
    assert _mended(read) == right


@pytest.mark.parametrize(
    "text",
    [
        "Uỷ ban nhân dân, Cộng hoà",  # the tone may stand on either vowel
        "ông Trần Giầy Tờ",  # a name
        "GIẦY, chứng nhận",  # a stop between
        "Giầy chửng nhân",  # only a third is right
        "sổ đăng ký, số đăng ký, quyền số",
        "có thể chấp nhận, chúng thực hiện, công chúng, địa chí, nam sinh, dân cử, tự đo",
        "diện 1tích, DIỆN-TÍCH",
        "NGUYỄN TÀI CHINH, LÊ THANH TRÀ, Phạm Văn Phong",
        "mỗi trường, truyền thống, tiền thuế, xếp loại đạt, trưởng bản, nữ 30, nam 60, cấp ngay 5 bản, bảng kê từ ngày",
        "thông báo gồm, hành chính thực hiện, ghi chủ hộ, có mật độ, vì phạm, kê khai từ, đang ký, văn bản hành chính",
        "Diêu, 4 và diều, 5",
        "tại khoản 2, đánh giá tri thức, hoàn thành phổ cập, quyết định kỷ luật, hạng mức, thứ tư, cả nhân dân",
        "hệ thống kế toán, tổng công ty, thông báo quản lý, đoàn kết hơn, bổ nhiệm kỹ sư, tổng kết qua, xây đúng phép",
    ],
)
def test_what_may_be_meant_stays(text: str) -> None:
    """Other spellings, names, words parted by stops, and phrases that exist with other marks."""
    words = _words(text)
    assert with_phrases_mended(words) == tuple(words)


def test_what_was_read_is_kept() -> None:
    """The word has its place and confidence as before, and says what the engine gave first of all."""
    first, second = with_phrases_mended((*_words("Giầy"), Word("tờ", Box(40, 9, 60, 20), 95.0, 2, 1, raw="t0")))
    assert (first.text, first.raw, first.box, first.confidence) == ("Giấy", "Giầy", Box(9, 9, 30, 20), 91.0)
    assert (second.text, second.raw) == ("tờ", "t0")


def test_the_end_of_a_page_is_no_phrase() -> None:
    """A phrase that is cut off is left, and so is a page without words."""
    assert _mended("GIẦY chứng") == "GIẦY chứng"
    assert with_phrases_mended(()) == ()


def test_no_two_phrases_say_different_things_with_the_same_letters() -> None:
    """Phrases are small, composed and of several words; each is the only one of its letters, also within others."""
    spellings = defaultdict(set)
    for phrase in _PHRASES:
        words = phrase.split()
        assert len(words) > 1
        assert phrase == nfc(phrase.lower())
        spellings[fold(phrase)].add(phrase)
    doubtful = {key for key, found in spellings.items() if len(found) > 1}
    clashing = {
        (short, long)
        for short in _PHRASES
        for long in _PHRASES
        if f" {fold(short)} " in f" {fold(long)} " and f" {short} " not in f" {long} "
    }
    assert (doubtful, clashing) == (set(), set())
