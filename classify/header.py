"""The header of an administrative document: issuing agency, number's symbol, subject (NĐ 30/2020, Phụ lục I)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classify.layout import PageLayout, Segment, hull, part_of
from classify.rules import Rules
from classify.titles import motto, titles
from dossier.page import Box, Word
from dossier.text import fold

# A number with its symbol; the type is the part before the dash.
NUMBER = re.compile(
    r"\W*s[o06]\s*[:;.]?\s*\d{1,5}[a-z]?\s*[/|]\s*(?:\d{4}\s*/\s*)?([a-z][a-z0-9&]{0,9})(?:\s?[-–—~_.]|\b)"
)
_SUBJECT_IN_WORDS = re.compile(r"\W*(?:vv\s*:|ve viec\b|trich yeu\s*:)")
_OPENS_SUBJECT = re.compile(r"\W*(?:ve viec|v\s?/\s?v)\b")
_SUBJECT = re.compile(r"\W*v\s?[/|]\s?(?:v\b|%)")
_STOPS = re.compile(
    r"\W*(?:kinh gui|can cu|s[o06]\s*[:.]|theo |thuc hien |hom nay|vao hoi|vao luc|"
    r"ngay \d|chung toi|ben giao|ben nhan|ho va ten|[-+*]|\d{1,2}[.)]|[ivx]{1,4}\.|dieu \d)"
)
_ADDRESSEE = re.compile(r"\W*kinh gui")
_MOST_LINES = 6
_SPECKS = re.compile(r"[.,;:'`*]")
_BELOW_MOTTO = 4.0  # word heights under the motto within which the agency begins
_APART = 2.0  # word heights between lines that no longer belong together
# Words of a body that fold like those of places: "quân sự" is no quận, "xã hội" no xã.
_NO_PLACE = re.compile(r"\bquan (?:su|khu|doi|ly|y|tri)\b|\bxa hoi\b|\bphuong (?:tien|an)\b|\btinh (?:bao|hinh)\b")
# What stands beside the motto and is no agency: the number, a label of a form, an identity number.
_NO_AGENCY = re.compile(
    r"^\W*s[o06]\s*[:;.]|^\W*s[o06]\s*\d|:\s*\w|\d{6}|^\W*stt\b|^\W*mau |^\W*(?:[ivx]+|\d+)\s*[.)]|^\W*ben "
)


class Passage:
    """Several words of one page that were found by layout: text as printed and the box around it."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.page = segments[0].page
        self.text = " ".join(segment.text for segment in segments)
        self.words: tuple[Word, ...] = tuple(word for segment in segments for word in segment.words)

    @property
    def box(self) -> Box:
        """Box in the reading frame."""
        return hull([word.box for word in self.words])

    @property
    def confidence(self) -> float:
        """Mean reading confidence."""
        return sum(word.confidence for word in self.words) / len(self.words)


