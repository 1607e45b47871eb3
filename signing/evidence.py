"""Certificates and revocation data that a file carries, and since when each is proved to have been there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.general import MultivaluedAttributeError, NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.beside import Beside
from signing.verdict import UNKNOWN, RevocationFacts

CLOCK_SKEW = timedelta(minutes=10)
"""By how much clocks of authorities may differ."""


@dataclass(slots=True)
class Evidence:
    """What a file brings along for judging its signatures. Keys are SHA-256 of the DER.

    Revocation data counts only as long as the certificate of who made it: beyond its end anybody may have got hold of
    its key, unless a document time stamp proves that the data was there before (EN 319 102-1, 5.6.2.3).
    """

    at: datetime
    certificates: dict[bytes, x509.Certificate] = field(default_factory=dict)
    stored: dict[bytes, x509.Certificate] = field(default_factory=dict)
    """Those of the certificates that stand in the document security store."""
    crls: dict[bytes, crl.CertificateList] = field(default_factory=dict)
    ocsps: dict[bytes, ocsp.OCSPResponse] = field(default_factory=dict)
    known: dict[bytes, datetime] = field(default_factory=dict)

    def add_store(self, reader: PdfFileReader | HistoricalResolver) -> set[bytes]:
        """Take what the document security store of a revision holds; return the keys of its revocation data."""
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            return set()
        for certificate in store.load_certs():
            self.certificates[_key(certificate)] = self.stored[_key(certificate)] = certificate
        found = {self._add_crl(_read(each, crl.CertificateList, DecodePurpose.CRL)) for each in store.crls}
        responses = [_read(each, ocsp.OCSPResponse, DecodePurpose.OCSP_RESPONSE) for each in store.ocsps]
        return found | {self._add_ocsp(each) for each in responses}

    def add_beside(self, beside: Beside) -> None:
        """Take what is kept beside the file."""
        self.add_certificates(beside.certificates)
        for listed in beside.crls:
            self._add_crl(listed)
        for response in beside.ocsps:
            self._add_ocsp(response)

    def add_certificates(self, certificates: Iterable[x509.Certificate]) -> None:
        """Take certificates that a path may lead over."""
        self.certificates |= {_key(certificate): certificate for certificate in certificates}

    def add_message(self, signature: EmbeddedPdfSignature) -> None:
        """Take the certificates of a signature, and what Adobe's signed attribute holds."""
        self.add_certificates((signature.signer_cert, *signature.other_embedded_certs))
        try:
            value = find_unique_cms_attribute(signature.signer_info["signed_attrs"], "adobe_revocation_info_archival")
        except (NonexistentAttributeError, MultivaluedAttributeError):
            return
        for listed in value["crl"] or ():
            self._add_crl(listed)
        for response in value["ocsp"] or ():
            self._add_ocsp(response)

    def prove(self, keys: set[bytes], since: datetime) -> None:
        """Note that a time stamp proves that these were there at a time."""
        for key in keys:
            self.known[key] = min(since, self.known.get(key, since))

    def usable_crls(self) -> list[crl.CertificateList]:
        """Return the lists that count."""
        return [
            each
            for key, each in self.crls.items()
            if self._counts(key, each["tbs_cert_list"]["this_update"].native, _issuer_named(each.issuer))
        ]

    def usable_ocsps(self) -> list[ocsp.OCSPResponse]:
        """Return the responses that count."""
        return [
            each
            for key, each in self.ocsps.items()
            if (single := _single(each)) is not None
            and self._counts(key, single["this_update"].native, _responder_named(each))
        ]

    def responses_about(self, certificate: x509.Certificate) -> list[ocsp.OCSPResponse]:
        """Return the responses that count and may be about a certificate."""
        return [
            each
            for each in self.usable_ocsps()
            if _single(each)["cert_id"]["serial_number"].native == certificate.serial_number
        ]

    def newest_about(self, certificate: x509.Certificate) -> RevocationFacts:
        """Return kind and times of the newest data about a certificate; what it says is for others to judge."""
        found = [
            ("ocsp", single["this_update"].native, single["next_update"].native)
            for each in self.responses_about(certificate)
            if (single := _single(each)) is not None
        ]
        found += [
            ("crl", each["tbs_cert_list"]["this_update"].native, each["tbs_cert_list"]["next_update"].native)
            for each in self.usable_crls()
            if each.issuer == certificate.issuer
        ]
        if not found:
            return UNKNOWN
        source, issued_at, next_at = max(found, key=lambda item: item[1])
        return RevocationFacts("unknown", source, issued_at, next_at)

    def _add_crl(self, value: crl.CertificateList) -> bytes:
        self.crls[_key(value)] = value
        return _key(value)

    def _add_ocsp(self, value: ocsp.OCSPResponse) -> bytes:
        if value["response_status"].native == "successful":
            self.ocsps[_key(value)] = value
            self.add_certificates(_basic(value)["certs"] or ())
        return _key(value)

    def _counts(self, key: bytes, issued_at: datetime, is_issuer: Any) -> bool:  # noqa: ANN401 - a predicate
        if issued_at > self.at + CLOCK_SKEW:
            return False
        makers = [each for each in self.certificates.values() if is_issuer(each)]
        since = self.known.get(key, self.at)
        return not makers or any(maker.not_valid_after >= since for maker in makers)


def _read(reference: Any, kind: Any, purpose: DecodePurpose) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    return kind.load(reference.get_object().read_data(purpose), strict=True)


def _key(value: Any) -> bytes:  # noqa: ANN401 - asn1crypto is untyped
    return hashlib.sha256(value.dump()).digest()


def _basic(response: ocsp.OCSPResponse) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    return response["response_bytes"]["response"].parsed


def _single(response: ocsp.OCSPResponse) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    responses = _basic(response)["tbs_response_data"]["responses"]
    return responses[0] if len(responses) else None


def _issuer_named(name: x509.Name) -> Any:  # noqa: ANN401 - a predicate
    return lambda certificate: certificate.subject == name


def _responder_named(response: ocsp.OCSPResponse) -> Any:  # noqa: ANN401 - a predicate
    identity = _basic(response)["tbs_response_data"]["responder_id"]
    if identity.name == "by_name":
        return _issuer_named(identity.chosen)
    return lambda certificate: certificate.public_key.sha1 == identity.native
