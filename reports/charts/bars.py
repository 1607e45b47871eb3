"""Why dossiers are not counted, as a bar for each cause, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reports.charts.drawing import Drawing, shortened
from reports.digitisation import CauseLine
from reports.numbers import count, percent
from reports.wording import word

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP = 980, 330, 800, 56, 30
_LETTERS = 46
_COUNTED = "COUNTED"


def cause_bars(lines: Sequence[CauseLine], reading: str, language: str) -> str:
    """Return the chart of the causes of one reading as SVG.

    Args:
        lines: Causes with their counts, which add up to the base; what counts is not drawn but named.
        reading: `archival` or `portal`: whose names the causes have.
        language: `vi` or `en`.
    """
    base = sum(line.count for line in lines)
    gaps = sorted((line for line in lines if line.cause != _COUNTED), key=lambda line: (-line.count, line.cause))
    longest = max((line.count for line in gaps), default=1)
    title = word(f"chart.causes_{reading}", language)
    drawing = Drawing(_WIDTH, _TOP + _STEP * max(1, len(gaps)) + 18, title)
    drawing.text((18, 22), title, size=16, bold=True)
    missing = sum(line.count for line in gaps)
    told = {"missing": count(missing), "base": count(base), "share": percent(missing, base)}
    drawing.text((18, 43), word("chart.causes_sum", language, **told))
    for number, line in enumerate(gaps):
        y = _TOP + number * _STEP
        width = max(1.0, float(Fraction(line.count, longest)) * (_RIGHT - _LEFT))
        drawing.text((_LEFT - 10, y + 19), shortened(word(f"{reading}.{line.cause}", language), _LETTERS), anchor="end")
        drawing.box(_LEFT, y + 5, width, _STEP - 10, "sparse" if number % 2 == 0 else "dense")
        drawing.text((_LEFT + width + 8, y + 19), f"{count(line.count)} ({percent(line.count, base)})")
    return drawing.svg()
