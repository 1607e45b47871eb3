"""Cutting a bundle of pages into documents."""

from __future__ import annotations

import pytest

from classify.rules import load_rules
from classify.splitting import split
from tests.readings import expected, reading, sample_text

RULES = load_rules()
NAMES = [str(entry["file"])[:2] for entry in expected()]
BODY = "Điều 4. Các bên cam kết thực hiện đúng các điều khoản đã nêu.\nĐiều 5. Hiệu lực.\n"


def groups(*texts: str) -> list[tuple[int, ...]]:
    """Return the groups of pages laid out from texts."""
    return split([reading(text) for text in texts], RULES)


def test_each_sample_starts_a_document() -> None:
    """Twelve first pages in a row are twelve documents."""
    assert groups(*map(sample_text, NAMES)) == [(index,) for index in range(12)]


@pytest.mark.parametrize("name", NAMES)
def test_pages_without_title_continue(name: str) -> None:
    """Body pages, blank backs and numbered pages stay with the page before them."""
    second = "2\n\n" + BODY
    assert groups(sample_text(name), second, "", "Trang 4/4\n\n" + BODY, sample_text("01")) == [(0, 1, 2, 3), (4,)]


def test_blank_first_page_is_not_lost() -> None:
    """Every page is in a group, also a blank one in front."""
    assert groups("", sample_text("01")) == [(0,), (1,)]


@pytest.mark.parametrize(
    "page",
    [
        "QUYẾT ĐỊNH:\n\nĐiều 1. Cho bà Nguyễn Thị Chắt hưởng trợ cấp.",
        "LỜI CHỨNG CỦA NGƯỜI CÓ THẨM QUYỀN CHỨNG THỰC\nTôi, Đinh Xuân Trường",
        "THÔNG BÁO\nkèm theo",
        "2\n\nHỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT",
        "III. KẾT LUẬN\nHiện trạng phù hợp.",
    ],
)
def test_titles_that_start_nothing(page: str) -> None:
    """The operative heading, the certifying clause, general types without the motto and numbered pages continue."""
    assert groups(sample_text("06"), page) == [(0, 1)]


def test_motto_starts_a_document_without_known_title() -> None:
    """The national motto in the header starts a document even when the title is in no list."""
    unknown = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nBẢN CAM KẾT BẢO VỆ MÔI TRƯỜNG"
    assert groups(sample_text("06"), unknown) == [(0,), (1,)]


def test_title_without_motto_starts_a_document() -> None:
    """A certificate or card has its title and no motto block on scans of the inner pages."""
    assert groups(sample_text("04"), "CĂN CƯỚC CÔNG DÂN\nSố: 099301002785") == [(0,), (1,)]


def test_first_numbered_page_starts() -> None:
    """A first page numbered "Trang 1/3" is no sign of continuation."""
    assert groups(sample_text("04"), "Trang 1/3\n\nHỢP ĐỒNG THUÊ NHÀ") == [(0,), (1,)]


def test_nothing() -> None:
    """No pages, no documents."""
    assert groups() == []
