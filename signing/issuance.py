"""Certificates of the development PKI, with the extensions that strict validators ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.keys import PrivateKey
from signing.port import DEVELOPMENT_MARK

_LIFETIME = timedelta(days=3650)
_CLOCK_SKEW = timedelta(hours=1)


class Role(StrEnum):
    """What a certificate is for; also the name of its files."""

    ROOT = "root"
    ISSUING = "issuing-ca"
    AGENCY = "agency"
    OFFICER = "officer"
    TIME_STAMP = "time-stamp"


_NAMES = {
    Role.ROOT: "Gốc thử nghiệm",
    Role.ISSUING: "CA thử nghiệm",
    Role.AGENCY: "Cơ quan thử nghiệm",
    Role.OFFICER: "Người đối chiếu thử nghiệm",
    Role.TIME_STAMP: "Dấu thời gian thử nghiệm",
}


def issue(
    role: Role,
    key: PrivateKey,
    issuer_key: PrivateKey,
    issuer: x509.Certificate | None,
    *,
    valid_from: datetime | None = None,
    lifetime: timedelta = _LIFETIME,
) -> x509.Certificate:
    """Return a certificate for a key; without an issuer it is self-signed.

    It holds from an hour ago, so that clocks may differ, unless `valid_from` says otherwise.
    """
    start = valid_from or datetime.now(UTC) - _CLOCK_SKEW
    subject = _name(role)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(_constraints(role), critical=True)
        .add_extension(_usage(role), critical=True)
    )
    if role is Role.TIME_STAMP:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(role: Role) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"hososo {DEVELOPMENT_MARK}"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{_NAMES[role]} ({DEVELOPMENT_MARK})"),
        ]
    )


def _constraints(role: Role) -> x509.BasicConstraints:
    depth = {Role.ROOT: 1, Role.ISSUING: 0}.get(role)
    return x509.BasicConstraints(ca=depth is not None, path_length=depth)


def _usage(role: Role) -> x509.KeyUsage:
    authority = role in {Role.ROOT, Role.ISSUING}
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=role in {Role.AGENCY, Role.OFFICER},
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
