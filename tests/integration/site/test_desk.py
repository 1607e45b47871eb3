"""Văn thư's desk: what waits is chosen with the papers in sight, goes to the token as it was shown, and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette

from dossier.errors import Code, HososoError
from dossier.people import Role
from dossier.states import DocumentState
from pipeline import people, signing_desk
from signing.cms import signed_data
from signing.development_pki import DevelopmentPki, ensure_development_pki
from tests.fakes.office import PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, PASSWORD, UNIT, account
from tests.integration.site.token_office import CODES, fingerprint, token_office
from web.house import House
from web.site import site
from web.wording import word

_BOX = re.compile(r'name="(document-\d+)" value="([0-9a-f-]+:[0-9a-f]{64})"')


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentPki:
    """Return the keys of this module."""
    return ensure_development_pki(tmp_path_factory.mktemp("desk-pki") / "pki", algorithm="ecdsa")


@pytest.fixture
def office(tmp_path: Path, pki: DevelopmentPki) -> Iterator[PaperOffice]:
    """Give an office whose agency signs with a token: four dossiers of one unit and one of another wait for it."""
    with token_office(tmp_path, pki, [*CODES, FOREIGN]) as opened:
        yield opened


@pytest.fixture
def app(office: PaperOffice) -> Iterator[Starlette]:
    """Give the site."""
    opened = House(office.services, "ỦY BAN NHÂN DÂN THỬ", secure=False)
    yield site(opened)
    opened.pictures.close()
    opened.copier.close()


@pytest.fixture
def clerk(app: Starlette, office: PaperOffice) -> Visitor:
    """Return văn thư of one unit, signed in."""
    return signed_in(app, office, "van.thu", Role.CLERK)


def signed_in(app: Starlette, office: PaperOffice, login: str, role: Role) -> Visitor:
    """Return somebody new, signed in."""
    made = account(office, login, role, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor = Visitor(app)
    visitor.sign_in(login, PASSWORD)
    return visitor


def _chosen(visitor: Visitor) -> dict[str, str]:
    """Return the boxes of the desk's page."""
    return dict(_BOX.findall(visitor.get("/desk").body.decode()))


def _session(office: PaperOffice, pki: DevelopmentPki, batch: str = "") -> list[signing_desk.Offer]:
    """Have the token sign a batch, all but its first document; return what it was given."""
    session, offers = signing_desk.begin(fingerprint(pki), 50, office.services, batch=batch)
    for number, offer in enumerate(offers):
        if number == 0:
            signing_desk.fail(session.id, offer.request.id, Code.TOKEN_REFUSED, office.services)
            continue
        cms = signed_data(bytes.fromhex(offer.request.digest), offer.request.algorithm, pki.signer)
        signing_desk.collect(session.id, offer.request.id, cms, office.services)
    signing_desk.end(session.id, office.services)
    return offers


def test_a_batch_goes_to_the_token_and_comes_back(clerk: Visitor, office: PaperOffice, pki: DevelopmentPki) -> None:
    """Only what was chosen, of the own unit; what fails does not lose the rest and may be chosen again."""
    text = clerk.get("/desk").body.decode()
    assert word("desk.keys", "vi") in text
    assert text.count("thumbnail.jpg") == 4
    assert FOREIGN not in text
    boxes = _chosen(clerk)
    three = dict(sorted(boxes.items())[:3])
    gone = clerk.post("/desk/batches", three).headers["location"]
    assert 'role="alert"' not in clerk.get(gone).body.decode()
    assert len(_chosen(clerk)) == 1
    assert word("batch.open", "vi") in clerk.get(gone).body.decode()
    assert signing_desk.waiting(office.services) == 3
    assert len(_session(office, pki)) == 3
    assert word("fate.returned", "vi") in clerk.get(gone).body.decode()
    office.drain()
    told = clerk.get(gone).body.decode()
    assert (told.count(word("fate.failed", "vi")), told.count(f'good">{word("fate.signed", "vi")}')) == (2, 2)
    assert Code.TOKEN_REFUSED in told
    assert word("batch.done", "vi") in told
    assert len(_chosen(clerk)) == 2
    assert sum(office.states(code) == [DocumentState.ARCHIVED] for code in CODES) == 2


def test_what_was_not_shown_is_not_signed(clerk: Visitor, office: PaperOffice, pki: DevelopmentPki) -> None:
    """Another file than the one that was shown, a paper of another unit, nothing, too much: refused, and told."""
    boxes = _chosen(clerk)
    (name, value), *others = sorted(boxes.items())
    document = value.partition(":")[0]
    foreign = office.documents(FOREIGN)[0].id
    waits = next(each for each in office.documents(CODES[0]))
    assert clerk.post("/desk/batches", {name: f"{document}:{'0' * 64}"}).status == 422
    assert clerk.post("/desk/batches", {name: f"{foreign}:{value.partition(':')[2]}"}).status == 422
    assert clerk.post("/desk/batches").status == 400
    assert clerk.post("/desk/batches", {name: waits.id}).status == 400
    half = clerk.post("/desk/batches", {name: f"{document}:{'0' * 64}", others[0][0]: others[0][1]})
    assert "without=1" in half.headers["location"]
    assert word("batch.without", "vi", count=1) in clerk.get(half.headers["location"]).body.decode()
    assert [offer.request.document_id for offer in _session(office, pki)] == [others[0][1].partition(":")[0]]


def test_a_batch_has_its_time_and_its_owner(
    clerk: Visitor, app: Starlette, office: PaperOffice, pki: DevelopmentPki
) -> None:
    """Nobody else sees it; given back or over it goes to nobody; without one there is nothing where that is asked."""
    first, second, third, _ = sorted(_chosen(clerk).items())
    batches = [clerk.post("/desk/batches", dict([one])).headers["location"] for one in (first, second, third)]
    ids = [re.search("id=([0-9a-f]+)", each)[1] for each in batches]  # type: ignore[index]
    other = signed_in(app, office, "van.thu.2", Role.CLERK)
    assert other.get(batches[0]).headers["location"] == "/desk"
    assert other.post("/desk/batches/close", {"id": ids[0]}).status == 303
    assert clerk.post("/desk/batches/close", {"id": ids[1]}).status == 303
    assert word("batch.closed", "vi") in clerk.get(batches[1]).body.decode()
    office.services = replace(
        office.services, desk=replace(office.services.desk, prepared_only=True) if office.services.desk else None
    )
    assert len(_session(office, pki, ids[2])) == 1
    for gone in ids[1:]:
        with pytest.raises(HososoError) as caught:
            _session(office, pki, gone)
        assert caught.value.code is Code.SIGNING_BATCH_OVER
    assert signing_desk.waiting(office.services) == 1
    office.clock.later(1200)
    assert signing_desk.waiting(office.services) == 0
    assert _session(office, pki) == []
    assert word("batch.expired", "vi") in clerk.get(batches[0]).body.decode()


def test_causes_and_renewals_are_told(clerk: Visitor, app: Starlette, office: PaperOffice) -> None:
    """What waits, why and since when; the officer's desk is another's; what needs another time stamp."""
    assert word("desk.causes", "vi") in clerk.get("/desk").body.decode()
    assert Code.SIGNING_WAITING in clerk.get("/desk").body.decode()
    assert clerk.get("/compare").status == 403
    checker = signed_in(app, office, "doi.chieu", Role.CHECKER)
    assert checker.get("/desk").status == 403
    assert word("desk.no_officer", "vi") in checker.get("/compare").body.decode()
    assert word("renewals.nothing", "vi") in clerk.get("/desk/renewals").body.decode()
