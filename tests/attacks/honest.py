"""Files that nobody attacked, of every level and sort."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pyhanko.sign.fields import MDPPerm

from tests.attacks import bases, parties, signing_badly, sources
from tests.pki.world import DAY, SIGNED, lasting, signed, stamped, with_evidence, world


def _by(signer: str, *, tsa: bool = True, **others: object) -> bytes:
    return signed(sources.form(), world().party(signer), tsa=world().party("tsa") if tsa else None, **others)


def _second_after_stamp() -> bytes:
    """Return a file at B-LTA that another signed later, at B-LTA again."""
    return lasting(bases.lta(), "officer", at=SIGNED + DAY, name="Second")


def _revoked_later() -> bytes:
    """Return a file whose signer was revoked later, which its newer validation data says."""
    at = SIGNED + 5 * DAY
    made = with_evidence(lasting(sources.form(), "revoked later"), world().evidence(at, of=("tsa",)))
    return stamped(made, world().party("tsa"), at + timedelta(minutes=1))


def _revoked_later_by_response() -> bytes:
    """Return the same, known from a response alone: the list was not at hand."""
    return parties.told_by_response("revoked later", SIGNED, SIGNED + 5 * DAY)


def _dressed_stamp() -> bytes:
    """Return a file whose time stamp has an appearance that takes up no room."""
    return stamped(bases.lt(), world().party("tsa"), SIGNED + DAY, dressed=True)


def _agency_after_stamp() -> bytes:
    """Return a file at B-LTA that the agency signed later, visibly, and stamped as EU DSS does."""
    made = signed(
        bases.lta(), world().party("officer"), at=SIGNED + DAY, tsa=world().party("tsa"), name="2", box=(9, 9, 99, 99)
    )
    made = with_evidence(made, world().evidence(SIGNED + DAY, of=("officer", "tsa")))
    return stamped(made, world().party("tsa"), SIGNED + DAY + timedelta(minutes=1), dressed=True)


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "B-B": ("B-B", partial(_by, "ec", tsa=False)),
    "B-T": ("B-T", bases.stamped_only),
    "B-T, RSA, SHA-512": ("B-T", partial(_by, "rsa", digest="sha512")),
    "B-T, RSA-PSS": ("B-T", partial(_by, "rsa", pss=True)),
    "B-T, visible": ("B-T", partial(_by, "ec", box=(300, 700, 500, 800))),
    "B-T, by a range as it must be": ("B-T", partial(signing_badly.crafted, signing_badly.whole)),
    "B-LT": ("B-LT", bases.lt),
    "B-LTA": ("B-LTA", bases.lta),
    "B-LTA, cross-reference stream": ("B-LTA", lambda: lasting(sources.packed())),
    "B-LTA, linearised": ("B-LTA", lambda: lasting(sources.linearized())),
    "B-LTA, certified": ("B-LTA", partial(bases.certified, MDPPerm.NO_CHANGES)),
    "B-LTA, renewed by another authority": ("B-LTA", bases.renewed),
    "B-LTA, two signatures": ("B-LTA", bases.twice),
    "B-LTA, signed again later": ("B-LTA", _second_after_stamp),
    "B-LTA, signer revoked later": ("B-LTA", _revoked_later),
    "B-LTA, signer revoked later, by response": ("B-LTA", _revoked_later_by_response),
    "B-LTA, time stamp with appearance": ("B-LTA", _dressed_stamp),
    "B-LTA, agency's signature behind the time stamp": ("B-LTA", _agency_after_stamp),
}
