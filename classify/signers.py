"""The signature block: the last position in capitals and the name under it (NĐ 30/2020, parts 7a to 7c)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classify.header import Passage, bodies_of, placed
from classify.layout import PageLayout, Segment, part_of
from classify.names import families
from classify.rules import Rules
from dossier.text import fold

_NOT_NAME = re.compile(r"\(|\d|:|noi nhan|da ky|\bluu\b|\bnhu\b|hanh chinh cong|uy ban nhan dan")
_NAME_WORDS = range(2, 8)
_ACTS = re.compile(r"(?:k\s?/?\s?t|t\s?/?\s?l|t\s?/?\s?uq)\b\.?\s")
_SIGNS_FOR = re.compile(r"t\s?[./]?\s?[ml]\b\.?\s")
# Ranks and degrees before a signer's name: "Trung tá", "BS.CKII", "ThS."; "Người ký:" in an electronic signature.
_RANK = re.compile(
    r"(?:nguoi ky\s?: |ky boi\s?: )?"
    r"(?:(?:(?:dai|thuong|trung|thieu) (?:ta|uy|tuong)|(?:bac|duoc|thac|tien|y) si|"
    r"ky su|cu nhan|luat su|"
    r"(?:(?:pgs|gs|ts|ths|bs|bsck|ck|cki|ckii|ck1|ck2|ks|cn|ls|ds|dr)\b[./ ]*)+)[ .]*)*"
)
_ROWS_BETWEEN = 7
_FLECK = 4
_EDGES = " .,'`\"|:;°"
_APART = 2.0  # word heights between lines of one block


def signature(layouts: Sequence[PageLayout], rules: Rules) -> tuple[Passage, Passage | None] | None:
    """Return position and name of the signer, or None.

    The last position line with a name standing under it; where a seal hides the name, the last position line in
    the lower part of the last page, without a name.
    """
    block = _block(layouts, rules)
    if block is None:
        return None
    layout, position, name = block
    return Passage([position, *_goes_on(layout, position, rules)]), Passage([name]) if name else None


def _goes_on(layout: PageLayout, position: Segment, rules: Rules) -> list[Segment]:
    """Return the line under a position that ends with a body's first word: "GIÁM ĐỐC TRUNG TÂM", "PHỤC VỤ …"."""
    if not any(position.folded.endswith(" " + body) for body in rules.agency["opens"]):
        return []
    for segment in layout.segments:
        near = 0 < segment.box.top - position.box.top < 2 * _APART * layout.word_height
        if segment.row > position.row and near and _in_column(position, segment):
            return [segment] if segment.upper and not is_name(segment) and "(" not in segment.text else []
    return []


def signing_agency(layouts: Sequence[PageLayout], rules: Rules) -> Passage | None:
    """Return the agency that the signer signs for: the lines in capitals over the position, when they say its place."""
    block = _block(layouts, rules)
    if block is None:
        return None
    layout, position, _ = block
    lines: list[Segment] = []
    lower = position
    for segment in reversed(layout.segments):
        if segment.row >= position.row or not _in_column(position, segment):
            continue
        signs_for = segment.upper or _SIGNS_FOR.match(segment.folded)
        if not signs_for or lower.box.top - segment.box.bottom > _APART * layout.word_height:
            break
        if position_in(segment, rules) is None:
            lines.insert(0, segment)
        lower = segment
    lines = [_acting_left_out(line) for line in lines]
    named = [body for body in bodies_of(lines, rules) if placed(body, rules)]
    return Passage(named[-1]) if named else None


def _acting_left_out(line: Segment) -> Segment:
    """Return a line without its "TM." (on behalf of), "TL." (by order of)."""
    first = fold(line.words[0].text).strip(" .")
    acting = ("tm", "t/m", "t.m", "tl", "t/l", "t.l", "tuq")
    return part_of(line, line.words[1:]) if first in acting and len(line.words) > 1 else line


def writer(layouts: Sequence[PageLayout], rules: Rules) -> Passage | None:
    """Return the name under "Người làm đơn" and the like, at the foot of the last page that has one."""
    for layout in reversed(layouts):
        for index in range(len(layout.segments) - 1, -1, -1):
            role = _writer_in(layout.segments[index], rules)
            name = _name_under(role, layout.segments[index + 1 :], rules) if role else None
            if name is not None:
                return Passage([name])
    return None


def _writer_in(segment: Segment, rules: Rules) -> Segment | None:
    """Return the part of a line that says who writes: the whole, or its end after a date."""
    folded = [fold(word.text).strip(_EDGES) for word in segment.words]
    for role in rules.signers["writers"]:
        words = role.split()
        if folded[-len(words) :] == words and (
            len(folded) == len(words) or any(char.isdigit() for char in segment.text)
        ):
            return part_of(segment, segment.words[-len(words) :])
    return None


