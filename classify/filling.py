"""Fields that no rule found, filled in with what is likely their value; a person looks at each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from classify.candidates import Candidate
from classify.checks import Draft
from classify.names import is_syllable
from classify.normalise import Normal, normalise
from classify.paper import Paper
from classify.repair import PEOPLE
from classify.roles import Likely, chance_of
from classify.rules import FieldRule
from classify.sameness import alike
from classify.similarity import letters_changed
from classify.stream import Stream
from dossier.text import fold

PREFIX = "role."
"""What the names of such sources begin with."""
_CLOCK, _CLOCK_AFTER, _LIKELY = 40, 16, 0.5
_CLOCK_SAID = re.compile(r"\bgi[o0]\b|\bph[a-z]t\b|\bluc\b|\d\s*[:h]|[:h]\s*\d")  # of an hour, however badly read
_CLOCK_READ = re.compile(r"(?<![\d/.-])\d{1,2}\s?(?:gi[o0]\b|h(?:\s?\d{2})?\b|[:g]\s?\d{2}\b)")
_OTHERS: Final = {"ben_a": ("ben_b",), "ben_b": ("ben_a",), "ho_ten_2": ("ho_ten",)}


def filled(drafts: Sequence[Draft], rules: Sequence[FieldRule], paper: Paper) -> list[Draft]:
    """Return the drafts, with more for fields that have none, or that may have several.

    Args:
        drafts: What rules found. A name that was read worse there than where it stands again gives way.
        rules: Of the document's kind: nothing is looked for that papers of this kind do not have.
        paper: The document, with what could be a value on it and what it is likely the value of.
    """
    out, found, weights = list(drafts), paper.roles, paper.rules.roles
    for rule in {one.field: one for one in reversed(rules)}.values():
        several = any(one.pick == "all" for one in rules if one.field == rule.field)
        own = [one for one in drafts if one.rule.field == rule.field]
        if own and not several:
            continue
        beside = _elsewhere(rule.field, drafts, found, weights["in_place"])
        free = [one for one in found if rule.field in one.chances and not _within(one.candidate.span, own)]
        free = [one for one in free if not any(_same_person(one.candidate.value, value) for value in beside)]
        free.sort(key=lambda one: -one.chances[rule.field])
        likely = [one for one in free if _likely(rule, one, weights["another"], weights["sure"])] if several else []
        first = None if own else _foremost(rule, free, paper)
        for one in ([first] if first and first not in likely else []) + likely:
            draft = _draft(rule, one, found, paper.stream)
            if draft is not None:
                out = _with(out, draft)
    return out


def _foremost(rule: FieldRule, free: Sequence[Likely], paper: Paper) -> Likely | None:
    """Return the likeliest value of a field, where it is likely enough among all that the paper has."""
    best = next(iter(free), None)
    if best is None:
        return None
    after = next((one for one in free if not alike(one.candidate.value, best.candidate.value)), None)
    weights, own = paper.rules.roles, best.chances[rule.field]
    chance = paper.foremost.chance(rule.field, paper.weighed_as, own, after.chances[rule.field] if after else None)
    return best if chance >= weights["take"] and own >= weights["foremost"] else None


def _with(drafts: list[Draft], new: Draft) -> list[Draft]:
    """Return the drafts with a new one, unless one of them says the same; what the new one says better goes."""
    own = [one for one in drafts if one.rule.field == new.rule.field]
    if any(alike(one.value, new.value) for one in own):
        return drafts
    if new.rule.field not in PEOPLE:
        return [*drafts, new]
    if any(_part_of(new.value, one.value) or _says_better(one, new) for one in own):
        return drafts
    worse = [one for one in own if _says_better(new, one) or _cut_short(one, new)]
    return [one for one in drafts if one not in worse] + [new]


def _says_better(one: Draft, other: Draft) -> bool:
    """Return whether a name is another one read better; of marks alone the repair of names decides, for the first."""
    words = _odd_words(one.value, other.value)
    if words is None or not _misread(one.value, other.value):
        return False
    if fold(words[0]) == fold(words[1]):
        return other.rule.id.startswith(PREFIX)
    known = [is_syllable(word, family=False) for word in words]
    if known[0] != known[1]:
        return known[0]
    return one.rule.id.startswith(PREFIX) and one.place.confidence > other.place.confidence


def _cut_short(one: Draft, new: Draft) -> bool:
    """Return whether nothing but its place speaks for a part of a name; what a rule cut may be whole."""
    return one.rule.id.startswith(PREFIX) and _part_of(one.value, new.value)


def _elsewhere(field: str, drafts: Sequence[Draft], found: Sequence[Likely], sure: float) -> set[str]:
    """Return who is well placed in another's place: nobody stands on both sides of a deed, or signs it in office."""
    other = [one for one in drafts if one.rule.field in _OTHERS.get(field, ())]
    return {one.value for one in other if (chance_of(one.rule.field, one.value, one.span, found) or 0.0) >= sure}


