"""What is left to do until dossiers are counted: its price by facts, and the work of boxes and dossiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dossier.facts import Facts

NOWHERE = ""
"""The box of dossiers of which nobody knows where they lie."""


@dataclass(frozen=True, slots=True)
class Price:
    """What dossiers with the same facts still take; neither on paper nor at a desk: nothing helps that can be listed.

    Pages are those known to be left, else `share` of those expected of the procedure and `pages`; and in both cases
    `more` of those expected. `minutes` are those at a desk. `chance` is how much of a dossier is gained by it.
    """

    is_counted: bool
    on_paper: bool
    at_desk: bool
    share: float
    pages: float
    more: float
    minutes: float
    chance: float


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by facts, pages expected by procedure (`others` of any other one), minutes that a page takes.

    Facts without a price are not in the rate at all: refused, or never received.
    """

    by_facts: Mapping[Facts, Price]
    expected: Mapping[str, float]
    others: float
    page_minutes: float

    def pages(self, facts: Facts, procedure: str, to_scan: int | None) -> float:
        """Return how many pages of a dossier are left, as far as anybody knows."""
        price, whole = self.by_facts[facts], self.expected.get(procedure, self.others)
        return (price.share * whole + price.pages if to_scan is None else to_scan) + price.more * whole


@dataclass(frozen=True, slots=True)
class BoxWork:
    """What is left in one box of a unit, or in NOWHERE of its dossiers without a place.

    `dossiers` counts all that the rate counts, `counted` those digitised. Of work on paper and at a desk: how many
    dossiers, gain in dossiers, pages, minutes at a desk. `oldest` is the first reception (seconds since 1970) among
    those that wait for paper.
    """

    unit: str
    box: str
    counter: str
    dossiers: int
    counted: int
    on_paper: int
    paper_gain: float
    pages: float
    paper_minutes: float
    at_desk: int
    desk_gain: float
    desk_minutes: float
    oldest: int | None


@dataclass(frozen=True, slots=True)
class DossierWork:
    """What is left to do about one dossier. `is_known`: its pages were counted, not estimated."""

    code: str
    unit: str
    procedure: str
    box: str
    counter: str
    facts: Facts
    received: int
    gain: float
    pages: float
    minutes: float
    is_known: bool
