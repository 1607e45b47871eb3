"""Certificates, revocation lists and responses, made with `cryptography` alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

SIGNING = ("digital_signature", "content_commitment")
ISSUING = ("key_cert_sign", "crl_sign")
STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate says beside its name and its time."""

    usages: Sequence[str] = SIGNING
    purposes: Sequence[ObjectIdentifier] = ()

    @property
    def authority(self) -> bool:
        """Whether it issues certificates."""
        return "key_cert_sign" in self.usages


@dataclass(frozen=True, slots=True)
class Party:
    """A key with its certificate, and who issued it; a root issued itself."""

    key: PrivateKey
    certificate: x509.Certificate
    issuer: Party | None = None

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers without the root, nearest first."""
        if self.issuer is None or self.issuer.issuer is None:
            return ()
        return (self.issuer.certificate, *self.issuer.chain)

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)

    def issue(
        self,
        name: str,
        since: datetime,
        until: datetime,
        profile: Profile = Profile(),
        *,
        key: PrivateKey | None = None,
    ) -> Party:
        """Return a new party with a certificate of this authority."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = _builder(name, key, self.certificate.subject, self.key, since, until, profile)
        return Party(key, certificate.sign(self.key, hashes.SHA256()), self)

    def revocations(self, at: datetime, revoked: Sequence[tuple[Party, datetime]] = (), *, days: float = 7) -> bytes:
        """Return the DER of this authority's list as it was at a moment."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(at + timedelta(days=days))
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for party, since in revoked:
            if since <= at:
                entry = x509.RevokedCertificateBuilder(party.certificate.serial_number, since)
                builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def response(self, party: Party, at: datetime, revoked_at: datetime | None = None, *, days: float = 7) -> bytes:
        """Return the DER of this authority's answer about one certificate at a moment."""
        revoked = revoked_at is not None and revoked_at <= at
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=party.certificate,
                issuer=self.certificate,
                algorithm=hashes.SHA256(),
                cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
                this_update=at,
                next_update=at + timedelta(days=days),
                revocation_time=revoked_at if revoked else None,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def root(name: str, since: datetime, until: datetime) -> Party:
    """Return a root."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    return Party(key, _builder(name, key, subject, key, since, until, Profile(ISSUING)).sign(key, hashes.SHA256()))


def _builder(  # noqa: PLR0913, PLR0917 - all that a certificate says
    name: str,
    key: PrivateKey,
    issuer: x509.Name,
    issuer_key: PrivateKey,
    since: datetime,
    until: datetime,
    profile: Profile,
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=profile.authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(**{usage: usage in profile.usages for usage in _USAGES}), critical=True)
    )
    if profile.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.purposes), critical=True)
    return builder


def _name(common: str) -> x509.Name:
    pairs = ((NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, "Test"), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])
