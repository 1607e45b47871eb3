"""Papers out of reach: asked for, decided by somebody else of their unit, open for a while, and for that alone."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from catalog import access, events, uses
from dossier.people import Role
from pipeline import people
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, PASSWORD, UNIT, account, document_of, request_of
from web.wording import word

_FORM = {"code": CODE, "purpose": "đối chiếu giấy khai sinh", "days": "7"}
_NUMBER = iter(range(1000))


@pytest.fixture
def approver(app: Starlette, office: PaperOffice) -> Visitor:
    """Return a leader of the unit that holds the dossier."""
    return _somebody(app, office, Role.LEADER, UNIT)


def _somebody(app: Starlette, office: PaperOffice, role: Role, *units: str) -> Visitor:
    made = account(office, f"use.{role}.{next(_NUMBER)}", role, units=frozenset(units) or None)
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor = Visitor(app)
    visitor.sign_in(made.login, PASSWORD)
    return visitor


def _asked(visitor: Visitor, office: PaperOffice, **more: str) -> str:
    """Ask, and return the id of the request."""
    assert visitor.post("/requests", {**_FORM, **more}).status == 303
    with office.services.catalogue.read() as tx:
        lines = [line for line in access.newest(tx, 10) if line.action == "use.ask"]
    return lines[0].subject


def _statuses(visitor: Visitor, document: str) -> list[int]:
    tails = ("", "/pages/1/small.jpg", "/thumbnail.jpg", "/signatures.txt", "/signed.pdf", "/copy.pdf")
    return [visitor.get(f"/documents/{document}{tail}").status for tail in tails]


@pytest.mark.parametrize(("role", "unit", "before"), [(Role.ARCHIVIST, "H99.27.12", 404), (Role.INSPECTOR, UNIT, 403)])
def test_a_grant_opens_one_document_for_a_while(
    app: Starlette, office: PaperOffice, approver: Visitor, role: Role, unit: str, before: int
) -> None:
    """Reading, not copying, this document and no other page; with its end it is shut; all of it in chain and log."""
    visitor, own = _somebody(app, office, role, unit), document_of(office)
    other = next(each.id for each in office.documents(CODE) if each.id != own)
    assert set(_statuses(visitor, own)) <= {before, 403}
    asked = _asked(visitor, office)
    assert asked in approver.get("/approvals").body.decode()
    assert approver.post(f"/approvals/{asked}", {"decision": "grant", "document-1": own, "days": "3"}).status == 303
    assert _statuses(visitor, own)[:4] == [200] * 4
    assert set(_statuses(visitor, own)[4:]) <= {403, 404}
    text = visitor.get(f"/documents/{own}").body.decode()
    assert word("document.granted", "vi", until="").rstrip(".")[:40] in text
    assert "/dossiers/" not in text
    assert "signed.pdf" not in text
    for address in (f"/documents/{other}", f"/dossiers/{CODE}", f"/confirm/{own}"):
        assert visitor.get(address).status in (403, 404)
    assert own in visitor.get("/requests").body.decode()
    with office.services.catalogue.read() as tx:
        last = [event for event in events.chain(tx, office.dossier().id) if event.kind == "use_granted"][-1]
        noted = [line.detail for line in access.newest(tx, 40) if line.subject == own and "grant=" in line.detail]
        access.check(tx)
    assert (last.payload["request"], last.payload["documents"]) == (asked, [own])
    assert "giấy khai sinh" not in repr(last)
    assert f"grant={asked}" in noted
    assert approver.post(f"/approvals/{asked}/end").status == 303
    assert set(_statuses(visitor, own)) <= {before, 403}
    assert approver.post(f"/approvals/{asked}/end").status == 422


def test_copies_are_granted_apart(app: Starlette, office: PaperOffice, approver: Visitor) -> None:
    """Only where they were asked for and granted; and a grant is over when its days are."""
    checker, own = _somebody(app, office, Role.ARCHIVIST, "H99.27.12"), document_of(office)
    plain = _asked(checker, office)
    said = {"decision": "grant", "document-1": own, "days": "7", "copies": "on"}
    assert approver.post(f"/approvals/{plain}", said).status == 422
    asked = _asked(checker, office, copies="on")
    assert approver.post(f"/approvals/{asked}", {**said, "days": "8"}).status == 422
    assert approver.post(f"/approvals/{asked}", {**said, "document-1": document_of(office, FOREIGN)}).status == 422
    assert approver.post(f"/approvals/{asked}", said).status == 303
    assert _statuses(checker, own) == [200] * 6
    with office.services.catalogue.read() as tx:
        (grant,) = uses.grants_of(tx, asked)
        assert uses.live_grant(tx, grant.account_id, own, grant.until) is None


def test_who_may_decide(app: Starlette, office: PaperOffice, approver: Visitor) -> None:
    """Nobody their own request, nobody of another unit, nobody twice, none without a reason to refuse."""
    own = document_of(office)
    grant = {"decision": "grant", "document-1": own, "days": "1"}
    asked = _asked(approver, office)
    assert approver.post(f"/approvals/{asked}", grant).status == 422
    assert word("approval.own", "vi") in approver.get(f"/approvals/{asked}").body.decode()
    stranger = _somebody(app, office, Role.LEADER, "H99.27.12")
    assert stranger.get(f"/approvals/{asked}").status == 404
    assert asked not in stranger.get("/approvals").body.decode()
    second = _somebody(app, office, Role.LEADER, UNIT)
    assert second.post(f"/approvals/{asked}", {"decision": "refuse"}).status == 422
    assert second.post(f"/approvals/{asked}", {"decision": "refuse", "reason": "không đủ căn cứ"}).status == 303
    assert second.post(f"/approvals/{asked}", grant).status == 422
    assert "không đủ căn cứ" in approver.get("/requests").body.decode()


def test_asking_tells_nothing(app: Starlette, office: PaperOffice) -> None:
    """A code of nobody is taken like any other; it goes to whoever approves for all units, and can only be refused."""
    visitor = _somebody(app, office, Role.RECEIVER, "H99.27.12")
    replies = [visitor.post("/requests", {**_FORM, "code": code}) for code in (CODE, "H99.27.14-260211-7777")]
    assert [reply.status for reply in replies] == [303, 303]
    for wrong in (
        {"code": "x"},
        {"purpose": " "},
        {"days": "0"},
        {"days": "91"},
        {"days": "²"},
        {"purpose": "x" * 2000},
    ):
        assert visitor.post("/requests", {**_FORM, **wrong}).status == 422
    everywhere = _somebody(app, office, Role.LEADER)
    found = re.findall(r'/approvals/([0-9a-f]{16})"[^>]*><span class="code">H99.27.14-260211-7777', _all(everywhere))
    assert len(found) == 1
    assert word("approval.no_dossier", "vi") in everywhere.get(f"/approvals/{found[0]}").body.decode()
    assert (
        everywhere.post(f"/approvals/{found[0]}", {"decision": "grant", "document-1": "x", "days": "1"}).status == 422
    )
    assert visitor.post("/requests/withdraw", {"id": request_of(office)}).status == 422
    assert visitor.post("/requests/withdraw", {"id": found[0]}).status == 303
    assert visitor.post("/requests/withdraw", {"id": found[0]}).status == 422
    for _ in range(19):
        assert visitor.post("/requests", _FORM).status == 303
    assert visitor.post("/requests", _FORM).status == 422


def _all(visitor: Visitor) -> str:
    return visitor.get("/approvals").body.decode()
