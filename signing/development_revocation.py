"""The development PKI's revocation lists, made in this process when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys import PrivateKey
from signing.port import Evidence, NobodyToAsk, RevocationSource
from signing.revocation import crl_evidence

_SPEAKS_FOR = timedelta(days=7)
_USED_FOR = timedelta(hours=1)
_EARLIER = timedelta(minutes=5)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class DevelopmentRevocation:
    """A `RevocationSource` that holds the keys of the authorities it is asked about.

    Args:
        authorities: Certificates that issue, each with its key.
        revoked: Serial numbers that are on the lists from now on.
        clock: The present time, aware.
        others: Asked about certificates of other authorities.
    """

    authorities: Mapping[x509.Certificate, PrivateKey]
    revoked: set[int] = field(default_factory=set)
    clock: Callable[[], datetime] = _now
    others: RevocationSource | None = None
    _lists: dict[tuple[x509.Certificate, frozenset[int]], tuple[datetime, bytes]] = field(default_factory=dict)

    def evidence(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        """Return the issuer's list; see `RevocationSource.evidence`."""
        if issuer not in self.authorities:
            if self.others is not None:
                return self.others.evidence(certificate, issuer)
            raise NobodyToAsk
        at, key = self.clock(), (issuer, frozenset(self.revoked))
        made, der = self._lists.get(key, (at - _SPEAKS_FOR, b""))
        if not made <= at < made + _USED_FOR:
            der = self._made(issuer, at)
            self._lists[key] = (at, der)
        return crl_evidence(der, certificate, issuer, at=at)

    def _made(self, issuer: x509.Certificate, at: datetime) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(at - _EARLIER)
            .next_update(at + _SPEAKS_FOR)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)  # type: ignore[arg-type]
        )
        for serial in sorted(self.revoked):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at - _EARLIER)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.authorities[issuer], hashes.SHA256()).public_bytes(Encoding.DER)
