"""Charts: well-formed whatever the names say, nothing outside the frame, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from dossier.facts import cells
from dossier.register import VIETNAM
from dossier.status import Cause, PortalCause
from reports.charts.bars import cause_bars
from reports.charts.lines import outlook_lines, rate_lines
from reports.charts.series import MOST_UNITS, Series, finished_months, rates_over_time
from reports.digitisation import CauseLine
from reports.grouping import axis_of
from reports.inspection import Question
from reports.period import Counting, whole_year
from reports.rates import rate
from reports.wording import LANGUAGES
from tests.reporting import inspected
from tests.unit.reports.test_inspection import PROCEDURES, at, entry

YEAR = whole_year(2026, Counting.CALENDAR)
HOSTILE = "</text><script>alert(1)</script>\x1b[31m\u202e & \"'" + "W" * 90
_SVG = "{http://www.w3.org/2000/svg}"


def series(name: str, *shares: tuple[int, int]) -> Series:
    """Return a series of rates, numerator and denominator each."""
    return Series(name, tuple(rate("portal", above, below) for above, below in shares))


def drawn(svg: str) -> ET.Element:
    """Return the parsed drawing: it is XML, and every place in it is inside its frame."""
    root = ET.fromstring(svg)  # noqa: S314 - written by us
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for one in root.iter():
        for x in ("x", "cx"):
            assert 0 <= float(one.attrib.get(x, "0")) <= width
        for y in ("y", "cy"):
            assert 0 <= float(one.attrib.get(y, "0")) <= height
    for box in root.iter(f"{_SVG}rect"):
        assert float(box.attrib.get("x", "0")) + float(box.attrib["width"]) <= width
    assert {one.tag for one in root.iter()} <= {
        f"{_SVG}{name}" for name in ("svg", "title", "defs", "pattern", "path", "rect", "circle", "text")
    }
    return root


def texts(root: ET.Element) -> list[str]:
    """Return what is written in a drawing."""
    return [one.text or "" for one in root.iter(f"{_SVG}text")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("months", [2, 12, 24])
def test_lines_stay_inside_and_their_names_stay_text(months: int, language: str) -> None:
    """A name from a register is shortened text, never markup; each line has its newest figure with both counts."""
    periods = (*YEAR.months(), *whole_year(2027, Counting.CALENDAR).months())[:months]
    shares = [(place * 4, 100) for place in range(months)]
    svg = rate_lines([series("", *shares), series(HOSTILE, *shares)], periods, HOSTILE, language)
    said = texts(drawn(svg))
    assert any(f"{months * 4 - 4},00% ({months * 4 - 4}/100)" in text for text in said)
    assert svg == rate_lines([series("", *shares), series(HOSTILE, *shares)], periods, HOSTILE, language)
    assert f"{months:02d}/2026" in said or months > 12


def test_a_month_without_dossiers_is_a_gap() -> None:
    """No line is drawn through a month in which nothing came: it would look like a rate."""
    shares = [(1, 2), (1, 2), (0, 0), (1, 2), (1, 2)]
    whole = drawn(rate_lines([series("", *shares)], YEAR.months()[:5], "x", "vi"))
    thick = [one for one in whole.iter(f"{_SVG}path") if one.attrib.get("stroke-width") == "2.2"]
    assert sorted(len(re.findall("[ML]", one.attrib["d"])) for one in thick) == [2, 2, 2]  # two runs and the legend


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([(30, 100), (40, 100), (50, 100)], "đạt mốc 80% vào tháng 06/2026"),
        ([(30, 100), (30, 100), (20, 100)], "Không đạt mốc 80% trong kỳ"),
        ([(90, 100), (90, 100), (90, 100)], "Đã đạt mốc 80%."),
        ([(90, 100), (90, 100)], "Chưa đủ số liệu để dự báo"),
    ],
)
def test_the_forecast_says_its_result_and_its_rule(shares: Sequence[tuple[int, int]], said: str) -> None:
    """The sentence and the rule stand beside the line."""
    svg = outlook_lines(series("", *shares), YEAR.months()[: len(shares)], "Tỷ lệ số hóa", "vi")
    whole = " ".join(texts(drawn(svg)))
    assert said in whole
    assert "bình phương bé nhất" in whole


def test_bars_are_the_causes_the_longest_first() -> None:
    """What is counted is no gap; counts and shares are written as offices write them."""
    lines = (CauseLine(Cause.COUNTED, 7000), CauseLine(Cause.UNSIGNED, 78), CauseLine(Cause.NOT_SCANNED, 2000))
    said = texts(drawn(cause_bars(lines, "archival", "vi")))
    assert said[1:] == [
        "Chưa đạt 2.078/9.078 hồ sơ (22,89%); mỗi hồ sơ một nguyên nhân.",
        "Chưa quét",
        "2.000 (22,03%)",
        "Chưa ký số",
        "78 (0,86%)",
    ]


def test_bars_without_a_gap_are_still_a_drawing() -> None:
    """A base that is digitised whole, and no base at all."""
    for lines in ((), (CauseLine(PortalCause.COUNTED, 3),)):
        assert len(texts(drawn(cause_bars(lines, "portal", "vi")))) == 2


def test_months_that_still_run_are_left_out() -> None:
    """A month is drawn only when it was over at the moment of the report."""
    question = Question(YEAR, datetime(2026, 3, 31, 23, tzinfo=VIETNAM))
    assert [month.name for month in finished_months(question)] == ["2026-01", "2026-02"]


def test_series_are_those_of_the_units_with_the_most_dossiers_and_add_up() -> None:
    """All units first; a unit's months are its own; the whole of each month is the sum over the units."""
    units = [f"H99.{number}" for number in range(1, 4)]
    entries = [
        entry(serial, code=f"{unit}-{serial}", unit=unit, received_at=at(3, month_number=serial % 3 + 1))
        for number, unit in enumerate(units, start=1)
        for serial in range(number * 3)
    ]
    found = inspected(entries, {}, PROCEDURES, period=YEAR, as_of=at(30, month_number=4))
    question = found.figures.question
    months = finished_months(question)
    counted = cells(found.rows, axis_of(months, question.as_of, question.base), ("unit",))
    whole, *own = rates_over_time(counted, months, question, "portal", lambda cell: cell.unit, lambda unit: f"<{unit}>")
    assert (whole.name, [one.name for one in own]) == ("", ["<H99.3>", "<H99.2>", "<H99.1>"])
    assert len(own) <= MOST_UNITS
    for place, rate_of_all in enumerate(whole.rates):
        assert rate_of_all.denominator == sum(one.rates[place].denominator for one in own)
    assert [one.denominator for one in whole.rates] == [6, 6, 6]
