"""Addresses of searches: what is asked for, as the part of an address behind the question mark, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pipeline.searching import Wanted
from search.port import Counts
from web.visit import Visit

MOST_VALUES = 8
"""How many values of a facet are shown."""

_WORDS = "q"
_UNSAID = {"seen": "present", "counting": "calendar"}
_BESIDE = (_WORDS, "near", *_UNSAID)
_LONGEST = 400
_IDENTITY = re.compile(r"(?<!\d)(\d{4})(\d{3}|\d{6})(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: what it is called, how many hits have it, the address that narrows to it."""

    label: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: its name and value as people read them, and the address without it."""

    name: str
    label: str
    address: str


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; what nobody can have typed is cut short."""
    names = {each.name for each in fields(Wanted)} - {"words"}
    given = {name: value.strip()[:_LONGEST] for name, value in query.items() if name in names and value.strip()}
    return Wanted(query.get(_WORDS, "").strip(), **given)


def wanted_in(behind: str) -> Wanted:
    """Return what a kept part of an address asks for."""
    return wanted_of(dict(parse_qsl(behind)))


def behind(wanted: Wanted, **more: str) -> str:
    """Return the part of an address behind the question mark; what is not asked for is not in it."""
    said = {_WORDS if each.name == "words" else each.name: str(getattr(wanted, each.name)) for each in fields(wanted)}
    kept = {name: value for name, value in said.items() if value and value != _UNSAID.get(name)}
    return urlencode(kept | more)


def chips(wanted: Wanted, visit: Visit) -> list[Chip]:
    """Return the filters in force."""
    found = []
    for each in fields(wanted):
        value = str(getattr(wanted, each.name))
        if value and each.name not in ("words", *_BESIDE):
            address = f"/search?{behind(replace(wanted, **{each.name: ''}))}"
            found.append(Chip(visit.house.word(f"search.{each.name}"), label_of(each.name, value, visit), address))
    return found


def facets(counts: Counts, wanted: Wanted, visit: Visit) -> dict[str, list[Value]]:
    """Return what an answer can be narrowed to; a facet with one value only narrows nothing."""
    found = {}
    for name, values in counts.items():
        shown = values if not getattr(wanted, name) or name == "unit" else ()
        shown = tuple(one for one in shown if one[0] != getattr(wanted, name))
        if len(shown) > 1 or (shown and name == "unit" and getattr(wanted, name)):
            found[name] = [_value(name, value, count, wanted, visit) for value, count in shown[:MOST_VALUES]]
    return found


def label_of(name: str, value: str, visit: Visit) -> str:
    """Return a value as people read it, numbers of people masked."""
    services = visit.house.services
    if name == "kind":
        return services.rules.kind(value).name if value in services.rules.kinds else value
    if name == "unit":
        return services.unit_name(value)
    if name == "signature" and value in _SIGNATURES:
        return visit.house.word(f"signature.{value}")
    return masked(value)


def masked(text: str) -> str:
    """Return a text with identity numbers masked: nine or twelve digits in a row keep four and two."""
    return _IDENTITY.sub(lambda match: match[1] + "*" * len(match[2]) + match[3], text)


def _value(name: str, value: str, count: int, wanted: Wanted, visit: Visit) -> Value:
    asked: dict[str, Any] = {name: value}
    return Value(label_of(name, value, visit), count, f"/search?{behind(replace(wanted, **asked))}")


_SIGNATURES = ("valid", "development", "indeterminate", "invalid", "unsigned")
