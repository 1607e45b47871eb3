"""Whether the denominator is complete: gaps in the serial numbers of a day, and what another source has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from dossier.codes import parse_code

_MOST_LISTED = 1000  # one odd serial number must not give a million missing ones


@dataclass(frozen=True, slots=True)
class Gap:
    """The serial numbers of one agency and day that no code has, below the highest that one has.

    Attributes:
        agency: Agency code.
        day: Day of reception.
        highest: The highest serial number seen.
        known: How many different serial numbers there are.
        missing: Those that are not there, in order; no more than a thousand of them.
        missing_count: How many there are.
    """

    agency: str
    day: date
    highest: int
    known: int
    missing: tuple[int, ...]
    missing_count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two lists of codes held against each other, within the days and agencies that both speak of."""

    both: int
    only_register: tuple[str, ...]
    only_other: tuple[str, ...]


def gaps(codes: Iterable[str]) -> list[Gap]:
    """Return the days on which serial numbers are missing, by agency and day.

    The serial restarts daily with each agency (form of the codes: `dossier.codes`), so that each number up to the day's
    highest is a dossier that was received, or must be explained. What is no such code says nothing and is left out.
    """
    seen: dict[tuple[str, date], set[int]] = defaultdict(set)
    for code in codes:
        parsed = parse_code(code)
        if parsed is not None:
            seen[parsed.agency, parsed.received].add(parsed.serial)
    found = (_gap(agency, day, serials) for (agency, day), serials in sorted(seen.items()))
    return [gap for gap in found if gap.missing_count]


def difference(register: Iterable[str], other: Iterable[str]) -> Difference:
    """Hold the register against another source, such as the paper book or the portal's export.

    A source that covers one month says nothing of the others: only agencies and days are looked at that it has.
    """
    there = set(other)
    spoken_of = {place for code in there if (place := _place(code)) is not None}
    here = {code for code in register if _place(code) in spoken_of or code in there}
    return Difference(len(here & there), _sorted(here - there), _sorted(there - here))


def _gap(agency: str, day: date, serials: AbstractSet[int]) -> Gap:
    highest = max(serials)
    count = highest - len(serials - {0})
    missing: list[int] = []
    for number in range(1, highest + 1):
        if len(missing) == min(count, _MOST_LISTED):
            break
        if number not in serials:
            missing.append(number)
    return Gap(agency, day, highest, len(serials), tuple(missing), count)


def _place(code: str) -> tuple[str, date] | None:
    parsed = parse_code(code)
    return (parsed.agency, parsed.received) if parsed is not None else None


def _sorted(codes: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))
