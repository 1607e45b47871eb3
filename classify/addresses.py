"""In which commune and province people live and were born, taken from a paper by the dated unit tree.

A place is taken only where the tree knows its province and its commune, or one that it must be a slip of: a line
behind "địa chỉ" may say anything, "xã Đông Liễu, tỉnh Hải Lâm" says where. House, street and hamlet are in no tree:
they stay in the reading beside the value (`raw`). Without a tree nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify.areas import COMMUNE, Area, Areas
from classify.extracted import ExtractedField
from classify.naming import nearest, respelt, spelt, spelt_so
from classify.paper import Paper
from classify.proofs import settings
from classify.stream import Place, Stream
from classify.verdicts import agreed, contradicted, proposed
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
_LEAST_READ, _MOST_READ = 70.0, 89.0


@dataclass(frozen=True, slots=True)
class _Address:
    """An address from the commune up as it was read, and what its province is called in the tree."""

    commune: str
    district: str
    province: str
    listed: str

    def spelt(self, commune: str, province: str) -> str:
        """Return the address with a commune and a province in these spellings."""
        return ", ".join(part for part in (commune, self.district, province) if part)


def addresses(paper: Paper, areas: Areas, day: date | None) -> tuple[ExtractedField, ...]:
    """Return the addresses of a paper that the tree of its day knows.

    Args:
        paper: The document's pages.
        areas: The unit tree; with an empty one nothing is found.
        day: Of the paper, None where none was read.

    Returns:
        Fields `noi_sinh`, `que_quan`, `noi_cu_tru` (commune, district where the paper has one, province), each value
        once. One whose commune lay in its province, and in its district, on a day up to the paper's needs no person; a
        slip gets the tree's spelling and waits, unless the paper has that spelling elsewhere; one that the tree,
        listing the province whole, does not have waits.
    """
    if not areas:
        return ()
    text, readings = paper.stream, paper.readings
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
            return _Address(commune, district, _cut(part, province), province)
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
    said = address.spelt(address.commune, address.province)
    box = readings[place.page].transform.scan_box(place.box)
    sure = min(_MOST_READ, place.confidence)
    return ExtractedField(name, said, value, sure, place.page, box, must_confirm=True, source="units.address")


def _held(
    field: ExtractedField, address: _Address, areas: Areas, day: date | None, text: Stream
) -> ExtractedField | None:
    """Return the address after comparison with the tree; None where the tree can say nothing of it."""
    province = spelt(address.listed)
    there = [one for one in areas.named(province, address.commune) if _was(one, day)]
    listed = "" if there else areas.near(province, address.commune)
    commune = respelt(address.commune, listed) if listed else address.commune
    above = address.province
    if spelt(above) != province and len(above.split()) == len(province):
        above = respelt(above, address.listed)
    mended = [new for new, was in ((commune, address.commune), (above, address.province)) if new != was]
    told = replace(field, value=address.spelt(commune, above))
    if mended and not all(spelt_so(new, text.text) for new in mended):
        return proposed(field, told.value, _LIST)
    if listed:
        there = [one for one in areas.named(province, listed) if _was(one, day)]
    return _placed(told, there, address, areas, day)


def _placed(
    field: ExtractedField, there: Sequence[Area], address: _Address, areas: Areas, day: date | None
) -> ExtractedField | None:
    """Return an address, its names spelt as in the tree, by whether the tree has the commune there."""
    districts = [above for one in there if (above := areas.district_of(one)) is not None]
    if there and address.district and not districts:
        return None  # the tree has no districts of that time
    if there and (not address.district or any(spelt(one.name) == spelt(address.district) for one in districts)):
        return agreed(field, _LIST) if field.confidence >= _LEAST_READ else field
    if there:
        known = {spelt(one.name): one.name for one in districts if len(spelt(one.name)) == len(spelt(address.district))}
        near = nearest(spelt(address.district), known)
        if near is None:
            return contradicted(field, _LIST)
        return proposed(field, field.value.replace(address.district, respelt(address.district, near)), _LIST)
    whole = sum(one.on(day) for one in areas.communes(spelt(address.listed))) >= settings().whole_from
    return contradicted(field, _LIST) if whole else None


def _was(area: Area, day: date | None) -> bool:
    """Return whether a place was there by a day: papers name birth places and addresses of earlier years."""
    return area.level == COMMUNE and (day is None or area.since <= day)
