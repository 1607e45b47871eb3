"""A rate never travels without its numerator, its denominator and the version of its definition."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from dossier.errors import Code, Rejected
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
    """`numerator` of `denominator`, both counts. `known` False: no dossier carries what the rate asks for."""

    numerator: int
    denominator: int
    definition: Definition
    known: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.definition.key}: {self.numerator} of {self.denominator}")

    @property
    def text(self) -> str:
        """The rate as printed: half up, two decimals, decimal comma; a dash when nothing is known."""
        return percent(self.numerator, self.denominator if self.known else 0)

    @property
    def value(self) -> Fraction | None:
        """The exact share, None when there is nothing to divide by or nothing is known."""
        return Fraction(self.numerator, self.denominator) if self.denominator and self.known else None


def rate(key: str, numerator: int, denominator: int) -> Rate:
    """Return a rate by the newest packaged definition of that key."""
    return Rate(numerator, denominator, definitions()[key])


@cache
def versions(key: str) -> tuple[Definition, ...]:
    """Return all versions of a definition, oldest first: none is ever taken away or changed.

    Raises:
        Rejected(DEFINITION_UNKNOWN): There is no such key.
    """
    try:
        return tuple(Definition(key, **entry) for entry in _definitions()[key])
    except KeyError as exc:
        raise Rejected(Code.DEFINITION_UNKNOWN, "indicator", subject=key[:40]) from exc


@cache
def definitions() -> dict[str, Definition]:
    """Return the newest packaged definitions by key."""
    return {key: versions(key)[-1] for key in _definitions()}


@cache
def _definitions() -> dict[str, list[dict[str, Any]]]:
    text = resources.files("reports").joinpath("data/definitions.toml").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    return found
