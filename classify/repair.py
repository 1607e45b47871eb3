"""Reading repair: names and agencies as the paper spells them elsewhere, or as names and offices are spelt.

Marks of capitals are small and get lost, seals lie over letters. What is written again in small letters, or must be a
syllable of names, proposes another spelling; the reading stays beside it (`raw`), and the confidence says that it is a
proposal. Numbers are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from classify.checks import Draft
from classify.names import is_syllable, tone_last
from classify.spelling import Lexicon, in_case_of, load_lexicon, proposed
from classify.stream import Stream
from dossier.text import fold, nfc

PEOPLE = frozenset({"ho_ten", "ho_ten_2", "ben_a", "ben_b", "nguoi_ky"})
AGENCIES = frozenset({"co_quan", "co_quan_nhan", "chuc_vu"})
_NOISE = re.compile(r"(?<=[^\W\d_]{2})[.'`~*^_]+(?=[\s\-]|[^\W\d_]{2}|$)|(?<=\s)[.'`~*^_]+(?=[^\W\d_])")
# A speck between a unit and its name: "THỊ TRẤN-CẦU VỒNG".
_BEHIND_UNIT = re.compile(
    r"\b(xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh)[-–.,](?=[^\W\d_]{2})", re.IGNORECASE
)
_JUNK = re.compile(r"[^\w\s()&,;:.\-–/]")
_INSIDE = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_EDGES = " .,;:()[]'\"`“”‘’-–_/|"
_PARTS = ",;()"
_LEAST_PERSON, _LEAST_PHRASE = 2, 3
_SYLLABLE = re.compile(r"^[^aeiouy]{0,3}[aeiouy]+(?:ng|nh|ch|[cmnpt])?$")  # "ubnd" is none


@dataclass(frozen=True, slots=True)
class _Token:
    folded: str
    text: str
    weight: float


_Votes = dict[str, _Token]


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of a paper, to be asked how a name is spelt where it stands again."""

    tokens: tuple[_Token, ...]
    places: Mapping[str, tuple[int, ...]]
    joined: Mapping[str, int]


def printed(text: Stream, lexicon: Lexicon) -> Printed:
    """Return the words of a paper with what each weighs: how sure it was read, capitals less."""
    tokens = []
    for _, word in text.words:
        clean = _INSIDE.sub("", nfc(word.text).strip(_EDGES))
        if clean:
            sure = max(0.05, (word.confidence - 50) / 50)
            small = lexicon.weights["capitals"] if clean.isupper() and len(clean) > 1 else 1.0
            tokens.append(_Token(fold(clean), clean, sure * small))
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.folded, []).append(at)
    once = {token.folded for token in tokens}
    joined = {
        one.folded + other.folded: len(one.folded)
        for one, other in pairwise(tokens)
        if one.folded + other.folded not in once and min(len(one.folded), len(other.folded)) > 1
    }
    return Printed(tuple(tokens), {folded: tuple(own) for folded, own in places.items()}, joined)


def repaired(drafts: Sequence[Draft], text: Stream) -> list[Draft]:
    """Return the drafts, names of people and agencies in the spelling that the paper or the lexicon proposes."""
    lexicon = load_lexicon()
    paper = printed(text, lexicon)
    return [_repaired(draft, paper, lexicon) for draft in drafts]


def _repaired(draft: Draft, paper: Printed, lexicon: Lexicon) -> Draft:
    name = draft.rule.field
    if name in PEOPLE:
        return _person(draft, paper, lexicon)
    if name in AGENCIES or name == "trich_yeu":
        return _agency(draft, paper, lexicon)
    return draft


def _person(draft: Draft, paper: Printed, lexicon: Lexicon) -> Draft:
    words = draft.value.split()
    spelt = [_elected(word, votes, lexicon) for word, votes in zip(words, _votes_for_name(words, paper), strict=True)]
    out = _changed(draft, words, spelt)
    meant = [proposed(word, family=number == 0) if len(words) > 1 else None for number, word in enumerate(spelt)]
    told = [in_case_of(new, word) if new else word for new, word in zip(meant, spelt, strict=True)]
    known = all(is_syllable(word, family=number == 0) for number, word in enumerate(told))
    return out if known and told == spelt else replace(out, value=" ".join(told), proposed=True)


def _agency(draft: Draft, paper: Printed, lexicon: Lexicon) -> Draft:
    value = draft.value
    if draft.rule.field in AGENCIES:
        value = " ".join(_BEHIND_UNIT.sub(r"\1 ", _NOISE.sub(" ", value)).split())
    words = [word for word in _apart(value.split(), paper, lexicon) if not _JUNK.search(word)]
    spelt = _with_phrases(words, lexicon)
    out = replace(draft, value=" ".join(spelt))
    if draft.rule.field == "trich_yeu":
        return out
    votes = [_votes_for_pair(spelt, at, paper) for at in range(len(spelt))]
    fixed = _covered(words, lexicon)
    elected = [word if number in fixed else _elected(word, votes[number], lexicon) for number, word in enumerate(spelt)]
    return _changed(out, spelt, elected)


