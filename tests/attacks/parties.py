"""Files whose bytes are sound and whose signer, or time-stamp authority, is not to be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from signing.verdict import Reason, Verdict
from tests.attacks import sources, updating
from tests.attacks.bases import lta, twice
from tests.pki.world import DAY, SIGNED, lasting, signed, stamped, with_evidence, world

Expected = tuple[Verdict, str | None, Reason]

_DOUBT = Verdict.INDETERMINATE
_UNSUITABLE: Expected = (_DOUBT, "CHAIN_CONSTRAINTS_FAILURE", Reason.CERTIFICATE_UNSUITABLE)
_UNTRUSTED = Reason.TIMESTAMP_UNTRUSTED

_SIGNERS: dict[str, Expected] = {
    "revoked": (_DOUBT, "REVOKED_NO_POE", Reason.CERTIFICATE_REVOKED),
    "expired": (_DOUBT, "OUT_OF_BOUNDS_NO_POE", Reason.CERTIFICATE_EXPIRED),
    "too early": (Verdict.INVALID, "NOT_YET_VALID", Reason.CERTIFICATE_NOT_YET_VALID),
    "web server": _UNSUITABLE,
    "encipherment": _UNSUITABLE,
    "self-signed": _UNSUITABLE,
    "stranger": (_DOUBT, "NO_CERTIFICATE_CHAIN_FOUND", Reason.CERTIFICATE_UNKNOWN),
    "issued by a signer": (_DOUBT, "CERTIFICATE_CHAIN_GENERAL_FAILURE", Reason.CERTIFICATE_UNSUITABLE),
}
_AUTHORITIES: dict[str, Expected] = {
    "expired tsa": (_DOUBT, "OUT_OF_BOUNDS_NO_POE", _UNTRUSTED),
    "short tsa": (_DOUBT, "OUT_OF_BOUNDS_NO_POE", _UNTRUSTED),
    "revoked tsa": (_DOUBT, "REVOKED_NO_POE", _UNTRUSTED),
    "web tsa": (_DOUBT, "CHAIN_CONSTRAINTS_FAILURE", _UNTRUSTED),
    "strange tsa": (_DOUBT, "NO_CERTIFICATE_CHAIN_FOUND", _UNTRUSTED),
}


def rows() -> Iterator[tuple[str, Callable[[], bytes], Expected]]:
    """Yield name, maker and what must be said."""
    for name, expected in _SIGNERS.items():
        yield f"signer {name}", partial(_by, name, "tsa"), expected
    for name, expected in _AUTHORITIES.items():
        yield f"time stamps of {name}", partial(_by, "ec", name), expected
    weak: Expected = (_DOUBT, "CRYPTO_CONSTRAINTS_FAILURE", Reason.ALGORITHM_WEAK)
    yield "SHA-1", sha1, weak
    missing: Expected = (_DOUBT, "TRY_LATER", Reason.REVOCATION_UNKNOWN)
    yield "no revocation data", partial(signed, sources.form(), world().party("ec"), tsa=world().party("tsa")), missing
    yield "stale revocation data", stale, (_DOUBT, "TRY_LATER", _UNTRUSTED)
    revoked = _SIGNERS["revoked"]
    yield "old good response hides a newer list", hidden_revocation, revoked
    yield "good response by a stranger", forged_response, revoked
    yield "old good response hides a newer one", hidden_response, revoked
    yield "revoked, by response", partial(told_by_response, "revoked", SIGNED, SIGNED + DAY), revoked
    since = world().revoked["revoked later"]
    yield "revoked at that moment", partial(told_by_response, "revoked later", since, since + DAY), revoked
    yield "signed when revoked", partial(told_by_response, "revoked later", since + DAY, since + 2 * DAY), revoked
    shown: Expected = (Verdict.INVALID, "FORMAT_FAILURE", Reason.CHANGED_AFTER)
    yield "time stamp that shows something", visible_stamp, shown
    yield "time stamp from before the signature's", early_stamp, (_DOUBT, "TIMESTAMP_ORDER_FAILURE", _UNTRUSTED)
    changed: Expected = (Verdict.INVALID, None, Reason.CHANGED_AFTER)
    yield "change between two signatures", between, changed
    yield "change covered by a new time stamp", restamped, changed
    yield "stranger signs on top", on_top, (_DOUBT, "NO_CERTIFICATE_CHAIN_FOUND", Reason.CERTIFICATE_UNKNOWN)


def _by(signer: str, authority: str) -> bytes:
    return lasting(sources.form(), signer, authority)


def sha1() -> bytes:
    """Return a file with a digest that was broken years before."""
    made = signed(sources.form(), world().party("rsa"), digest="sha1")
    return stamped(with_evidence(made, world().evidence(SIGNED, of=("rsa",))), world().party("tsa"), SIGNED)


def stale() -> bytes:
    """Return a file whose revocation data had run out when it was signed."""
    made = signed(sources.form(), world().party("ec"), tsa=world().party("tsa"))
    made = with_evidence(made, world().evidence(SIGNED - 60 * DAY))
    return stamped(made, world().party("tsa"), SIGNED + timedelta(minutes=2))


def hidden_revocation() -> bytes:
    """Return a file by a revoked signer, with a response from before it beside the list."""
    made = signed(sources.form(), world().party("revoked"), tsa=world().party("tsa"))
    evidence = world().evidence(SIGNED, of=("tsa",))
    evidence["ocsps"] += world().evidence(SIGNED - 40 * DAY, of=("revoked",))["ocsps"]
    return stamped(with_evidence(made, evidence), world().party("tsa"), SIGNED + timedelta(minutes=2))


def hidden_response() -> bytes:
    """Return a file by a revoked signer, with a response from before it in front of the newer one; no list."""
    made = signed(sources.form(), world().party("revoked"), tsa=world().party("tsa"))
    evidence = world().evidence(SIGNED, of=("revoked", "tsa"), issuing_lists=False)
    evidence["ocsps"] = world().evidence(SIGNED - 31 * DAY, of=("revoked",))["ocsps"] + evidence["ocsps"]
    return stamped(with_evidence(made, evidence), world().party("tsa"), SIGNED + timedelta(minutes=2))


def told_by_response(signer: str, at: datetime, asked: datetime) -> bytes:
    """Return a file signed at a moment, with what a responder alone says of its signer at another."""
    made = signed(sources.form(), world().party(signer), at=at, tsa=world().party("tsa"))
    made = with_evidence(made, world().evidence(asked, of=(signer, "tsa"), issuing_lists=False))
    return stamped(made, world().party("tsa"), asked + timedelta(minutes=1))


def forged_response() -> bytes:
    """Return a file by a revoked signer, with a good response by an authority of the same name."""
    made = signed(sources.form(), world().party("revoked"), tsa=world().party("tsa"))
    evidence = world().evidence(SIGNED, of=("tsa",))
    evidence["ocsps"].append(world().forged_response("revoked", SIGNED))
    return stamped(with_evidence(made, evidence), world().party("tsa"), SIGNED + timedelta(minutes=2))


def visible_stamp() -> bytes:
    """Return a file with a good time stamp whose field covers the page."""
    return stamped(lta(), world().party("tsa"), SIGNED + DAY, box=(0, 0, 595, 842))


def early_stamp() -> bytes:
    """Return a file whose document time stamp is older than what it covers."""
    made = signed(sources.form(), world().party("ec"), tsa=world().party("tsa"))
    made = with_evidence(made, world().evidence(SIGNED))
    return stamped(made, world().party("tsa"), SIGNED - 30 * DAY)


def between() -> bytes:
    """Return a file with a change after the officer's signature and before the agency's."""
    first = signed(sources.form(), world().party("officer"), tsa=world().party("tsa"), name="Officer")
    return lasting(updating.updated(first, updating.fill_field))


def restamped() -> bytes:
    """Return a changed file that a genuine time stamp covers."""
    changed = updating.updated(lta(), updating.swap_content)
    return stamped(changed, world().party("tsa"), SIGNED + DAY)


def on_top() -> bytes:
    """Return a file of two signatures that a stranger signed as well."""
    return signed(twice(), world().party("stranger"), at=SIGNED + DAY, tsa=world().party("tsa"), name="Other")
