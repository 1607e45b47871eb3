"""How far apart two readings are: letters changed, and edit distance with a limit for headings bent a little."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache


def letters_changed(one: str, other: str) -> int | None:
    """Return how many letters of two words of one length differ, None where their lengths do."""
    return sum(a != b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else None


def slips_at_start(phrase: str, text: str, limit: int) -> int | None:
    """Return the least edits that turn the phrase into some beginning of the text, or None above the limit."""
    head = text[: len(phrase) + limit]
    has = _letters(head)
    if sum(count - has[char] for char, count in _letters(phrase).items() if count > has[char]) > limit:
        return None
    previous = list(range(len(head) + 1))
    for row, char in enumerate(phrase, 1):
        current = [row]
        for column, against in enumerate(head, 1):
            step = previous[column - 1] + (char != against)
            current.append(min(step, previous[column] + 1, current[-1] + 1))
        if min(current) > limit:
            return None
        previous = current
    return min(previous)


@lru_cache(maxsize=4096)
def _letters(text: str) -> Counter[str]:
    return Counter(text)
