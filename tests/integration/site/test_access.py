"""Every page × every role × papers of the own and of another unit, from the table of rules."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from catalog import access
from dossier.digest import of_bytes
from dossier.people import GRANTS, Permission, Role
from pipeline import people
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, PASSWORD, account, document_of, hand_over_of, lot_of, request_of
from web.guard import csrf_of
from web.pages import identity
from web.rules import Page, Rule, Subject, Who
from web.site import PAGES, STATIC

_ROLES: list[Role | None] = [None, *Role]
_VALUES = {
    "number": "1",
    "size": "small",
    "login": "nobody",
    "reading": "portal",
    "figure": "received",
    "rate": "portal",
    "kind": "xlsx",
    "report": "1",
    "before": "1",
    "code": "X",
    "search": "0",
}
_LEAVES = ("/logout",)  # who leaves is tested by leaving


def address(page: Page, office: PaperOffice, code: str) -> str:
    """Return an address of a page."""
    values = {**_VALUES, Subject.DOSSIER.value: code, Subject.DOCUMENT.value: document_of(office, code)}
    values[Subject.REQUEST.value] = request_of(office, code)
    if page.rule.subject is Subject.CODE:
        values[Subject.CODE.value] = code
    if page.rule.subject is Subject.LOT:
        values[Subject.LOT.value] = lot_of(office, code)
    if page.rule.subject is Subject.HAND_OVER:
        values[Subject.HAND_OVER.value] = hand_over_of(office, code)
    return page.path.format(**values)


def asked(page: Page, visitor: Visitor, target: str) -> tuple[int, str]:
    """Return the status of an answer and where it leads."""
    reply = visitor.get(target) if page.method == "GET" else visitor.post(target)
    return reply.status, reply.headers.get("location", "")


@pytest.mark.parametrize(
    "page", [each for each in PAGES if each.path not in _LEAVES], ids=lambda page: f"{page.method} {page.path}"
)
@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role or "nobody")
def test_every_page_for_every_role(
    page: Page, role: Role | None, visitors: dict[Role | None, Visitor], office: PaperOffice
) -> None:
    """Nobody is sent to sign in; who lacks the permission is refused; papers of others are unknown."""
    visitor = visitors[role]
    status, goal = asked(page, visitor, address(page, office, CODE))
    if page.rule.who is Who.ANYBODY:
        assert status in ((404,) if page in identity.PAGES else (200, 401))  # this office has no identity provider
    elif role is None:
        assert (status, goal.partition("?")[0]) == ((303, "/login") if page.method == "GET" else (401, ""))
    elif page.rule.permission is not None and page.rule.permission not in GRANTS[role]:
        assert status == 403
    else:
        assert status in (200, 303, 422)
        assert not goal.startswith("/login")
        if page.rule.subject is not None:
            assert status == (200 if page.method == "GET" else 422)
            assert asked(page, visitor, address(page, office, FOREIGN))[0] == 404


def test_there_is_no_other_way_in(app: Starlette) -> None:
    """The application has the routes of the table, its static files, and nothing else."""
    found = {
        (route.path, frozenset(route.methods or ()) - {"HEAD"}) for route in app.routes if isinstance(route, Route)
    }
    ruled = {(page.path, frozenset({page.method})) for page in PAGES}
    assert found == ruled | {(f"/static/{name}", frozenset({"GET"})) for name in STATIC}
    assert len(app.routes) == len(PAGES) + len(STATIC)


def test_a_page_without_a_rule_cannot_be_made() -> None:
    """Nor one that names no permission, a subject that its address lacks, or one whose subject is not noted."""
    for wrong in (
        Rule,
        lambda: Rule(Permission.READ, who=Who.SIGNED_IN),
        lambda: Rule(Permission.READ, Subject.DOSSIER),
        lambda: Page("GET", "/x", Rule(Permission.READ, Subject.DOSSIER, "x"), lambda visit: visit.go("/")),
    ):
        with pytest.raises(TypeError):
            wrong()


def test_whoever_watches_sees_it(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """Looking, taking away, searching, and what was refused: each a line, and the chain holds."""
    own, foreign = document_of(office), document_of(office, FOREIGN)
    with office.services.catalogue.read() as tx:
        before = access.check(tx)[0]
    archivist = visitors[Role.ARCHIVIST]
    archivist.get(f"/documents/{own}")
    archivist.get(f"/documents/{own}/signed.pdf")
    archivist.get("/search?q=nguyen")
    archivist.get("/search?q=099175004461")
    archivist.get(f"/documents/{foreign}")
    visitors[Role.INSPECTOR].get(f"/documents/{own}")
    with office.services.catalogue.read() as tx:
        access.check(tx)
        said = [(line.action, line.subject, line.detail) for line in access.lines(tx, before)]
    assert said == [
        ("document.view", own, ""),
        ("document.copy", own, ""),
        ("search", "", ""),
        ("search", "", "identity"),
        ("document.view", foreign, "refused"),
        ("document.view", own, "refused"),
    ]


def test_pictures_are_noted_once(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """Page by page, for each person; looking at the same one again adds nothing."""
    own = document_of(office)
    with office.services.catalogue.read() as tx:
        before = access.check(tx)[0]
    for _ in range(3):
        assert visitors[Role.CLERK].get(f"/documents/{own}/pages/1/screen.jpg").status == 200
    with office.services.catalogue.read() as tx:
        assert [line.detail for line in access.lines(tx, before)] == ["number=1 size=screen"]


def test_a_form_of_another_site_is_refused(app: Starlette, office: PaperOffice) -> None:
    """Another origin, no token, the token of another session, another kind of body, one that never ends."""
    visitor = Visitor(app)
    account(office, "forms", Role.ADMINISTRATOR)
    visitor.sign_in("forms", PASSWORD)
    forms = {"old": PASSWORD, "new": "một mật khẩu khác", "again": "một mật khẩu khác"}
    statuses = [
        visitor.post("/password", forms, origin="https://elsewhere.example").status,
        visitor.post("/password", forms, origin="null").status,
        visitor.post("/password", forms, sec_fetch_site="cross-site").status,
        visitor.post("/password", {**forms, "csrf": ""}).status,
        visitor.post("/password", {**forms, "csrf": csrf_of("another")}).status,
        visitor.post("/password", forms, content_type="text/plain").status,
        visitor.post("/password", {**forms, "old": "x" * (65 << 10)}).status,
        visitor.post("/login", {"login": "forms", "password": PASSWORD}, origin="https://elsewhere.example").status,
    ]
    assert statuses == [400] * 8
    assert visitor.post("/password", forms, origin="http://127.0.0.1").status == 303


def test_a_password_that_somebody_else_set_is_changed_first(app: Starlette, office: PaperOffice) -> None:
    """Every page leads there; the present password is asked for, and the new one is not the old."""
    visitor = Visitor(app)
    account(office, "fresh", Role.ARCHIVIST)
    assert visitor.sign_in("fresh", PASSWORD).headers["location"] == "/password"
    assert visitor.get("/search").headers["location"] == "/password"
    new = "một mật khẩu khác"
    for old, chosen, again in (("wrong words", new, new), (PASSWORD, new, "x" + new), (PASSWORD, PASSWORD, PASSWORD)):
        assert visitor.post("/password", {"old": old, "new": chosen, "again": again}).status == 422
    assert visitor.post("/password", {"old": PASSWORD, "new": new, "again": new}).headers["location"] == "/search"
    assert visitor.get("/search").status == 200


def test_signing_out_ends_it(app: Starlette, office: PaperOffice) -> None:
    """Also for whoever has kept the cookie."""
    visitor = Visitor(app)
    account(office, "leaving", Role.LEADER)
    visitor.sign_in("leaving", PASSWORD)
    cookie = visitor.cookie
    assert visitor.post("/logout").headers["location"] == "/login"
    visitor.cookie = cookie
    assert visitor.get("/password").headers["location"].startswith("/login")


@pytest.mark.parametrize(
    "goal", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "/logout", "javascript:1"]
)
def test_signing_in_leads_nowhere_else(app: Starlette, office: PaperOffice, goal: str) -> None:
    """An address that is not of this site is forgotten."""
    visitor = Visitor(app)
    made = account(office, f"goal{of_bytes(goal.encode())[:6]}", Role.LEADER)
    people.set_password(made, PASSWORD, made.id, office.services)
    reply = visitor.post("/login", {"login": made.login, "password": PASSWORD, "next": goal})
    assert reply.headers["location"] == "/"
