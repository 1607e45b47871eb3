"""What is attacked: files signed in good faith, made once in a process."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from pyhanko.sign.fields import MDPPerm

from tests.attacks import sources
from tests.pki.world import DAY, SIGNED, lasting, signed, stamped, with_evidence, world


@cache
def lta() -> bytes:
    """Return a paper with a form at level B-LTA."""
    return lasting(sources.form())


@cache
def stamped_only() -> bytes:
    """Return the same at B-T."""
    return signed(sources.form(), world().party("ec"), tsa=world().party("tsa"))


@cache
def lt() -> bytes:
    """Return the same at B-LT: nothing covers the validation data."""
    return with_evidence(stamped_only(), world().evidence(SIGNED + timedelta(minutes=1)))


@cache
def layered() -> bytes:
    """Return a paper that its writer prepared, with what is to be hidden or shown later."""
    return lasting(sources.layered())


@cache
def doubled() -> bytes:
    """Return a paper that its writer prepared, with a second version of its words."""
    return lasting(sources.doubled())


@cache
def certified(permission: MDPPerm) -> bytes:
    """Return a paper with a form, certified, at level B-LTA."""
    return lasting(sources.form(), certify=True, docmdp_permissions=permission)


@cache
def twice() -> bytes:
    """Return a paper signed by the officer and by the agency, at level B-LTA."""
    first = signed(sources.form(), world().party("officer"), tsa=world().party("tsa"), name="Officer")
    made = signed(first, world().party("ec"), at=SIGNED + timedelta(minutes=1), tsa=world().party("tsa"))
    made = with_evidence(made, world().evidence(SIGNED + timedelta(minutes=2), of=("ec", "officer", "tsa")))
    return stamped(made, world().party("tsa"), SIGNED + timedelta(minutes=3))


@cache
def renewed() -> bytes:
    """Return a paper whose time stamp was renewed by another authority."""
    at = SIGNED + 9 * DAY
    made = with_evidence(lta(), world().evidence(at, of=("tsa",)))
    return stamped(made, world().party("next tsa"), at + timedelta(minutes=1), digest="sha512")
