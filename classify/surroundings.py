"""What stands around something on a paper, as features: words before, after and over it, headings, whose turn it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from classify.candidates import Candidate
from classify.layout import PageLayout, Segment
from classify.stream import Stream

_BEFORE, _AFTER, _TURN = 160, 60, 500
_ROWS_UP: Final = 30
_UPPER: Final = 0.8
_FAR_OVER: Final = 6  # word heights up to which something stands over something else
_WORD: Final = re.compile(r"[a-z]+|\d+")
_DIGIT: Final = re.compile(r"\d")
_LABEL_ENDS: Final = re.compile(r"[:;,.(\t]")
_NUMBERED: Final = re.compile(r"\s*(?:[IVX]{1,4}|[0-9]{1,2}|[A-D])[.)/]\s.{3,60}:\s*$")
_SIDE: Final = ("ben ", "nguoi duoc", "nguoi uy", "nguoi nhan")
# Words that say whose turn it is: sides of a deed, members of a family, what a section is about.
_TURNS: Final = re.compile(
    r"\bben (?:thu (?:nhat|hai)|[ab]\b|(?:nhan )?(?:chuyen nhuong|tang cho|uy quyen)|duoc (?:tang cho|uy quyen)"
    r"|mua|ban|cho tang|nhan|cho)"
    r"|\b(?:nguoi (?:duoc |nhan )?(?:uy quyen|tang cho|chuyen nhuong|de nghi|yeu cau|nop|khai|chet|mat|vi pham|con"
    r"|cha|me|chong|vo|ky|lap|huong|giam ho|di khai|su dung|thue)"
    r"|ho ten|chu ho|dai dien|chong|vo|cha|me|con|khai sinh|khai tu|ket hon|tiep nhan|hen tra|tra ket qua|can bo"
    r"|cong chung|chung thuc|de lai di san|thua ke)\b"
)


def surroundings(
    one: Candidate, text: Stream, layouts: Sequence[PageLayout], kind: str, order: tuple[int, int]
) -> list[str]:
    """Return the features of a candidate; digits count as 0.

    Args:
        one: The candidate.
        text: The document.
        layouts: Its pages.
        kind: Code of the document's kind.
        order: Which of its sort it is, from the first and from the last, both from 0.
    """
    rows = text.folded[max(0, one.span[0] - _BEFORE) : one.span[0]].split("\n")
    nth, layout = min(order[0], 4), layouts[one.place.page]
    found = [f"T:{one.sort}", f"K:{kind}", f"N:{nth}", f"E:{min(order[1], 3)}", f"K:{kind}|N:{nth}"]
    found += _left(rows[-1], kind)
    if not _words(rows[-1]):
        over = _words(rows[-2] if len(rows) > 1 else "")
        found += ["FIRST", f"OL:{' '.join(over[-5:])}", *(f"O:{word}" for word in over[-8:])]
    found += _right(text.folded[one.span[1] : one.span[1] + _AFTER].split("\n"))
    found += [f"U:{word}" for word in _over(one, layout)]
    found += [f"Y:{int(10 * one.place.box.top / layout.height)}", f"X:{int(4 * one.place.box.left / layout.width)}"]
    found += [f"P:{min(one.place.page, 2)}", f"PL:{one.place.page == len(layouts) - 1}"]
    found += [f"S:{word}" for word in _heading(text, one.span[0])]
    found += [f"M:{turn}" for turn in _turns(text, one.span[0])]
    if one.sort.startswith("paper"):  # the stored form of a number is the kind's own
        found.append(f"K:{kind}|T:{one.sort}")
    if one.sort == "name" and one.raw.isupper():
        found.append("CAPITALS")
    return list(dict.fromkeys(found))


def _left(row: str, kind: str) -> Iterator[str]:
    words = _words(row)[-8:]
    yield from (f"L{min(place, 4)}:{word}" for place, word in enumerate(reversed(words), 1))
    yield from (f"LB:{a} {b}" for a, b in pairwise(words))
    yield from (f"LT:{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False))
    label = _words(_LABEL_ENDS.split(row.rstrip(" :.(\t"))[-1])[-6:]
    yield from (f"LL:{' '.join(label)}", f"LF:{' '.join(label[:2])}", f"LL:{' '.join(label)}|K:{kind}")


def _right(rows: Sequence[str]) -> Iterator[str]:
    words = _words(rows[0])[:5]
    yield from (f"R{place}:{word}" for place, word in enumerate(words[:3], 1))
    yield from (f"RB:{word}" for word in words)
    if not words:
        yield "LAST"
        yield from (f"B:{word}" for word in _words(rows[1] if len(rows) > 1 else "")[:4])


def _words(text: str) -> list[str]:
    return _WORD.findall(_DIGIT.sub("0", text))


def _over(one: Candidate, layout: PageLayout) -> list[str]:
    """Return the last words of the segment that stands over a candidate, in its column."""
    box, best = one.place.box, None
    for segment in layout.segments:
        if _stands_over(segment, one, layout) and (best is None or segment.box.bottom >= best.box.bottom):
            best = segment
    if best is None or box.top - best.box.bottom > _FAR_OVER * layout.word_height:
        return []
    return _words(best.folded)[-6:]


def _stands_over(segment: Segment, one: Candidate, layout: PageLayout) -> bool:
    box = one.place.box
    across = min(segment.box.right, box.right) > max(segment.box.left, box.left)
    return across and segment.box.bottom <= box.top + layout.word_height / 3


def _heading(text: Stream, at: int) -> list[str]:
    """Return the words of the nearest row before that is a heading: in capitals, or numbered and closed by a colon."""
    start = at
    for _ in range(_ROWS_UP):
        end = text.folded.rfind("\n", 0, start)
        begin = text.folded.rfind("\n", 0, max(end, 0)) + 1
        if end < 0:
            return []
        if end - begin > 3:  # noqa: PLR2004 - shorter is a number or a sign
            row = text.text[text.origin[begin] : text.origin[end - 1] + 1]
            letters = [char for char in row if char.isalpha()]
            capitals = len(letters) > 4 and sum(map(str.isupper, letters)) > _UPPER * len(letters)  # noqa: PLR2004
            if capitals or _NUMBERED.match(row):
                return _words(text.folded[begin:end])[:8]
        start = end
    return []


def _turns(text: Stream, at: int) -> Iterator[str]:
    """Yield the last words before a place that say whose turn it is, the last two and the last side of a deed."""
    found = [match[0] for match in _TURNS.finditer(text.folded, max(0, at - _TURN), at)]
    yield from (f"{place}:{one}" for place, one in enumerate(reversed(found[-2:])))
    yield from (f"S:{one}" for one in [one for one in found if one.startswith(_SIDE)][-1:])
