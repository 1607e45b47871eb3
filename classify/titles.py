"""Titles: which heading phrase a page carries in its title zone, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classify.headings import headings
from classify.layout import PageLayout, Segment, heading_key
from classify.rules import Rules

_SECTION = re.compile(r"\s*(?:[ivxl1]{1,4}[.)]|\d{1,2}[.)/]|dieu\s+\d|chuong\s|muc\s+\d|phan\s+[ivx\d]|phu luc)")
_NOTICE = re.compile(r"\W*(?:(?:ban sao|ban chinh)\W*(?:$|[\d(]|dung voi)|mau so|mau\s|sao y)")
_NEXT_ROWS = 3
_SMALL_ROWS = 2
# Under a title, but no part of it: whom it is for, what it rests on, its number, a label of the form.
_OTHERWISE = re.compile(
    r"\W*(?:kinh gui|can cu|theo |s[o06]\s*[:.\d]|kem theo|ban hanh|mau |ho(?: va)?,? ten |toi |hom nay)|.*:\s*\S"
)
_MOTTO_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Title:
    """A heading found: its kind, confidence 0 to 100, the text as printed and the segment it starts in."""

    kind: str
    confidence: float
    printed: str
    segment: Segment


def motto(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the row of the national motto (Quốc hiệu) in the header, or None."""
    pieces = {name: [heading_key(piece) for piece in parts] for name, parts in rules.motto.items()}
    for segment in layout.above(rules.layout["header"]):
        if any(_most(segment.key, parts) for parts in pieces.values()):
            return segment
    return None


def motto_pieces(layout: PageLayout, rules: Rules) -> bool:
    """Return whether the header has two pieces of the national motto or more, and not in a line of running text."""
    keys = [segment.key for segment in layout.above(rules.layout["header"]) if len(segment.key) <= _MOTTO_LETTERS]
    pieces = [heading_key(piece) for parts in rules.motto.values() for piece in parts]
    return sum(any(piece in key for key in keys) for piece in pieces) > 1


def titles(layout: PageLayout, rules: Rules) -> list[Title]:
    """Return the titles of a page, the surest first; of equals the upper."""
    zone = layout.above(rules.titles["zone"])
    crest = motto(layout, rules)
    found: list[Title] = []
    taken: set[Segment] = set()
    for segment in zone:
        if segment in taken or _ruled_out(segment, crest, layout):
            continue
        lines = _lines_on(segment, zone, layout)
        own = _matches(segment, lines, zone, layout, rules)
        taken.update(lines[1:] if any(title.confidence >= rules.titles["split_at"] for title in own) else ())
        found += own
    return sorted(_without_insets(found, rules), key=lambda title: (-title.confidence, title.segment.row))


def _without_insets(found: Sequence[Title], rules: Rules) -> list[Title]:
    """Return titles without those of drawings and maps where the page has another one: they stand within that paper."""
    return [title for title in found if not rules.kind(title.kind).inset] or list(found)


def foreign_title(layout: PageLayout, crest: Segment, rules: Rules) -> Segment | None:
    """Return a centred line in capitals, well read, under the motto: a title that no heading matches."""
    for segment in layout.above(rules.titles["zone"]):
        alone = segment.row > crest.row and segment.upper and _stands_alone(segment, layout)
        long = len(segment.key) >= rules.titles["fuzzy_from"] and ":" not in segment.text
        if alone and long and not _ruled_out(segment, crest, layout) and _read_well(segment, rules):
            return segment
    return None


def _read_well(segment: Segment, rules: Rules) -> bool:
    return min(word.confidence for word in segment.words) >= rules.bands.show


def anywhere(layouts: Sequence[PageLayout], rules: Rules) -> list[Title]:
    """Return kinds that a stamp or clause decides when no title does (for example "bản sao đúng với bản chính")."""
    found = []
    for kind in rules.kinds.values():
        for phrase in map(heading_key, kind.anywhere):
            hit = next((s for layout in layouts for s in layout.segments if phrase in s.key), None)
            if hit is not None:
                found.append(Title(kind.code, rules.titles["plain_case"], hit.text, hit))
                break
    return found


