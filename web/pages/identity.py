"""Signing in and out through the office's identity provider (decision 0033)."""

from __future__ import annotations

import structlog
from starlette.responses import JSONResponse, Response

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.wording import advice
from pipeline import identities
from pipeline.identities import Identity
from web.identity.flow import SECONDS, Flow, flow_of
from web.identity.provider import CALLBACK, ENDED, Provider
from web.pages.signing_in import let_in, local
from web.rules import Page, Rule, Who
from web.visit import Visit

_FLOW, _OWED = "hososo-sign-in", "hososo-code"
_CODE = "/login/code"
_CODE_SECONDS = 300
_log = structlog.get_logger("hososo")


def begin(visit: Visit) -> Response:
    """Send the browser to the provider."""
    provider = _provider(visit)
    flow = Flow(local(visit.query.get("next", "")))
    try:
        response = visit.go(provider.authorization(flow))
    except HososoError as exc:
        return _refused(visit, exc, flow.goal)
    _keep(visit, response, _FLOW, flow.cookie, SECONDS)
    return response


def come_back(visit: Visit) -> Response:
    """Take the provider's answer: sign in, or ask for the code of the second factor first."""
    provider, flow = _provider(visit), flow_of(visit.carried.get(_name(visit, _FLOW), ""))
    house = visit.house
    try:
        if flow is None:
            raise Rejected(Code.SIGN_IN_OVER, "cookie")
        who = _vouched(provider, visit, flow)
        entered = identities.enter(who, house.services, house.rule)
    except HososoError as exc:
        response = _refused(visit, exc, flow.goal if flow else "/")
    else:
        goal = local(flow.goal)
        if entered.owes_code:
            response = visit.go(f"{_CODE}?next={goal}")
            _keep(visit, response, _OWED, entered.token, _CODE_SECONDS)
        else:
            response = let_in(visit, entered.token, goal)
    _drop(visit, response, _FLOW)
    return response


def ask_code(visit: Visit) -> Response:
    """Ask whoever comes from the provider for the code of the second factor."""
    _provider(visit)
    return visit.page("login_code.html", next=local(visit.query.get("next", "")), told=None)


def give_code(visit: Visit) -> Response:
    """Take the code and sign in."""
    _provider(visit)
    house, goal = visit.house, local(visit.form.get("next", ""))
    owed = visit.carried.get(_name(visit, _OWED), "")
    try:
        token = identities.give_code(owed, visit.form.get("code", ""), house.services, house.rule)
    except HososoError as exc:
        if exc.code is Code.SIGN_IN_OVER:
            return _refused(visit, exc, goal)
        return visit.page("login_code.html", status=401, next=goal, told=advice(exc, house.language))
    response = let_in(visit, token, goal)
    _drop(visit, response, _OWED)
    return response


def leave(visit: Visit) -> Response:
    """Tell that the person is signed out here, and lead to where they sign out of the provider.

    The browser goes there by itself, but not as the answer to a form: forms of this site lead to this site alone.
    """
    address = _provider(visit).signing_out()
    response = visit.page("left.html", address=address)
    if address:
        response.headers["refresh"] = f"0; url={address}"
    return response


def end(visit: Visit) -> Response:
    """Take the provider's word that somebody is signed out there: their sessions through it are over here too."""
    provider = _provider(visit)
    try:
        subject = provider.ended(visit.form.get("logout_token", ""))
    except HososoError as exc:
        _log_seldom(visit, exc)
        return JSONResponse({"error": "invalid_request"}, 503 if isinstance(exc, Unavailable) else 400)
    identities.leave(provider.client.issuer, subject, visit.house.services)
    return Response()


def _vouched(provider: Provider, visit: Visit, flow: Flow) -> Identity:
    """Return whom the provider vouches for; what it says and may not be believed is noted."""
    token = provider.exchanged(visit.query, flow)
    try:
        return provider.identity(token, flow)
    except Rejected as exc:
        identities.note_refused(exc.detail, visit.house.services)
        raise


def _provider(visit: Visit) -> Provider:
    if visit.house.provider is None:
        raise Rejected(Code.PAGE_UNKNOWN)
    return visit.house.provider


def _refused(visit: Visit, exc: HososoError, goal: str) -> Response:
    """Show the sign-in page with what is wrong: a password opens an account whatever becomes of the provider."""
    _log_seldom(visit, exc)
    status = 503 if isinstance(exc, Unavailable) else 401
    return visit.page("login.html", status=status, next=local(goal), told=advice(exc, visit.house.language))


def _log_seldom(visit: Visit, exc: HososoError) -> None:
    """Log what went wrong, the same once in ten minutes: strangers can bring it about as often as they like."""
    if not visit.house.noted.again("identity provider", visit.path, exc.code, exc.detail):
        _log.warning("identity provider", page=visit.path, code=exc.code.value, detail=exc.detail)


def _name(visit: Visit, name: str) -> str:
    """Return the name of a cookie; over TLS one that no other host can have set (`__Host-`)."""
    return f"__Host-{name}" if visit.house.secure else name


def _keep(visit: Visit, response: Response, name: str, value: str, seconds: int) -> None:
    # Lax, not strict: the provider sends the browser back from another site.
    response.set_cookie(
        _name(visit, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=visit.house.secure,
    )


def _drop(visit: Visit, response: Response, name: str) -> None:
    response.delete_cookie(_name(visit, name), path="/", httponly=True, samesite="lax", secure=visit.house.secure)


_ANYBODY = Rule(who=Who.ANYBODY)
PAGES = (
    Page("GET", "/login/provider", _ANYBODY, begin),
    Page("GET", CALLBACK, _ANYBODY, come_back),
    Page("GET", _CODE, _ANYBODY, ask_code),
    Page("POST", _CODE, _ANYBODY, give_code),
    Page("GET", "/login/left", _ANYBODY, leave),
    Page("POST", ENDED, _ANYBODY, end),
)
