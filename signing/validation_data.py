"""Validation data: the chain of a certificate up to an anchor, and what proves that nothing in it was revoked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from dossier.errors import Code, Unavailable
from signing.port import Revoked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from signing.port import Evidence, RevocationSource

    _Ask = Callable[[x509.Certificate, x509.Certificate], Evidence]

_LONGEST_CHAIN = 8
_NOT_ISSUED_BY = (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm)


@dataclass(slots=True)
class ValidationData:
    """DER of certificates, OCSP responses and CRLs, each once, in the order in which they were found."""

    certificates: dict[bytes, None] = field(default_factory=dict)
    ocsps: dict[bytes, None] = field(default_factory=dict)
    crls: dict[bytes, None] = field(default_factory=dict)

    def join(self, other: ValidationData) -> None:
        """Take in what another one has."""
        self.certificates |= other.certificates
        self.ocsps |= other.ocsps
        self.crls |= other.crls


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects validation data.

    Attributes:
        source: Who is asked about revocation.
        anchors: Where a chain must end; nothing is asked about them.
        intermediates: Authorities that signers and time stamps may leave out of what they send.
    """

    source: RevocationSource
    anchors: tuple[x509.Certificate, ...]
    intermediates: tuple[x509.Certificate, ...] = ()

    @classmethod
    def of(cls, source: RevocationSource, anchors: Iterable[bytes], intermediates: Iterable[bytes] = ()) -> Self:
        """Return the collector for certificates in DER."""
        load = x509.load_der_x509_certificate
        return cls(source, tuple(map(load, anchors)), tuple(map(load, intermediates)))

    def collect(self, leaf: x509.Certificate, pool: Iterable[x509.Certificate]) -> ValidationData:
        """Return chain and evidence for a certificate; addresses are asked only once its chain ends at an anchor.

        The anchor is part of the chain: pyHanko finds the issuer of a root's CRL only among what the file carries.

        Args:
            leaf: The signer's certificate, or a time-stamp authority's.
            pool: Certificates that came with it, not trusted.

        Raises:
            Revoked: One of them is.
            Unavailable: VALIDATION_DATA_UNAVAILABLE, no chain to an anchor among other things.
        """
        return self._collected(leaf, pool, self.source.evidence)

    def whatever_is_said(self, leaf: x509.Certificate, pool: Iterable[x509.Certificate]) -> ValidationData:
        """Return chain and evidence as `collect`, be it that something is revoked: for judging, not for signing.

        Raises:
            Unavailable: VALIDATION_DATA_UNAVAILABLE; `NobodyToAsk` where asking again is no use.
        """
        return self._collected(leaf, pool, self._whatever)

    def _collected(self, leaf: x509.Certificate, pool: Iterable[x509.Certificate], ask: _Ask) -> ValidationData:
        chain = self._chain(leaf, (*self.anchors, *self.intermediates, *pool))
        data = ValidationData(certificates=dict.fromkeys(map(_der, chain)))
        for certificate, issuer in itertools.pairwise(chain):
            self._add(certificate, issuer, data, ask)
        return data

    def _whatever(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        try:
            return self.source.evidence(certificate, issuer)
        except Revoked as exc:
            return exc.evidence

    def _chain(self, leaf: x509.Certificate, known: tuple[x509.Certificate, ...]) -> list[x509.Certificate]:
        chain = [leaf]
        while chain[-1] not in self.anchors:
            issuer = next((one for one in known if one not in chain and _issued(one, chain[-1])), None)
            if issuer is None or len(chain) == _LONGEST_CHAIN:
                raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, "no chain to a trusted anchor")
            chain.append(issuer)
        return chain

    def _add(self, certificate: x509.Certificate, issuer: x509.Certificate, data: ValidationData, ask: _Ask) -> None:
        if certificate in self.anchors:
            return
        evidence = ask(certificate, issuer)
        (data.ocsps if evidence.kind == "ocsp" else data.crls)[evidence.der] = None
        for responder in evidence.certificates:
            new = _der(responder) not in data.certificates
            data.certificates[_der(responder)] = None
            if new and not _needs_no_check(responder):
                self._add(responder, issuer, data, ask)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if issuer.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (*_NOT_ISSUED_BY, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False


def _needs_no_check(responder: x509.Certificate) -> bool:
    try:
        responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return True


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
