"""What a rule took from another's place: where all that stands around a value says so, it is none of the field.

A rule knows a wording, and the wording may be about somebody else: who gave the land, behind "ông/bà" on a tax form;
who writes for a child, over the signature. Weights that never saw such a layout say little for values that are right,
so a low chance alone is no proof; that a paper has a likelier one, in a field that has but one, is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.checks import Draft
from classify.roles import Likely, candidate_of, group_of
from classify.rules import FieldRule
from classify.sameness import alike

_NUMBERS = ("number", "paper")  # their labels are surer than their surroundings
# What a rule found as the other of two is no likelier one: columns that both are headed are surer than weights.
_PAIRS = {"ho_ten": "ho_ten_2", "ho_ten_2": "ho_ten", "so_thua": "so_to_ban_do", "so_to_ban_do": "so_thua"}


def in_place(
    drafts: Sequence[Draft], rules: Sequence[FieldRule], found: Sequence[Likely], weights: Mapping[str, float]
) -> list[Draft]:
    """Return the drafts without those that stand in another's place.

    Args:
        drafts: What rules found.
        rules: Of the document's kind: fields of which papers have several values keep those that are unlikely.
        found: What on the paper could be a value, with what it is likely the value of.
        weights: `roles` of the rules: `hardly` is a chance below which a value gives way to one that has the chance
            `take` of being the field's only one.
    """
    several = {one.field for one in rules if one.pick == "all"}
    return [one for one in drafts if one.rule.field in several or not _displaced(one, drafts, found, weights)]


def _displaced(draft: Draft, drafts: Sequence[Draft], found: Sequence[Likely], weights: Mapping[str, float]) -> bool:
    field = draft.rule.field
    own = candidate_of(field, draft.value, draft.span, found)
    if own is None or own.chances[field] >= weights["hardly"] or group_of(own.candidate.sort) in _NUMBERS:
        return False
    pair = [one.value for one in drafts if one.rule.field == _PAIRS.get(field)]
    return any(
        one.chances.get(field, 0.0) >= weights["take"] and not any(alike(one.candidate.value, other) for other in pair)
        for one in found
    )
