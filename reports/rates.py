"""A rate never travels without its numerator, its denominator and the version of its definition."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources

from reports.numbers import percent


@dataclass(frozen=True, slots=True)
class Definition:
    """What a rate means: its key in `definitions.toml`, version, first day in force, basis, names."""

    key: str
    version: str
    valid_from: date
    basis: str
    vi: str
    en: str

    def name(self, language: str) -> str:
        """Return the name as printed in `vi` or `en`."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Rate:
    """`numerator` of `denominator`, both counts."""

    numerator: int
    denominator: int
    definition: Definition

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.definition.key}: {self.numerator} of {self.denominator}")

    @property
    def text(self) -> str:
        """The rate as printed: half up, two decimals, decimal comma."""
        return percent(self.numerator, self.denominator)

    @property
    def value(self) -> Fraction | None:
        """The exact share, None when there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def rate(key: str, numerator: int, denominator: int) -> Rate:
    """Return a rate by the packaged definition of that key."""
    return Rate(numerator, denominator, definitions()[key])


@cache
def definitions() -> dict[str, Definition]:
    """Return the packaged definitions by key."""
    text = resources.files("reports").joinpath("data/definitions.toml").read_text(encoding="utf-8")
    return {key: Definition(key, **entry) for key, entry in tomllib.loads(text).items()}
