"""The conversion mark: dated wording, local time, inside the paper."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dossier.page import Box
from dossier.scan import Encoding, PageScan
from rendition.fonts import find_serif, serif_for
from rendition.geometry import Sheet
from rendition.mark import draw_mark, mark_rules, mark_text, rule_on

_MOMENT = datetime(2026, 11, 22, 20, 40, 15, 123456, tzinfo=UTC)


def test_the_mark_names_the_conversion_the_converter_and_the_time() -> None:
    """The time is Vietnamese, with seconds and offset."""
    assert mark_text("Trần An", _MOMENT) == (
        "Bản điện tử chuyển đổi từ văn bản giấy · Người chuyển đổi: Trần An · Thời gian: 2026-11-23T03:40:15+07:00"
    )


def test_an_unnamed_converter_leaves_no_gap() -> None:
    """Without a converter the mark and the time stand alone."""
    assert mark_text("", _MOMENT).count(" · ") == 1


def test_each_wording_has_its_day_and_basis() -> None:
    """Wordings are dated, sorted and say what they rest on."""
    rules = mark_rules()
    assert [rule.valid_from for rule in rules] == sorted({rule.valid_from for rule in rules})
    assert all(rule.basis for rule in rules)
    assert rule_on(date(1999, 1, 1)) == rules[0]
    assert rule_on(date(2999, 1, 1)) == rules[-1]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(2480, 3508), (1016, 638), (200, 2000)])
def test_the_veil_is_inside_the_paper(turn: int, size: tuple[int, int]) -> None:
    """On A4, on a card and on a strip, the area of the mark stays on the page as shown."""
    sheet = Sheet.of(PageScan(Encoding.JPEG, *size, 300, 300, 3), turn)
    text = mark_text("Trần An", _MOMENT)
    drawn = draw_mark(text, rule_on(_MOMENT.date()), sheet, serif_for(text, find_serif()))
    left, bottom, width, height = map(float, drawn.split(b" g ")[1].split(b" re ")[0].split())
    shown_width, shown_height = sheet.shown_size
    assert left >= 0
    assert bottom >= 0
    assert left + width <= shown_width
    assert bottom + height <= shown_height / 2


@pytest.mark.parametrize(("turn", "corner"), [(0, (0, 72)), (90, (0, 0)), (180, (144, 0)), (270, (144, 72))])
def test_the_shown_frame_lies_right_on_the_stored_page(turn: int, corner: tuple[float, float]) -> None:
    """The top left corner as shown is the corner of the stored page that /Rotate brings there."""
    sheet = Sheet.of(PageScan(Encoding.JPEG, 200, 100, 100, 100, 3), turn)
    a, b, c, d, e, f = sheet.shown
    _, top = sheet.shown_size
    assert (c * top + e, d * top + f) == corner
    assert a * d - b * c == 1
    assert Box(0, 0, 1, 1).width == 1
