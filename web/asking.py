"""The question of a page on figures: from its address, in its form, and in the addresses that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from catalog import Transaction, facts
from dossier.errors import Code, HososoError, Rejected
from dossier.register import VIETNAM
from dossier.wording import advice
from pipeline.questions import Answerable, Asked, answerable, scope_of
from pipeline.referring import reference
from reports.grouping import Seen
from reports.period import Counting
from reports.view import Base
from web.visit import Visit

_NAMES = ("period", "counting", "base", "unit", "seen")
_COUNTINGS = (Counting.CALENDAR, Counting.ADMINISTRATIVE)
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form of a question offers, and what of it is chosen; units by code and name."""

    period: str
    asked: Asked
    countings: tuple[Counting, ...]
    bases: tuple[Base, ...]
    units: list[tuple[str, str]]
    seen: tuple[Seen, ...]


def asked_of(visit: Visit) -> Asked:
    """Return what the address asks.

    Raises:
        Rejected(REQUEST_INVALID): It asks in words that the form does not have.
    """
    query = visit.query
    try:
        return Asked(
            period=_typed(visit, "period"),
            counting=Counting(query.get("counting") or Counting.CALENDAR),
            base=Base(query.get("base") or Base.B1),
            unit=_typed(visit, "unit"),
            seen=Seen(query.get("seen") or Seen.HISTORIC),
        )
    except ValueError as exc:
        raise Rejected(Code.REQUEST_INVALID, "question") from exc


def question(tx: Transaction, visit: Visit) -> Answerable:
    """Return what the address asks with all that it takes to answer it, over the dossiers of the account."""
    house = visit.house
    return answerable(tx, house.services, asked_of(visit), house.agency, demo=house.demo, own=visit.someone())


def choice(tx: Transaction, visit: Visit) -> Choice:
    """Return what the form offers: the units that dossiers of the account's are registered in."""
    services = visit.house.services
    tree, at = reference(tx, services).units, services.clock()
    scope = scope_of(tx, visit.someone(), tree, at)
    labels = facts.units(tx) if scope.units is None else facts.units(tx) & scope.units
    day = at.astimezone(VIETNAM).date()
    named = [(code, f"{code} {tree.name(code, day)}") for code in sorted(labels - {""})]
    try:
        asked = asked_of(visit)
    except Rejected:
        asked = Asked()
    return Choice(_typed(visit, "period"), asked, _COUNTINGS, tuple(Base), named, tuple(Seen))


def ask_again(visit: Visit, exc: HososoError) -> Response:
    """Return the form of a question that has no answer, with what is wrong."""
    with visit.house.services.catalogue.read() as tx:
        offered = choice(tx, visit)
    return visit.page("unanswered.html", status=422, choice=offered, told=advice(exc, visit.house.language), by=None)


def carried(visit: Visit, **more: str) -> str:
    """Return the question as the end of an address, `?…`, changed by other parameters; empty where nothing is asked."""
    own = {name: _typed(visit, name) for name in _NAMES}
    pairs = {name: value for name, value in (own | more).items() if value}
    return f"?{urlencode(pairs)}" if pairs else ""


def _typed(visit: Visit, name: str) -> str:
    return visit.query.get(name, "").strip()[:_LONGEST]
