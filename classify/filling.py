"""Fields that no rule found, filled in with what is likely their value; a person looks at each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from classify.candidates import Candidate
from classify.checks import Draft
from classify.normalise import Normal, normalise
from classify.roles import Likely
from classify.rules import FieldRule
from classify.sameness import alike
from classify.stream import Stream

PREFIX = "role."
"""What the names of such sources begin with."""
_CLOCK = 40


def filled(
    drafts: Sequence[Draft],
    rules: Sequence[FieldRule],
    text: Stream,
    found: Sequence[Likely],
    weights: Mapping[str, float],
) -> list[Draft]:
    """Return drafts for fields that have none, and more values of fields that may have several.

    Args:
        drafts: What rules found.
        rules: Of the document's kind: nothing is looked for that papers of this kind do not have.
        text: The document.
        found: What could be a value, with what it is likely the value of.
        weights: `roles` of the rules: from which chance on something is taken.
    """
    added: list[Draft] = []
    for rule in {one.field: one for one in reversed(rules)}.values():
        several = any(one.pick == "all" for one in rules if one.field == rule.field)
        values = {one.value for one in drafts if one.rule.field == rule.field}
        if values and not several:
            continue
        least = weights["another"] if values else weights["take"]
        likely = sorted(_likely(rule, found, least, weights["sure"]), key=lambda one: -one.chances[rule.field])
        for one in likely if several else likely[:1]:
            draft = _draft(rule, one.candidate, one.chances[rule.field], text)
            if draft is not None and not any(alike(draft.value, value) for value in values):
                values.add(draft.value)
                added.append(draft)
    return added


def _likely(rule: FieldRule, found: Sequence[Likely], least: float, sure: float) -> Iterator[Likely]:
    """Yield what is likely a field's value, and of no other field likelier unless it is nearly sure."""
    for one in found:
        chance = one.chances.get(rule.field, 0.0)
        if chance >= least and (chance >= sure or chance == max(one.chances.values())):
            yield one


def _draft(rule: FieldRule, one: Candidate, chance: float, text: Stream) -> Draft | None:
    normal = _with_hour(one, text) if rule.normaliser == "moment" else normalise(rule.normaliser, one.raw)
    if normal is None:
        return None
    own = replace(rule, id=f"{PREFIX}{rule.field}", must_confirm=True)
    confidence = 100 * chance * (0.5 + one.place.confidence / 200)
    return Draft(own, normal.value, " ".join(one.raw.split()), confidence, one.place, one.span, normal.repaired)


def _with_hour(one: Candidate, text: Stream) -> Normal | None:
    """Return a day with the hour that stands before it in its row, if one does."""
    before = text.folded[max(0, one.span[0] - _CLOCK) : one.span[0]].rpartition("\n")[2]
    moment = normalise("moment", before + text.folded[one.span[0] : one.span[1]])
    return moment if moment and moment.value.startswith(one.value) else normalise("date", one.raw)
