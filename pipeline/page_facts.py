"""What a document is found by beside its words: from its fields, the register, the store room and its signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from catalog import Transaction, paper_places, register_rows, renditions
from dossier.codes import parse_code
from dossier.model import Document, FieldValue
from dossier.register import VIETNAM, RegisterEntry
from search.filters import Facts, SignatureState, day_number

_NUMBER, _SYMBOL = "so", "ky_hieu"
_DATED = ("ngay_ban_hanh", "ngay_lap")
_ISSUERS = ("co_quan",)
_PEOPLE = ("ho_ten", "ho_ten_2", "ben_a", "ben_b", "ten_ho", "nguoi_ky")
_IDENTITIES = ("so_dinh_danh", "so_dinh_danh_2", "so_cmnd")
_IDENTITY = re.compile(r"(?<!\d)0\d{11}(?!\d)", re.ASCII)
_MOST_IDENTITIES = 1000
_PARCELS, _SHEETS = ("so_thua",), ("so_to_ban_do",)


def page_facts(tx: Transaction, document: Document, values: Sequence[FieldValue], texts: Sequence[str] = ()) -> Facts:
    """Return the facts of a document, as fields, register and lists of papers have them now.

    Identity numbers are those of its texts too: not every kind of paper has a field for each.
    """
    row = register_rows.find(tx, document.code)
    place = paper_places.of_codes(tx, [document.code]).get(document.code)
    dated = _day_of(values)
    return Facts(
        numbers=tuple(_numbers(values, dated)),
        dated=day_number(dated) if dated else 0,
        issuers=_of(values, _ISSUERS),
        people=(*_of(values, _PEOPLE), *([row.applicant] if row and row.applicant else ())),
        identities=tuple(_identities(values, row, texts)),
        parcels=_of(values, _PARCELS),
        sheets=_of(values, _SHEETS),
        field=row.field if row else "",
        procedure=row.procedure if row else "",
        box=place.box if place else "",
        file_number=place.number if place else "",
        received=_received(document.code, row),
        signature=_signature(tx, document.id).value,
    )


def _of(values: Sequence[FieldValue], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.value for value in values if value.name in names and value.value)


def _day_of(values: Sequence[FieldValue]) -> date | None:
    """Return the day of a document: when it was issued, else when it was made out."""
    for name in _DATED:
        for text in _of(values, (name,)):
            try:
                return date.fromisoformat(text)
            except ValueError:
                continue
    return None


def _numbers(values: Sequence[FieldValue], dated: date | None) -> Iterator[str]:
    """Yield number and symbol, each alone and both together, with the year between them as some offices write it."""
    numbers, symbols = _of(values, (_NUMBER,)), _of(values, (_SYMBOL,))
    yield from (*numbers, *symbols)
    for number in numbers:
        yield from (f"{number}/{symbol}" for symbol in symbols)
        if dated:
            yield from (f"{number}/{dated.year}/{symbol}" for symbol in symbols)
        if "/" in number:
            yield number.partition("/")[0]


def _identities(values: Sequence[FieldValue], row: RegisterEntry | None, texts: Sequence[str]) -> Iterator[str]:
    yield from _of(values, _IDENTITIES)
    if row is not None and row.applicant_id:
        yield row.applicant_id
    yield from islice((number for text in texts for number in _IDENTITY.findall(text)), _MOST_IDENTITIES)


def _received(code: str, row: RegisterEntry | None) -> int:
    """Return the day of reception that the register has, else that of the code."""
    if row is not None and row.received_at is not None:
        return day_number(row.received_at.astimezone(VIETNAM).date())
    parsed = parse_code(code)
    return day_number(parsed.received) if parsed else 0


def _signature(tx: Transaction, document_id: str) -> SignatureState:
    final = renditions.final(tx, document_id)
    if final is None or final.facts is None:
        return SignatureState.UNSIGNED
    if final.facts.development:
        return SignatureState.DEVELOPMENT
    known = final.facts.verdict in set(SignatureState)
    return SignatureState(final.facts.verdict) if known else SignatureState.INDETERMINATE
