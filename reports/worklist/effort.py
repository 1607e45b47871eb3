"""What work costs: dated numbers out of `reports/data/effort.toml`, and what the archive has learned of pages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from dossier.status import Cause


@dataclass(frozen=True, slots=True)
class Effort:
    """The numbers in force on a day; minutes are those of one person.

    Attributes:
        valid_from: First day.
        basis: Where they come from.
        pages: Pages of a dossier of which nothing is known.
        prior_weight: As many scanned dossiers weigh as much as what was assumed before them.
        result_pages: Pages of a result.
        again_pages: Pages to scan again where nobody has counted them.
        page_minutes: To scan a page.
        document_minutes: To confirm a component at a desk.
        sign_minutes: To sign one in a session.
        online_minutes: To fetch the files of an online dossier.
        box_minutes: To take a box out of the store and back.
        single_minutes: To find the papers of a dossier whose place is not known.
        chances: How likely a dossier is counted when its work is done, by cause.
    """

    valid_from: date
    basis: str
    pages: float
    prior_weight: float
    result_pages: float
    again_pages: float
    page_minutes: float
    document_minutes: float
    sign_minutes: float
    online_minutes: float
    box_minutes: float
    single_minutes: float
    chances: Mapping[Cause, float]


@dataclass(frozen=True, slots=True)
class Scanned:
    """Dossiers that were scanned whole: how many, and their pages."""

    dossiers: int
    pages: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """Pages expected of a dossier: by procedure, and of a procedure that nothing was scanned of yet."""

    by_procedure: Mapping[str, float]
    others: float

    def pages(self, procedure: str) -> float:
        """Return the pages expected of a dossier of a procedure."""
        return self.by_procedure.get(procedure, self.others)


def effort_on(day: date) -> Effort:
    """Return the numbers in force on a day; before the first ones, those."""
    found = _versions()
    return next((one for one in reversed(found) if one.valid_from <= day), found[0])


def estimates(scanned: Mapping[str, Scanned], effort: Effort) -> Estimates:
    """Return what the archive has learned of pages.

    The mean of a procedure is drawn towards that of all procedures, and this towards the number assumed at first, by
    the weight of some dossiers: a single odd one moves little.
    """
    every = Scanned(sum(one.dossiers for one in scanned.values()), sum(one.pages for one in scanned.values()))
    others = _drawn(every, effort.pages, effort.prior_weight)
    own = {name: _drawn(one, others, effort.prior_weight) for name, one in scanned.items()}
    return Estimates(own, others)


def _drawn(seen: Scanned, prior: float, weight: float) -> float:
    return (seen.pages + prior * weight) / (seen.dossiers + weight)


@cache
def _versions() -> tuple[Effort, ...]:
    text = resources.files("reports").joinpath("data/effort.toml").read_text(encoding="utf-8")
    found = []
    for each in tomllib.loads(text)["effort"]:
        chances = {Cause(name): float(chance) for name, chance in each.pop("chances").items()}
        found.append(Effort(**each, chances=chances))
    return tuple(sorted(found, key=lambda one: one.valid_from))
