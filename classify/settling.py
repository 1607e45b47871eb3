"""What second readings make of first ones: each reading has a vote on what the value is, and the checks have a say.

Second readings take the places of the first words and the rules run anew over the paper: a value is what its rule makes
of it, and a check of one value against another sees both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify.again import Doubt, is_doubted
from classify.confidence import MOST
from classify.extracted import ExtractedField
from classify.fields import Weighed, found_on, weighed
from classify.paper import Paper, paper_of
from classify.rules import Again, Rules
from dossier.page import Box, PageReading, Word

Readings = Sequence[Sequence[Word]]
"""What stands at the place of a doubt, once for each size that it was read in; boxes in the reading frame."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What was read of one field at one place.

    Attributes:
        first: The first reading; None where it gave no value.
        said: What each of the second readings gives, None for no value.
        raw: What stood there at first where that was no value.
    """

    first: Weighed | None
    said: tuple[Weighed | None, ...]
    raw: str = ""

    @property
    def same(self) -> int:
        """How many second readings give the first one's value."""
        return sum(1 for one in self.said if one and self.first and one.field.value == self.first.field.value)

    @property
    def others(self) -> Counter[str]:
        """How many second readings give each other value."""
        own = self.first.field.value if self.first else None
        return Counter(one.field.value for one in self.said if one and one.field.value != own)

    @property
    def best(self) -> Weighed | None:
        """The other value that most readings give, one that the paper agrees with first; None where there is none."""
        count, own = self.others, self.first.field.value if self.first else None
        others = [one for one in self.said if one and one.field.value != own]
        return max(others, key=lambda one: (one.draft.agrees is True, count[one.field.value]), default=None)


def votes_on(
    paper: Paper,
    first: Sequence[Weighed],
    doubts: Sequence[Doubt],
    seconds: Sequence[Readings],
    today: date | None = None,
) -> list[Votes]:
    """Return the votes on each value that is doubted, then on each that only second readings have.

    Args:
        paper: The paper as read at first.
        first: What was found there.
        doubts: The places that were read again.
        seconds: What was read at each of them, the same number of readings for all.
        today: As for `extract`.
    """
    papers = _papers(paper, first, doubts, seconds, today)
    doubted = [one for one in first if is_doubted(one, paper) and _is_at(one, doubts)]
    votes = [Votes(one, tuple(_alike(one, found) for found in papers)) for one in doubted]
    names = {one.field.name for one in first}
    fresh = [[one for one in found if one.field.name not in names and _is_at(one, doubts)] for found in papers]
    known: list[Weighed] = []
    for one in (one for found in fresh for one in found):
        if not any(_same_place(one, other) for other in known):
            known.append(one)
    return votes + [
        Votes(None, tuple(_alike(one, found) for found in fresh), _first_words(one, doubts)) for one in known
    ]


def _first_words(one: Weighed, doubts: Sequence[Doubt]) -> str:
    return " ".join(word.text for doubt in doubts if _is_at(one, [doubt]) for word in doubt.words)


def settled(paper: Paper, first: Sequence[Weighed], votes: Sequence[Votes]) -> list[ExtractedField]:
    """Return the fields of a paper after the votes on them, then those that only second readings have.

    What the votes confirm is surer than it was. What most of them say against the first
    reading is proposed, unless the paper agrees with the first; where nobody wins the first value stays. Both wait for
    a person, and the first reading stands beside them (`raw`).
    """
    by_field = {id(each.first): each for each in votes if each.first}
    kept = [_settled(one, by_field[id(one)], paper) if id(one) in by_field else one.field for one in first]
    return kept + [new for each in votes if each.first is None and (new := _new(each, paper.rules))]


def _settled(one: Weighed, votes: Votes, paper: Paper) -> ExtractedField:
    rules, field = paper.rules.again, one.field
    best = votes.best
    if best is not None and _is_better(one, best, votes, rules):
        return replace(field, value=best.field.value, confidence=rules.waiting, must_confirm=True, again="other")
    most = max(votes.others.values(), default=0)
    if votes.same >= rules.agree and votes.same > most:
        return _surer(one, paper)
    if most and most >= votes.same:
        return replace(field, confidence=min(field.confidence, rules.waiting), must_confirm=True, again="open")
    return field


