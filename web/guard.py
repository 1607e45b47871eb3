"""The guard at every page: who asks, whether they may, whether the form is ours; and what is noted of it.

Whatever a page raises becomes an answer here: an error of ours with its code, cause and cure, anything else a page that
says no more than that something went wrong.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalog import access, documents, hand_overs, intakes, lots, uses
from catalog.uses import Grant
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.handing_over import HandOver
from dossier.people import Permission
from dossier.wording import advice
from pipeline import handing_over, people
from pipeline.scope import may_see_stack, units_of
from web.house import House
from web.multipart import FORM, FormFile, form_of
from web.rules import Page, Subject, Who
from web.visit import Visit, opened_by

SESSION_COOKIE = "hososo-session"
CSRF_FIELD = "csrf"
_MOST_FORM = 64 << 10
_MOST_FIELDS = 100
_STATUS = {
    Code.PAGE_UNKNOWN: 404,
    Code.DOSSIER_UNKNOWN: 404,
    Code.NOT_ALLOWED: 403,
    Code.SESSION_OVER: 401,
    Code.LOGIN_REFUSED: 401,
    Code.REQUEST_INVALID: 400,
    Code.QUERY_INVALID: 400,
    Code.BUG: 500,
}
_CHANGE_PASSWORD = "/password"  # noqa: S105 - an address
_BEFORE_CHANGE = (_CHANGE_PASSWORD, "/logout")
_log = structlog.get_logger("hososo")


@dataclass(frozen=True, slots=True)
class Guard:
    """Answers requests for one page."""

    house: House
    page: Page

    async def respond(self, request: Request) -> Response:
        """Answer a request."""
        if self.page.takes_files and request.headers.get("content-type", "").startswith(FORM):
            return await self._respond_to_files(request)
        form: dict[str, str] = {}
        refused: Rejected | None = None
        try:
            form = await _form(request) if self.page.method == "POST" else form
        except Rejected as exc:
            refused = exc
        return await run_in_threadpool(self._answer, request, form, refused)

    async def _respond_to_files(self, request: Request) -> Response:
        """Answer a form with files: who may not send any is told before a byte of them is taken."""
        sent = await run_in_threadpool(self._kept_out, request)
        if sent is not None:
            return sent
        services = self.house.services
        try:
            async with form_of(request, services.spool, services.limits.max_file_bytes) as (form, files):
                return await run_in_threadpool(self._answer, request, form, None, files)
        except HososoError as exc:
            return await run_in_threadpool(self._answer, request, {}, exc)

    def _kept_out(self, request: Request) -> Response | None:
        """Return the answer to whoever may not even send the form."""
        visit = _visit(self.house, request, {})
        try:
            visit = self._recognised(visit, request)
            _check_origin(request)
            sent = self._sent_on(visit)
            if sent is None and not self.page.rule.lets_in(visit.account):
                self.note(visit, refused=True)
                raise Rejected(Code.NOT_ALLOWED)
        except HososoError as exc:
            return failed(visit, exc)
        return sent

    def _answer(
        self,
        request: Request,
        form: Mapping[str, str],
        refused: HososoError | None,
        files: tuple[FormFile, ...] = (),
    ) -> Response:
        visit = replace(_visit(self.house, request, form), files=files)
        try:
            visit = self._recognised(visit, request)
            _check_form(refused)
            sent = self._sent_on(visit)
            if sent is not None:
                return sent
            visit = replace(visit, grant=self._grant(visit))
            self._check(visit, request)
            visit = self.found(visit)
            self.note(visit)
            return self.page.answer(visit)
        except HososoError as exc:
            return failed(visit, exc)
        except Exception:  # noqa: BLE001 - the request ends here; people are told no more than that
            _log.exception("page failed", page=self.page.path)
            return failed(visit, Rejected(Code.BUG))

    def _recognised(self, visit: Visit, request: Request) -> Visit:
        """Return the visit with who is signed in."""
        token = request.cookies.get(SESSION_COOKIE, "")
        found = people.signed_in(token, self.house.services, self.house.rule)
        if found is None:
            return visit
        session, own = found
        return replace(visit, session=session, account=own, csrf=csrf_of(token))

    def _sent_on(self, visit: Visit) -> Response | None:
        """Return where somebody is sent first: to sign in, or to choose a password of their own."""
        if self.page.rule.who is Who.ANYBODY:
            return None
        if visit.account is None:
            if self.page.method != "GET":
                raise Rejected(Code.SESSION_OVER)
            return RedirectResponse(f"/login?next={quote(_address(visit))}", status_code=303)
        if visit.account.must_change and visit.path not in _BEFORE_CHANGE:
            return RedirectResponse(_CHANGE_PASSWORD, status_code=303)
        return None

    def _check(self, visit: Visit, request: Request) -> None:
        """Refuse whom the rule does not let in, and forms that are not of this site and session."""
        if self.page.method == "POST":
            _check_origin(request)
            if visit.session is not None and not hmac.compare_digest(visit.form.get(CSRF_FIELD, ""), visit.csrf):
                raise Rejected(Code.REQUEST_INVALID, "csrf")
        if not self.page.rule.lets_in(visit.account) and not self._opened(visit):
            self.note(visit, refused=True)
            raise Rejected(Code.NOT_ALLOWED)

    def _grant(self, visit: Visit) -> Grant | None:
        """Return what was granted to the account of the document that is named; who may not ask has no use of it."""
        if not self.page.rule.by_grant or visit.account is None or not visit.account.may(Permission.ASK):
            return None
        services = self.house.services
        with services.catalogue.read() as tx:
            return uses.live_grant(tx, visit.account.id, visit.parameters[Subject.DOCUMENT], services.clock())

    def _opened(self, visit: Visit) -> bool:
        return self.page.rule.by_grant and opened_by(visit.grant, self.page.rule.permission)

    def found(self, visit: Visit) -> Visit:
        """Return the visit with the units of the account, and what the address names where the account may see it.

        It is in one of the units, or it was granted: a role alone opens nothing outside the units.

        Raises:
            Rejected(PAGE_UNKNOWN): There is nothing of the kind, or it is another unit's.
        """
        if visit.account is None:
            return visit
        units = units_of(visit.account, self.house.services)
        visit = replace(visit, units=units)
        subject = self.page.rule.subject
        if subject is None:
            return visit
        if subject in (Subject.HAND_OVER, Subject.CODE):
            return self._found_by_code(visit, subject)
        if subject is Subject.LOT:
            return self._found_lot(visit)
        visit = self._named(visit)
        dossier = visit.dossier
        reached = units is None or (dossier is not None and dossier.unit in units)
        if not reached and not self._opened(visit):
            self.note(visit, refused=True)
            raise Rejected(Code.PAGE_UNKNOWN)
        return replace(visit, reached=reached)

    def _named(self, visit: Visit) -> Visit:
        """Return the visit with what the address names; a request may be about a dossier that there is not."""
        subject = self.page.rule.subject
        name = visit.parameters[subject] if subject else ""
        with self.house.services.catalogue.read() as tx:
            document = documents.find(tx, name) if subject is Subject.DOCUMENT else None
            request = uses.find(tx, name) if subject is Subject.REQUEST else None
            code = document.code if document else request.code if request else name
            dossier = intakes.find_dossier(tx, code)
        if request is None and (dossier is None or (subject is Subject.DOCUMENT and document is None)):
            raise Rejected(Code.PAGE_UNKNOWN)
        if subject is Subject.REQUEST and request is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        return replace(visit, dossier=dossier, document=document, request=request)

    def _found_lot(self, visit: Visit) -> Visit:
        """Return the visit with the lot that the address names, where it is of a unit of the account."""
        with self.house.services.catalogue.read() as tx:
            lot = lots.find(tx, visit.parameters[Subject.LOT])
        if lot is None or not (visit.units is None or lot.opening.unit in visit.units):
            self.note(visit, refused=True)
            raise Rejected(Code.PAGE_UNKNOWN)
        return replace(visit, lot=lot)

    def _found_by_code(self, visit: Visit, subject: Subject) -> Visit:
        """Return the visit with a hand-over, or with a code: the archive may not have their dossier yet."""
        with self.house.services.catalogue.read() as tx:
            own = hand_overs.find(tx, visit.parameters[subject]) if subject is Subject.HAND_OVER else None
        if subject is Subject.HAND_OVER and own is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        if own is not None and own.is_stack:
            return self._found_stack(visit, own)
        try:
            code = handing_over.checked_code(
                own.code if own else visit.parameters[subject], visit.someone(), self.house.services
            )
        except Rejected as exc:
            if exc.code is Code.PAGE_UNKNOWN:
                self.note(visit, refused=True)
            raise
        return replace(visit, hand_over=own, code=code.normal)

    def _found_stack(self, visit: Visit, own: HandOver) -> Visit:
        if not may_see_stack(visit.someone(), own.account_id, self.house.services):
            self.note(visit, refused=True)
            raise Rejected(Code.PAGE_UNKNOWN)
        return replace(visit, hand_over=own)

    def note(self, visit: Visit, *, refused: bool = False) -> None:
        """Write into the access log what the rule of the page says."""
        rule = self.page.rule
        if not rule.noted and not refused:
            return
        who, subject = visit.account.id if visit.account else "", _subject(visit, rule.subject)
        details = " ".join(f"{name}={value}" for name, value in _details(visit, rule.subject))
        granted = f"grant={visit.grant.request_id}" if visit.grant is not None and not refused else ""
        details = " ".join(filter(None, (details, granted, rule.more(visit) if rule.more else "")))
        if rule.seldom and not refused and self.house.noted.again(who, rule.noted, subject, details):
            return
        with self.house.services.catalogue.write() as tx:
            at, action = self.house.services.clock(), rule.noted or self.page.path
            access.note(tx, at, who, action, subject, "refused" if refused else details)


def unknown(house: House, request: Request) -> Response:
    """Return the page for an address that no page has."""
    return failed(_visit(house, request, {}), Rejected(Code.PAGE_UNKNOWN))


def failed(visit: Visit, exc: HososoError) -> Response:
    """Return the page of an error: what is wrong and what to do, in words."""
    told = advice(exc, visit.house.language)
    status = _STATUS.get(exc.code, 503 if isinstance(exc, Unavailable) else 422)
    return visit.page("problem.html", status=status, told=told)


def csrf_of(token: str) -> str:
    """Return what forms of a session carry: nobody can make it who does not have the cookie."""
    return hmac.new(token.encode(), b"hososo form", sha256).hexdigest()


def _visit(house: House, request: Request, form: Mapping[str, str]) -> Visit:
    parameters = {name: str(value) for name, value in request.path_params.items()}
    carried = {name: value for name, value in request.cookies.items() if name != SESSION_COOKIE}
    return Visit(house, request.url.path, dict(request.query_params), form, parameters, carried=carried)


def _address(visit: Visit) -> str:
    """Return the address to come back to; the words of a search are not put into another address."""
    return visit.path


def _subject(visit: Visit, named: Subject | None) -> str:
    """Return the id of what is asked for: the document, or the dossier, or what the address says where it is none."""
    if visit.request is not None:
        return visit.request.id
    if visit.document is not None:
        return visit.document.id
    if visit.dossier is not None:
        return visit.dossier.id
    if visit.hand_over is not None:
        return visit.hand_over.id
    return visit.parameters.get(named, "")[:64] if named else ""


def _details(visit: Visit, subject: Subject | None) -> list[tuple[str, str]]:
    """Return the other parameters of the path: numbers of pages and the like."""
    return [(name, value[:64]) for name, value in sorted(visit.parameters.items()) if name != subject]


def _check_form(refused: HososoError | None) -> None:
    if refused is not None:
        raise refused


def _check_origin(request: Request) -> None:
    """Refuse a form that a page of another site sends."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Rejected(Code.REQUEST_INVALID, "origin")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Rejected(Code.REQUEST_INVALID, "site")


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form, each once.

    Raises:
        Rejected(REQUEST_INVALID): It is too long, or no form.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise Rejected(Code.REQUEST_INVALID, "content type")
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MOST_FORM:
            raise Rejected(Code.REQUEST_INVALID, "too long")
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as exc:
        raise Rejected(Code.REQUEST_INVALID, "no form") from exc
    return dict(pairs)
