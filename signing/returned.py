"""What comes back from where hashes were sent to: is it the signature that was asked for, and nothing else?"""

from __future__ import annotations

import hashlib
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from dossier.errors import Code, HososoError, Rejected
from signing import key_rules
from signing.signature_value import check_signature

MOST_BYTES = 32 << 10
"""A CMS with a chain of large certificates has 8 KiB."""
_MOST_CERTIFICATES = 8
_ATTRIBUTES = ["content_type", "message_digest", "signing_certificate_v2"]
_ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError, UnsupportedAlgorithm)


def check_returned(data: bytes, digest: bytes, algorithm: str, certificate: x509.Certificate) -> None:
    """Check a CMS that was made elsewhere over a digest of ours, before it goes into a document.

    It must be what `signing.cms.signed_data` makes: one signer, one content type, the digest, the signing certificate,
    no time, no unsigned attribute, and a value that the certificate's key made. More is refused, however harmless.

    Args:
        data: The bytes that came back.
        digest: What was to be signed.
        algorithm: How that was hashed.
        certificate: Whose signature was asked for.

    Raises:
        Rejected: SIGNING_INPUT_CHANGED, it is about other bytes; KEY_MISMATCH, somebody else's or a broken value;
            SIGNATURE_MALFORMED, anything else.
        Unavailable(KEY_TOO_WEAK): The rule in force does not let such a key or digest sign.
    """
    rule = key_rules.in_force()
    rule.check_digest(algorithm)
    rule.scheme_of(certificate)
    try:
        _check(data, digest, algorithm, certificate)
    except HososoError:
        raise
    except InvalidSignature:
        raise Rejected(Code.KEY_MISMATCH, "the value does not verify") from None
    except _ODD as exc:
        raise Rejected(Code.SIGNATURE_MALFORMED, type(exc).__name__) from None


def _check(data: bytes, digest: bytes, algorithm: str, certificate: x509.Certificate) -> None:
    _demand(len(data) <= MOST_BYTES, "size")
    signed = cms.ContentInfo.load(data, strict=True)
    _demand(signed["content_type"].native == "signed_data", "content type")
    content = signed["content"]
    _demand(content["encap_content_info"]["content_type"].native == "data", "content type inside")
    _demand(not content["encap_content_info"]["content"].contents, "detached")
    _demand(not content["crls"] and len(content["signer_infos"]) == 1, "one signer")
    info = content["signer_infos"][0]
    _demand(not info["unsigned_attrs"], "no unsigned attributes")
    _demand(info["digest_algorithm"]["algorithm"].native == algorithm, "digest algorithm")
    _check_attributes(info["signed_attrs"], digest, certificate)
    _check_certificates(content, certificate)
    check_signature(certificate, info, info["signed_attrs"].untag().dump())


def _check_attributes(attributes: Any, digest: bytes, certificate: x509.Certificate) -> None:  # noqa: ANN401 - untyped
    found = {attribute["type"].native: attribute["values"] for attribute in attributes}
    _demand(sorted(found) == _ATTRIBUTES and len(attributes) == len(_ATTRIBUTES), "signed attributes")
    _demand(all(len(values) == 1 for values in found.values()), "one value each")
    _demand(found["content_type"][0].native == "data", "content type signed")
    if found["message_digest"][0].native != digest:
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "the signature is about other bytes")
    named = found["signing_certificate_v2"][0]["certs"][0]
    hashed = hashlib.new(named["hash_algorithm"]["algorithm"].native, certificate.public_bytes(Encoding.DER)).digest()
    if named["cert_hash"].native != hashed:
        raise Rejected(Code.KEY_MISMATCH, "another certificate is named as the signer's")


def _check_certificates(content: Any, certificate: x509.Certificate) -> None:  # noqa: ANN401 - asn1crypto is untyped
    given = [choice.chosen.dump() for choice in content["certificates"]]
    _demand(len(given) <= _MOST_CERTIFICATES, "number of certificates")
    if certificate.public_bytes(Encoding.DER) not in given:
        raise Rejected(Code.KEY_MISMATCH, "the signer's certificate is not in it")


def _demand(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise Rejected(Code.SIGNATURE_MALFORMED, what)
