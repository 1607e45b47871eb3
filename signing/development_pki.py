"""A PKI that is made on first start, so that everything works before an agency has its own key.

Root, issuing CA, the keys of agency and officer, time-stamp authority and revocation lists; every subject says
DEVELOPMENT ONLY, and production refuses to start on it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dossier.errors import Code, Unavailable
from signing.development_revocation import DevelopmentRevocation
from signing.issuance import Role, issue
from signing.keys import KeySigner, PrivateKey
from signing.responder import TimeStampResponder

Algorithm = Literal["rsa", "ecdsa"]

_RSA_BITS = 3072
_ISSUED_BY: dict[Role, Role] = {
    Role.ROOT: Role.ROOT,
    Role.ISSUING: Role.ROOT,
    Role.AGENCY: Role.ISSUING,
    Role.OFFICER: Role.ISSUING,
    Role.TIME_STAMP: Role.ISSUING,
}


@dataclass(frozen=True, slots=True)
class DevelopmentPki:
    """The development keys, ready for use."""

    signer: KeySigner
    officer: KeySigner
    tsa: TimeStampResponder
    revocation: DevelopmentRevocation
    anchors: tuple[x509.Certificate, ...]


def ensure_development_pki(folder: Path, *, algorithm: Algorithm = "rsa") -> DevelopmentPki:
    """Return the development PKI of a folder, made there when it is not there yet.

    The folder appears at once and whole; of two processes that make it, one wins and both use the winner's.
    Key files can be read by their owner only.

    Args:
        folder: Where the PEM files are; its parent must exist.
        algorithm: `rsa` (3072 bits) or `ecdsa` (P-256), only looked at when the PKI is made.

    Raises:
        Unavailable: KEY_UNAVAILABLE, when the folder holds something damaged or expired.
    """
    if not (folder.is_dir() and any(folder.iterdir())):
        _make(folder, algorithm)
    return _load(folder)


def _make(folder: Path, algorithm: Algorithm) -> None:
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        issued: dict[Role, tuple[PrivateKey, x509.Certificate]] = {}
        for role, issuer in _ISSUED_BY.items():
            key = _new_key(algorithm)
            issuer_key, issuer_certificate = issued.get(issuer, (key, None))
            issued[role] = (key, issue(role, key, issuer_key, issuer_certificate))
            _write(draft, role, *issued[role])
        with contextlib.suppress(FileExistsError, OSError):  # another process was first: its PKI is as good
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _new_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm == "ecdsa":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)


def _write(folder: Path, role: Role, key: PrivateKey, certificate: x509.Certificate) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for name, data in (
        (f"{role}.key.pem", pem),
        (f"{role}.pem", certificate.public_bytes(serialization.Encoding.PEM)),
    ):
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)


def _load(folder: Path) -> DevelopmentPki:
    try:
        certificates = {role: x509.load_pem_x509_certificate((folder / f"{role}.pem").read_bytes()) for role in Role}
        chain = (certificates[Role.ISSUING],)
        signer, officer, stamper = (
            KeySigner(_key(folder, role), certificates[role], chain)
            for role in (Role.AGENCY, Role.OFFICER, Role.TIME_STAMP)
        )
        authorities = {certificates[role]: _key(folder, role) for role in (Role.ROOT, Role.ISSUING)}
    except (OSError, ValueError, TypeError) as exc:
        raise Unavailable(Code.KEY_UNAVAILABLE, f"development PKI: {type(exc).__name__}") from exc
    if any(certificate.not_valid_after_utc < datetime.now(UTC) for certificate in certificates.values()):
        raise Unavailable(Code.KEY_UNAVAILABLE, "development PKI has expired: remove its folder")
    revocation = DevelopmentRevocation(authorities)
    return DevelopmentPki(signer, officer, TimeStampResponder(stamper), revocation, (certificates[Role.ROOT],))


def _key(folder: Path, role: Role) -> PrivateKey:
    data = (folder / f"{role}.key.pem").read_bytes()
    # Keys of our own making: testing whether they are prime takes longer than all else that a command begins with.
    key = serialization.load_pem_private_key(data, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(type(key).__name__)
    return key
