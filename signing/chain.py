"""From a certificate to its issuers, out of a heap of certificates."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

_LONGEST = 8


def chain_of(certificate: x509.Certificate, heap: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Return the issuers of a certificate that are in the heap, nearest first, without the root."""
    candidates, chain = list(heap), [certificate]
    while len(chain) <= _LONGEST:
        issuer = next((each for each in candidates if _issued(each, chain[-1])), None)
        if issuer is None or issuer in chain or issuer.issuer == issuer.subject:
            break
        chain.append(issuer)
    return tuple(chain[1:])


def is_authority(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is one that issues others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
