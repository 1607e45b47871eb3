"""Validation data kept beside a file that came signed, because its own bytes must not change.

The form is a CMS SignedData without signers (RFC 5652, 5.1), whose certificates common tools show: certificates, lists
of revoked ones, and OCSP responses as RFC 5940 has them. Put together and taken apart on the bytes, see `signing.der`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import cms, core, crl, ocsp, parser, x509

from signing.der import children, context, sequence, set_of

if TYPE_CHECKING:
    from signing.validation_data import ValidationData

BESIDE_TYPE = "application/pkcs7-mime"

_VERSION = core.Integer(5).dump()
_SIGNED_DATA, _DATA = cms.ContentType("signed_data").dump(), cms.ContentType("data").dump()
_OCSP_RESPONSE = core.ObjectIdentifier("1.3.6.1.5.5.7.16.2").dump()
_CERTIFICATES, _CRLS, _OTHER = 0, 1, 1
_NOTHING = set_of(b"")
_CONTEXT = 2
_MOST_BYTES = 64 << 20  # lists of revoked certificates are large, but nobody needs more for one file


@dataclass(frozen=True, slots=True)
class Beside:
    """What was kept: certificates, lists of revoked ones, OCSP responses. Nothing of it is trusted."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()


def packed(data: ValidationData) -> bytes:
    """Return validation data in DER."""
    responses = [context(_OTHER, _OCSP_RESPONSE + der) for der in data.ocsps]
    content = sequence(
        _VERSION,
        _NOTHING,  # no digests: nobody signs
        sequence(_DATA),
        context(_CERTIFICATES, b"".join(data.certificates)),
        context(_CRLS, b"".join([*data.crls, *responses])),
        _NOTHING,
    )
    return sequence(_SIGNED_DATA, context(0, content))


def unpacked(der: bytes) -> Beside:
    """Return what `packed` was given.

    Raises:
        ValueError: It is not of this form.
    """
    if len(der) > _MOST_BYTES:
        raise ValueError("too large")
    kind, explicit = _exactly(children(der), 2)
    if kind != _SIGNED_DATA:
        raise ValueError("no SignedData")
    (content,) = _exactly(children(explicit), 1)
    certificates, revocation = _exactly(children(content), 6)[3:5]
    lists, responses = [], []
    for each in children(revocation):
        if parser.parse(each, strict=True)[0] == _CONTEXT:
            name, response = _exactly(children(each), 2)
            if name != _OCSP_RESPONSE:
                raise ValueError("revocation data of another form")
            responses.append(ocsp.OCSPResponse.load(response, strict=True))
        else:
            lists.append(crl.CertificateList.load(each, strict=True))
    pool = (x509.Certificate.load(each, strict=True) for each in children(certificates))
    return Beside(tuple(pool), tuple(lists), tuple(responses))


def _exactly(found: list[bytes], count: int) -> list[bytes]:
    if len(found) != count:
        raise ValueError("number of parts")
    return found
