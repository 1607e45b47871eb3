"""Separator sheets for those who scan: of one dossier, one of its components, or all that came in on a day."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from dossier.register import VIETNAM
from dossier.wording import advice
from pipeline import handing_over
from pipeline.separating import SheetsWanted, print_sheets, received_on
from web.attachment import TYPES, attachment
from web.rules import Page, Rule, Subject
from web.visit import Visit


def ask(visit: Visit) -> Response:
    """Show where a day is chosen, and how many dossiers came in on it."""
    asked = visit.query.get("day", "")
    try:
        day = _day(visit)
    except HososoError as exc:
        told = advice(exc, visit.house.language)
        return visit.page("separators.html", status=422, told=told, day=asked, count=None)
    return visit.page("separators.html", told=None, day=day.isoformat(), count=len(_received(visit, day)))


def of_day(visit: Visit) -> Response:
    """Give the sheets of all dossiers that were received on a day."""
    day = _day(visit)
    codes = _received(visit, day)
    if not codes:
        return ask(visit)
    wanted = SheetsWanted(codes, every_component=visit.query.get("parts") == "on")
    return _given(wanted, f"to-phan-cach-{day.isoformat()}.pdf", visit)


def of_dossier(visit: Visit) -> Response:
    """Give the sheets of a dossier: one for it and each of its components, or the one that is asked for."""
    code = handing_over.checked_code(visit.code, visit.someone(), visit.house.services).normal
    component = visit.query.get("component", "")
    wanted = SheetsWanted((code,), (component,) if component else (), every_component=not component)
    return _given(wanted, f"to-phan-cach-{code}.pdf", visit)


def _given(wanted: SheetsWanted, name: str, visit: Visit) -> Response:
    data, _ = print_sheets(wanted, visit.house.services, demo=visit.house.demo)
    return attachment(data, name, TYPES["pdf"])


def _received(visit: Visit, day: date) -> list[str]:
    return received_on(day, visit.someone().units, visit.house.services)


def _day(visit: Visit) -> date:
    """Return the day that is asked for; today where none is."""
    asked = visit.query.get("day", "")
    if not asked:
        return visit.house.services.clock().astimezone(VIETNAM).date()
    try:
        return date.fromisoformat(asked)
    except ValueError as exc:
        raise Rejected(Code.REQUEST_INVALID, "no day", subject="day") from exc


_UPLOAD = Permission.UPLOAD
PAGES = (
    Page("GET", "/separators", Rule(_UPLOAD), ask),
    Page("GET", "/separators/day.pdf", Rule(_UPLOAD, noted="separators.print"), of_day),
    Page(
        "GET",
        "/counter/{code}/separators.pdf",
        Rule(_UPLOAD, Subject.CODE, "separators.print", seldom=True),
        of_dossier,
    ),
)
