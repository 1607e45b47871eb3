"""Where people live and were born, taken from a paper by the dated unit tree.

An address is taken only where the tree knows its province and its commune, or one that it must be a slip of: a line
behind "địa chỉ" may say anything, "xã Đông Liễu, tỉnh Hải Lâm" says where. Without a tree no address is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify.areas import COMMUNE, Area, Areas
from classify.extracted import ExtractedField
from classify.layout import page_layout
from classify.naming import nearest, respelt, spelt, spelt_so
from classify.proofs import settings
from classify.rules import Rules
from classify.stream import Place, Stream, stream
from classify.verdicts import contradicted, proposed
from dossier.page import PageReading
from dossier.text import fold

_LABELS = {
    "noi_sinh": r"noi sinh",
    "que_quan": r"que quan",
    "noi_cu_tru": r"(?:noi (?:dang ky )?(?:ho khau )?thuong tru|ho khau thuong tru|dia chi thuong tru|noi cu tru|"
    r"noi o (?:hien tai|hien nay)|thuong tru (?:tai|o)|cu tru tai|"
    r"dia chi(?! (?:thua|dat|tru so|kinh doanh|cong trinh|xay dung|noi)))",
}
_STOP = re.compile(
    r"[.;](?:\s|$)|\b(?:so dinh danh|can cuoc|cccd|cmnd|dien thoai|gioi tinh|dan toc|quoc tich|"
    r"noi (?:sinh|cu tru|o|cap|thuong tru|dang ky)|que quan|thuong tru|dia chi|ngay \d|nghe nghiep|"
    r"ho ten|ho va ten|fax|email)\b"
)
_LONGEST, _PARTS = 170, 7
_COMMUNE = re.compile(r"^(?:xa|phuong|thi tran|dac khu)\s")
_DISTRICT = re.compile(r"^(?:huyen|quan|thi xa|thanh pho)\s")
_PROVINCE = re.compile(r"^(?:tinh|thanh pho)\s")
_LIST = "units"
_EDGES = " ,.:;/()_-"
_FOUND, _READ = 95.0, 0.85
_SURE = 90.0


@dataclass(frozen=True, slots=True)
class _Address:
    """An address in its parts; `province` is the tree's, the other names are as read."""

    parts: tuple[str, ...]
    province: str
    commune: str
    district: str


def addresses(
    readings: Sequence[PageReading], areas: Areas, rules: Rules, day: date | None
) -> tuple[ExtractedField, ...]:
    """Return the addresses of a paper that the tree of its day knows.

    Args:
        readings: The document's pages.
        areas: The unit tree; with an empty one nothing is found.
        rules: From `load_rules`.
        day: Of the paper, None where none was read.

    Returns:
        Fields `noi_sinh`, `que_quan`, `noi_cu_tru`, each value once. One whose commune lay in its province on a day
        up to the paper's needs no person; a slip gets the tree's spelling and waits; one that the tree, listing the
        province whole, does not have waits.
    """
    if not areas:
        return ()
    layouts = [page_layout(reading, page, rules.layout) for page, reading in enumerate(readings)]
    text = stream(layouts, rules.labels)
    found: dict[tuple[str, str], ExtractedField] = {}
    for name, label in _LABELS.items():
        for value, place in _behind(label, text):
            address = _parsed(value, areas)
            told = _held(_field(name, address, value, place, readings), address, areas, day, text) if address else None
            if told is not None:
                found.setdefault((name, fold(told.value)), told)
    return tuple(found.values())


def _behind(label: str, text: Stream) -> Iterator[tuple[str, Place]]:
    pattern = re.compile(
        rf"\b{label}\b[^\n\t:,;.]{{0,40}}?(?:\([^)\n]{{0,30}}\))?[ :._]*(?P<value>[^\n\t]{{8,{_LONGEST}}})"
    )
    for match in pattern.finditer(text.folded):
        start, end = match.span("value")
        stop = _STOP.search(text.folded, start, end)
        end = stop.start() if stop else end
        start = max(start, text.folded.rfind(":", start, end) + 1)
        start += len(text.folded[start:end]) - len(text.folded[start:end].lstrip(_EDGES))
        if text.folded[start:end].strip(_EDGES):
            first, last = text.source_span(start, end)
            yield text.text[first:last].strip(_EDGES), text.place(first, last)


