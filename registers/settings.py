"""The dated data files of register import: bounds, header names, value names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, TypeVar

from dossier.register import Channel, Status
from dossier.text import fold

V = TypeVar("V")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a register file; sizes in bytes."""

    bytes: int
    expanded_bytes: int
    string_bytes: int
    members: int
    old_bytes: int
    rows: int
    columns: int
    cell_characters: int
    search_rows: int
    least_columns: int
    first_year: int
    last_year: int
    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int
    part: int
    refusal_rows: int
    refusal_share: float


@dataclass(frozen=True, slots=True)
class Names:
    """Folded names of columns and values as registers print them."""

    roles: dict[str, str]
    ignored: frozenset[str]
    totals: frozenset[str]
    sums: tuple[str, ...]
    channels: dict[str, Channel]
    statuses: dict[str, Status]
    flags: dict[str, bool]


@lru_cache(maxsize=1 << 12)
def key(text: str) -> str:
    """Return the form in which names are compared: folded, letters and digits only, nothing in brackets."""
    return _NO_LETTER.sub("", fold(_BRACKETS.sub("", text)))


@cache
def limits() -> Limits:
    """Return the packaged bounds."""
    data = _load("limits")
    refusal = {f"refusal_{name}": value for name, value in data["refusal"].items()}
    return Limits(**data["file"], **data["header"], **data["dates"], **data["child"], **refusal)


@cache
def names() -> Names:
    """Return the packaged names."""
    data = _load("columns")
    values = data["values"]
    return Names(
        roles=_inverted(data["roles"], str),
        ignored=frozenset(key(header) for header in data["not_roles"]["ignored"]),
        totals=frozenset(key(word) for word in data["not_roles"]["totals"]),
        sums=tuple(key(word) for word in data["not_roles"]["sums"]),
        channels=_inverted(values["channel"], lambda code: Channel(int(code))),
        statuses=_inverted(values["status"], lambda code: Status(int(code))),
        flags=_inverted(values["flag"], lambda word: word == "true"),
    )


def roles() -> frozenset[str]:
    """Return what a column of a register can hold."""
    return frozenset(names().roles.values())


def _inverted(table: dict[str, list[str]], value_of: Callable[[str], V]) -> dict[str, V]:
    return {key(name) or name: value_of(value) for value, group in table.items() for name in group}


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("registers").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
