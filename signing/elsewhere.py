"""Signing with a key that is elsewhere: hash out, CMS back.

A document is laid out twice in the same way: once to learn the digest that goes out, once to take the CMS that came
back. Nothing of the draft has to be kept meanwhile; if the layout comes out otherwise, the digest differs and the
signature is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Never

from cryptography import x509

from dossier.errors import Code, Unavailable
from signing import key_rules
from signing.keys import common_name
from signing.port import Appearance, Scheme, SignatureRecord, TimeStampAuthority, is_development
from signing.returned import check_returned
from signing.seal import sign_pdf


@dataclass(frozen=True, slots=True)
class AbsentKey:
    """A key known by its certificate only.

    Attributes:
        certificate: The signer's.
        chain: Its issuers, nearest first.
    """

    certificate: x509.Certificate
    chain: Sequence[x509.Certificate] = ()

    @property
    def name(self) -> str:
        """Common name of the certificate's subject."""
        return common_name(self.certificate.subject)

    @property
    def development(self) -> bool:
        """Whether a subject in the chain says so."""
        return is_development((self.certificate, *self.chain))

    @property
    def scheme(self) -> Scheme:
        """How keys of this kind sign by the rule in force."""
        return key_rules.in_force().scheme_of(self.certificate)

    def sign(self, data: bytes, digest: str) -> bytes:  # noqa: ARG002 - see `Signer`
        """Refuse: the key is not here."""
        raise Unavailable(Code.KEY_UNAVAILABLE, "the key is elsewhere")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What goes out of a document.

    Attributes:
        digest: To be signed.
        algorithm: How it was hashed, e.g. `sha256`.
    """

    digest: bytes
    algorithm: str


def prepare(source: Path, *, key: AbsentKey, appearance: Appearance, at: datetime) -> Prepared:
    """Return what must be signed elsewhere for a PDF to be sealed.

    Raises:
        Rejected: See `sign_pdf`.
        Unavailable: FONT_MISSING, DISK_FULL, KEY_TOO_WEAK.
    """
    with TemporaryDirectory(dir=source.parent, prefix=".preparing-") as folder:
        draft = Path(folder) / "draft"
        try:
            sign_pdf(source, draft, signer=_Learning(key), tsa=_NoTime(), appearance=appearance, at=at)
        except _Learnt as learnt:
            return learnt.prepared
    raise AssertionError


def complete(
    source: Path, target: Path, *, key: Returned, tsa: TimeStampAuthority, appearance: Appearance, at: datetime
) -> SignatureRecord:
    """Write the sealed PDF with a CMS that was made elsewhere; all but `key` as `prepare` was given it.

    Raises:
        Rejected(SIGNING_INPUT_CHANGED): The document, its layout or what was signed is not what was prepared.
        Rejected: KEY_MISMATCH, SIGNATURE_MALFORMED, see `check_returned`; and those of `sign_pdf`.
        Unavailable: TSA_UNAVAILABLE, FONT_MISSING, DISK_FULL, KEY_TOO_WEAK.
    """
    return sign_pdf(source, target, signer=key, tsa=tsa, appearance=appearance, at=at)


@dataclass(frozen=True, slots=True)
class Returned(AbsentKey):
    """A key elsewhere, and the one CMS that it made."""

    cms: bytes = b""

    def signed_data(self, digest: bytes, algorithm: str) -> bytes:
        """Return the CMS when it is about this digest; see `signing.port.CmsSigner`."""
        check_returned(self.cms, digest, algorithm, self.certificate)
        return self.cms


class _Learnt(Exception):  # noqa: N818 - carries what was wanted
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.prepared = prepared


class _Learning(AbsentKey):
    """Gives away the digest instead of signing it."""

    def __init__(self, key: AbsentKey) -> None:
        super().__init__(key.certificate, key.chain)

    def signed_data(self, digest: bytes, algorithm: str) -> Never:
        """Stop here."""
        raise _Learnt(Prepared(digest, algorithm))


class _NoTime:
    def token(self, digest: bytes, algorithm: str) -> Never:  # noqa: ARG002 - see `TimeStampAuthority`
        raise AssertionError
