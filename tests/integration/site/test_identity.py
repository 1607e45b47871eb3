"""Signing in through the office's identity provider: whose account opens to whom, and what the browser has to prove."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from starlette.applications import Starlette

from catalog import access, accounts
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from pipeline import identities, people
from pipeline.identities import Identity
from tests.e2e.program import wait_until
from tests.fakes.office import PaperOffice
from tests.integration.site.conftest import PASSWORD, account
from tests.integration.site.identities import Person, back_from, client_of, member, said, with_provider
from tests.servers.identity import IdentityServer, Lie, Mood, identity_server
from web.house import House
from web.site import site


@pytest.fixture
def server() -> Iterator[IdentityServer]:
    """Start a provider; whatever it finds wrong with the client fails the test."""
    with identity_server() as opened:
        yield opened
        assert opened.findings == []


@pytest.fixture
def entrance(house: House, server: IdentityServer) -> House:
    """Give the office with the provider."""
    return with_provider(house, client_of(server))


@pytest.fixture
def app(entrance: House) -> Starlette:
    """Return the site with the provider."""
    return site(entrance)


def known(server: IdentityServer, subject: str, name: str) -> None:
    """Let the provider know somebody, who signs in there now."""
    server.people[subject] = {"preferred_username": name}
    server.who = subject


def marked(office: PaperOffice) -> int:
    """Return where the access log ends now."""
    with office.services.catalogue.read() as tx:
        return access.check(tx)[0]


def test_somebody_signs_in(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """By the name that an administrator has written down; the log says how, and that the account is bound."""
    made = member(office, "oidc.an", name="An.NV@xa.gov.vn")
    known(server, "sub-an", "an.nv@XA.gov.vn")
    before = marked(office)
    person = Person(app)
    reply = person.sign_in("/search")
    assert (reply.status, reply.headers["location"]) == (303, "/search")
    assert person.signed_in
    assert said(office, before) == [(made.id, "account.provider", "bound"), (made.id, "session.begin", "provider")]
    assert "An.NV@xa.gov.vn".lower() in person.get("/password").body.decode()
    assert set(person.cookies) == {"hososo-session"}


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES384"])
def test_keys_change(house: House, office: PaperOffice, server: IdentityServer, algorithm: str) -> None:
    """A new key, of another kind, is fetched when a token names it, but not for every token that names one."""
    seconds = [0.0]
    app = site(with_provider(house, client_of(server), lambda: seconds[0]))
    login = f"oidc.keys-{algorithm.lower()}"
    member(office, login)
    known(server, login, login)
    assert Person(app).sign_in().headers["location"] == "/password"
    assert server.asked.count("/keys") == 1
    server.rotate(algorithm)
    assert b"PROVIDER_REFUSED" in Person(app).sign_in().body
    assert server.asked.count("/keys") == 1
    seconds[0] = 31.0
    assert Person(app).sign_in().headers["location"] == "/password"
    assert server.asked.count("/keys") == 2


def test_a_name_opens_an_account_once(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """A successor with the same name is another subject; the first one keeps the account under another name."""
    made = member(office, "oidc.binh")
    known(server, "first", "oidc.binh")
    assert Person(app).sign_in().status == 303
    known(server, "second", "oidc.binh")
    before = marked(office)
    stranger = Person(app)
    assert stranger.sign_in().status == 401
    assert not stranger.signed_in
    assert said(office, before) == [("", "session.refused", "provider: another subject")]
    known(server, "first", "renamed")
    assert Person(app).sign_in().status == 303
    identities.release(made, "test", office.services)
    known(server, "second", "oidc.binh")
    assert Person(app).sign_in().status == 303


def test_one_person_has_one_account(office: PaperOffice, server: IdentityServer) -> None:
    """Neither two accounts under one name, nor one subject with two accounts, whoever says so."""
    one, two = member(office, "oidc.one"), member(office, "oidc.two")
    identities.bind(one, server.url, "both", "test", office.services)
    for wrong in (
        lambda: identities.bind(two, server.url, "both", "test", office.services),
        lambda: identities.allow(two, "OIDC.one", "test", office.services, only=True),
        lambda: member(office, "oidc.three", name="oidc.one"),
    ):
        with pytest.raises(Rejected) as caught:
            wrong()
        assert caught.value.code is Code.IDENTITY_TAKEN
    who = Identity(server.url, "both", "oidc.two")
    entered = identities.enter(who, office.services, people.SessionRule())
    session = people.signed_in(entered.token, office.services, people.SessionRule())
    assert session is not None
    assert session[1].login == "oidc.one"


def test_accounts_that_open_to_nobody(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """Unknown ones, local ones of the same name, shut ones, those whose time is over, locked ones: one answer."""
    shut, over = member(office, "oidc.shut"), member(office, "oidc.over", Role.INSPECTOR)
    account(office, "oidc.local", Role.ADMINISTRATOR)
    people.change(replace(shut, disabled=True), "test", office.services)
    people.change(replace(over, until=office.clock()), "test", office.services)
    both = account(office, "oidc.guessed", Role.LEADER)
    identities.allow(both, "oidc.guessed", "test", office.services, only=False)
    with office.services.catalogue.write() as tx:
        accounts.note_failure(tx, both.id, 5, office.clock() + timedelta(minutes=1))
    before, bodies = marked(office), set()
    for name in ("oidc.nobody", "oidc.local", "oidc.shut", "oidc.over", "oidc.guessed", ""):
        known(server, f"sub-{name}", name)
        reply = Person(app).sign_in()
        assert reply.status == 401
        bodies.add(reply.body)
    assert len(bodies) == 1
    assert b"IDENTITY_UNKNOWN" in bodies.pop()
    assert [detail for _, _, detail in said(office, before)] == [
        "provider: unknown",
        "provider: unknown",
        "provider: shut",
        "provider: shut",
        "provider: locked",
        "provider: unknown",
    ]


def test_no_password_opens_it_any_more(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """Where an administrator has said so; guessing locks nobody out, and sessions under the old terms end."""
    made = account(office, "oidc.only", Role.ARCHIVIST)
    cookie, _ = people.sign_in("oidc.only", PASSWORD, "", office.services, people.SessionRule())
    identities.allow(made, "oidc.only", "test", office.services, only=True)
    assert people.signed_in(cookie, office.services, people.SessionRule()) is None
    with pytest.raises(Rejected):
        people.sign_in("oidc.only", PASSWORD, "", office.services, people.SessionRule())
    with office.services.catalogue.read() as tx:
        assert accounts.credentials(tx, made.id).failures == 0
    known(server, "only", "oidc.only")
    person = Person(app)
    assert person.sign_in().status == 303
    page = person.get("/password").body.decode()
    assert 'name="old"' not in page
    assert server.url in page
    identities.forbid(made, "test", office.services)
    assert not person.signed_in
    assert Person(app).sign_in().status == 401
    people.sign_in("oidc.only", PASSWORD, "", office.services, people.SessionRule())


def test_an_answer_is_taken_once_and_in_its_browser(
    app: Starlette, office: PaperOffice, server: IdentityServer
) -> None:
    """Not in another browser, nor where another sign-in was begun, nor twice, nor without its state, nor broken off."""
    member(office, "oidc.chi")
    known(server, "chi", "oidc.chi")
    attacker, victim = Person(app), Person(app)
    planted = attacker.begin()
    victim.begin()
    tampered = planted.replace("state=", "state=x")
    for person, target in ((Person(app), planted), (victim, planted), (attacker, tampered)):
        reply = person.get(target)
        assert reply.status == 401
        assert b"SIGN_IN_OVER" in reply.body
        assert not person.signed_in
    person = Person(app)
    once = person.begin()
    state = parse_qs(urlsplit(once).query)["state"][0]
    broken = Person(app, dict(person.cookies)).get(f"/login/provider/callback?error=access_denied&state={state}")
    assert b"SIGN_IN_OVER" in broken.body
    thief = Person(app, dict(person.cookies))
    assert person.get(once).status == 303
    assert b"SIGN_IN_OVER" in person.get(once).body
    assert b"PROVIDER_REFUSED" in thief.get(once).body  # the code is used up


def test_no_other_host_can_plant_the_cookie(house: House, server: IdentityServer) -> None:
    """Over TLS its name says that it is of this host alone; no script reads it, and it is short-lived."""
    app = site(replace(with_provider(house, client_of(server)), secure=True))
    (cookie,) = Person(app).get("/login/provider").cookies
    name, *terms = cookie.split("; ")
    assert name.startswith("__Host-hososo-sign-in=")
    assert {each.lower() for each in terms} == {"httponly", "secure", "path=/", "samesite=lax", "max-age=600"}


def test_a_code_of_another_sign_in_is_worth_nothing(
    app: Starlette, office: PaperOffice, server: IdentityServer
) -> None:
    """Whoever has seen somebody's code cannot prove that they asked for it (PKCE)."""
    member(office, "oidc.dung")
    known(server, "dung", "oidc.dung")
    stolen = parse_qs(urlsplit(Person(app).begin()).query)["code"][0]
    thief = Person(app)
    own = thief.begin()
    code = parse_qs(urlsplit(own).query)["code"][0]
    assert b"PROVIDER_REFUSED" in thief.get(own.replace(code, stolen)).body
    assert not thief.signed_in


