"""What a paper is about (trích yếu): under the title, or under the number of a letter (NĐ 30/2020, Phụ lục I)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classify.header import Passage, addressed, number_row
from classify.layout import PageLayout, Segment, part_of
from classify.rules import Rules
from classify.titles import titles
from dossier.text import fold

# "V/v" as it is read: "V/%", "V?b", "VIv", "V/w", "V/ "; and "Về việc" with one letter of each word bent.
_VV = r"(?:v\s?[/|]\s?v(?![a-z])|v[^\s\d]{0,2}[/|\\?!%&*#][^\s\d]{0,2}(?=[\s:.])|v[il1][vw](?![a-z])|v[vw](?![a-z]))"
_VE_VIEC = r"(?:v[eao]\s[vu][il1][eo]c\b)"
_SHORT = re.compile(rf"[\W_]*{_VV}")
_WORDED = re.compile(rf"\W*(?:vv\s*:|{_VE_VIEC}|trich yeu\s*:)")
_OPENS = re.compile(rf"[\W_]*(?:{_VE_VIEC}|{_VV})")
# Right under the number of a letter a word of three signs that begins like "V/v" is one, however it was read.
_BENT = re.compile(r"\W*v\S{1,2}\s+(?!phong\b)[a-z]{2}")
_PLAIN = re.compile(r"\W*(?:v\s?/\s?v\b|ve viec\b)")
_FULL, _SIGNS, _LETTERS = re.compile(_VE_VIEC), re.compile(rf"{_VV}[:.]?\s?"), re.compile(r"v\S{1,2}")
_STOPS = re.compile(
    r"\W*(?:k[il1|]nh\s*(?:gu[il1|]|trinh|chuyen|de nghi)|gui\s*:|cong hoa|doc lap|can cu|s[o06]\s*[:.]|theo |"
    r"thuc hien |hom nay|vao hoi|vao luc|ngay \d|chung toi|ben giao|ben nhan|ho va ten|[-+*]|\d{1,2}[.)]|"
    r"[ivx]{1,4}\.|dieu \d)|\W*\((?:dung cho|ban hanh|kem theo|mau)\b"
)
# Who decides, in capitals under what is decided: "CHỦ TỊCH ỦY BAN NHÂN DÂN …".
_DECIDES = re.compile(
    r"\W*(?:(?:pho )?(?:chu tich|giam doc|truong|chanh|cuc truong|chi cuc truong|thu truong|bo truong|hieu truong)\b|"
    r"(?:uy ban|hoi dong) nhan dan\b|ubnd\b|hdnd\b)"
)
_LABEL = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,5}\s*:(?:\s|$)")  # "Thời gian: …", "Thành phần:"
_MOST_LINES = 6
_CENTRED = 0.08  # how far from the title's middle a line's may lie, in widths of the page
_NEXT, _UNDER_TITLE, _UNDER_NUMBER = 1.1, 1.8, 2.2  # word heights to the next line, at most


def subject_row(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the segment that begins with "V/v" in the left half of the title zone, or None."""
    for segment in layout.above(rules.titles["zone"]):
        if _SHORT.match(segment.folded) and segment.box.left < layout.width / 2:
            return segment
    return None


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
        if _ends(layout, lines, start, segment):
            break
        lines.append(segment)
    if not lines:
        return None
    return Passage(lines if _OPENS.match(lines[0].folded) else [*opened, *lines])


def _ends(layout: PageLayout, lines: Sequence[Segment], title: Segment, segment: Segment) -> bool:
    """Return whether a line is no part of the subject that the lines over it make."""
    opened = _OPENS.match((lines[0] if lines else segment).folded)
    if segment.upper and (not opened or _DECIDES.match(segment.folded)):
        return True
    under = abs(segment.centre - title.centre) < _CENTRED * layout.width
    far = _far(layout, lines[-1], segment) if lines else _far(layout, title, segment, _UNDER_TITLE if under else _NEXT)
    label = segment.text[:1].isupper() and _LABEL.match(segment.text)
    return far or bool(_STOPS.match(segment.folded) or label) or len(lines) == _MOST_LINES


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
    start = subject_row(layout, rules) or _worded(layout, rules) or _under_number(layout, rules)
    if start is None or any(title.segment.row < start.row for title in titles(layout, rules)):
        return None  # under a title it is a label of a form
    lines = [start]
    for segment in layout.segments:
        if segment.row <= start.row or segment.box.left > max(line.box.right for line in lines):
            continue
        if _far(layout, lines[-1], segment) or _STOPS.match(segment.folded) or len(lines) == _MOST_LINES:
            break
        lines.append(segment)
    return Passage(lines)


def _worded(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the row that begins a subject in full words, in the left half of the header."""
    for segment in layout.above(rules.layout["header"]):
        if _WORDED.match(segment.folded) and segment.centre < layout.width / 2:
            return segment
    return None


def _under_number(layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the line under the number of a letter that begins as "V/v" may be read, or None."""
    number = number_row(layout, rules)
    if number is None or not addressed(layout):
        return None
    for segment in layout.segments:
        if segment.row > number.row and segment.centre < layout.width / 2:
            near = not segment.upper and not _far(layout, number, segment, _UNDER_NUMBER)
            return segment if near and _BENT.match(segment.folded) and ", ngay" not in segment.folded else None
    return None


def opened_right(subject: str, *, of_letter: bool) -> str:
    """Return a subject whose first words are "V/v" or "Về việc" where they were read as something like it."""
    words = subject.split()
    if _PLAIN.match(fold(subject)):
        return subject
    if _FULL.fullmatch(fold(" ".join(words[:2]))):
        return " ".join(["VỀ VIỆC" if words[1].isupper() else "Về việc", *words[2:]])
    first = fold(words[0])
    if _SIGNS.fullmatch(first + " ") or (of_letter and _LETTERS.fullmatch(first)):
        return " ".join(["V/v:" if first.endswith(":") else "V/v", *words[1:]])
    return subject


def _far(layout: PageLayout, upper: Segment, lower: Segment, most: float = _NEXT) -> bool:
    return lower.box.top - upper.box.bottom > most * layout.word_height
