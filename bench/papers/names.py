"""The people, places and streets that a set of papers is about. No word list of one set is in another."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

SetName = Literal["train", "dev", "frozen"]
SETS: Final[tuple[SetName, ...]] = ("train", "dev", "frozen")
_FOLDER: Final = Path(__file__).parent / "vocabulary"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of one set. Units come as (short kind, name), for example ("xã", "Yên Lậm")."""

    families: tuple[str, ...]
    middles_male: tuple[str, ...]
    middles_female: tuple[str, ...]
    given_male: tuple[str, ...]
    given_female: tuple[str, ...]
    peoples: tuple[str, ...]
    provinces: tuple[str, ...]
    districts: tuple[str, ...]
    communes: tuple[str, ...]
    hamlets: tuple[str, ...]
    streets: tuple[str, ...]
    trades: tuple[str, ...]
    hospitals: tuple[str, ...]


@cache
def vocabulary(name: SetName) -> Vocabulary:
    """Return the words of a set."""
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Vocabulary(**{key: tuple(values) for key, values in table.items()})
