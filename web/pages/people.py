"""Accounts for administrators, and the access log for whoever watches over all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from starlette.responses import Response, StreamingResponse

from catalog import access, accounts
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Account, Permission, Role
from dossier.register import VIETNAM
from dossier.wording import advice, say
from pipeline import people
from web.rules import Page, Rule
from web.visit import Visit

_AT_ONCE = 100


def show(visit: Visit, told: object = None, status: int = 200) -> Response:
    """Show all accounts, and the form for a new one."""
    with visit.house.services.catalogue.read() as tx:
        found = accounts.every(tx)
    return visit.page(
        "accounts.html", status=status, accounts=found, told=told, roles=list(Role), role_name=role_name(visit)
    )


def add(visit: Visit) -> Response:
    """Make an account."""
    form = visit.form
    try:
        made = Account(
            "", form.get("login", ""), _name(form.get("name", "")), _roles(visit), _units(visit), _until(visit)
        )
        people.create(made, form.get("password", ""), visit.someone().id, visit.house.services)
    except HososoError as exc:
        return show(visit, advice(exc, visit.house.language), 422)
    return visit.go("/accounts")


def change(visit: Visit) -> Response:
    """Change roles, units and end of an account, shut it or open it, or set another password."""
    services, actor = visit.house.services, visit.someone().id
    try:
        own = people.known_account(visit.parameters["login"], services)
        if own.id == actor:
            raise Rejected(Code.NOT_ALLOWED, "an account does not change itself")
        if visit.form.get("password"):
            people.set_password(own, visit.form["password"], actor, services)
        else:
            shut = visit.form.get("shut") == "on"
            changed = replace(own, roles=_roles(visit), units=_units(visit), until=_until(visit), disabled=shut)
            people.change(changed, actor, services)
    except HososoError as exc:
        return show(visit, advice(exc, visit.house.language), 422)
    return visit.go("/accounts")


def log(visit: Visit) -> Response:
    """Show the newest lines of the access log."""
    before = visit.number("before", 0, 1 << 40)
    with visit.house.services.catalogue.read() as tx:
        lines = access.newest(tx, _AT_ONCE, before or None)
        named = {each.id: each.name for each in accounts.every(tx)}
    return visit.page("access.html", lines=lines, named=named, checked=None)


def check(visit: Visit) -> Response:
    """Check the chain of the access log and tell."""
    with visit.house.services.catalogue.read() as tx:
        lines = access.newest(tx, _AT_ONCE)
        named = {each.id: each.name for each in accounts.every(tx)}
        checked = access.check(tx)
    return visit.page("access.html", lines=lines, named=named, checked=checked)


def export(visit: Visit) -> Response:
    """Give the whole access log, one JSON object a line, each with its digest."""
    headers = {"content-disposition": 'attachment; filename="access-log.jsonl"'}
    return StreamingResponse(_exported(visit), media_type="application/jsonl", headers=headers)


def role_name(visit: Visit) -> dict[Role, str]:
    """Return what people call the roles."""
    return {role: say(f"people_roles.{role}", visit.house.language) for role in Role}


def _exported(visit: Visit) -> Iterator[str]:
    with visit.house.services.catalogue.read() as tx:
        for line in access.lines(tx):
            yield json.dumps(access.as_hashed(line), ensure_ascii=False, sort_keys=True) + "\n"


def _roles(visit: Visit) -> frozenset[Role]:
    return frozenset(role for role in Role if visit.form.get(f"role-{role}") == "on")


def _units(visit: Visit) -> frozenset[str] | None:
    return frozenset(visit.form.get("units", "").replace(",", " ").split()) or None


def _until(visit: Visit) -> datetime | None:
    text = visit.form.get("until", "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM) if text else None
    except ValueError:
        raise Rejected(Code.REQUEST_INVALID, "until") from None


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 100:  # noqa: PLR2004
        raise Rejected(Code.REQUEST_INVALID, "name")
    return name


_ACCOUNTS, _LOG = Rule(Permission.ACCOUNTS), Permission.ACCESS_LOG
PAGES = (
    Page("GET", "/accounts", _ACCOUNTS, show),
    Page("POST", "/accounts", _ACCOUNTS, add),
    Page("POST", "/accounts/{login}", _ACCOUNTS, change),
    Page("GET", "/access-log", Rule(_LOG, noted="access_log.view"), log),
    Page("GET", "/access-log/check", Rule(_LOG, noted="access_log.check"), check),
    Page("GET", "/access-log.jsonl", Rule(_LOG, noted="access_log.export"), export),
)
