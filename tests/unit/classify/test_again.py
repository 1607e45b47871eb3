"""Doubtful numbers and days are read again: which ones, and what their second readings make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from classify.again import Doubt, doubts_of
from classify.extracted import ExtractedField
from classify.fields import Weighed, found_on, weighed
from classify.paper import Paper, paper_of
from classify.rules import load_rules
from classify.settling import settled, votes_on
from dossier.page import PageReading, Word
from tests.readings import reading

RULES = load_rules()
KIND = "GCN_DKDN"
TEXT = """SỞ TÀI CHÍNH TỈNH TÂY PHONG      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG ĐĂNG KÝ KINH DOANH      Độc lập - Tự do - Hạnh phúc
GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP
Mã số doanh nghiệp: 7443559199
Đăng ký lần đầu: ngày {day} tháng 02 năm {year}
Điện thoại: 0937701798
Họ và tên: NGUYỄN XUÂN TÙNG      Giới tính: Nam
Sinh ngày: 27/08/1977      Dân tộc: Ê Đê      Quốc tịch: Việt Nam
Số giấy tờ pháp lý của cá nhân: {number}
"""
NUMBER, BORN = "099077433873", "1977-08-27"


def page(*, day: str = "22", year: str = "2026", number: str = NUMBER, unsure: str = "") -> PageReading:
    """Return the paper as it was read, some of its words badly."""
    read = reading(TEXT.format(day=day, year=year, number=number), 97.0)
    words = tuple(replace(word, confidence=41.0) if word.text == unsure else word for word in read.text.words)
    return replace(read, text=replace(read.text, words=words))


def looked_at(read: PageReading) -> tuple[Paper, list[Weighed], list[Doubt]]:
    """Return the paper, what was found on it and what is in doubt."""
    paper = paper_of([read], KIND, RULES)
    first = list(weighed(paper, found_on(paper)))
    return paper, first, doubts_of(paper, first)


def said(doubt: Doubt, *texts: str) -> list[tuple[Word, ...]]:
    """Return second readings of a place."""
    return [(replace(doubt.words[0], text=text, confidence=90.0),) if text else () for text in texts]


def after(read: PageReading, name: str, *texts: str) -> ExtractedField | None:
    """Return a field after its place was read again; all other places are read as they were."""
    paper, first, doubts = looked_at(read)
    assert any(name in doubt.fields for doubt in doubts)
    seconds: Sequence[list[tuple[Word, ...]]] = [
        said(doubt, *texts) if name in doubt.fields else [doubt.words] * len(texts) for doubt in doubts
    ]
    fields = settled(paper, first, votes_on(paper, first, doubts, seconds))
    return next((field for field in fields if field.name == name), None)


def test_what_is_sure_is_left_alone() -> None:
    """A value in the accepted band is not read again, nor is a name, however badly it was read."""
    _, first, doubts = looked_at(page(unsure="NGUYỄN"))
    asked = {name for doubt in doubts for name in doubt.fields}
    sure = {one.field.name for one in first if one.field.confidence >= RULES.again.below and one.draft.agrees is None}
    assert "ho_ten" not in asked
    assert sure
    assert not asked & sure


def test_a_number_read_badly_is_doubted() -> None:
    """It is read again as digits, where it stands, with a little room beside it."""
    _, _, doubts = looked_at(page(unsure=NUMBER))
    (doubt,) = (doubt for doubt in doubts if "so_dinh_danh" in doubt.fields)
    (word,) = doubt.words
    assert word.text == NUMBER
    assert doubt.signs == RULES.again.signs["identity"]
    assert doubt.box.left <= word.box.left < word.box.right < doubt.box.right
    assert (doubt.box.top, doubt.box.bottom) == (word.box.top, word.box.bottom)


@pytest.mark.parametrize("number", ["09907743387", "0990774338731", "09907743387b"])
def test_what_stands_for_a_number_and_is_none_is_doubted(number: str) -> None:
    """A digit too few or too many, a letter in it: most readings decide, and a person looks at what they say."""
    found = after(page(number=number), "so_dinh_danh", NUMBER, NUMBER, "", NUMBER, "099077433878")
    assert found is not None
    assert (found.value, found.again, found.must_confirm) == (NUMBER, "new", True)
    assert (found.confidence, found.raw) == (RULES.again.waiting, number)
    assert after(page(number=number), "so_dinh_danh", NUMBER, "099077433878", "", NUMBER, "") is None


def test_a_day_with_dirt_in_it_is_found() -> None:
    """A quote between a number and the next word, which no pattern forgives."""
    text = "ngày22tháng02năm2026"
    assert (found := after(page(day="22'"), "ngay_dang_ky_lan_dau", text, text, text, text, text))
    assert (found.value, found.again) == ("2026-02-22", "new")


def test_agreement_makes_surer() -> None:
    """Read alike by most, half of the doubt in a value is gone; it still waits where all such values do."""
    read = page(unsure=NUMBER)
    _, first, _ = looked_at(read)
    before = next(one.field for one in first if one.field.name == "so_dinh_danh")
    found = after(read, "so_dinh_danh", NUMBER, NUMBER, NUMBER, "", NUMBER)
    assert found is not None
    assert (found.value, found.again, found.must_confirm) == (NUMBER, "same", True)
    assert found.confidence == pytest.approx((100 + before.confidence) / 2, abs=0.1)


def test_most_readings_propose() -> None:
    """Another value in three of five is proposed; the first reading stays beside it."""
    read = page(year="2028", unsure="2028")
    right, wrong = "ngày22tháng02năm2023", "ngày22tháng02năm2028"
    found = after(read, "ngay_dang_ky_lan_dau", right, right, right, wrong, "")
    assert found is not None
    assert (found.value, found.again, found.must_confirm) == ("2023-02-22", "other", True)
    assert "2028" in found.raw
    assert found.confidence <= RULES.again.waiting


def test_nobody_wins() -> None:
    """Where readings differ the first value stays and is less sure."""
    read = page(year="2028", unsure="2028")
    texts = [f"ngày22tháng02năm{year}" for year in ("2023", "2023", "2028", "2028", "2025")]
    found = after(read, "ngay_dang_ky_lan_dau", *texts)
    assert found is not None
    assert (found.value, found.again, found.must_confirm) == ("2028-02-22", "open", True)
    assert found.confidence <= RULES.again.waiting


def test_the_paper_itself_has_a_say() -> None:
    """A number of another year of birth is not proposed against one that agrees; the other way round two are enough."""
    strange = "099098433873"
    kept = after(page(unsure=NUMBER), "so_dinh_danh", strange, strange, strange, strange, "")
    assert kept is not None
    assert (kept.value, kept.again) == (NUMBER, "open")
    mended = after(page(number=strange), "so_dinh_danh", NUMBER, NUMBER, strange, "099098433878", "")
    assert mended is not None
    assert (mended.value, mended.again) == (NUMBER, "other")


def test_a_place_that_gives_nothing_says_nothing() -> None:
    """Second readings without a value leave the first as it was."""
    read = page(unsure=NUMBER)
    _, first, _ = looked_at(read)
    before = next(one.field for one in first if one.field.name == "so_dinh_danh")
    assert after(read, "so_dinh_danh", "", "", "", "", "") == before