def _block(layouts: Sequence[PageLayout], rules: Rules) -> tuple[PageLayout, Segment, Segment | None] | None:
    bare: tuple[PageLayout, Segment, None] | None = None
    for layout in reversed(layouts):
        for index in range(len(layout.segments) - 1, -1, -1):
            segment = position_in(layout.segments[index], rules) or _acting(layout, index)
            if segment is None:
                continue
            name = _name_under(segment, layout.segments[index + 1 :], rules) or _name_over(segment, layout, rules)
            if name is not None:
                return layout, segment, name
            closing = layout is layouts[-1] and segment.box.top > rules.layout["tail"] * layout.height
            bare = bare or ((layout, segment, None) if closing else None)
    return bare


def _acting(layout: PageLayout, index: int) -> Segment | None:
    """Return the line in capitals right under "KT. …", "TL. …": a position, whatever it is called."""
    segment = layout.segments[index]
    if not segment.upper:
        return None
    for upper in reversed(layout.segments[:index]):
        if upper.row < segment.row and _in_column(upper, segment):
            near = segment.box.top - upper.box.bottom <= _APART * layout.word_height
            return segment if near and upper.upper and _ACTS.match(upper.folded) else None
    return None


def position_in(segment: Segment, rules: Rules) -> Segment | None:
    """Return the part of a line that is a signing position, after "KT." and the like if any, or None.

    The receivers' list on the left may run up to it: then only the capitals at the end count.
    """
    if segment.upper and _position(segment.folded, rules, exactly=False):
        return segment
    if segment.text[:1].isupper() and _position(segment.folded, rules, exactly=True):
        return segment
    first = len(segment.words)
    while first and segment.words[first - 1].text.isupper():
        first -= 1
    for start in range(max(1, first), len(segment.words)):
        part = part_of(segment, segment.words[start:])
        if _position(part.folded, rules, exactly=True):
            return part
    return None


def spelt(position: str, rules: Rules) -> str:
    """Return a position in its right spelling when it is one of the known ones, else as printed."""
    known = {fold(name): name for name in rules.signers["positions"]}
    name = known.get(fold(position))
    return name.upper() if name else position


def _position(folded: str, rules: Rules, *, exactly: bool) -> bool:
    words = re.sub(r"[^a-z ]", " ", folded).split()
    while words and words[0] in rules.signers["acting"]:
        words = words[1:]
    line = " ".join(words)
    names = [fold(name) for name in rules.signers["positions"]]
    return any(line == name or (not exactly and line.startswith(name + " ")) for name in names)


def _name_under(position: Segment, below: Sequence[Segment], rules: Rules) -> Segment | None:
    # Rows of a letter or two are what a seal and a signature look like to the reader.
    lines = sorted({segment.row for segment in below if sum(map(str.isalpha, segment.text)) > _FLECK})
    rows = [row for row in lines if row > position.row][:_ROWS_BETWEEN]
    near = [segment for segment in below if segment.row in rows]
    for segment in near:
        alone = sum(other.row == segment.row for other in near) == 1
        if not (alone or _in_column(position, segment)):
            continue
        if position_in(segment, rules) is not None:
            return None
        named = _unranked(segment)
        if is_name(named):
            return named
    return None


def _name_over(position: Segment, layout: PageLayout, rules: Rules) -> Segment | None:
    """Return the name right over a position: where papers set the office under who holds it."""
    for segment in reversed(layout.segments):
        if segment.row < position.row and _in_column(position, segment):
            near = position.box.top - segment.box.bottom <= _APART * layout.word_height
            named = _unranked(segment)
            return named if near and position_in(segment, rules) is None and is_name(named) else None
    return None


def _unranked(segment: Segment) -> Segment:
    """Return a line without the rank or degree before a name."""
    rank = _RANK.match(segment.folded)
    words = segment.folded[: rank.end()].split() if rank else []
    return part_of(segment, segment.words[len(words) :]) if 0 < len(words) < len(segment.words) - 1 else segment


def _in_column(position: Segment, segment: Segment) -> bool:
    reach = position.box.width / 2
    return segment.box.left < position.box.right + reach and segment.box.right > position.box.left - reach


def is_name(segment: Segment) -> bool:
    """Return whether a line can be a person's name: two to seven capitalised words and nothing else."""
    words = segment.text.strip(_EDGES).split()
    if len(words) not in _NAME_WORDS or _NOT_NAME.search(segment.folded):
        return False
    if segment.upper and fold(words[0]) not in families():
        return False
    return all(word[0].isupper() and word.replace("-", "").isalpha() for word in words)
