"""What a pen wrote waits for a person, however surely it was read; print does not."""

from __future__ import annotations

import pytest

from classify.fields import extract
from classify.pen import Print
from classify.rules import load_rules
from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word

RULES = load_rules()
_BODY = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "ĐƠN XIN XÁC NHẬN",
    "Kính gửi: UBND xã An Bình",
    "Điện thoại: {0912345678}",
    "Tôi tên là: {Trần Văn An} sinh sống ở xã nhà từ năm xưa",
    "Nay tôi làm đơn này xin quý cơ quan xem xét xác nhận cho tôi",
    "Tôi xin cam đoan lời khai trên là đúng sự thật và xin cảm ơn",
)
_OVER = {"ỘỄỐỚẦẤ": 2.0, "ÁÀẢÃẠÂĂĐÊÔ": 1.85, "ộễốớờấầẩậếềểệồổỗợởắằ": 1.65, "bdhklfđ": 1.45, "iáàảãóòúùéèíìýâăêô": 1.42}
_TAILS, _DOTTED = frozenset("gpqyj"), frozenset("ạọụẹịộệậợỘ")


def _height(word: str) -> float:
    """Return how tall a word stands when a small letter is 1.0, roughly as a face draws it."""
    capital = 1.42 if any(char.isupper() or char.isdigit() for char in word) else 1.0
    over = max([capital, *(tall for char in word for group, tall in _OVER.items() if char in group)])
    return over + _under(word)


def _under(word: str) -> float:
    return 0.4 if _TAILS & set(word) else 0.35 if _DOTTED & set(word) else 0.0


def _page(larger: float, *, tight: bool = True) -> PageReading:
    words = []
    for number, line in enumerate(_BODY):
        x, foot, by_pen = 330, 400 + 90 * number, False
        for piece in line.split():
            by_pen = by_pen or piece.startswith("{")
            text = piece.strip("{}")
            size = 24 * (larger if by_pen else 1.0)
            bottom = foot + round(_under(text) * size)
            height = round(size * _height(text)) if tight else 44
            words.append(Word(text, Box(x, bottom - height, x + 20 * len(text), bottom), 96.0, number, 0))
            x += 20 * len(text) + 16
            by_pen = by_pen and not piece.endswith("}")
    return PageReading(PageText(tuple(words), "test", "test"), PageTransform(2480, 3508), Verdict.GOOD)


@pytest.mark.parametrize(("larger", "waits"), [(1.0, False), (1.35, True)], ids=["print", "pen"])
def test_what_a_pen_wrote_waits(larger: float, *, waits: bool) -> None:
    """A value larger than the print beside it was written with a pen."""
    found = {field.name: field for field in extract([_page(larger)], "DON", RULES)}
    assert found["dien_thoai"].value == "0912345678"
    assert found["ho_ten"].value == "Trần Văn An"
    assert [found[name].must_confirm for name in ("dien_thoai", "ho_ten")] == [waits, waits]


def test_boxes_as_tall_as_their_lines_say_nothing() -> None:
    """Where an engine gives every word of a line one height, no size can be told."""
    words = _page(1.35, tight=False).text.words
    assert Print(words).beside(words[:1]) is None
    assert Print(()).beside(()) is None
