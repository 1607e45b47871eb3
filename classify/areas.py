"""The dated tree of places: provinces, districts until they ended, communes, and which lies in which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from classify.naming import Spelt, keys_of, nearest, spelt
from dossier.text import fold

PROVINCE, DISTRICT, COMMUNE = "tinh", "huyen", "xa"
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Area:
    """A place: its name with its kind ("xã Đông Liễu"), its level, the code of the place that it lies in."""

    code: str
    name: str
    level: str
    parent: str
    since: date
    until: date | None = None

    def on(self, day: date | None) -> bool:
        """Return whether the place was there on a day; on no day in particular always."""
        return day is None or (self.since <= day and (self.until is None or day <= self.until))


@dataclass(frozen=True)
class Areas:
    """All places there ever were, ready to be asked by name."""

    rows: Sequence[Area] = ()

    def __bool__(self) -> bool:
        """Return whether any place is known."""
        return bool(self.rows)

    def provinces(self) -> Mapping[Spelt, str]:
        """Return the names of all provinces there ever were, with their kind."""
        return self._provinces

    def communes(self, province: Spelt) -> Sequence[Area]:
        """Return the communes that ever lay in a province of this name."""
        return self._communes.get(province, ())

    def district_of(self, commune: Area) -> Area | None:
        """Return the district that a commune lies in; None where it lies in a province itself, or nobody knows."""
        above = self._above(commune)
        return above if above is not None and above.level == DISTRICT else None

    def named(self, province: Spelt, name: str) -> tuple[Area, ...]:
        """Return the communes of a province with just this name, of any day."""
        return tuple(one for one in self.communes(province) if spelt(one.name) == spelt(name))

    def near(self, province: Spelt, name: str) -> str | None:
        """Return the one commune of a province that a reading must be a slip of, of any day."""
        keys = keys_of(tuple(map(fold, spelt(name))))
        known = {
            spelt(one.name): one.name
            for one in self.communes(province)
            if keys & keys_of(tuple(map(fold, spelt(one.name))))
        }
        return nearest(spelt(name), known)

    def _above(self, area: Area) -> Area | None:
        own = self._by_code.get(area.parent, ())
        return next((one for one in own if one.on(area.since)), own[0] if own else None)

    def _province_of(self, area: Area) -> Area | None:
        at: Area | None = area
        for _ in range(_DEEPEST):
            if at is None or at.level == PROVINCE:
                return at
            at = self._above(at)
        return None

    @cached_property
    def _by_code(self) -> Mapping[str, Sequence[Area]]:
        found: dict[str, list[Area]] = {}
        for one in self.rows:
            found.setdefault(one.code, []).append(one)
        return found

    @cached_property
    def _provinces(self) -> Mapping[Spelt, str]:
        return {spelt(one.name): one.name for one in self.rows if one.level == PROVINCE}

    @cached_property
    def _communes(self) -> Mapping[Spelt, Sequence[Area]]:
        found: dict[Spelt, list[Area]] = {}
        for one in self.rows:
            province = self._province_of(one) if one.level == COMMUNE else None
            if province is not None:
                found.setdefault(spelt(province.name), []).append(one)
        return found
