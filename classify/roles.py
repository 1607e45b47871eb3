"""Whose a name, a day or a number is, weighed by what stands around it: for papers whose wording no rule knows.

A logistic regression for each field over what `classify/surroundings.py` tells of a candidate; trained by
`make train-roles` on generated papers of many layouts, kept in `data/roles.npz`. It stands beside the rules: it fills
in what these do not find, and says of what they find how likely it stands in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classify.candidates import Candidate, candidates
from classify.foremost import Foremost
from classify.layout import PageLayout
from classify.sameness import same_value
from classify.stream import Stream
from classify.surroundings import surroundings

Floats = NDArray[np.float32]
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("ho_ten", "ho_ten_2", "ben_a", "ben_b", "nguoi_ky"),
    "day": ("ngay_ban_hanh", "ngay_lap", "ngay_sinh", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_dang_ky_lan_dau"),
    "year": ("nam_sinh",),
    "body": ("co_quan_nhan",),
    "small": ("so_thua", "so_to_ban_do", "dien_tich_m2"),
    "paper": ("so", "ky_hieu"),
    "number": ("so_dinh_danh", "so_dinh_danh_2", "so_cmnd", "dien_thoai", "ma_so_thue"),
}
"""The fields that candidates of a sort may be values of; sorts of numbers are one group, those of papers another."""


@dataclass(frozen=True, slots=True)
class Group:
    """Weights of the fields of one group: `places` has the row of each feature."""

    fields: tuple[str, ...]
    places: Mapping[str, int]
    weights: Floats
    bias: Floats

    def chances(self, features: Sequence[str]) -> Mapping[str, float]:
        """Return for each field how likely it is its value, 0 to 1."""
        rows = [self.places[one] for one in features if one in self.places]
        scores = self.weights[rows].sum(axis=0, dtype=np.float32) + self.bias
        chances = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return dict(zip(self.fields, chances.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Roles:
    """The weights of all groups; `version` is their digest."""

    version: str
    groups: Mapping[str, Group]
    foremost: Foremost


@dataclass(frozen=True, slots=True)
class Likely:
    """A candidate with how likely it is the value of each field."""

    candidate: Candidate
    chances: Mapping[str, float]


@cache
def load_roles(folder: Path) -> Roles:
    """Return the weights of a folder (`Rules.folder`), read once per process."""
    with (folder / "data" / "roles.npz").open("rb") as stream:
        data = np.load(stream, allow_pickle=False)
        groups = {
            name: Group(
                tuple(str(one) for one in data[f"{name}_fields"]),
                {feature: row for row, feature in enumerate(str(data[f"{name}_features"]).split("\n"))},
                data[f"{name}_weights"].astype(np.float32),
                data[f"{name}_bias"],
            )
            for name in GROUPS
        }
        return Roles(str(data["version"]), groups, _foremost(data))


def _foremost(data: Mapping[str, NDArray[np.float32]]) -> Foremost:
    """Return what the file says of the likeliest values; one from before says nothing."""
    if "foremost_fields" not in data:
        return Foremost({}, {})
    fields = [str(one) for one in data["foremost_fields"]]
    kinds = [str(one) for one in data["foremost_kinds"]]
    weights = [tuple(row) for row in data["foremost_weights"].tolist()]
    habits = [dict(zip(fields, row, strict=True)) for row in data["foremost_habits"].tolist()]
    return Foremost(dict(zip(fields, weights, strict=True)), dict(zip(kinds, habits, strict=True)))


def group_of(sort: str) -> str:
    """Return the group of a candidate's sort."""
    if sort == "symbol" or sort.startswith("paper"):
        return "paper"
    return sort if sort in GROUPS else "number"


def told(text: Stream, layouts: Sequence[PageLayout], kind: str) -> list[tuple[Candidate, list[str]]]:
    """Return what on a document could be a value, with its features."""
    found = candidates(text)
    every, seen = Counter(one.sort for one in found), Counter[str]()
    out: list[tuple[Candidate, list[str]]] = []
    for one in found:
        order = seen[one.sort], every[one.sort] - seen[one.sort] - 1
        out.append((one, surroundings(one, text, layouts, kind, order)))
        seen[one.sort] += 1
    return out


def likely_values(text: Stream, layouts: Sequence[PageLayout], kind: str, roles: Roles) -> list[Likely]:
    """Return what on a document could be a value, with what it is likely the value of."""
    return [
        Likely(one, roles.groups[group_of(one.sort)].chances(features)) for one, features in told(text, layouts, kind)
    ]


def chance_of(field: str, value: str, span: tuple[int, int], found: Sequence[Likely]) -> float | None:
    """Return how likely a value that a rule found is that of the field; None where nothing can be said.

    Args:
        field: Name of the field.
        value: In stored form; of a moment its day.
        span: Where it stands in the folded text, (0, 0) where that is not known: then the likeliest place counts.
        found: From `likely_values`.
    """
    one = candidate_of(field, value, span, found)
    return one.chances[field] if one else None


def candidate_of(field: str, value: str, span: tuple[int, int], found: Sequence[Likely]) -> Likely | None:
    """Return what could be a value that is this one, of several the likeliest; arguments as of `chance_of`."""
    own = [
        one
        for one in found
        if field in one.chances and same_value(field, one.candidate.value, value[:10] if _is_day(one) else value)
    ]
    there = [one for one in own if span[0] < one.candidate.span[1] and one.candidate.span[0] < span[1]]
    return max(there or own, key=lambda one: one.chances[field], default=None)


def _is_day(one: Likely) -> bool:
    return one.candidate.sort == "day"
