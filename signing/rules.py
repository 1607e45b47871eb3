"""The dated rules of the visible signature text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class SealRule:
    """One rule set; lengths in millimetres, the font in points. Its fields are explained in rules.toml."""

    valid_from: date
    basis: str
    digest: str
    utc_offset_hours: int
    font_points: float
    leading: float
    margin_right_mm: float
    margin_top_mm: float
    max_width_mm: float
    lines: tuple[str, ...]
    development_lines: tuple[str, ...]
    fonts: tuple[str, ...]
    officer_reason: str
    officer_lines: tuple[str, ...] = ()

    @property
    def zone(self) -> timezone:
        """The time zone in which signing times are shown."""
        return timezone(timedelta(hours=self.utc_offset_hours))


def in_force(at: datetime) -> SealRule:
    """Return the newest rule that is in force at a moment.

    Raises:
        LookupError: No rule is that old.
    """
    valid = [rule for rule in _rules() if rule.valid_from <= at.astimezone(rule.zone).date()]
    if not valid:
        raise LookupError(f"no rule for the visible signature text at {at:%Y-%m-%d}")
    return max(valid, key=lambda rule: rule.valid_from)


@cache
def _rules() -> tuple[SealRule, ...]:
    text = resources.files("signing").joinpath("rules.toml").read_text(encoding="utf-8")
    return tuple(_rule(entry) for entry in tomllib.loads(text)["rule"])


def _rule(entry: dict[str, Any]) -> SealRule:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return SealRule(**values)