def test_another_provider_is_not_mixed_in(app: Starlette, server: IdentityServer, office: PaperOffice) -> None:
    """The answer names its provider; one that names another, or none, is refused before any code is shown."""
    member(office, "oidc.mixed")
    known(server, "mixed", "oidc.mixed")
    for wrong in ("&iss=https%3A%2F%2Felsewhere.example", ""):
        person = Person(app)
        answer = person.begin()
        assert b"PROVIDER_REFUSED" in person.get(answer.partition("&iss=")[0] + wrong).body
    assert "/token" not in server.asked


@pytest.mark.parametrize(
    "goal", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere", "/logout", "/x%0d%0a"]
)
def test_it_leads_nowhere_else(app: Starlette, office: PaperOffice, server: IdentityServer, goal: str) -> None:
    """Whatever is asked for, and whatever a cookie has been changed into, is an address of this site."""
    login = f"oidc.goal{of_bytes(goal.encode())[:6]}"
    member(office, login)
    known(server, login, login)
    person = Person(app)
    answer = person.begin(goal)
    assert person.cookies["hososo-sign-in"].strip('"').endswith("~/")
    assert person.get(answer).headers["location"] == "/"
    key = Person(app)
    answer = key.begin()
    key.cookies["hososo-sign-in"] = key.cookies["hososo-sign-in"].replace("/password", goal)
    reply = key.get(answer)
    assert re.fullmatch("|/|/elsewhere", reply.headers.get("location", ""))


