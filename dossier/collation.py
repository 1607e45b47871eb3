"""Collating: a feeder that sees one side gives all fronts and then all backs; here the sheets come together again.

Nothing is guessed: fronts and backs are as many, and the order is one that somebody has named or that the printed page
numbers leave alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

_Page = TypeVar("_Page")
_SIDES = 2
_LEAST_FITS = 2


class Collation(StrEnum):
    """How the backs of a pile come after its fronts; the values are stored."""

    NONE = ""  # page follows page: nothing is to be put in order
    TURNED = "turned"  # the pile was turned over: 1, 3, 5, then 6, 4, 2
    SAME = "same"  # its sheets were laid as before: 1, 3, 5, then 2, 4, 6
    PRINTED = "printed"  # one of both: printed page numbers say which


ORDERS = (Collation.TURNED, Collation.SAME)
"""The two orders in which backs come."""


def collated(pages: Sequence[_Page], how: Collation) -> list[_Page]:
    """Return the pages of a pile, its fronts and then its backs, sheet by sheet.

    Raises:
        ValueError: Fronts and backs are not as many, or no order is named.
    """
    if len(pages) % _SIDES or how not in ORDERS:
        raise ValueError("no pile of fronts and backs")
    half = len(pages) // _SIDES
    backs = pages[half:][::-1] if how is Collation.TURNED else pages[half:]
    return [page for sheet in zip(pages[:half], backs, strict=True) for page in sheet]


def believed(numbers: Sequence[int | None], named: Collation) -> Collation | None:
    """Return the order of a pile that its printed page numbers bear out; None: a person decides.

    Args:
        numbers: Of each page as it was delivered; None where none was read.
        named: What somebody has said: an order stands unless the numbers fit the other one and not this one; with
            `PRINTED` they have to fit one and not the other.
    """
    found = {how: _fits(collated(numbers, how)) for how in ORDERS}
    fitting = [how for how, (fits, breaks) in found.items() if fits >= _LEAST_FITS and fits > breaks]
    if named is Collation.PRINTED:
        return fitting[0] if len(fitting) == 1 else None
    return None if fitting and named not in fitting else named


def _fits(numbers: Sequence[int | None]) -> tuple[int, int]:
    """Return how many neighbours follow each other by their numbers, and how many do not.

    Pages without a number lie between numbered ones as backs do; a 1 begins another document.
    """
    seen = [(at, number) for at, number in enumerate(numbers) if number is not None]
    steps = [(last - first, there - here) for (here, first), (there, last) in pairwise(seen) if last != 1]
    fits = sum(1 <= more <= places for more, places in steps)
    return fits, len(steps) - fits
