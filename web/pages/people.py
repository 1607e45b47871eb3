"""Accounts, for administrators."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starlette.responses import Response

from catalog import accounts, identities
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Account, Permission, Role
from dossier.register import VIETNAM
from dossier.wording import advice, say
from pipeline import identities as provider_accounts
from pipeline import people
from web.rules import Page, Rule
from web.visit import Visit


def show(visit: Visit, told: object = None, status: int = 200) -> Response:
    """Show all accounts, and the form for a new one."""
    with visit.house.services.catalogue.read() as tx:
        found, entries = accounts.every(tx), identities.every(tx)
    return visit.page(
        "accounts.html",
        status=status,
        accounts=found,
        entries=entries,
        told=told,
        roles=list(Role),
        role_name=role_name(visit),
    )


def add(visit: Visit) -> Response:
    """Make an account: with a first password, or one that is entered through the identity provider."""
    form, actor, services = visit.form, visit.someone().id, visit.house.services
    try:
        made = Account(
            "", form.get("login", ""), _name(form.get("name", "")), _roles(visit), _units(visit), _until(visit)
        )
        name = form.get("provider", "") if visit.house.provider else ""
        if name:
            provider_accounts.create(made, name, form.get("password", ""), actor, services)
        else:
            people.create(made, form.get("password", ""), actor, services)
    except HososoError as exc:
        return show(visit, advice(exc, visit.house.language), 422)
    return visit.go("/accounts")


def change(visit: Visit) -> Response:
    """Change roles, units and end of an account, shut it or open it, or set another password."""
    services, actor = visit.house.services, visit.someone().id
    try:
        own = _another(visit)
        if visit.form.get("password"):
            people.set_password(own, visit.form["password"], actor, services)
        else:
            shut = visit.form.get("shut") == "on"
            changed = replace(own, roles=_roles(visit), units=_units(visit), until=_until(visit), disabled=shut)
            people.change(changed, actor, services)
    except HososoError as exc:
        return show(visit, advice(exc, visit.house.language), 422)
    return visit.go("/accounts")


def change_provider(visit: Visit) -> Response:
    """Change how an account is entered through the identity provider; without a name it is not any more."""
    services, actor, form = visit.house.services, visit.someone().id, visit.form
    try:
        own = _another(visit)
        if not form.get("name", "").strip():
            provider_accounts.forbid(own, actor, services)
        else:
            provider_accounts.allow(own, form["name"], actor, services, only=form.get("only") == "on")
            if form.get("release") == "on":
                provider_accounts.release(own, actor, services)
    except HososoError as exc:
        return show(visit, advice(exc, visit.house.language), 422)
    return visit.go("/accounts")


def role_name(visit: Visit) -> dict[Role, str]:
    """Return what people call the roles."""
    return {role: say(f"people_roles.{role}", visit.house.language) for role in Role}


def _another(visit: Visit) -> Account:
    """Return the account that the address names; nobody changes what they themselves may do."""
    own = people.known_account(visit.parameters["login"], visit.house.services)
    if own.id == visit.someone().id:
        raise Rejected(Code.NOT_ALLOWED, "an account does not change itself")
    return own


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


_ACCOUNTS = Rule(Permission.ACCOUNTS)
PAGES = (
    Page("GET", "/accounts", _ACCOUNTS, show),
    Page("POST", "/accounts", _ACCOUNTS, add),
    Page("POST", "/accounts/{login}", _ACCOUNTS, change),
    Page("POST", "/accounts/{login}/provider", _ACCOUNTS, change_provider),
)
