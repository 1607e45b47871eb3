"""RFC 3161: the question to a time-stamp authority, and the check of its answer."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from dossier.errors import Code, Rejected, Unavailable
from signing import der
from signing.signature_value import check_signature

GRANTED = ("granted", "granted_with_mods")
UNUSABLE = (
    ValueError,
    TypeError,
    LookupError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
)
"""What parsing and checking hostile DER may raise."""


@dataclass(frozen=True, slots=True)
class Query:
    """One request: what is stamped, the nonce that ties the answer to it, and its DER form."""

    digest: bytes
    algorithm: str
    nonce: int
    der: bytes


def query(digest: bytes, algorithm: str) -> Query:
    """Return a request with a fresh nonce that asks for the authority's certificate."""
    nonce = secrets.randbits(63)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return Query(digest, algorithm, nonce, request.dump())


def token_of(response: bytes, asked: Query) -> bytes:
    """Return the DER token of an answer that keeps its promises.

    Raises:
        Unavailable: TSA_UNAVAILABLE: refused, garbled, about something else, or not signed as it must be.
    """
    try:
        answer = tsp.TimeStampResp.load(response, strict=True)
        token = _granted(answer)
        check_token(token, asked.digest, asked.algorithm)
        if _info(token["content"])["nonce"].native != asked.nonce:
            raise ValueError("nonce of another request")
        return der.children(response)[1]
    except UNUSABLE as exc:
        raise Unavailable(Code.TSA_UNAVAILABLE, f"answer not usable: {type(exc).__name__}") from exc


def check_token(token: Any, digest: bytes, algorithm: str) -> None:  # noqa: ANN401 - asn1crypto is untyped
    """Check that a token, as asn1crypto holds it, stamps this digest and is signed by a key for time stamping.

    Raises:
        Exception: One of those that `token_of` translates.
    """
    kind = token["content"]["encap_content_info"]["content_type"].native
    if token["content_type"].native != "signed_data" or kind != "tst_info":
        raise ValueError("not a time-stamp token")
    imprint = _info(token["content"])["message_imprint"]
    if (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native) != (algorithm, digest):
        raise ValueError("imprint of something else")
    _check_signature(token["content"])


def stamped_at(token: bytes, digest: bytes, algorithm: str = "sha256") -> datetime:
    """Return the time at which a stored token stamped this digest.

    The token's imprint, signature and purpose are checked; whether its authority is trusted is not.

    Raises:
        Rejected(SIGNATURE_INVALID): It is no sound token, or one over something else.
    """
    try:
        check_token(cms.ContentInfo.load(token, strict=True), digest, algorithm)
        return time_of(token)
    except UNUSABLE as exc:
        raise Rejected(Code.SIGNATURE_INVALID, f"time stamp: {type(exc).__name__}") from exc


def time_of(token: bytes) -> datetime:
    """Return the time in a token that was checked before."""
    stamped: datetime = _info(cms.ContentInfo.load(token)["content"])["gen_time"].native
    return stamped


def _granted(answer: Any) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    status = answer["status"]["status"].native
    if status not in GRANTED:
        raise ValueError(f"status {status}")
    return answer["time_stamp_token"]


def _info(signed: Any) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    return signed["encap_content_info"]["content"].parsed


def _check_signature(signed: Any) -> None:  # noqa: ANN401 - asn1crypto is untyped
    (signer,) = signed["signer_infos"]
    certificate = signer_certificate(signed)
    _check_purpose(certificate)
    content = bytes(signed["encap_content_info"]["content"])
    attributes = {attribute["type"].native: attribute["values"][0].native for attribute in signer["signed_attrs"]}
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest()
    if attributes["message_digest"] != digest or attributes["content_type"] != "tst_info":
        raise InvalidSignature
    check_signature(certificate, signer, signer["signed_attrs"].untag().dump())


def signer_certificate(signed: Any) -> x509.Certificate:  # noqa: ANN401 - asn1crypto is untyped
    """Return the certificate of the one signer of a CMS SignedData that carries it.

    Raises:
        LookupError: It does not.
        ValueError: It has several signers, or none.
    """
    (signer,) = signed["signer_infos"]
    sid = signer["sid"]
    for choice in signed["certificates"]:
        found = choice.chosen
        if sid.name == "issuer_and_serial_number":
            same = (found.issuer, found.serial_number) == (sid.chosen["issuer"], sid.chosen["serial_number"].native)
        else:
            same = found.key_identifier == sid.chosen.native
        if same:
            return x509.load_der_x509_certificate(found.dump())
    raise LookupError("the signer's certificate is not in the CMS")


def _check_purpose(certificate: x509.Certificate) -> None:
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise ValueError("certificate is not for time stamping alone")