def _same_person(one: str, other: str) -> bool:
    return alike(one, other) or _part_of(one, other) or _misread(one, other)


def _part_of(one: str, other: str) -> bool:
    """Return whether a name is the beginning or the end of another, as where a cell wraps."""
    words, whole = fold(one).split(), fold(other).split()
    return len(words) < len(whole) and words in (whole[: len(words)], whole[-len(words) :])


def _misread(one: str, other: str) -> bool:
    """Return whether two names are one, read twice: one word differs, by a letter or in marks.

    Brothers and sisters differ so in the last word: there it must be no syllable of names in one of the two.
    """
    words = _odd_words(one, other)
    if words is None:
        return False
    near = letters_changed(fold(words[0]), fold(words[1])) in (0, 1)
    strange = not all(is_syllable(word, family=False) for word in words)
    return near and (strange or words[0] not in (one.lower().split()[0], one.lower().split()[-1]))


def _odd_words(one: str, other: str) -> tuple[str, str] | None:
    """Return the two words, in lower case, in which alone two names differ; None where more or none do."""
    words, others = one.lower().split(), other.lower().split()
    apart = [(a, b) for a, b in zip(words, others, strict=False) if not alike(a, b)]
    return apart[0] if len(words) == len(others) and len(apart) == 1 else None


def _within(span: tuple[int, int], taken: Sequence[Draft]) -> bool:
    """Return whether a place lies in one that a value was made of already: part of a name is no other."""
    return any(one.span[0] <= span[0] and span[1] <= one.span[1] for one in taken)


def _likely(rule: FieldRule, one: Likely, least: float, sure: float) -> bool:
    """Return whether something is likely a field's value, and of no other field likelier unless it is nearly sure."""
    chance = one.chances[rule.field]
    return chance >= least and (chance >= sure or chance == max(one.chances.values()))


def _draft(rule: FieldRule, likely: Likely, found: Sequence[Likely], text: Stream) -> Draft | None:
    one, partial = likely.candidate, False
    if rule.normaliser == "moment":
        one, normal, partial = _moment(rule.field, likely, found, text)
    else:
        normal = normalise(rule.normaliser, one.raw)
    if normal is None:
        return None
    own = replace(rule, id=f"{PREFIX}{rule.field}", must_confirm=True)
    confidence = 100 * likely.chances[rule.field] * (0.5 + one.place.confidence / 200)
    raw = " ".join(one.raw.split())
    return Draft(own, normal.value, raw, confidence, one.place, one.span, normal.repaired, partial=partial)


def _moment(field: str, likely: Likely, found: Sequence[Likely], text: Stream) -> tuple[Candidate, Normal | None, bool]:
    """Return a day where an hour stands before it in its row, of all its likely places.

    Else the likeliest place, and whether in any of them something stands that was an hour.
    """
    same = [one.candidate for one in found if _is_again(one, likely) and one.chances[field] >= _LIKELY]
    partial = False
    for one in (likely.candidate, *same):
        before = text.folded[max(0, one.span[0] - _CLOCK) : one.span[0]].rpartition("\n")[2]
        moment = normalise("moment", before + text.folded[one.span[0] : one.span[1]])
        if moment and moment.value.startswith(f"{one.value}T"):
            return one, moment, False
        partial = partial or bool(_CLOCK_SAID.search(before))
    return likely.candidate, normalise("date", likely.candidate.raw), partial


def hours_told(drafts: Sequence[Draft], found: Sequence[Likely], text: Stream) -> list[Draft]:
    """Return the drafts, told of each day that may have an hour whether the paper has the day beside one elsewhere.

    A closing row has the day that papers came in too, and no hour; a source that knows the day alone is then no proof.
    """
    return [replace(one, partial=one.partial or _has_an_hour(one, found, text)) for one in drafts]


def _has_an_hour(draft: Draft, found: Sequence[Likely], text: Stream) -> bool:
    if draft.rule.normaliser != "moment" or "T" in draft.value:
        return False
    same = [one.candidate.span for one in found if one.candidate.sort == "day" and one.candidate.value == draft.value]
    return any(_CLOCK_READ.search(part) for span in same for part in _beside(span, text))


def _beside(span: tuple[int, int], text: Stream) -> tuple[str, str]:
    """Return what stands right before and right after a day in its row."""
    before = text.folded[max(0, span[0] - _CLOCK) : span[0]].rpartition("\n")[2]
    return before, text.folded[span[1] : span[1] + _CLOCK_AFTER].partition("\n")[0]


def _is_again(one: Likely, other: Likely) -> bool:
    return one.candidate.sort == other.candidate.sort and one.candidate.value == other.candidate.value
