"""What an office has loaded of who exists: bodies that issue papers, and the places of the unit tree, both dated.

Plain rows, as `pipeline` hands them in: nothing here knows where they are kept. Empty lists say nothing about anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain

from classify.areas import Areas
from classify.naming import Spelt, keys_of, nearest, spelt
from dossier.text import fold

_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that issues papers under one name, from a day to a day.

    Attributes:
        name: As its papers have it.
        symbols: What its symbols have behind the type ("UBND" in "QĐ-UBND"); empty where nobody has said.
        since: First day.
        until: Last day; None while it lasts.
        only: Whether `symbols` are all it uses, so that another one is not its own.
    """

    name: str
    symbols: tuple[str, ...]
    since: date
    until: date | None = None
    only: bool = True

    def on(self, day: date | None) -> bool:
        """Return whether the body was there on a day; on no day in particular always."""
        return day is None or (self.since <= day and (self.until is None or day <= self.until))


@dataclass(frozen=True)
class Issuers:
    """The agencies' list, ready to be asked by name; predecessors count for their time."""

    rows: Sequence[Issuer] = ()

    def named(self, name: str, day: date | None) -> tuple[Issuer, ...]:
        """Return who has just this name on a day, letter by letter but for case and where a tone is put."""
        return tuple(one for one in self._by_name.get(spelt(name), ()) if one.on(day))

    def near(self, name: str, day: date | None) -> str | None:
        """Return the one name of a day that a reading must be a slip of; None where it is none or several are near.

        Either tones and marks differ, or letters of one word too.
        """
        own = spelt(name)
        if len(own) < _LEAST_WORDS:
            return None
        keys = keys_of(tuple(map(fold, own)))
        there = {spelt(one.name): one for one in chain(*(self._near.get(key, ()) for key in keys)) if one.on(day)}
        return nearest(own, {other: one.name for other, one in there.items()})

    @cached_property
    def _by_name(self) -> Mapping[Spelt, tuple[Issuer, ...]]:
        found: dict[Spelt, tuple[Issuer, ...]] = {}
        for one in self.rows:
            found[spelt(one.name)] = (*found.get(spelt(one.name), ()), one)
        return found

    @cached_property
    def _near(self) -> Mapping[Spelt, tuple[Issuer, ...]]:
        found: dict[Spelt, list[Issuer]] = {}
        for one in self.rows:
            for key in keys_of(tuple(map(fold, spelt(one.name)))):
                found.setdefault(key, []).append(one)
        return {key: tuple(own) for key, own in found.items()}


@dataclass(frozen=True)
class Lists:
    """All that is known of who and what exists; empty where the office has loaded nothing."""

    issuers: Issuers = field(default_factory=Issuers)
    areas: Areas = field(default_factory=Areas)


NOTHING = Lists()