def _most(key: str, parts: Sequence[str]) -> bool:
    return sum(part in key for part in parts) >= len(parts) - 1


def _ruled_out(segment: Segment, crest: Segment | None, layout: PageLayout) -> bool:
    if _SECTION.match(segment.folded) or _NOTICE.match(segment.folded):
        return True
    if crest is None:
        return False
    in_header = segment.box.top < crest.box.bottom + 2.5 * layout.word_height
    beside = segment.box.right <= crest.box.left and in_header
    return segment is crest or beside


def _matches(
    segment: Segment, lines: Sequence[Segment], zone: Sequence[Segment], layout: PageLayout, rules: Rules
) -> list[Title]:
    alone = not segment.upper
    if (alone and not _stands_alone(segment, layout)) or _operative(segment, rules):
        return []
    below = [] if alone else _small_lines_under(lines[-1], zone, layout)
    text = [*lines, *below]
    return [
        Title(hit.kind.code, _sure(hit.score, lines, rules, plain=alone), _printed(text, hit.reach), segment)
        for hit in headings(lines, below, rules)
        if not alone or hit.reach >= 0.8 * len(segment.key)
    ]


def _printed(lines: Sequence[Segment], length: int) -> str:
    """Return the lines that a heading of so many letters reaches into."""
    text, reached = [], 0
    for line in lines:
        text.append(line.text)
        reached += len(line.key)
        if reached >= length:
            break
    return " ".join(text)


def _operative(segment: Segment, rules: Rules) -> bool:
    """Return whether this is the "QUYẾT ĐỊNH:" that comes before Điều 1.

    Only short headings are meant: after a long one the colon is a speck of dust.
    """
    return segment.text.rstrip().endswith(":") and len(segment.key) < rules.titles["fuzzy_from"]


def _stands_alone(segment: Segment, layout: PageLayout) -> bool:
    return segment.text[:1].isupper() and _in_the_middle(segment, layout)


def _in_the_middle(segment: Segment, layout: PageLayout) -> bool:
    middle = abs(segment.centre - layout.width / 2) < 0.12 * layout.width
    return middle and all(other is segment or other.row != segment.row for other in layout.segments)


def _lines_on(segment: Segment, zone: Sequence[Segment], layout: PageLayout) -> list[Segment]:
    """Return the segment and the capital lines right under it, which go on with the same title."""
    lines = [segment]
    for other in zone:
        gap = other.box.top - lines[-1].box.bottom
        near = -0.5 * layout.word_height < gap < 1.6 * layout.word_height
        overlaps = other.box.left < lines[-1].box.right and other.box.right > lines[-1].box.left
        if other.row > lines[-1].row and near and overlaps and other.upper and len(lines) < _NEXT_ROWS:
            lines.append(other)
    return lines


def _small_lines_under(last: Segment, zone: Sequence[Segment], layout: PageLayout) -> list[Segment]:
    """Return the centred lines in small letters right under a title, which may go on with it."""
    found: list[Segment] = []
    for other in zone:
        if other.row <= last.row:
            continue
        near = other.box.top - last.box.bottom < 1.6 * layout.word_height
        own = not other.upper and _in_the_middle(other, layout) and not _OTHERWISE.match(other.folded)
        if not (near and own) or len(found) == _SMALL_ROWS:
            break
        found.append(other)
        last = other
    return found


def _sure(score: float, lines: Sequence[Segment], rules: Rules, *, plain: bool) -> float:
    words = lines[0].words
    reading = sum(word.confidence for word in words) / len(words)
    doubt = max(0.0, rules.bands.show - reading) / 5
    return max(0.0, min(score, rules.titles["plain_case"] if plain else 100.0) - doubt)
