"""Roles: what one person must not hold together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dossier.people import GRANTS, Permission, Role, conflict


@given(st.sets(st.sampled_from(Role), min_size=1))
def test_nobody_holds_both_ends(roles: set[Role]) -> None:
    """Whatever roles one person may hold together: never signing and confirming, never accounts and documents."""
    if not conflict(roles):
        held = {permission for role in roles for permission in GRANTS[role]}
        assert not {Permission.SIGN, Permission.CONFIRM} <= held
        assert not ({Permission.ACCOUNTS} <= held and held & {Permission.READ, Permission.SEARCH, Permission.COPY})
