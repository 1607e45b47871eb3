"""Searching: what a person asks for in words and filters within what may be seen, and what it is counted by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from catalog import intakes
from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from pipeline.referring import reference
from pipeline.scope import labels_within
from pipeline.services import Services
from registers.reference_data import Reference
from registers.units import unit_of
from reports.period import Counting, parse_period
from search.filters import Filters, plain
from search.nearness import find
from search.port import Counts, Hits
from search.query import Query, parse_query

_DAYS = ("%Y-%m-%d", "%d/%m/%Y")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_AS_THEY_ARE = (
    *("kind", "code", "number", "issuer", "person", "identity", "parcel", "sheet", "field", "procedure", "box"),
    *("locator", "signature"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks for, each part as typed; empty parts ask for nothing.

    Attributes:
        words: As `search.query.parse_query` understands them.
        kind: Code of a document kind.
        unit: Code of a unit: its dossiers and those of units below it.
        seen: `present`: units that have ended count under those that took their place; `historic`: where they stood.
        fonds: Who keeps the archive of a unit, as the reference data names it.
        year: Year of reception.
        code: Mã hồ sơ.
        number: Number and symbol of the document, or one of them.
        issuer: Words of the issuer's name.
        person: Words of a person's name.
        identity: Identity number.
        parcel: Number of a parcel.
        sheet: Number of a map sheet.
        field: Field of the procedure.
        procedure: Code of the procedure.
        box: The box, as the list of the store room names it.
        locator: Words in a row of where the papers lie.
        dated_from: First day of the document, `2026-03-31` or `31/03/2026`.
        dated_to: Last day of the document.
        period: Period of reception, as reports have them: `2026-Q1`.
        counting: How the period is counted: `calendar` or `administrative`.
        signature: State of the signatures.
        near: `1`: words may be misread, although some page has them as they are typed.
    """

    words: str = ""
    kind: str = ""
    unit: str = ""
    seen: str = "present"
    fonds: str = ""
    year: str = ""
    code: str = ""
    number: str = ""
    issuer: str = ""
    person: str = ""
    identity: str = ""
    parcel: str = ""
    sheet: str = ""
    field: str = ""
    procedure: str = ""
    box: str = ""
    locator: str = ""
    dated_from: str = ""
    dated_to: str = ""
    period: str = ""
    counting: str = "calendar"
    signature: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        hits: One page of hits, and how many there are in all.
        query: What was asked of the index; its `widened` words may have been misread, pages may be `lacking` one.
    """

    hits: Hits
    query: Query


def search(wanted: Wanted, units: frozenset[str] | None, services: Services, limit: int, offset: int = 0) -> Answer:
    """Return what is found; where nothing is, words may have been misread (`search.nearness.find`).

    Args:
        wanted: What is asked for.
        units: Labels of units whose dossiers may be seen; None: all.
        services: Of this process.
        limit: Hits at once.
        offset: Hits before them.

    Raises:
        Rejected: QUERY_INVALID, KIND_UNKNOWN, UNIT_UNKNOWN, FONDS_UNKNOWN, PERIOD_INVALID.
    """
    query = asked(wanted, units, services)
    return Answer(*find(query, services.index, limit, offset, near=wanted.near == "1"))


def asked(wanted: Wanted, units: frozenset[str] | None, services: Services) -> Query:
    """Return what is asked of the index; raises as `search`."""
    if wanted.kind and wanted.kind not in services.rules.kinds:
        raise Rejected(Code.KIND_UNKNOWN)
    if wanted.seen not in ("present", "historic"):
        raise Rejected(Code.QUERY_INVALID, "seen")
    received = (None, None) if not wanted.period else _period(wanted)
    filters = Filters(
        units=_labels(wanted, units, services) if wanted.unit or wanted.fonds else None,
        year=_year(wanted.year),
        dated_from=_day(wanted.dated_from),
        dated_to=_day(wanted.dated_to),
        received_from=received[0],
        received_to=received[1],
        **{name: getattr(wanted, name).strip() for name in _AS_THEY_ARE},
    )
    return replace(parse_query(wanted.words.strip(), filters), units=units)


def counted(query: Query, services: Services) -> Counts:
    """Return by what the hits are counted; units are those of today, each with all that counts under it."""
    counts = services.index.facets(query)
    today = services.clock().astimezone(VIETNAM).date()
    with services.catalogue.read() as tx:
        known = reference(tx, services)
    labels = dict(counts["unit"])
    tops = {known.units.present(_nearest(label, known), today) for label in labels}
    within = {top: labels_within(labels, (top,), known.units, today) for top in tops}
    units = [(top, sum(labels[label] for label in under)) for top, under in within.items()]
    return {**counts, "unit": tuple(sorted(units, key=lambda one: (-one[1], one[0])))}


def choices(units: frozenset[str] | None, services: Services) -> tuple[list[str], list[str]]:
    """Return the codes of units, present and ended, and the fonds that whoever may see some units can choose."""
    with services.catalogue.read() as tx:
        labels, known = intakes.units(tx), reference(tx, services)
    mine = [label for label in labels if units is None or label in units]
    found, fonds = set(mine), set()
    for label in mine:
        own = known.units.last.get(_nearest(label, known))
        while own is not None and own.code not in found:
            found.add(own.code)
            own = known.units.last.get(own.parent)
    today = services.clock().astimezone(VIETNAM).date()
    found |= {known.units.present(code, today) for code in list(found)}
    fonds = {unit.fonds for code in found if (unit := known.units.last.get(code)) and unit.fonds}
    return sorted(found), sorted(fonds)


def _labels(wanted: Wanted, units: frozenset[str] | None, services: Services) -> frozenset[str]:
    """Return the labels of the units and the fonds that are asked for, among those that may be seen."""
    today = services.clock().astimezone(VIETNAM).date()
    with services.catalogue.read() as tx:
        every, known = intakes.units(tx), reference(tx, services)
    mine = frozenset(label for label in every if units is None or label in units)
    if wanted.unit:
        if wanted.unit not in known.units.last and wanted.unit not in mine:
            raise Rejected(Code.UNIT_UNKNOWN)
        mine = labels_within(mine, (wanted.unit,), known.units, today, present=wanted.seen == "present")
    return mine if not wanted.fonds else mine & _of_fonds(mine, wanted.fonds, known)


def _of_fonds(labels: Iterable[str], fonds: str, known: Reference) -> frozenset[str]:
    """Return the labels of units whose archive somebody keeps."""
    last = known.units.last
    if plain(fonds) not in {plain(unit.fonds) for unit in last.values() if unit.fonds}:
        raise Rejected(Code.FONDS_UNKNOWN)
    owners = {label: unit_of(label, last) for label in labels}
    return frozenset(label for label, unit in owners.items() if unit and plain(unit.fonds) == plain(fonds))


def _nearest(label: str, known: Reference) -> str:
    unit = unit_of(label, known.units.last)
    return unit.code if unit is not None else label


def _period(wanted: Wanted) -> tuple[date, date]:
    if wanted.counting not in (Counting.CALENDAR, Counting.ADMINISTRATIVE):
        raise Rejected(Code.QUERY_INVALID, "counting")
    found = parse_period(wanted.period, Counting(wanted.counting))
    return found.start, found.end


def _year(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text[:5]) <= _LAST_YEAR):
        raise Rejected(Code.QUERY_INVALID, "year")
    return int(text)


def _day(text: str) -> date | None:
    for form in _DAYS if text.strip() else ():
        try:
            return datetime.strptime(text.strip()[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if text.strip():
        raise Rejected(Code.QUERY_INVALID, "day")
    return None
