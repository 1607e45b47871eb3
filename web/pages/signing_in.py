"""Signing in and out, and choosing a password."""

from __future__ import annotations

import re

from starlette.responses import Response

from catalog import identities
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from dossier.wording import advice
from pipeline import people
from web.guard import SESSION_COOKIE
from web.rules import Page, Rule, Who
from web.visit import Visit

_HERE = re.compile(r"/[A-Za-z0-9._/-]*")
_SIGNING_IN = ("/login", "/logout")
_ANYBODY, _SIGNED_IN = Rule(who=Who.ANYBODY), Rule(who=Who.SIGNED_IN)


def ask(visit: Visit) -> Response:
    """Show the form."""
    return visit.page("login.html", next=local(visit.query.get("next", "")), told=None)


def sign_in(visit: Visit) -> Response:
    """Sign in and go on to the page that was asked for."""
    form, house = visit.form, visit.house
    goal = local(form.get("next", ""))
    try:
        token, own = people.sign_in(
            form.get("login", ""), form.get("password", ""), form.get("code", ""), house.services, house.rule
        )
    except HososoError as exc:
        told = advice(exc, house.language)
        return visit.page("login.html", status=401, next=goal, told=told)
    return let_in(visit, token, "/password" if own.must_change else goal)


def let_in(visit: Visit, token: str, goal: str) -> Response:
    """Give the browser the cookie of its session, and send it on."""
    response = visit.go(goal)
    age = int(visit.house.rule.longest.total_seconds())
    response.set_cookie(
        SESSION_COOKIE, token, max_age=age, path="/", httponly=True, samesite="lax", secure=visit.house.secure
    )
    return response


def sign_out(visit: Visit) -> Response:
    """End the session; whoever came through the identity provider is led to where they sign out there."""
    session, house = visit.session, visit.house
    if session is not None:
        people.sign_out(session, house.services)
    through = session is not None and session.provider and house.provider is not None
    response = visit.go("/login/left" if through else "/login")
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=house.secure)
    return response


def home(visit: Visit) -> Response:
    """Go to what the person works with."""
    return visit.go(_first(visit))


def ask_password(visit: Visit) -> Response:
    """Show how the person signs in, and the form for another password."""
    return _own_page(visit)


def change_password(visit: Visit) -> Response:
    """Set another password, whoever knows the present one."""
    own, house = visit.someone(), visit.house
    try:
        if visit.form.get("new", "") != visit.form.get("again", "") or visit.form.get("new") == visit.form.get("old"):
            raise Rejected(Code.PASSWORD_WEAK, "differ")
        people.check_password(own, visit.form.get("old", ""), house.services)
        keep = visit.session.token_sha256 if visit.session else ""
        people.set_password(own, visit.form.get("new", ""), own.id, house.services, keep=keep)
    except HososoError as exc:
        return _own_page(visit, 422, advice(exc, house.language))
    return visit.go(_first(visit))


def _own_page(visit: Visit, status: int = 200, told: object = None) -> Response:
    with visit.house.services.catalogue.read() as tx:
        entry = identities.of(tx, visit.someone().id)
    return visit.page("password.html", status=status, told=told, entry=entry)


def _first(visit: Visit) -> str:
    own = visit.someone()
    for permission, address in ((Permission.SEARCH, "/search"), (Permission.REPORT, "/dashboard")):
        if own.may(permission):
            return address
    return "/accounts"


def local(address: str) -> str:
    """Return an address of this site, the first page for any other."""
    fits = _HERE.fullmatch(address) and not address.startswith("//") and not address.startswith(_SIGNING_IN)
    return address if fits else "/"


PAGES = (
    Page("GET", "/login", _ANYBODY, ask),
    Page("POST", "/login", _ANYBODY, sign_in),
    Page("POST", "/logout", _SIGNED_IN, sign_out),
    Page("GET", "/", _SIGNED_IN, home),
    Page("GET", "/password", _SIGNED_IN, ask_password),
    Page("POST", "/password", _SIGNED_IN, change_password),
)
