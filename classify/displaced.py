"""What a rule took from another's place: where all that stands around a value says so, it is none of the field.

A rule knows a wording, and the wording may be about somebody else: who gave the land, behind "ông/bà" on a tax form;
who writes for a child, over the signature. Weights that never saw such a layout say little for values that are right,
so a low chance alone is no proof; that a paper has a likelier one, in a field that has but one, is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.checks import Draft
from classify.foremost import score
from classify.roles import Likely, candidate_of, chance_of, group_of
from classify.rules import FieldRule
from classify.sameness import alike

_NUMBERS = ("number", "paper", "year")  # their labels are surer than their surroundings
# What a rule found as the other of two is no likelier one: columns that both are headed are surer than weights.
_SIDES = {"ben_a": "ben_b", "ben_b": "ben_a"}
_PAIRS = {"ho_ten": "ho_ten_2", "ho_ten_2": "ho_ten", "so_thua": "so_to_ban_do", "so_to_ban_do": "so_thua"}


def in_place(
    drafts: Sequence[Draft], rules: Sequence[FieldRule], found: Sequence[Likely], weights: Mapping[str, float]
) -> list[Draft]:
    """Return the drafts without those that stand in another's place.

    Args:
        drafts: What rules found.
        rules: Of the document's kind: fields of which papers have several values keep those that are unlikely.
        found: What on the paper could be a value, with what it is likely the value of.
        weights: `roles` of the rules: a value gives way to one that has the chance `take` of being the field's only
            one, and log odds that are `ahead` of its own.
    """
    several = {one.field for one in rules if one.pick == "all"}
    return [
        one
        for one in drafts
        if not (_opposed if one.rule.field in several else _displaced)(one, drafts, found, weights)
    ]


def _opposed(draft: Draft, drafts: Sequence[Draft], found: Sequence[Likely], weights: Mapping[str, float]) -> bool:
    """Return whether rules found somebody on both sides of a deed, and this is by far the less likely one."""
    there = [one for one in drafts if one.rule.field == _SIDES.get(draft.rule.field) and alike(one.value, draft.value)]
    own = chance_of(draft.rule.field, draft.value, draft.span, found)
    other = max((chance_of(one.rule.field, one.value, one.span, found) or 0.0 for one in there), default=0.0)
    return own is not None and other >= weights["take"] and score(other) - score(own) >= weights["ahead"]


def _displaced(draft: Draft, drafts: Sequence[Draft], found: Sequence[Likely], weights: Mapping[str, float]) -> bool:
    field = draft.rule.field
    own = candidate_of(field, draft.value, draft.span, found)
    if own is None or group_of(own.candidate.sort) in _NUMBERS:
        return False
    least = max(score(weights["take"]), score(own.chances[field]) + weights["ahead"])
    pair = [one.value for one in drafts if one.rule.field == _PAIRS.get(field)]
    return any(
        score(one.chances.get(field, 0.0)) >= least and not any(alike(one.candidate.value, other) for other in pair)
        for one in found
    )
