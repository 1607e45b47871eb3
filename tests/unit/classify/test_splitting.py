"""Cutting a bundle of pages into documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classify.kinds import classify
from classify.rules import load_rules
from classify.splitting import cuts, load_weights, split
from dossier.page import Verdict
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
        "III. KẾT LUẬN\nHiện trạng phù hợp.",
    ],
)
def test_titles_that_start_nothing(page: str) -> None:
    """The operative heading, the certifying clause and general types without the motto continue."""
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


CARD = "CĂN CƯỚC CÔNG DÂN\nSố: 099301002785\nHọ và tên: LÊ VĂN TÁM"
ORDER = "ỦY BAN NHÂN DÂN   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ YÊN LẬM   Độc lập - Tự do - Hạnh phúc\n"
DECISION = f"{ORDER}Số: 12/QĐ-UBND   Yên Lậm, ngày 05 tháng 3 năm 2026\n\nQUYẾT ĐỊNH\nVề việc ban hành Quy chế"
ATTACHED = f"{ORDER}\nQUY CHẾ\n(Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 05 tháng 3 năm 2026)\nĐiều 1. Phạm vi."


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        ([DECISION, ATTACHED], [(0, 1)]),
        ([DECISION, "PHỤ LỤC I\n(Kèm theo Quyết định số 12/QĐ-UBND ngày 05 tháng 3 năm 2026)\n1. Sổ."], [(0, 1)]),
        ([sample_text("06"), "ĐIỀU 3\nGIÁ THUÊ\nGiá thuê là 2.000.000 đồng."], [(0, 1)]),
        ([sample_text("01"), sample_text("01")], [(0,), (1,)]),
        ([CARD, CARD, sample_text("06"), "", BODY, CARD], [(0,), (1,), (2, 3, 4), (5,)]),
    ],
)
def test_stacks(texts: list[str], parts: list[tuple[int, ...]]) -> None:
    """An annex goes with its decision, also under a motto of its own; two papers of a kind are two."""
    assert groups(*texts) == parts


def test_reasons_are_told() -> None:
    """Each page has a reason in Vietnamese; who is unsure asks."""
    found = cuts([reading(text) for text in (DECISION, ATTACHED, sample_text("01"))], RULES)
    assert [cut.starts for cut in found] == [True, False, True]
    assert "kèm theo" in found[1].said
    assert "có Quốc hiệu" in found[2].said
    assert not found[2].asks


def test_pages_without_words() -> None:
    """A blank page asks nobody; one that could not be read could be a first page."""
    unread = replace(reading(""), verdict=Verdict.RESCAN)
    found = cuts([reading(sample_text("01")), reading(""), unread], RULES)
    assert [(cut.starts, cut.asks) for cut in found] == [(True, False), (False, False), (False, True)]


def test_a_title_on_a_numbered_page_asks() -> None:
    """It may be a running title, or a bundle that somebody numbered."""
    found = cuts([reading(sample_text("06")), reading("2\n\nHỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT")], RULES)
    assert [cut.asks for cut in found] == [False, True]


def test_a_paper_of_no_listed_kind_is_guessed() -> None:
    """A receipt without a motto is asked about, with what it seems to be and why."""
    found = classify([reading("GIẤY ĐẶT CỌC\n\nBên giao tiền: LÊ VĂN TÁM\nBên nhận tiền: LÝ THỊ MƠ")], RULES)
    assert (found.kind, [kind for kind, _ in found.candidates]) == ("UNKNOWN", ["KHAC"])
    assert "GIẤY ĐẶT CỌC" in found.explanation


def test_every_sign_that_weighs_is_told() -> None:
    """A weight without words would be an explanation that nobody gets."""
    assert set(load_weights(RULES.folder).signs) <= set(RULES.said)
