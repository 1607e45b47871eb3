"""The codes of identity cards, and what they do to what was read."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from classify.card_code import parse_card, with_cards
from classify.extracted import ExtractedField
from dossier.page import Box, PageCode, PageReading, PageText, PageTransform, Verdict
from dossier.reading_json import dump, load

_SAID = "001190004461|123456789|Nguyễn Thị Đèo|05031990|Nữ|Phường Tân Hòa, Hải Lâm|01012021"
_BOX = Box(10, 20, 110, 120)


def _reading(*texts: str) -> PageReading:
    codes = tuple(PageCode("qr", text, _BOX) for text in texts)
    return PageReading(PageText((), "e", "m"), PageTransform(100, 100, 0), Verdict.GOOD, codes=codes)


def _read(name: str, value: str) -> ExtractedField:
    return ExtractedField(name, value, value, 80.0, 0, None, True, "id.card")  # noqa: FBT003


def test_a_cards_code() -> None:
    """Number, name in one spelling, day of birth."""
    card = parse_card(_SAID)
    assert card is not None
    assert (card.number, card.name, card.born) == ("001190004461", "Nguyễn Thị Đèo", date(1990, 3, 5))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://vi-du.vn",
        _SAID.replace("05031990", "05031991"),
        _SAID.replace("05031990", "31021990"),
        _SAID.replace("001190004461", "00119000446"),
        _SAID.replace("001190004461", "٠٠١١٩٠٠٠٤٤٦١"),
        _SAID.replace("Nguyễn Thị Đèo", "<b>1</b>"),
        _SAID.replace("Nguyễn Thị Đèo", ""),
        "|" * 40,
        "HOSOSO:1:D:H15.50.05.13-261008-0975::AAAA",
    ],
)
def test_other_codes_are_no_card(text: str) -> None:
    """Nor one whose number and day of birth disagree."""
    assert parse_card(text) is None


def test_a_card_speaks_for_itself() -> None:
    """Its code instead of its print, in need of no confirmation, with the place of the code; the rest stays."""
    read = [_read("so_dinh_danh", "001190004467"), _read("ho_ten", "Nguyen Thi Deo"), _read("dien_thoai", "0900")]
    found = with_cards(read, [_reading(), _reading(_SAID)], "CCCD")
    assert [(field.name, field.value, field.must_confirm) for field in found] == [
        ("so_dinh_danh", "001190004461", False),
        ("ho_ten", "Nguyễn Thị Đèo", False),
        ("ngay_sinh", "1990-03-05", False),
        ("dien_thoai", "0900", True),
    ]
    assert (found[0].page, found[0].box) == (1, _BOX)


def test_on_other_papers_a_code_confirms_only() -> None:
    """A number that was read and stands in the code needs no person; another one does."""
    found = with_cards(
        [_read("so_dinh_danh", "001190004461"), _read("so_dinh_danh_2", "1")], [_reading(_SAID)], "TO_KHAI"
    )
    assert [field.must_confirm for field in found] == [False, True]


def test_two_cards_replace_nothing() -> None:
    """Which of them the fields are of, nobody knows."""
    other = _SAID.replace("001190004461", "001190004462")
    read = (_read("so_dinh_danh", "7"),)
    assert with_cards(read, [_reading(_SAID, other)], "CCCD") == read


def test_codes_are_kept_with_the_reading() -> None:
    """And a reading without any is the same bytes as before there were codes."""
    assert load(dump(_reading(_SAID))).codes == _reading(_SAID).codes
    assert b"codes" not in gzip.decompress(dump(_reading()))