def _is_better(one: Weighed, best: Weighed, votes: Votes, rules: Again) -> bool:
    """Return whether another value is to be proposed: most readings have it, or two of them and the paper itself."""
    count = votes.others[best.field.value]
    if best.draft.agrees is True and one.draft.agrees is False:
        return count >= rules.propose_checked
    against = one.draft.agrees is True and best.draft.agrees is not True
    return count >= rules.propose and count > votes.same + 1 and not against


def _surer(one: Weighed, paper: Paper) -> ExtractedField:
    field = replace(one.field, again="same")
    if one.draft.repaired or one.draft.agrees is False:
        return field  # read twice, it is what the paper says: that it contradicts itself, or has letters there, remains
    sure = round(min(MOST, 100 - (100 - field.confidence) * paper.rules.again.doubt_left), 1)
    asks = one.draft.rule.must_confirm or one.draft.proposed or one.draft.by_pen or sure < paper.rules.bands.show
    return replace(field, confidence=sure, must_confirm=asks)


def _new(votes: Votes, rules: Rules) -> ExtractedField | None:
    best = votes.best
    if best is None or votes.others[best.field.value] < rules.again.propose:
        return None
    sure = rules.again.waiting
    return replace(best.field, raw=votes.raw or best.field.raw, confidence=sure, must_confirm=True, again="new")


def _papers(
    paper: Paper, first: Sequence[Weighed], doubts: Sequence[Doubt], seconds: Sequence[Readings], today: date | None
) -> list[Sequence[Weighed]]:
    """Return what is found on the paper with each of the second readings in the places of the first words."""
    made: dict[tuple[str, ...], Sequence[Weighed]] = {tuple(_plain(doubt.words) for doubt in doubts): first}
    out = []
    for number in range(min(map(len, seconds), default=0)):
        words = [second[number] for second in seconds]
        key = tuple(map(_plain, words))
        if key not in made:
            patched = paper_of(_patched(paper.readings, doubts, words), paper.kind, paper.rules)
            made[key] = tuple(weighed(patched, found_on(patched, today)))
        out.append(made[key])
    return out


def _patched(
    readings: Sequence[PageReading], doubts: Sequence[Doubt], words: Sequence[Sequence[Word]]
) -> list[PageReading]:
    out = list(readings)
    for doubt, new in zip(doubts, words, strict=True):
        text = out[doubt.page].text
        at = text.words.index(doubt.words[0])
        rest = text.words[:at], tuple(word for word in text.words[at:] if word not in doubt.words)
        put = replace(text, words=(*rest[0], *_in_place_of(doubt.words, new), *rest[1]))
        out[doubt.page] = replace(out[doubt.page], text=put)
    return out


def _in_place_of(old: Sequence[Word], new: Sequence[Word]) -> tuple[Word, ...]:
    """Return new words as they stand in the old line; signs of the same number are parted as the old words were."""
    text, sure = _plain(new), sum(word.confidence for word in new) / max(1, len(new))
    if not text:
        return ()
    if len(text) != len(_plain(old)):
        box = Box(old[0].box.left, old[0].box.top, old[-1].box.right, old[-1].box.bottom)
        return (replace(old[0], text=text, box=box, confidence=sure, raw=""),)
    out, at = [], 0
    for word in old:
        part = text[at : at + len(_plain([word]))]
        at += len(part)
        out.append(replace(word, text=part, confidence=sure, raw=""))
    return tuple(out)


def _plain(words: Sequence[Word]) -> str:
    return "".join("".join(word.text.split()) for word in words)


def _alike(one: Weighed, found: Sequence[Weighed]) -> Weighed | None:
    return next((other for other in found if _same_place(one, other)), None)


def _same_place(one: Weighed, other: Weighed) -> bool:
    if (one.field.name, one.field.page) != (other.field.name, other.field.page):
        return False
    return _overlap(one.draft.place.box, other.draft.place.box)


def _is_at(one: Weighed, doubts: Sequence[Doubt]) -> bool:
    return any(doubt.page == one.field.page and _overlap(doubt.box, one.draft.place.box) for doubt in doubts)


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0
