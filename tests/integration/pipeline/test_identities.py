"""Accounts that are entered through an identity provider, as the catalogue keeps them: whose they are."""

from __future__ import annotations

import pyotp
import pytest

from catalog import identities as entries
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from pipeline import identities, people
from pipeline.identities import Identity
from pipeline.people import SessionRule
from tests.fakes.office import PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
ISSUER = "https://sso.example"
RULE = SessionRule()


def somebody(office: PaperOffice, login: str) -> Account:
    """Return a new account without a password."""
    return identities.create(
        Account("", login, "Ai đó", frozenset({Role.ARCHIVIST})), login, "", "test", office.services
    )


def test_the_first_under_a_name_keeps_the_account(office: PaperOffice) -> None:
    """Until an administrator frees it; a subject with an account takes no other, a name belongs to one account."""
    one, two = somebody(office, "one"), somebody(office, "two")
    assert not identities.enter(Identity(ISSUER, "first", "ONE"), office.services, RULE).owes_code
    for who in (Identity(ISSUER, "second", "one"), Identity("https://other.example", "first", "one")):
        with pytest.raises(Rejected) as caught:
            identities.enter(who, office.services, RULE)
        assert caught.value.code is Code.IDENTITY_UNKNOWN
    for taken in (
        lambda: identities.bind(two, ISSUER, "first", "test", office.services),
        lambda: identities.allow(two, "one", "test", office.services, only=False),
    ):
        with pytest.raises(Rejected) as caught:
            taken()
        assert caught.value.code is Code.IDENTITY_TAKEN
    identities.release(one, "test", office.services)
    identities.enter(Identity(ISSUER, "second", "one"), office.services, RULE)
    with office.services.catalogue.read() as tx:
        found = entries.every(tx)
    assert (found[one.id].subject, found[one.id].only, found[two.id].subject) == ("second", True, "")


def test_what_is_owed_is_forgotten_when_the_way_in_changes(office: PaperOffice) -> None:
    """A code that is right opens nothing any more; and while it is owed nobody is bound."""
    made = somebody(office, "owing")
    totp = pyotp.TOTP(pyotp.parse_uri(people.new_totp(made, "test", office.services)).secret)
    for change in (identities.release, identities.forbid):
        identities.allow(made, "owing", "test", office.services, only=True)
        entered = identities.enter(Identity(ISSUER, "owes", "owing"), office.services, RULE)
        assert entered.owes_code
        with office.services.catalogue.read() as tx:
            assert entries.by_subject(tx, ISSUER, "owes") is None
        change(made, "test", office.services)
        with pytest.raises(Rejected) as caught:
            identities.give_code(entered.token, totp.at(office.clock()), office.services, RULE)
        assert caught.value.code is Code.SIGN_IN_OVER
    identities.allow(made, "owing", "test", office.services, only=True)
    entered = identities.enter(Identity(ISSUER, "owes", "owing"), office.services, RULE)
    cookie = identities.give_code(entered.token, totp.at(office.clock()), office.services, RULE)
    assert people.signed_in(cookie, office.services, RULE) is not None
