"""Rates over time and where they lead, as charts with a line for each unit and the mark of 80 % across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.charts.drawing import Drawing, Point, shortened
from reports.charts.forecast import HORIZON, LAST, LEAST, MARK, Forecast, Outlook, forecast
from reports.charts.series import Series
from reports.numbers import decimal, percent
from reports.period import Period
from reports.wording import word

_WIDTH, _HEIGHT = 980, 380
_LEFT, _TOP, _BOTTOM = 64, 48, 316
_RIGHT = 690  # the legend stands right of it
_LEGEND, _LEGEND_STEP, _LEGEND_LETTERS = 712, 44, 34
_STYLES = (("", "disc"), ("7 3", "square-open"), ("2 3", "triangle"), ("9 3 2 3", "diamond-open"), ("4 4", "square"))
_MOST_LABELS = 12
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Frame:
    """The field of a chart: how many places there are across, from the first to the last."""

    places: int

    def at(self, place: int, value: Fraction) -> Point:
        """Return where a value of a place is drawn."""
        share = place / (self.places - 1) if self.places > 1 else 0.5
        return _LEFT + 18 + share * (_RIGHT - _LEFT - 36), _BOTTOM - float(value) * (_BOTTOM - _TOP)


def rate_lines(series: Sequence[Series], months: Sequence[Period], rate_name: str, language: str) -> str:
    """Return the chart of a rate over time, with a line for each series, as SVG."""
    drawing = Drawing(_WIDTH, _HEIGHT, word("chart.over_time", language, rate=rate_name))
    frame = _Frame(len(months))
    _ground(drawing, frame, [month_name(month.name) for month in months], language)
    drawing.text((_LEFT, 22), word("chart.over_time", language, rate=rate_name), size=16, bold=True)
    for number, one in enumerate(series):
        dash, mark = _STYLES[number % len(_STYLES)]
        points = [frame.at(place, value) if value is not None else None for place, value in enumerate(one.values)]
        _run(drawing, points, dash, mark, width=2.2 if not one.name else 1.2)
        _legend(drawing, number, one, (dash, mark), language)
    return drawing.svg()


def outlook_lines(whole: Series, months: Sequence[Period], rate_name: str, language: str) -> str:
    """Return the chart of a rate with the straight line that it follows to the mark, as SVG."""
    drawing = Drawing(_WIDTH, _HEIGHT, word("chart.forecast", language, rate=rate_name))
    found = forecast(whole.values)
    ahead = _ahead(found)
    names = [month_name(month.name) for month in months]
    names += [month_name(month_after(months[-1].name, step)) for step in range(1, ahead + 1)] if months else []
    frame = _Frame(len(names))
    _ground(drawing, frame, names, language)
    drawing.text((_LEFT, 22), word("chart.forecast", language, rate=rate_name), size=16, bold=True)
    points = [frame.at(place, value) if value is not None else None for place, value in enumerate(whole.values)]
    _run(drawing, points, "", "disc", width=2.2)
    if ahead:
        last = len(months) - 1
        run = range(max(1 - len(months), 1 - LAST), ahead + 1)
        drawing.line([frame.at(last + step, found.at(step)) for step in run], width=1.4, dash="7 4")
        drawing.mark(frame.at(last + ahead, found.at(ahead)), "diamond-open")
    for number, line in enumerate(_told(found, months, language)):
        drawing.text((_LEGEND, _TOP + 12 + 19 * number), line, bold=number == 0)
    return drawing.svg()


def outlook_text(found: Forecast, months: Sequence[Period], language: str) -> str:
    """Return what a forecast says, in one sentence."""
    if not months:
        return word("chart.outlook.too_few", language, least=LEAST)
    reached = month_name(month_after(months[-1].name, found.periods))
    slope = decimal(100 * found.slope, 2)
    values = {"month": reached, "periods": found.periods, "slope": slope, "horizon": HORIZON, "least": LEAST}
    return word(f"chart.outlook.{found.outlook}", language, mark=percent(4, 5, 0), **values)


def month_name(name: str) -> str:
    """Return `2026-02` as `02/2026`."""
    year, _, number = name.partition("-")
    return f"{number}/{year}"


def month_after(name: str, steps: int) -> str:
    """Return the name of the month so many months after another."""
    year, _, number = name.partition("-")
    years, month = divmod(int(year) * _MONTHS + int(number) - 1 + steps, _MONTHS)
    return f"{years}-{month + 1:02d}"


def _ahead(found: Forecast) -> int:
    """Return how far the line is drawn: to the mark, or a little when it does not get there."""
    if found.outlook is Outlook.IN_SIGHT:
        return found.periods
    return LEAST if found.outlook in {Outlook.NOT_RISING, Outlook.TOO_FAR} else 0


def _ground(drawing: Drawing, frame: _Frame, names: Sequence[str], language: str) -> None:
    """Draw axes, the lines of every 20 %, the mark, and the names of the periods."""
    for tenth in range(0, 11, 2):
        value = Fraction(tenth, 10)
        y = frame.at(0, value)[1]
        drawing.line([(_LEFT, y), (_RIGHT, y)], width=0.5, grey=True)
        drawing.text((_LEFT - 8, y + 4), percent(tenth, 10, 0), anchor="end")
    drawing.line([(_LEFT, _TOP), (_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)])
    y = frame.at(0, MARK)[1]
    drawing.line([(_LEFT, y), (_RIGHT, y)], width=1.6, dash="12 5")
    drawing.text((_LEFT + 6, y - 6), word("chart.mark", language, mark=percent(4, 5, 0)), size=12)
    every = -(-len(names) // _MOST_LABELS) or 1
    for place, name in enumerate(names):
        x = frame.at(place, Fraction(0))[0]
        drawing.line([(x, _BOTTOM), (x, _BOTTOM + 5)])
        if (len(names) - 1 - place) % every == 0:
            drawing.text((x, _BOTTOM + 20), name, anchor="middle", size=11)
    drawing.text(((_LEFT + _RIGHT) / 2, _BOTTOM + 42), word("chart.months", language), anchor="middle", size=12)


def _run(drawing: Drawing, points: Sequence[Point | None], dash: str, mark: str, *, width: float) -> None:
    """Draw a line with its marks; where a value is missing it has a gap."""
    run: list[Point] = []
    for point in (*points, None):
        if point is not None:
            run.append(point)
            continue
        if len(run) > 1:
            drawing.line(run, width=width, dash=dash)
        run = []
    for point in points:
        if point is not None:
            drawing.mark(point, mark)


def _legend(drawing: Drawing, number: int, one: Series, style: tuple[str, str], language: str) -> None:
    y = _TOP + 8 + number * _LEGEND_STEP
    dash, mark = style
    drawing.line([(_LEGEND, y), (_LEGEND + 34, y)], width=1.2 if one.name else 2.2, dash=dash)
    drawing.mark((_LEGEND + 17, y), mark)
    name = one.name or word("chart.all_units", language)
    drawing.text((_LEGEND + 42, y + 4), shortened(name, _LEGEND_LETTERS), bold=not one.name)
    newest = next((rate for rate in reversed(one.rates) if rate.value is not None), None)
    if newest is not None:
        told = {"rate": newest.text, "numerator": newest.numerator, "denominator": newest.denominator}
        drawing.text((_LEGEND + 42, y + 21), word("chart.newest", language, **told), size=12)


def _told(found: Forecast, months: Sequence[Period], language: str) -> list[str]:
    """Return the sentence and the rule, broken into lines that stand beside the chart."""
    rule = word("chart.rule", language, last=LAST, least=LEAST)
    return [*_broken(outlook_text(found, months, language)), "", *_broken(rule)]


def _broken(text: str) -> list[str]:
    lines = [""]
    for part in text.split():
        if len(lines[-1]) + len(part) > _LEGEND_LETTERS + 4:
            lines.append("")
        lines[-1] = f"{lines[-1]} {part}".strip()
    return lines