def test_an_own_second_factor_is_still_asked_for(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """Until it is given there is no session, and the account is bound to nobody; five wrong ones end it."""
    made = member(office, "oidc.totp")
    totp = pyotp.TOTP(pyotp.parse_uri(people.new_totp(made, "test", office.services)).secret)
    known(server, "totp", "oidc.totp")
    person = Person(app)
    assert person.sign_in().headers["location"] == "/login/code?next=/password"
    assert not person.signed_in
    assert person.post("/login/code", {"code": "000000", "next": "/password"}).status == 401
    assert not person.signed_in
    reply = person.post("/login/code", {"code": totp.at(office.clock()), "next": "//elsewhere.example"})
    assert (reply.status, reply.headers["location"]) == (303, "/")
    assert person.signed_in
    assert b"SIGN_IN_OVER" in Person(app).post("/login/code", {"code": totp.at(office.clock())}).body
    late = Person(app)
    late.sign_in()
    office.clock.later(301)
    assert b"SIGN_IN_OVER" in late.post("/login/code", {"code": totp.at(office.clock())}).body
    guess = Person(app)
    guess.sign_in()
    for _ in range(5):
        guess.post("/login/code", {"code": "000000"})
    office.clock.later(31)
    right = totp.at(office.clock() + timedelta(seconds=1))
    assert b"SIGN_IN_OVER" in guess.post("/login/code", {"code": right}).body
    assert not guess.signed_in


@pytest.mark.parametrize(("claims", "asked"), [({"amr": ["pwd", "otp"]}, False), ({"acr": "gold"}, False), ({}, True)])
def test_the_providers_second_factor_may_count(
    house: House, office: PaperOffice, server: IdentityServer, claims: dict[str, object], *, asked: bool
) -> None:
    """Where the settings name what it says of one; else the own code is asked for."""
    client = replace(client_of(server), second_factor=frozenset({"otp", "gold"}))
    app = site(with_provider(house, client))
    login = f"oidc.amr{len(str(claims))}"
    people.new_totp(member(office, login), "test", office.services)
    server.people[login], server.who = {"preferred_username": login, **claims}, login
    person = Person(app)
    person.sign_in()
    assert person.signed_in is not asked


def test_an_address_of_mail_counts_when_it_is_checked(
    house: House, office: PaperOffice, server: IdentityServer
) -> None:
    """An address that anybody can write into their profile opens nothing; and it is all that is asked for."""
    app = site(with_provider(house, replace(client_of(server), claim="email")))
    member(office, "oidc.mail", name="mail@xa.gov.vn")
    server.who = "mail"
    for verified in (None, False, "true"):
        server.people["mail"] = {"email": "mail@xa.gov.vn", "email_verified": verified}
        assert Person(app).sign_in().status == 401
    server.people["mail"] = {"email": "mail@xa.gov.vn", "email_verified": True}
    person = Person(app)
    assert person.sign_in().status == 303
    asked = parse_qs(urlsplit(person.get("/login/provider").headers["location"]).query)
    assert asked["scope"] == ["openid email"]


def test_a_sign_in_there_of_long_ago(house: House, office: PaperOffice, server: IdentityServer) -> None:
    """Where the settings want it to be a recent one: the provider is asked, and what it answers is looked at."""
    app = site(with_provider(house, replace(client_of(server), youngest=600)))
    member(office, "oidc.stale")
    server.who = "stale"
    for proven in (None, 1, "now", True):
        server.people["stale"] = {"preferred_username": "oidc.stale", "auth_time": proven}
        assert b"PROVIDER_REFUSED" in Person(app).sign_in().body
    known(server, "stale", "oidc.stale")
    assert Person(app).sign_in().status == 303


def test_signing_out_goes_on_to_the_provider(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """The session is over here first; forms lead to this site alone, and no token stands in an address."""
    member(office, "oidc.leaving")
    known(server, "leaving", "oidc.leaving")
    person = Person(app)
    person.sign_in()
    kept = dict(person.cookies)
    reply = person.post("/logout")
    assert reply.headers["location"] == "/login/left"
    assert not Person(app, kept).signed_in
    left = person.get("/login/left")
    goal = left.headers["refresh"].partition("url=")[2]
    assert goal.startswith(f"{server.url}/leave?client_id=hososo&post_logout_redirect_uri=")
    assert "id_token" not in goal
    assert "form-action 'self'" in left.headers["content-security-policy"]
    local = Person(app)
    account(office, "oidc.stays", Role.LEADER)
    local.post("/login", {"login": "oidc.stays", "password": PASSWORD})
    assert local.post("/logout").headers["location"] == "/login"


def test_signing_out_there_ends_it_here(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """On the provider's word alone, and that of a token for that; a session with a password goes on."""
    made = account(office, "oidc.ended", Role.ARCHIVIST)
    identities.allow(made, "oidc.ended", "test", office.services, only=False)
    known(server, "ended", "oidc.ended")
    person, nobody = Person(app), Person(app)
    person.sign_in()
    token, _ = people.sign_in("oidc.ended", PASSWORD, "", office.services, people.SessionRule())
    wrong = [
        server.logout_token("ended", events={}),
        server.logout_token("ended", events=["http://schemas.openid.net/event/backchannel-logout"]),
        server.logout_token("ended", nonce="x"),
        server.logout_token("ended", aud="another"),
        server.logout_token("ended", iss="https://elsewhere.example"),
        server.logout_token("ended", exp=1),
        server.logout_token(None, sid="x"),
        server.id_token({"subject": "ended", "nonce": "x"}),
        "",
    ]
    server.lie = Lie.ALG_NONE
    wrong.append(server.logout_token("ended"))
    server.lie = Lie.NONE
    for each in wrong:
        assert nobody.post("/login/provider/ended", {"logout_token": each or ""}).status == 400
    assert nobody.post("/login/provider/ended", {"logout_token": server.logout_token("stranger")}).status == 200
    assert person.signed_in
    assert nobody.post("/login/provider/ended", {"logout_token": server.logout_token("ended")}).status == 200
    assert not person.signed_in
    assert people.signed_in(token, office.services, people.SessionRule()) is not None


def test_administrators_say_who_enters_how(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """A new account without a password, another name, nobody bound any more, no way in: all in the accounts page."""
    boss = account(office, "oidc.boss", Role.ADMINISTRATOR)
    people.set_password(boss, PASSWORD, boss.id, office.services)
    chief = Person(app)
    chief.post("/login", {"login": "oidc.boss", "password": PASSWORD})
    new = {"login": "oidc.new", "name": "Người mới", "role-archivist": "on", "provider": "new@xa.gov.vn"}
    assert chief.post("/accounts", new).status == 303
    known(server, "new", "new@xa.gov.vn")
    person = Person(app)
    assert person.sign_in().status == 303
    page = chief.get("/accounts").body.decode()
    assert "new@xa.gov.vn" in page
    assert chief.post("/accounts/oidc.new/provider", {"name": "new@xa.gov.vn", "only": "on"}).status == 303
    assert not person.signed_in  # signed out, but still bound
    assert person.sign_in().status == 303
    assert chief.post("/accounts/oidc.new/provider", {"name": "new@xa.gov.vn", "release": "on"}).status == 303
    known(server, "another", "new@xa.gov.vn")
    assert Person(app).sign_in().status == 303
    assert chief.post("/accounts/oidc.new/provider", {"name": ""}).status == 303
    assert Person(app).sign_in().status == 401
    assert chief.post("/accounts/oidc.boss/provider", {"name": "boss"}).status == 422
    assert chief.post("/accounts/oidc.new/provider", {"name": "x" * 256}).status == 422


def test_who_came_through_the_provider_changes_no_password(
    app: Starlette, office: PaperOffice, server: IdentityServer
) -> None:
    """A first password that an administrator has set, and that the person may not know, stands in nobody's way."""
    made = identities.create(
        Account("", "oidc.both", "Cả hai", frozenset({Role.ARCHIVIST})), "oidc.both", PASSWORD, "test", office.services
    )
    assert made.must_change
    known(server, "both-ways", "oidc.both")
    person = Person(app)
    person.sign_in("/search")
    assert person.get("/search").status == 200
    by_password = Person(app)
    by_password.post("/login", {"login": "oidc.both", "password": PASSWORD})
    assert by_password.get("/search").headers["location"] == "/password"


def test_an_answer_may_be_long(app: Starlette, office: PaperOffice, server: IdentityServer) -> None:
    """Codes of some providers are; other addresses stay as short as ours are."""
    member(office, "oidc.long")
    known(server, "long", "oidc.long")
    person = Person(app)
    assert person.get(person.begin() + "&session_state=" + "x" * 4000).status == 303
    assert person.get("/search?q=" + "x" * 4000).status == 414
    assert person.get("/login/provider/callback?code=" + "x" * 9000).status == 414
    assert back_from(Person(app).get("/login/provider").headers["location"]).startswith("/login/provider/callback?")


@pytest.mark.parametrize("lie", [Lie.NONCE, Lie.ALG_NONE])
def test_a_lie_is_noted(app: Starlette, office: PaperOffice, server: IdentityServer, lie: Lie) -> None:
    """The page tells no more than that it was refused, and still takes passwords; the log says which check it was."""
    server.who, server.lie = "liar", lie
    before, person = marked(office), Person(app)
    reply = person.sign_in()
    assert reply.status == 401
    assert b"PROVIDER_REFUSED" in reply.body
    assert b'name="password"' in reply.body
    assert not person.signed_in
    detail = "provider: ID token: " + ("nonce" if lie is Lie.NONCE else "alg")
    assert said(office, before) == [("", "session.refused", detail)]


def test_passwords_open_while_the_provider_hangs(house: House, office: PaperOffice, server: IdentityServer) -> None:
    """However many wait for it: the fifth is told at once, and the page for passwords is there for everybody."""
    entrance = with_provider(house, client_of(server, seconds=30.0))
    app, turn = site(entrance), entrance.provider._turn if entrance.provider else None
    account(office, "oidc.patient", Role.LEADER)
    server.moods["openid-configuration"] = Mood.SLOW
    found: list[int] = []
    waiting = [threading.Thread(target=lambda: found.append(Person(app).get("/login/provider").status)) for _ in "1234"]
    for each in waiting:
        each.start()
    wait_until(lambda: turn is not None and turn._value == 0)
    person = Person(app)
    person.post("/login", {"login": "oidc.patient", "password": PASSWORD})
    assert "hososo-session" in person.cookies
    late = Person(app).get("/login/provider")
    assert late.status == 503
    assert b"LOGIN_BUSY" in late.body
    assert b'name="password"' in late.body
    assert found == []
    server.patience.set()
    for each in waiting:
        each.join()
    assert found == [503] * 4


def test_signing_out_needs_no_provider(house: House, office: PaperOffice, server: IdentityServer) -> None:
    """The session is over here; where the provider does not answer, or has no address for it, the page says so."""
    app = site(with_provider(house, client_of(server)))
    member(office, "oidc.left")
    server.people["leaving"], server.who = {"preferred_username": "oidc.left"}, "leaving"
    server.says = {"end_session_endpoint": None}
    person = Person(app)
    person.sign_in()
    assert person.post("/logout").headers["location"] == "/login/left"
    left = person.get("/login/left")
    assert left.status == 200
    assert "refresh" not in left.headers
    assert not person.signed_in
    assert client_of(server).secret not in repr(client_of(server))
