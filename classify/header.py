"""The header of an administrative document: issuing agency, number's symbol (NĐ 30/2020, Phụ lục I)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classify.layout import PageLayout, Segment, hull, part_of
from classify.rules import Rules
from classify.titles import motto
from dossier.page import Box, Word
from dossier.text import fold

# A number with its symbol; the type is the part before the dash. The stroke between the two is often not read.
NUMBER = re.compile(
    r"[\W_]*s[o06]\s*[:;.]?\s*\d{1,5}(?:[a-z]?\s*[/|]\s*(?:\d{4}\s*/\s*)?|(?=[a-z]{2,8}\s?[-–—]))"
    r"([a-z][a-z0-9&]{0,9})(?:\s?[-–—~_.]|\b)"
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
    r"^\W*s[o06]\s*[:;.]|^\W*s[o06]\s*\d|:\s*\w|\d{6}|^\W*stt\b|^\W*mau |^\W*(?:[ivx]+|\d+)\s*[.)]|"
    r"^\W*ben (?:[ab]\b|giao|nhan|mua|chuyen|duoc|cho|thue|tang)|"
    r"^\W*(?:(?:chu|luu) y|ban (?:sao|chinh|thao)|du thao|hoa toc|(?:thuong )?khan|(?:toi |tuyet )?mat|phu luc)\W*$|"
    r"^\W*(?:xac nhan|chung nhan|quyet dinh|thong bao|chung thuc|cap)\W*$"
)
_ACTS = frozenset({"xac nhan", "chung nhan", "quyet dinh", "thong bao", "chung thuc"})
_ACT_AND_BODY = 3  # words
_SHORT_WORD = 4  # letters
_LEAST_LETTERS = 2  # fewer are what a speck looks like to the reader
_TOP = 0.22  # share of the page in which a block without a motto beside it begins
_LEFT = 0.46  # share of a page's width left of which the middle of a line in its left lies
_LINED_UP = 0.25  # how far apart the middles of its lines may lie, in widths of the widest


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


def addressed(layout: PageLayout) -> bool:
    """Return whether the upper half of the page says "Kính gửi"."""
    return any(_ADDRESSEE.match(segment.folded) for segment in layout.above(0.5))


def agency(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the issuing agency: the last body named in the block of capitals beside the national motto."""
    crest = motto(layout, rules)
    if crest is None:
        return None
    lines = _left_of(crest, layout, rules) or _right_of(crest, layout, rules)
    return _issuer(lines, rules) if lines else None


def _left_of(crest: Segment, layout: PageLayout, rules: Rules) -> list[Segment]:
    beside = [
        segment
        for segment in layout.above(rules.layout["header"])
        if segment.centre < layout.width / 2
        and (segment.box.right <= crest.box.left or (segment.row > crest.row + 1 and _opens(segment, rules)))
    ]
    lines = _block(beside, layout, rules)
    if not lines or lines[0].box.top - crest.box.bottom > _BELOW_MOTTO * layout.word_height:
        return []
    page_beside = layout.width > layout.height and not any(_opens(line, rules) for line in lines)
    return [] if page_beside else lines


def _right_of(crest: Segment, layout: PageLayout, rules: Rules) -> list[Segment]:
    """Return the block right of a motto that stands on the left; its first line names a body."""
    beside = [
        segment
        for segment in layout.above(rules.layout["header"])
        if segment.box.left >= crest.box.right and crest.box.right < layout.width / 2
    ]
    near = [line for line in beside if line.box.top - crest.box.bottom <= _BELOW_MOTTO * layout.word_height]
    return _block(beside, layout, rules) if near and _opens(near[0], rules) else []


