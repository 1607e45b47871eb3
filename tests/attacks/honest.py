"""Files that nobody attacked, of every level and sort."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from pyhanko.sign.fields import MDPPerm

from tests.attacks import bases, signing_badly, sources
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
}
