"""What the head and the foot of a page say about where a document begins and where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classify.header import number_row
from classify.layout import PageLayout, Segment, heading_key
from classify.printed_number import PrintedNumber, printed_number
from classify.rules import Rules
from classify.subject import subject_row
from classify.titles import Title, motto, motto_pieces, titles
from dossier.text import fold

_DATED = re.compile(r".*\bngay\b.{0,14}\bthang\b.{0,10}\bnam\b.{0,8}")
_FORM = re.compile(r"\W*(?:mau(?: so)?\b|phu luc so|ct\s?0\d|bieu mau|ban hanh kem theo (?:thong tu|nghi dinh))")
_ADDRESSED = re.compile(r"\W*kinh gui")
_ANNEX = re.compile(
    r"\W*(?:phu luc\b|trang bo sung|bieu\b|danh sach\b|so do\b|ban ve\b|huong dan\b|chu thich\b|ghi chu\b"
    r"|nhung thay doi sau|quy che\b|quy dinh\b|xac nhan cua\b|y kien cua\b|loi chung\b)"
)
_ATTACHED = re.compile(r"\W*(?:ban hanh |dinh )?kem theo\b")
_PAPER = re.compile(
    r"\W*(?:giay|don|to khai|phieu|bien ban|bien lai|hop dong|hoa don|ban (?:khai|cam|tuong|sao|ke)|the|so|chung"
    r"|van bang|bang)\b"
)
_SECTION = re.compile(
    r"\s*(?:[ivx1l]{1,5}\s?[.)/]|\d{1,2}(?:\.\d{1,2})*\s?[.)/]|[a-z]\)|dieu\s+\d|chuong\s+[ivx\d]|muc\s+\d|phan\s+[ivx\d])"
)
_BULLET = re.compile(r"\s*[-+*•–]\s")
_CLOSING = re.compile(
    r"\W*(?:noi nhan\b|luu\s?:|- luu\b|\(?ky,? .{0,24}(?:ho ten|ho, chu dem)|ky ten\b|dai dien\b|ben [ab]\s*$|tm\.|kt\."
    r"|tl\.|tuq\.|nguoi (?:khai|lam don|yeu cau|viet don|de nghi|lap|nhan|uy quyen|cam doan|ghi)|xac nhan\b|thu ky\b"
    r"|chu toa\b)"
)
_NUMBER = re.compile(r"\d+\s*/\s*[\w\d][^\s,;]*")
_ENDS = (".", ";", ":", "./.", "/.", "!", ")", "”", '"')
_TOP, _HEAD, _LOW_TITLE, _FOOT, _FULL = 0.30, 0.40, 0.25, 0.45, 0.85
_FEW_WORDS, _FEW_ROWS, _LETTERS = 6, 7, 8
_WIDE = 0.72


@dataclass(frozen=True, slots=True)
class PageSigns:
    """The signs of one page.

    Attributes:
        head: What its upper part shows, by sign, with the text as printed.
        foot: What its lower part shows.
        number: The page number printed on it.
        first_rows: Keys of its first rows, where no national motto stands.
        rows: Keys of its long rows.
        symbol: Number and symbol in its header, as letters and digits, or empty.
        attached_to: The line that says what it is attached to, likewise.
    """

    head: Mapping[str, str]
    foot: frozenset[str]
    number: PrintedNumber | None
    first_rows: tuple[str, ...]
    rows: frozenset[str]
    symbol: str
    attached_to: str


NOTHING: Final = PageSigns({}, frozenset(), None, (), frozenset(), "", "")
"""The signs of what comes before the first page that has words."""


def page_signs(layout: PageLayout, rules: Rules) -> PageSigns:
    """Return the signs of a page with words."""
    head = dict(_head(layout, rules))
    foot = frozenset(_foot(layout))
    keys = ["".join(segment.key for segment in row) for row in layout.rows()]
    long = [key for key in keys if len(key) >= _LETTERS]
    first = () if "motto" in head else tuple(long[:3])
    number = _NUMBER.search(fold(head.get("number", "")))
    symbol = heading_key(number[0]) if number else ""
    attached = heading_key(fold(head.get("attached", "")))
    return PageSigns(head, foot, printed_number(layout), first, frozenset(long), symbol, attached)


def _head(layout: PageLayout, rules: Rules) -> Iterator[tuple[str, str]]:
    crest = motto(layout, rules)
    if crest is not None:
        yield "motto", crest.text
    elif motto_pieces(layout, rules):
        yield "motto_part", ""
    yield from _titled(titles(layout, rules), layout, rules)
    yield from _administrative(layout, rules)
    yield from _opening(layout)
    if sum(len(segment.words) for segment in layout.segments) <= _FEW_WORDS:
        yield "few_words", ""
    elif len(layout.rows()) <= _FEW_ROWS:
        yield "few_rows", ""


def _titled(found: Sequence[Title], layout: PageLayout, rules: Rules) -> Iterator[tuple[str, str]]:
    for title in found[:1]:
        kind = rules.kind(title.kind)
        low = "_low" if title.segment.box.top > _LOW_TITLE * layout.height else ""
        if not kind.starts:
            yield "title_goes_on", title.printed
        elif title.confidence < rules.titles["split_at"]:
            yield "title_unsure", title.printed
        else:
            yield ("title_general" if kind.needs_motto else "title") + low, title.printed
    if not found:
        line = next((each for each in _before_text(layout) if _like_title(each, layout)), None)
        if line is not None:
            yield "title_of_paper" if _PAPER.match(line.folded) else "title_unknown", line.text


def paper_title(layout: PageLayout) -> Segment | None:
    """Return a title at the top of a page that names a paper ("GIẤY …", "PHIẾU …") but stands in no list."""
    line = next((each for each in _before_text(layout) if _like_title(each, layout)), None)
    return line if line is not None and _PAPER.match(line.folded) else None


def _before_text(layout: PageLayout) -> Iterator[Segment]:
    """Yield the segments at the top of a page, up to its first line of running text."""
    for segment in layout.above(_LOW_TITLE):
        if segment.text.rstrip().endswith(":") or (not segment.upper and segment.box.width > 0.6 * layout.width):
            return
        yield segment


def _like_title(segment: Segment, layout: PageLayout) -> bool:
    middle = abs(segment.centre - layout.width / 2) < 0.12 * layout.width
    own = not _SECTION.match(segment.folded) and not _ANNEX.match(segment.folded)
    return segment.upper and middle and own and len(segment.key) >= _LETTERS


def _administrative(layout: PageLayout, rules: Rules) -> Iterator[tuple[str, str]]:
    if (row := number_row(layout, rules)) is not None:
        yield "number", row.text
    if (row := subject_row(layout, rules)) is not None:
        yield "subject", row.text
    top = layout.above(_TOP)
    opens = rules.agency["opens"]
    for segment in top[:4]:
        left = segment.centre < layout.width / 2
        if left and segment.upper and any(segment.folded.startswith(f"{each} ") for each in opens):
            yield "agency", segment.text
            break
    if any(_DATED.match(each.folded) and each.box.left > 0.4 * layout.width for each in top):
        yield "dated", ""
    if any(_ADDRESSED.match(each.folded) for each in layout.above(_HEAD)):
        yield "addressed", ""
    if any(_FORM.match(each.folded) for each in top[:4]):
        yield "form", ""


def _opening(layout: PageLayout) -> Iterator[tuple[str, str]]:
    """Yield how the text begins: as something that goes on, or as a part of something."""
    rows = [row for row in layout.rows() if sum(char.isalpha() for segment in row for char in segment.text) > 1]
    texts = [segment for row in rows[:5] for segment in row]
    if (annex := next((each for each in texts[:3] if _ANNEX.match(each.folded)), None)) is not None:
        yield "annex", annex.text
    if (attached := next((each for each in texts if _ATTACHED.match(each.folded)), None)) is not None:
        yield "attached", attached.text
    if not rows:
        return
    first = rows[0][0]
    if first.text[:1].islower() and len(first.words) > 1:
        yield "goes_on", first.text
    if _SECTION.match(first.folded):
        yield "section", first.text
    if _BULLET.match(first.text):
        yield "item", first.text
    if _CLOSING.match(first.folded):
        yield "closing", first.text


def _foot(layout: PageLayout) -> Iterator[str]:
    body = [each for each in layout.segments if each.box.top < 0.93 * layout.height]
    low = [each for each in body if each.box.top > min(_FOOT * layout.height, body[-1].box.top)] if body else []
    closed = any(_CLOSING.match(each.folded) for each in low) or any(_CLOSING.match(s.folded) for s in body[-6:])
    if closed:
        yield "closed"
    if not body:
        return
    last = body[-1]
    if last.box.bottom > _FULL * layout.height:
        yield "full"
    if not closed and last.box.right > _WIDE * layout.width and not last.text.endswith(_ENDS):
        yield "open"
