"""The dated numbers of `rules.toml` as frozen values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Resolution:
    """The least dots per inch a digitised paper must have."""

    least_dpi: float
    tolerance_dpi: float


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """What one reading process takes on: pixels of a scan, pixels it works on, pixels of a side, dots per inch."""

    most_pixels: int
    most_working_pixels: int
    least_side: int
    most_dpi: float


@dataclass(frozen=True, slots=True)
class VerdictRules:
    """Where a reading turns from good to look and from look to rescan; shares from 0 to 1, confidence to 100."""

    blank_marks: int
    look_coverage: float
    rescan_coverage: float
    look_confidence: float
    rescan_confidence: float
    look_syllables: float
    rescan_syllables: float
    letters_needed: int


@dataclass(frozen=True, slots=True)
class ColourRules:
    """What a digitised paper must have of colour: so many channels."""

    channels: int


@dataclass(frozen=True, slots=True)
class CheckRules:
    """Where the picture of a page turns from good to look and from look to rescan; see rules.toml."""

    look_edge: float
    rescan_edge: float
    look_paper: float
    rescan_paper: float
    look_contrast: float
    rescan_contrast: float
    least_contrast: float
    clipped_share: float
    look_clipped: float
    rescan_clipped: float
    look_lean: float
    rescan_lean: float
    same_sheet: float
    least_inches: float
    most_inches: float


@dataclass(frozen=True, slots=True)
class SecrecyRules:
    """The marks of state secrets and the place and size of their stamps (shares of the page; inches; millimetres).

    Raises:
        ValueError: The numbers of the place cannot be true.
    """

    marks: tuple[str, ...]
    released: tuple[str, ...]
    left: float
    right: float
    top: float
    bottom: float
    box_across: float
    box_down: float
    box_reach: float
    box_slack: float
    sheet_least_short: float
    sheet_least_long: float
    word_right_of_middle: tuple[float, ...]
    clear_space: float
    least_height: float
    most_height: float
    framed_wrong_share: float
    frame_least_width: float
    frame_most_width: float
    frame_least_height: float
    frame_most_height: float
    seen_named: float
    seen_stops: float
    seen_supports: float
    seen_asks: float
    seen_asks_elsewhere: float

    def __post_init__(self) -> None:
        """Refuse a place that is none: a stop that never comes would be seen by nobody."""
        far = self.box_reach + self.box_slack
        true = {
            "shares of the page": 0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1,
            "reach of box 10a": self.box_reach > 0 and self.box_slack >= 0,
            "box 10a on the sheet": far <= self.box_across and far <= self.box_down,
            "least sheet": self.sheet_least_short >= self.box_across + far
            and self.sheet_least_long >= self.box_down + far,
            "a word of each mark": len(self.word_right_of_middle) == len(self.marks)
            and all(0 <= each < self.box_across for each in self.word_right_of_middle),
        }
        wrong = [name for name, holds in true.items() if not holds]
        if wrong:
            msg = f"rules.toml, secrecy: {', '.join(wrong)}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules in force on one day."""

    resolution: Resolution
    limits: SizeLimits
    verdict: VerdictRules
    secrecy: SecrecyRules
    colour: ColourRules
    checks: CheckRules


_Section = TypeVar("_Section", Resolution, SizeLimits, VerdictRules, SecrecyRules, ColourRules, CheckRules)


@cache
def rules_on(day: date) -> Rules:
    """Return the rules in force on a day; before the first entry of a section, its first entry."""
    return Rules(
        _section(Resolution, "resolution", day),
        _section(SizeLimits, "limits", day),
        _section(VerdictRules, "verdict", day),
        _section(SecrecyRules, "secrecy", day),
        _section(ColourRules, "colour", day),
        _section(CheckRules, "checks", day),
    )


@cache
def _document() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(resources.files("ocr").joinpath("rules.toml").read_text(encoding="utf-8"))


def _section(kind: type[_Section], name: str, day: date) -> _Section:
    entries = sorted(_document()[name], key=lambda entry: entry["valid_from"])
    in_force = [entry for entry in entries if entry["valid_from"] <= day] or entries[:1]
    values: dict[str, Any] = {item.name: in_force[-1][item.name] for item in fields(kind)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return kind(**(values | lists))
