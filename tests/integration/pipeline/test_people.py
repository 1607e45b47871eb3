"""Accounts: who gets in, who does not and learns nothing by it, and what the access log proves of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import delete, update

from catalog import access, accounts
from catalog.schema import access as access_table
from catalog.schema import web_session
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from pipeline import people
from pipeline.people import SessionRule
from tests.fakes.office import PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
PASSWORD = "một mật khẩu dài"  # noqa: S105 - of a test
OTHER = "mật khẩu khác hẳn"
RULE = SessionRule()


def somebody(office: PaperOffice, *roles: Role, login: str = "an.nv") -> Account:
    """Return a new account."""
    made = Account("", login, "Nguyễn Văn An", frozenset(roles or {Role.ARCHIVIST}))
    return people.create(made, PASSWORD, "quan-tri", office.services)


def refused(office: PaperOffice, login: str, password: str, code: str = "") -> Code:
    """Return the code that a sign-in is refused with."""
    with pytest.raises(Rejected) as caught:
        people.sign_in(login, password, code, office.services, RULE)
    return caught.value.code


def test_who_knows_the_password_gets_in(office: PaperOffice) -> None:
    """The cookie leads to the account, until the person signs out; the catalogue holds neither cookie nor password."""
    made = somebody(office)
    token, found = people.sign_in(" AN.NV", PASSWORD, "", office.services, RULE)
    assert (found.id, found.must_change) == (made.id, True)
    session, again = people.signed_in(token, office.services, RULE) or pytest.fail("is not signed in")
    assert again == found
    with office.services.catalogue.read() as tx:
        assert PASSWORD not in accounts.credentials(tx, made.id).password
        assert token not in repr(tx.execute(web_session.select()).all())
    people.sign_out(session, office.services)
    assert people.signed_in(token, office.services, RULE) is None


def test_every_refusal_is_the_same(office: PaperOffice) -> None:
    """A wrong password, an unknown login, a shut account, one whose time is over, empty words."""
    shut, over = somebody(office, login="shut"), somebody(office, login="over")
    somebody(office)
    people.change(replace(shut, disabled=True), "quan-tri", office.services)
    people.change(replace(over, until=office.clock()), "quan-tri", office.services)
    tries = [("an.nv", OTHER), ("nobody", PASSWORD), ("shut", PASSWORD), ("over", PASSWORD), ("", ""), ("an.nv", "")]
    assert {refused(office, *each) for each in tries} == {Code.LOGIN_REFUSED}


def test_guessing_is_locked_out(office: PaperOffice) -> None:
    """After five wrong ones the right one does not count either, for half a minute at first, then for longer."""
    somebody(office)
    for _ in range(5):
        refused(office, "an.nv", OTHER)
    assert refused(office, "an.nv", PASSWORD) is Code.LOGIN_REFUSED
    office.clock.later(31)
    people.sign_in("an.nv", PASSWORD, "", office.services, RULE)
    for _ in range(12):
        office.clock.later(1000)
        refused(office, "an.nv", OTHER)
    office.clock.later(14 * 60)
    assert refused(office, "an.nv", PASSWORD) is Code.LOGIN_REFUSED
    office.clock.later(2 * 60)
    people.sign_in("an.nv", PASSWORD, "", office.services, RULE)


def test_a_second_factor_is_used_once(office: PaperOffice) -> None:
    """Without the code, with another, with one used before: refused; codes of half a minute ago and ahead count."""
    made = somebody(office)
    secret = pyotp.parse_uri(people.new_totp(made, made.id, office.services)).secret
    totp = pyotp.TOTP(secret)
    assert refused(office, "an.nv", PASSWORD) is Code.LOGIN_REFUSED
    office.clock.later(31)
    now = totp.at(office.clock())
    people.sign_in("an.nv", PASSWORD, now, office.services, RULE)
    assert refused(office, "an.nv", PASSWORD, now) is Code.LOGIN_REFUSED
    people.sign_in("an.nv", PASSWORD, totp.at(office.clock() + timedelta(seconds=30)), office.services, RULE)
    people.no_totp(made, "quan-tri", office.services)
    people.sign_in("an.nv", PASSWORD, "", office.services, RULE)


def test_a_session_ends(office: PaperOffice) -> None:
    """Half an hour after the last request, after ten hours, when the account changes, when the password does."""
    made = somebody(office)

    def begin() -> str:
        return people.sign_in("an.nv", PASSWORD, "", office.services, RULE)[0]

    def alive(token: str) -> bool:
        return people.signed_in(token, office.services, RULE) is not None

    idle = begin()
    office.clock.later(29 * 60)
    assert alive(idle)
    office.clock.later(29 * 60)
    assert alive(idle)
    office.clock.later(31 * 60)
    assert not alive(idle)
    busy = begin()
    for _ in range(24):
        office.clock.later(25 * 60 - 1)
        assert alive(busy)
    office.clock.later(25 * 60)
    assert not alive(busy)
    changed = begin()
    people.change(replace(made, roles=frozenset({Role.LEADER})), "quan-tri", office.services)
    assert not alive(changed)
    here, there = begin(), begin()
    people.set_password(made, OTHER, made.id, office.services, keep=people.digest_of(here))
    assert (alive(here), alive(there)) == (True, False)


def test_passwords_and_logins_that_will_not_do(office: PaperOffice) -> None:
    """Too short, too simple, too long, the login itself; a login that is taken, or is none."""
    made = somebody(office)
    for weak in ("ngắn", "aaaaaaaaaaaa", "x" * 300, "toi la AN.NV day"):
        with pytest.raises(Rejected) as caught:
            people.set_password(made, weak, made.id, office.services)
        assert caught.value.code is Code.PASSWORD_WEAK
    codes = []
    for login in ("AN.NV", "Nguyễn", "a b", "", "a" * 65):
        with pytest.raises(Rejected) as caught:
            somebody(office, login=login)
        codes.append(caught.value.code)
    assert codes == [Code.ACCOUNT_EXISTS, *[Code.LOGIN_INVALID] * 4]


def test_roles_that_one_person_must_not_hold(office: PaperOffice) -> None:
    """Who signs for the agency neither scans nor checks; who runs the machine reads nothing."""
    for roles in ((Role.CLERK, Role.CHECKER), (Role.ADMINISTRATOR, Role.ARCHIVIST), (Role.INSPECTOR, Role.LEADER)):
        with pytest.raises(Rejected) as caught:
            somebody(office, *roles)
        assert caught.value.code is Code.ROLES_CONFLICT
    somebody(office, Role.RECEIVER, Role.CHECKER, Role.ARCHIVIST)


def test_the_log_tells_and_cannot_be_doctored(office: PaperOffice) -> None:
    """Each act is a line without names; a line that is changed or taken out breaks the chain."""
    made = somebody(office)
    people.sign_in("an.nv", PASSWORD, "", office.services, RULE)
    refused(office, "an.nv", OTHER)
    with office.services.catalogue.read() as tx:
        assert access.check(tx)[0] == 3
        lines = list(access.lines(tx))
        assert [(line.action, line.subject) for line in lines] == [
            ("account.add", made.id),
            ("session.begin", made.id),
            ("session.refused", made.id),
        ]
        assert "Nguyễn" not in repr(lines)
        assert [line.number for line in access.newest(tx, 2)] == [3, 2]
    for doctored in (
        update(access_table).where(access_table.c.id == 3).values(detail="x"),
        delete(access_table).where(access_table.c.id == 2),
    ):
        with office.services.catalogue.write() as tx:
            tx.execute(doctored)
            with pytest.raises(Rejected) as caught:
                access.check(tx)
            assert caught.value.code is Code.EVENT_CHAIN_BROKEN