def _parsed(value: str, areas: Areas) -> _Address | None:
    """Return an address up to its province; None where the tree knows no such province, or no commune is named."""
    parts = [" ".join(part.split()) for part in re.split(r"\s*[,–—]\s*|\s-\s", value)][:_PARTS]
    for at, part in enumerate(parts):
        province = _province(part, areas)
        before = parts[:at]
        commune = next((one for one in reversed(before) if _COMMUNE.match(fold(one))), "")
        if province and commune:
            district = next((one for one in before[before.index(commune) + 1 :] if _DISTRICT.match(fold(one))), "")
            return _Address((*before, _cut(part, province)), province, commune, district)
    return None


def _province(part: str, areas: Areas) -> str:
    """Return the province that a part begins with, letter by letter or as one clear slip."""
    words = part.split()
    for known, name in areas.provinces().items():
        if spelt(" ".join(words[: len(known)])) == known or spelt(part) == known[-len(words) :] == _bare(known):
            return name
    if not _PROVINCE.match(fold(part)):
        return ""
    lengths = {len(known) for known in areas.provinces()}
    for length in sorted(lengths, reverse=True):
        own = spelt(" ".join(words[:length]))
        same = {known: name for known, name in areas.provinces().items() if len(known) == len(own)}
        if listed := nearest(own, same):
            return listed
    return ""


def _bare(known: tuple[str, ...]) -> tuple[str, ...]:
    """Return a province's name without its kind."""
    return known[2:] if _PROVINCE.match(fold(" ".join(known))) and fold(known[0]) == "thanh" else known[1:]


def _cut(part: str, province: str) -> str:
    words = part.split()
    return " ".join(words[: len(province.split())])


def _field(name: str, address: _Address, value: str, place: Place, readings: Sequence[PageReading]) -> ExtractedField:
    said = ", ".join(address.parts)
    box = readings[place.page].transform.scan_box(place.box)
    sure = min(_SURE - 1, place.confidence)
    return ExtractedField(name, said, value, sure, place.page, box, must_confirm=True, source="units.address")


def _held(
    field: ExtractedField, address: _Address, areas: Areas, day: date | None, text: Stream
) -> ExtractedField | None:
    """Return the address after comparison with the tree; None where the tree can say nothing of it."""
    province = spelt(address.province)
    there = [one for one in areas.named(province, address.commune) if _was(one, day)]
    listed = None if there else areas.near(province, address.commune)
    spelling = {address.commune: respelt(address.commune, listed)} if listed else {}
    last = address.parts[-1]
    if spelt(last) != province and len(last.split()) == len(province):
        spelling[last] = respelt(last, address.province)
    if listed or spelling:
        value = ", ".join(spelling.get(part, part) for part in address.parts)
        if not listed or not all(spelt_so(new, text.text) for new in spelling.values()):
            return proposed(field, value, _LIST)
        field, there = replace(field, value=value), [one for one in areas.communes(province) if one.name == listed]
    if there and _in_district(there, address.district, areas):
        return _found(field)
    whole = sum(one.on(day) for one in areas.communes(province)) >= settings().whole_from
    return contradicted(field, _LIST) if there or whole else None


def _found(field: ExtractedField) -> ExtractedField:
    """Return an address whose province and commune stand in the tree: what stands before them was only read."""
    if field.confidence < 100 * _READ:
        return replace(field, must_confirm=False)
    return replace(field, confidence=_FOUND, must_confirm=False, agreed=_LIST)


def _was(area: Area, day: date | None) -> bool:
    """Return whether a place was there by a day: papers name birth places and addresses of earlier years."""
    return area.level == COMMUNE and (day is None or area.since <= day)


def _in_district(there: Sequence[Area], district: str, areas: Areas) -> bool:
    """Return whether one of the communes lies in the district that is named, if one is named and the tree has any."""
    known = [above for one in there if (above := areas.district_of(one)) is not None]
    return not district or not known or any(spelt(above.name) == spelt(district) for above in known)