def _apart(words: Sequence[str], paper: Printed, lexicon: Lexicon) -> Iterator[str]:
    """Yield words, those that were read as one apart again ("ĐẤTĐAI"), where a phrase or the paper has them apart."""
    for word in words:
        left = paper.joined.get(fold(word)) or lexicon.joined.get(fold(word))
        if left and fold(word) not in lexicon.phrases:
            yield word[:left]
            yield word[left:]
        else:
            yield word


def _changed(draft: Draft, before: Sequence[str], after: Sequence[str]) -> Draft:
    return draft if list(before) == list(after) else replace(draft, value=" ".join(after), repeated=True)


def _votes_for_name(words: Sequence[str], paper: Printed) -> list[_Votes]:
    """Return for each word of a name how it is spelt wherever the whole name stands, one word bent at most."""
    votes: list[_Votes] = [{} for _ in words]
    folded = [fold(word) for word in words]
    if len(words) < _LEAST_PERSON:
        return votes
    for start in _starts(folded, paper):
        run = paper.tokens[start : start + len(words)]
        bent = [at for at, token in enumerate(run) if token.folded != folded[at]]
        near = len(words) > _LEAST_PERSON and len(bent) == 1 and _near(folded[bent[0]], run[bent[0]].folded)
        if len(run) == len(words) and (not bent or near) and all(token.text[:1].isupper() for token in run):
            for at, token in enumerate(run):
                _vote(votes[at], token)
    return votes


def _vote(votes: _Votes, token: _Token) -> None:
    key = tone_last(token.text)
    votes[key] = replace(token, weight=token.weight + (votes[key].weight if key in votes else 0.0))


def _starts(folded: Sequence[str], paper: Printed) -> Iterator[int]:
    found = {at - shift for shift in (0, 1) for at in paper.places.get(folded[shift], ()) if at >= shift}
    yield from sorted(found)


def _near(one: str, other: str) -> bool:
    """Return whether two folded words differ in one letter."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return other[at + 1 :] in (one[at + 1 :], one[at:]) or one[at + 1 :] == other[at:]


def _votes_for_pair(words: Sequence[str], at: int, paper: Printed) -> _Votes:
    """Return how a word of a place is spelt wherever it stands with one of its neighbours."""
    folded = [fold(word.strip(_EDGES)) for word in words]
    votes: _Votes = {}
    for place in paper.places.get(folded[at], ()):
        before = place and at and paper.tokens[place - 1].folded == folded[at - 1]
        after = place + 1 < len(paper.tokens) and at + 1 < len(words)
        after = after and paper.tokens[place + 1].folded == folded[at + 1]
        if before or after:
            _vote(votes, paper.tokens[place])
    return votes


def _elected(word: str, votes: _Votes, lexicon: Lexicon) -> str:
    """Return the word, or the spelling that clearly outweighs it."""
    key = tone_last(word.strip(_EDGES))
    best = max(votes, key=lambda form: votes[form].weight, default="")
    own = votes[key].weight if key in votes else 0.0
    if best in ("", key) or votes[best].weight <= lexicon.weights["twice"] * own:
        return word
    return in_case_of(votes[best].text.lower(), word)


def _covered(words: Sequence[str], lexicon: Lexicon) -> frozenset[int]:
    return frozenset(at + step for at, spelt in _phrases_in(words, lexicon) for step in range(len(spelt)))


def _with_phrases(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    out = list(words)
    for at, spelt in _phrases_in(words, lexicon):
        for step, word in enumerate(spelt):
            bare = _bare(out[at + step])
            if tone_last(bare) != tone_last(word):
                out[at + step] = out[at + step].replace(bare, in_case_of(word, bare))
    return out


def _bare(word: str) -> str:
    """Return a word without the signs that part it from its neighbours; a dash is a word of its own."""
    return word.strip(_PARTS) or word


def _phrases_in(words: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[int, tuple[str, ...]]]:
    folded = [fold(_bare(word)) for word in words]
    at = 0
    while at < len(words):
        known = lexicon.phrases.get(folded[at], ())
        found = next((spelt for keys, spelt in known if _is_phrase(folded[at : at + len(keys)], keys)), None)
        if found and len(found) == 1 and at + 1 == len(words):
            found = None  # "quận Bến Xã": what ends a name is no unit
        if found:
            yield at, found
        at += len(found) if found else 1


def _is_phrase(read: Sequence[str], keys: Sequence[str]) -> bool:
    """Return whether words are those of a phrase; one letter may be wrong in a phrase of several words."""
    bent = [(one, other) for one, other in zip(read, keys, strict=False) if one != other]
    if len(read) != len(keys) or len(bent) > 1:
        return False
    sure = len(keys) >= _LEAST_PHRASE or not _SYLLABLE.search(keys[0])
    return not bent or (sure and len(bent[0][1]) > 1 and _near(*bent[0]))
