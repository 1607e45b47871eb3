"""Bytes of a signature that no signature covers: the gap in the file, and the parts of a CMS that are not signed.

Nothing may hide there and nothing may have been changed there: each byte must be what its neighbours say it must be.
"""

from __future__ import annotations

import os
import re
from typing import Any, BinaryIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.verdict import Reason, Verdict

Doubt = tuple[Verdict, Reason, str | None]

_HEX = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
_MAX_DEPTH = 40
_NULL = (b"", b"\x05\x00")
_STAMP = "signature_time_stamp_token"
_UNREADABLE = (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm)


def gap_doubts(stream: BinaryIO, signature: EmbeddedPdfSignature) -> list[Doubt]:
    """Check that the byte range leaves out the hex string of the signature, all of it, and nothing else."""
    hole: Doubt = (Verdict.INVALID, Reason.BYTES_NOT_COVERED, "FORMAT_FAILURE")
    numbers = [int(number) for number in signature.byte_range]
    size = stream.seek(0, os.SEEK_END)
    if len(numbers) != 4 or min(numbers) < 0 or numbers[0] != 0:  # noqa: PLR2004 - two ranges
        return [hole]
    _, before, after, length = numbers
    content = signature.pkcs7_content
    if after - before != 2 * len(content) + 2 or after + length > size:
        return [hole]
    stream.seek(before)
    text = bytes(stream.read(after - before))  # a large part comes as a view
    padded = _padded(content)
    if padded is False or text.lower() != b"<" + content.hex().encode() + b">":
        return [hole]
    if padded is None:  # no length, as BER allows and PAdES does not: nobody can say where it ends
        return [(Verdict.INDETERMINATE, Reason.SIGNATURE_FORMAT, "FORMAT_FAILURE")]
    if not _HEX.fullmatch(text):  # one case throughout: a letter of the other was put there afterwards
        return [(Verdict.INDETERMINATE, Reason.BYTES_NOT_COVERED, "FORMAT_FAILURE")]
    return []


def message_doubts(content: bytes, known: list[asn1_x509.Certificate]) -> list[Doubt]:
    """Check the unsigned parts of a CMS signature, and of the time stamp in it.

    Args:
        content: The DER, zeros behind it or not.
        known: Certificates to hold those in the message against: anchors and what the file carries.
    """
    unsure: list[Doubt] = [(Verdict.INDETERMINATE, Reason.SIGNATURE_FORMAT, "FORMAT_FAILURE")]
    try:
        message = content[: _length(content)]
        if not _canonical(message, 0):
            return unsure
        info = cms.ContentInfo.load(message, strict=True)
        signed = info["content"]
        (signer,) = signed["signer_infos"]
        good = info["content_type"].native == "signed_data" and _plain(signed, signer) and _attested(signed, known)
        tokens = _tokens(signer)
    except (*_UNREADABLE, LookupError):
        return unsure
    doubts = [] if good and tokens is not None else [*unsure]
    for token in tokens or []:
        doubts += message_doubts(token, known)
    return doubts


def _padded(content: bytes) -> bool | None:
    """Return whether nothing but zeros stands behind the first value; None when it has no length."""
    try:
        return not content[_length(content) :].strip(b"\0")
    except (ValueError, IndexError):
        return None


def _length(content: bytes) -> int:
    """Return how long the first value is, its head included."""
    head, size = _head(content)
    return head + size


def _head(content: bytes) -> tuple[int, int]:
    first = content[1]
    if first < 0x80:  # noqa: PLR2004 - short form
        return 2, first
    count = first & 0x7F
    size = int.from_bytes(content[2 : 2 + count], "big")
    if not 0 < count <= 4 or size < 0x80 or content[2] == 0:  # noqa: PLR2004 - minimal, as DER has it
        raise ValueError("length not minimal")
    return 2 + count, size


def _canonical(value: bytes, depth: int) -> bool:
    """Return whether lengths are minimal and add up, all the way down."""
    if depth > _MAX_DEPTH:
        return False
    place = 0
    while place < len(value):
        # tag and length; 0 is no tag: a length that takes in zeros of the padding
        if len(value) - place < 2 or value[place] == 0 or value[place] & 0x1F == 0x1F:  # noqa: PLR2004
            return False
        head, size = _head(value[place:])
        end = place + head + size
        if end > len(value) or (value[place] & 0x20 and not _canonical(value[place + head : end], depth + 1)):
            return False
        place = end
    return True


def _plain(signed: Any, signer: Any) -> bool:  # noqa: ANN401 - asn1crypto is untyped
    """Return whether versions and algorithm names are those that RFC 5652 demands of such a message."""
    detached = signed["encap_content_info"]["content_type"].native == "data"
    by_issuer = signer["sid"].name == "issuer_and_serial_number"
    if by_issuer and signer["sid"].chosen["issuer"].dump() not in _issuers(signed):  # names compare without case
        return False
    digests = [each["algorithm"].native for each in signed["digest_algorithms"]]
    named = [*signed["digest_algorithms"], signer["digest_algorithm"], signer["signature_algorithm"]]
    mechanism = signer["signature_algorithm"]["algorithm"].native
    return (
        signed["version"].native == ("v1" if detached and by_issuer else "v3")
        and signer["version"].native == ("v1" if by_issuer else "v3")
        and digests == [signer["digest_algorithm"]["algorithm"].native]
        and all(
            each["parameters"].dump() in {b"", *_NULL} for each in named if each["algorithm"].native != "rsassa_pss"
        )
        and not (mechanism.endswith("ecdsa") and signer["signature_algorithm"]["parameters"].dump())
        and not signed["crls"]
    )


def _issuers(signed: Any) -> set[bytes]:  # noqa: ANN401 - asn1crypto is untyped
    return {choice.chosen.issuer.dump() for choice in signed["certificates"] or ()}


def _tokens(signer: Any) -> list[bytes] | None:  # noqa: ANN401 - asn1crypto is untyped
    """Return the time stamps among the unsigned attributes; None when there is anything else among them."""
    attributes = list(signer["unsigned_attrs"] or ())
    if any(attribute["type"].native != _STAMP for attribute in attributes):
        return None
    return [value.dump() for attribute in attributes for value in attribute["values"]]


def _attested(signed: Any, known: list[asn1_x509.Certificate]) -> bool:  # noqa: ANN401 - asn1crypto is untyped
    """Return whether each certificate in the message is whole: known already, or signed by one that is there."""
    inside = [choice.chosen for choice in signed["certificates"] or ()]
    issuers = [*known, *inside]
    anchors = {each.dump() for each in known}
    return all(each.dump() in anchors or any(_issued(each, issuer) for issuer in issuers) for each in inside)


def _issued(certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    try:
        loaded = x509.load_der_x509_certificate(certificate.dump())
        loaded.verify_directly_issued_by(x509.load_der_x509_certificate(issuer.dump()))
    except _UNREADABLE:
        return False
    return True
