"""Which heading phrases the words of a title begin with: as listed, bent by reading, or with other words in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classify.layout import Segment, heading_key
from classify.rules import Kind, Rules
from classify.similarity import slips_at_start

_GAP = "*"


@dataclass(frozen=True, slots=True)
class Hit:
    """A heading found: its kind, how many letters of the title it reaches over, how sure it is (0 to 100)."""

    kind: Kind
    reach: int
    score: float


@dataclass(frozen=True, slots=True)
class _Wording:
    """The words of a title without spaces: where they begin and end, and how many letters stand in capitals."""

    letters: str
    starts: tuple[int, ...]
    ends: frozenset[int]
    capitals: int


def headings(lines: Sequence[Segment], below: Sequence[Segment], rules: Rules) -> list[Hit]:
    """Return the headings that a title begins with, the best guesses only.

    Args:
        lines: The title's lines.
        below: Lines right under them that may go on with it in small letters ("ĐƠN ĐỀ NGHỊ / Hưởng trợ cấp").
        rules: From `load_rules`.

    Returns:
        The longest listed heading; a longer one that is bent a little, or that has other words in between and begins
        with as much ("hop dong * chuyen nhuong"), beats a short general one. What is only `likely` comes last.
    """
    own = _wording(lines, lines)
    exact = _exact(own, rules)
    reach = exact[0].reach if exact else 0
    gapped = _gapped(_wording([*lines, *below], lines), own.letters[:reach], rules)
    if gapped:
        return gapped
    if reach >= rules.titles["fuzzy_from"]:
        return exact
    bent = [hit for hit in _bent(own, rules) if hit.reach > reach]
    return bent or _likely(own, reach, rules) or exact


def _wording(lines: Sequence[Segment], capitals: Sequence[Segment]) -> _Wording:
    starts, length = [], 0
    words = [heading_key(word) for line in lines for word in line.folded.split()]
    words = words[2:] if words[:1] == ["ban"] and words[1:2] in (["sao"], ["chinh"]) else words  # a stamp, not a title
    for word in words:
        starts.append(length)
        length += len(word)
    return _Wording(
        "".join(words), tuple(starts), frozenset([*starts, length]), sum(len(line.key) for line in capitals)
    )


def _exact(title: _Wording, rules: Rules) -> list[Hit]:
    hits = [
        (len(parts[0]), kind.priority, Hit(kind, len(parts[0]), rules.titles["exact"]))
        for kind in rules.kinds.values()
        for parts in map(_parts, kind.headings)
        if len(parts) == 1 and title.letters.startswith(parts[0]) and len(parts[0]) in title.ends
        if not _denied(title, kind)
    ]
    return [max(hits, key=lambda hit: hit[:2])[2]] if hits else []


def _bent(title: _Wording, rules: Rules) -> list[Hit]:
    """Return headings within the tolerated reading slips."""
    weights, found = rules.titles, []
    for kind in rules.kinds.values():
        for parts in map(_parts, kind.headings):
            if len(parts) > 1 or len(parts[0]) < weights["fuzzy_from"] or _denied(title, kind):
                continue
            slips = slips_at_start(parts[0], title.letters, int(len(parts[0]) // weights["letters_per_slip"]))
            if slips is not None:
                score = weights["exact"] - weights["per_slip"] * max(1, slips)
                found.append(Hit(kind, len(parts[0]), score))
    return found


def _gapped(title: _Wording, exact: str, rules: Rules) -> list[Hit]:
    """Return the heading with other words between its parts that says most, if it goes further than the exact one."""
    weights, found = rules.titles, []
    for kind, parts in _all(rules):
        if len(exact) >= weights["fuzzy_from"] and not parts[0].startswith(exact):
            continue
        end, slips = _run(parts, title, weights)
        if end <= len(exact) or _denied(title, kind):
            continue
        capitals = end <= title.capitals
        score = weights["gapped" if capitals else "goes_on"] - weights["per_slip"] * slips
        found.append((sum(map(len, parts)), -slips, Hit(kind, end, score)))
    return [max(found, key=lambda each: each[:2])[2]] if found else []


def _likely(title: _Wording, reach: int, rules: Rules) -> list[Hit]:
    found = []
    for kind in rules.kinds.values():
        for parts in map(_parts, kind.likely):
            end, slips = _run(parts, title, rules.titles)
            if end > reach and not slips and not _denied(title, kind):
                found.append((sum(map(len, parts)), Hit(kind, end, rules.titles["likely"])))
    return [max(found, key=lambda each: each[0])[1]] if found else []


def _all(rules: Rules) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    for kind in rules.kinds.values():
        yield from ((kind, parts) for parts in map(_parts, kind.headings) if len(parts) > 1)


def _run(parts: Sequence[str], title: _Wording, weights: Mapping[str, float]) -> tuple[int, int]:
    """Return where the last of the parts ends in a title (0: not all are there) and with how many slips they stand.

    Each begins at a word, not far after the one before it; a long one may be bent by one letter.
    """
    at, slips = len(parts[0]), 0
    if not title.letters.startswith(parts[0]):
        return 0, 0
    for part in parts[1:]:
        places = [start for start in title.starts if at <= start <= at + weights["gap"]]
        exact = (s for s in places if title.letters.startswith(part, s) and s + len(part) in title.ends)
        start = next(exact, None)
        if start is None and len(part) >= weights["letters_per_slip"]:
            start = next((s for s in places if slips_at_start(part, title.letters[s:], 1) is not None), None)
            slips += 1
        if start is None:
            return 0, 0
        at = start + len(part)
    return at, slips


@lru_cache(maxsize=2048)
def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(heading_key(part) for part in phrase.split(_GAP))


def _denied(title: _Wording, kind: Kind) -> bool:
    return any(heading_key(phrase) in title.letters for phrase in kind.negative)