def agency_on_top(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the agency in the left of a page's top with no motto beside it: lower, on the other half, nowhere."""
    pages = (0, layout.width / 2) if layout.width > layout.height else (0,)
    width = layout.width / len(pages)
    crest = motto(layout, rules)
    for left in pages:
        own = [
            segment
            for segment in layout.above(_TOP)
            if segment is not crest and left <= segment.box.left and segment.centre < left + _LEFT * width
        ]
        begins = (at for at, one in enumerate(own) if _opens(one, rules) or (one.upper and _placed_only(one, rules)))
        first = next(begins, None)
        lines = _lined_up(_block(own[first:], layout, rules)) if first is not None else []
        if any(_opens(line, rules) for line in lines):
            return _issuer(lines, rules)
    return None


def _placed_only(line: Segment, rules: Rules) -> bool:
    """Return whether a line is nothing but a place, as the parent body is named: "THÀNH PHỐ ĐÔNG KINH"."""
    return _begins(line.folded, rules.agency["places"])


def _lined_up(lines: Sequence[Segment]) -> list[Segment]:
    """Return the lines at the start whose middles, or beginnings, lie over each other."""
    widest = max((line.box.width for line in lines), default=0)
    apart = [
        at
        for at, line in enumerate(lines)
        if abs(line.centre - lines[0].centre) > _LINED_UP * widest
        and abs(line.box.left - lines[0].box.left) > line.box.height
    ]
    return list(lines[: apart[0] if apart else None])


def _block(beside: Sequence[Segment], layout: PageLayout, rules: Rules) -> list[Segment]:
    """Return the lines of an agency's block: from the first that can be one to a gap or another line."""
    lines: list[Segment] = []
    for segment in beside:
        if sum(map(str.isalpha, segment.text)) < _LEAST_LETTERS:
            continue
        apart = bool(lines) and segment.box.top - lines[-1].box.bottom > _APART * layout.word_height
        other = not _names_body(segment, lines, rules) or _NO_AGENCY.search(segment.folded)
        if other and not lines:
            continue  # the number of a form, a line of dashes over the agency
        if apart or other or len(lines) == _MOST_LINES:
            break
        lines.append(segment)
    return lines


def _issuer(lines: Sequence[Segment], rules: Rules) -> Passage | None:
    bodies = bodies_of(lines, rules)
    issuers = [body for body in bodies if not _begins(body[0].folded, rules.agency["parts"])]
    if not bodies:
        return None
    *lines, last = (issuers or bodies)[-1]
    return Passage([*lines, _without_act(last)])


def _names_body(segment: Segment, lines: Sequence[Segment], rules: Rules) -> bool:
    """Return whether a line beside the motto can be an agency's: in capitals, or small and worded as one."""
    goes_on = (*rules.agency["places"], *rules.agency["small"])
    if segment.upper or (lines and _begins(segment.folded, goes_on)):
        return True
    part = any(line.upper for line in lines) and not placed([segment], rules)  # "Phòng Kế hoạch tổng hợp" of a hospital
    return _opens(segment, rules) and not part


def _opens(line: Segment, rules: Rules) -> bool:
    """Return whether a line begins a body's name; short words are known by their marks: "SỞ" is no "SỔ"."""
    first = line.words[0].text.strip(" .,").upper()
    short = len(first) <= _SHORT_WORD and fold(first) in rules.agency["opens"]
    return first in rules.agency["marked"] if short else _begins(line.folded, rules.agency["opens"])


def agency_line(layout: PageLayout, rules: Rules) -> Passage | None:
    """Return the first line in capitals that names a body with its place: old certificates have it in the middle."""
    for segment in layout.segments:
        named = segment.upper and _begins(segment.folded, rules.agency["opens"])
        if named and placed([segment], rules) and not _NO_AGENCY.search(segment.folded.rstrip(" :")):
            return Passage([_without_act(segment)])
    return None


def _without_act(line: Segment) -> Segment:
    """Return a line without what the body does, which ends it: "UBND XÃ … XÁC NHẬN:", "… CHỨNG NHẬN"."""
    act = " ".join(fold(word.text) for word in line.words[-2:]).rstrip(" :")
    return part_of(line, line.words[:-2]) if act in _ACTS and len(line.words) > _ACT_AND_BODY else line


def bodies_of(lines: Sequence[Segment], rules: Rules) -> list[list[Segment]]:
    """Cut the block into bodies; a place after a body that already names its place is the parent's, left out.

    A line with nothing but a head's position goes with the body under it: "CHỦ TỊCH", "ỦY BAN NHÂN DÂN XÃ …".
    """
    bodies: list[list[Segment]] = []
    for line in lines:
        headed = bool(bodies) and len(bodies[-1]) == 1 and bodies[-1][0].folded.strip(" .") in rules.agency["heads"]
        if not bodies or (_begins(line.folded, rules.agency["opens"]) and not headed):
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