def number_row(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the segment with number and symbol in the left of the header, or None."""
    for segment in layout.above(rules.layout["header"]):
        if NUMBER.match(segment.folded) and segment.box.left < layout.width / 2:
            return segment
    return None


def symbol_kind(layout: PageLayout, rules: Rules) -> str:
    """Return the kind that the number's symbol names (QĐ, TB, BB …), or an empty text."""
    row = number_row(layout, rules)
    match = NUMBER.match(row.folded) if row else None
    if match is None:
        return ""
    known = {code.lower().replace("đ", "d"): kind for code, kind in rules.symbols.items()}
    printed = row.text if row else ""
    both_spellings = match[1] in {"hd", "cd", "da"} and "Đ" not in printed
    return "" if both_spellings else known.get(match[1], "")


def subject_row(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the segment that begins with "V/v" in the left half of the title zone, or None."""
    for segment in layout.above(rules.titles["zone"]):
        if _SUBJECT.match(segment.folded) and segment.box.left < layout.width / 2:
            return segment
    return None


def addressed(layout: PageLayout) -> bool:
    """Return whether the upper half of the page says "Kính gửi"."""
    return any(_ADDRESSEE.match(segment.folded) for segment in layout.above(0.5))


def agency(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the issuing agency: the last body named in the block of capitals left of the national motto."""
    crest = motto(layout, rules)
    if crest is None:
        return None
    lines: list[Segment] = []
    for segment in layout.above(rules.layout["header"]):
        left = segment.box.right <= crest.box.left and segment.centre < layout.width / 2
        if not left:
            continue
        apart = bool(lines) and segment.box.top - lines[-1].box.bottom > _APART * layout.word_height
        other = not _names_body(segment, lines, rules) or _NO_AGENCY.search(segment.folded)
        if not lines and segment.box.top - crest.box.bottom > _BELOW_MOTTO * layout.word_height:
            break
        if other and not lines:
            continue  # the number of a form, a line of dashes over the agency
        if apart or other or len(lines) == _MOST_LINES:
            break
        lines.append(segment)
    bodies = bodies_of(lines, rules)
    issuers = [body for body in bodies if not _begins(body[0].folded, rules.agency["parts"])]
    return Passage((issuers or bodies)[-1]) if bodies else None


def _names_body(segment: Segment, lines: Sequence[Segment], rules: Rules) -> bool:
    """Return whether a line beside the motto can be an agency's: in capitals, or small and worded as one."""
    return segment.upper or _begins(segment.folded, rules.agency["places" if lines else "opens"])


def agency_line(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the first line in capitals that names a body with its place: old certificates have it in the middle."""
    for segment in layout.segments:
        named = segment.upper and _begins(segment.folded, rules.agency["opens"])
        if named and placed([segment], rules) and not _NO_AGENCY.search(segment.folded):
            return Passage([segment])
    return None


def bodies_of(lines: Sequence[Segment], rules: Rules) -> list[list[Segment]]:
    """Cut the block into bodies; a place after a body that already names its place is the parent's, left out."""
    bodies: list[list[Segment]] = []
    for line in lines:
        if not bodies or _begins(line.folded, rules.agency["opens"]):
            bodies.append([line])
        elif not (_begins(line.folded, rules.agency["places"]) and placed(bodies[-1], rules)):
            bodies[-1].append(line)
    return bodies


def placed(body: Sequence[Segment], rules: Rules) -> bool:
    """Return whether a body's name says where it is: "xã …", "tỉnh …"."""
    folded = _NO_PLACE.sub(" ", " ".join(line.folded for line in body))
    return any(f" {place} " in f" {folded} " for place in rules.agency["places"])


def _begins(folded: str, phrases: Sequence[str]) -> bool:
    folded = " ".join(_SPECKS.sub(" ", folded).split())
    return any(folded == phrase or folded.startswith(phrase + " ") for phrase in phrases)


def subject_under_title(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the subject (trích yếu): the lines between the type line and the first gap, addressee or ground."""
    found = titles(layout, rules)
    if not found:
        return None
    start = found[0].segment
    opened = _beyond(start, rules.kinds[found[0].kind].headings)
    lines: list[Segment] = []
    for segment in layout.segments:
        if segment.row <= start.row:
            continue
        last = lines[-1] if lines else start
        capitals = segment.upper and not _OPENS_SUBJECT.match((lines[0] if lines else segment).folded)
        if capitals or _far(layout, last, segment) or _STOPS.match(segment.folded) or len(lines) == _MOST_LINES:
            break
        lines.append(segment)
    if not lines:
        return None
    return Passage(lines if _OPENS_SUBJECT.match(lines[0].folded) else [*opened, *lines])


def _beyond(title: Segment, headings: Sequence[str]) -> list[Segment]:
    """Return what a type's line says beyond the type: "THU HỒI ĐẤT" of "THÔNG BÁO THU HỒI ĐẤT"."""
    for heading in sorted(headings, key=len, reverse=True):
        count = len(heading.split())
        if [fold(word.text) for word in title.words[:count]] == heading.split():
            rest = title.words[count:]
            plain = len(rest) > 1 and rest[0].text[:1].isalpha() and ":" not in title.text
            return [part_of(title, rest)] if plain else []
    return []


def subject_of_letter(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the subject of an official letter: "V/v …" under the number and the lines right under it."""
    start = subject_row(layout, rules) or _worded_subject(layout, rules)
    if start is None:
        return None
    lines = [start]
    for segment in layout.segments:
        if segment.row <= start.row or segment.box.left > max(line.box.right for line in lines):
            continue
        if _far(layout, lines[-1], segment) or _STOPS.match(segment.folded) or len(lines) == _MOST_LINES:
            break
        lines.append(segment)
    return Passage(lines)


def _worded_subject(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the row that begins a subject in full words, in the left half of the header."""
    for segment in layout.above(rules.layout["header"]):
        if _SUBJECT_IN_WORDS.match(segment.folded) and segment.centre < layout.width / 2:
            return segment
    return None


def _far(layout: PageLayout, upper: Segment, lower: Segment) -> bool:
    return lower.box.top - upper.box.bottom > 1.1 * layout.word_height
