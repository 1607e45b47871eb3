"""OCSP and CRL over HTTP (RFC 6960 appendix A, RFC 5280 4.2.1.13), asked once for many documents."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from dossier.errors import Code, Unavailable
from signing.fetching import FAULTS, Question, fetch, is_http
from signing.port import Evidence, NobodyToAsk, Revoked
from signing.revocation import crl_evidence, ocsp_evidence

_REQUEST, _RESPONSE = "application/ocsp-request", "application/ocsp-response"
_MOST_OCSP, _MOST_CRL = 1 << 17, 16 << 20
_REDIRECTS = 3
_NONCE_BYTES = 16
_LONGEST_USE = timedelta(hours=1)
"""An answer is asked for anew after so long, though it speaks for longer: a revocation must not go unnoticed."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class HttpRevocation:
    """A `RevocationSource` that asks where the certificates say, OCSP first, and keeps what it was told.

    Args:
        timeout: Seconds that one question may take.
        ocsp_url: Asked in place of the responder that certificates name; empty: as they say.
        crl_urls: Lists that are tried where certificates name none, or none that answers.
        clock: The present time, aware.
    """

    timeout: float
    ocsp_url: str = ""
    crl_urls: tuple[str, ...] = ()
    clock: Callable[[], datetime] = _now
    asked: int = 0
    """How many questions were put to servers."""
    _kept: dict[bytes, tuple[datetime, Evidence]] = field(default_factory=dict)
    _lists: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, url in (("ocsp_url", self.ocsp_url), *(("crl_urls", url) for url in self.crl_urls)):
            if url and not is_http(url):
                raise Unavailable(Code.SETTINGS_INVALID, "address is neither http nor https", subject=name)

    def evidence(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        """Return what proves that a certificate is not revoked; see `RevocationSource.evidence`."""
        key = certificate.fingerprint(hashes.SHA256()) + issuer.fingerprint(hashes.SHA256())
        at = self.clock()
        if key in self._kept and self._kept[key][0] > at:
            return self._kept[key][1]
        found = self._ask(certificate, issuer, at)
        self._kept[key] = (min(found.until, at + _LONGEST_USE), found)
        return found

    def _ask(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        faults = []
        for url, question in self._ways(certificate):
            try:
                return question(url, certificate, issuer, at)
            except Revoked:
                raise
            except Unavailable as exc:
                faults.append(exc.detail)
        if not faults:
            raise NobodyToAsk
        raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, "; ".join(faults))

    def _ways(
        self, certificate: x509.Certificate
    ) -> Iterator[tuple[str, Callable[[str, x509.Certificate, x509.Certificate, datetime], Evidence]]]:
        for url in [self.ocsp_url] if self.ocsp_url else _responders(certificate):
            yield url, self._by_ocsp
        for url in (*_lists(certificate), *self.crl_urls):
            yield url, self._by_crl

    def _by_ocsp(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303 - a name
        body = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)
        question = Question(url, body, {"Content-Type": _REQUEST}, (_RESPONSE,), self.timeout, _MOST_OCSP)
        return ocsp_evidence(self._fetch(question, "OCSP"), certificate, issuer, at=at, nonce=nonce)

    def _by_crl(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Evidence:
        until, der = self._lists.get(url, (at, b""))
        if until <= at:
            question = Question(url, None, {}, (), self.timeout, _MOST_CRL, _REDIRECTS)
            der = self._fetch(question, "CRL")
        found = crl_evidence(der, certificate, issuer, at=at)
        self._lists[url] = (min(found.until, at + _LONGEST_USE), found.der)
        return found

    def _fetch(self, question: Question, what: str) -> bytes:
        self.asked += 1
        try:
            return fetch(question)
        except FAULTS as exc:
            raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, f"{what}: {type(exc).__name__}") from exc


def _responders(certificate: x509.Certificate) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    wanted = (one.access_location for one in access if one.access_method == AuthorityInformationAccessOID.OCSP)
    return _addresses(wanted)


def _lists(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _addresses(name for point in points for name in point.full_name or ())


def _addresses(names: Iterator[x509.GeneralName]) -> list[str]:
    found = (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))
    return [url for url in found if is_http(url)]
