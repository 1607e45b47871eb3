"""What words a document uses, as features: phrases of its title zone and of its body, on folded text.

Numbers are one sign each, so that no number of a paper becomes a feature; what stands in no other paper (names,
addresses) is left out when a model is trained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classify.layout import PageLayout, Segment
from dossier.text import fold

_TOKEN = re.compile(r"[a-z]+|\d+")
_ZONE = 0.45
_PAGES = 3
_LONGEST = {"t": 4, "b": 2}  # words of a phrase, in the title zone and elsewhere


def phrases(layouts: Sequence[PageLayout]) -> dict[str, str]:
    """Return the phrases of a document's first pages, each with the printed text it was first seen in.

    A phrase is `t:` (in the title zone of the first written page) or `b:` (anywhere), and folded words.
    """
    found: dict[str, str] = {}
    written = [layout for layout in layouts if layout.segments][:_PAGES]
    for number, layout in enumerate(written):
        for segment in layout.segments:
            in_zone = number == 0 and segment.box.top < _ZONE * layout.height
            for place in ("t", "b") if in_zone else ("b",):
                for phrase, text in _of(segment, _LONGEST[place]):
                    found.setdefault(f"{place}:{phrase}", text)
    return found


def _of(segment: Segment, longest: int) -> Iterator[tuple[str, str]]:
    words = [(sign, word.text) for word in segment.words for sign in _signs(word.text)]
    for start in range(len(words)):
        for length in range(1, min(longest, len(words) - start) + 1):
            run = words[start : start + length]
            yield " ".join(sign for sign, _ in run), " ".join(dict.fromkeys(text for _, text in run))


def _signs(text: str) -> list[str]:
    return ["0" if token.isdigit() else token for token in _TOKEN.findall(fold(text))]
