"""The conversion mark: visible content of page 1, drawn when the page is written and never added later."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import resources

from rendition import syntax
from rendition.fonts import SerifFont
from rendition.geometry import Sheet

FONT = "Mark"
VEIL = "Veil"
VEIL_STATE = b"<</Type /ExtGState /ca 0.75 /SMask /None /BM /Normal>>"

_POINTS_PER_MM = 72 / 25.4
_LEADING = 1.25
_PADDING = 0.35  # of the font size, around the text
_NARROWEST = 30  # ems that must fit beside each other; smaller paper gets smaller print


@dataclass(frozen=True, slots=True)
class MarkRule:
    """One dated wording of the mark, with its basis; sizes in points and millimetres of paper."""

    valid_from: date
    basis: str
    text: str
    converter: str
    time: str
    utc_offset_hours: float
    size_points: float
    margin_mm: float


@cache
def mark_rules() -> tuple[MarkRule, ...]:
    """Return all wordings, oldest first."""
    source = resources.files("rendition.rules").joinpath("conversion_mark.toml").read_text(encoding="utf-8")
    rules = (MarkRule(**entry) for entry in tomllib.loads(source)["rules"])
    return tuple(sorted(rules, key=lambda rule: rule.valid_from))


def rule_on(day: date) -> MarkRule:
    """Return the wording in force on a day; before the first one starts, the first."""
    rules = mark_rules()
    return max((rule for rule in rules if rule.valid_from <= day), key=_start, default=rules[0])


def mark_text(converter: str, moment: datetime) -> str:
    """Return what the mark says: the mark itself, who converted (when told) and when, in local time."""
    rule = rule_on(moment.date())
    local = moment.astimezone(timezone(timedelta(hours=rule.utc_offset_hours)))
    time = rule.time.format(time=local.isoformat(timespec="seconds"))
    named = (rule.converter.format(converter=converter),) if converter else ()
    return " · ".join((rule.text, *named, time))


def draw_mark(text: str, rule: MarkRule, sheet: Sheet, font: SerifFont) -> bytes:
    """Return the operators that draw the mark in the bottom margin, upright as the page is shown.

    A veil lets the paper behind stay visible and the print legible on a dark edge.
    """
    shown_width, _ = sheet.shown_size
    margin = min(rule.margin_mm * _POINTS_PER_MM, shown_width / 20)
    room = shown_width - 2 * margin
    size = min(rule.size_points, room / _NARROWEST)
    lines = _wrapped(text, room / size, font)
    widest = max(font.width(line) for line in lines) * size
    pad, leading = _PADDING * size, _LEADING * size
    left = (shown_width - widest) / 2
    box = (left - pad, margin - pad, widest + 2 * pad, leading * (len(lines) - 1) + size + 2 * pad)
    out = b"q\n%s cm\n" % syntax.numbers(sheet.shown)
    out += b"q /%s gs 1 g %s re f Q\n" % (VEIL.encode(), syntax.numbers(box))
    out += b"BT\n0 Tr 0 g /%s %s Tf %s TL\n" % (FONT.encode(), syntax.number(size), syntax.number(leading))
    first = margin + leading * (len(lines) - 1) + size * 0.2
    for index, line in enumerate(lines):
        x = (shown_width - font.width(line) * size) / 2
        out += b"%s Tm %s Tj\n" % (syntax.numbers((1, 0, 0, 1, x, first - index * leading)), font.encode(line))
    return out + b"ET\nQ\n"


def _wrapped(text: str, room: float, font: SerifFont) -> list[str]:
    """Return the text broken between words to lines of at most `room` ems."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _start(rule: MarkRule) -> date:
    return rule.valid_from
