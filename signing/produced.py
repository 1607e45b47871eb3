"""The last look at the produced bytes, before they get their name."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from asn1crypto import cms

from dossier.digest import CHUNK
from signing.signature_value import check_signature
from signing.timestamp import check_token

if TYPE_CHECKING:
    from cryptography import x509

_BEFORE_GAP = re.compile(
    rb"/SubFilter /ETSI\.CAdES\.detached\s+/ByteRange \[0 (\d{10}) (\d{10}) (\d{10})\]\s+/Contents \Z"
)
_BEFORE_STAMP = re.compile(rb"/SubFilter /ETSI\.RFC3161\s+/ByteRange \[0 (\d{10}) (\d{10}) (\d{10})\]\s+/Contents \Z")
_WINDOW = 256
_STAMP = "signature_time_stamp_token"


def check_produced(stream: BinaryIO, gap: tuple[int, int], algorithm: str, certificate: x509.Certificate) -> None:
    """Check sub-filter, byte range, digest, signature value and the presence of a time stamp in a signed file.

    Args:
        stream: The whole signed file.
        gap: Where the hex string of the signature begins and ends.
        algorithm: Digest that was asked for.
        certificate: The signer's.

    Raises:
        RuntimeError: The file is not what it must be: a bug, and the file must not be used.
        InvalidSignature: The signature value was not made by the certificate's key.
        ValueError: The time stamp is about something else.
    """
    size = stream.seek(0, os.SEEK_END)
    before, after = gap
    signed = _content(stream, gap, size, _BEFORE_GAP)["content"]
    (info,) = signed["signer_infos"]
    attributes = {attribute["type"].native: attribute["values"][0].native for attribute in info["signed_attrs"]}
    _demand(info["digest_algorithm"]["algorithm"].native == algorithm, "digest algorithm as asked")
    digest = _digest(stream, algorithm, ((0, before), (after, size - after)))
    _demand(attributes["message_digest"] == digest, "digest of the covered bytes")
    _demand("signing_certificate_v2" in attributes and "signing_time" not in attributes, "signed attributes of PAdES")
    _check_stamp(info, algorithm)
    check_signature(certificate, info, info["signed_attrs"].untag().dump())


def check_stamped(stream: BinaryIO, gap: tuple[int, int], size: int, algorithm: str) -> None:
    """Check sub-filter, byte range, imprint, purpose and signature of a document time stamp that ends a file.

    Args:
        stream: The whole file.
        gap: Where the hex string of the token begins and ends.
        size: Where the update of the time stamp ends; only validation data may follow.
        algorithm: Digest that was asked for.

    Raises:
        RuntimeError: The file is not what it must be: a bug, and the file must not be used.
        ValueError: The token is about something else, or InvalidSignature: not signed by its certificate.
    """
    token = _content(stream, gap, size, _BEFORE_STAMP)
    before, after = gap
    check_token(token, _digest(stream, algorithm, ((0, before), (after, size - after))), algorithm)


def _content(stream: BinaryIO, gap: tuple[int, int], size: int, pattern: re.Pattern[bytes]) -> Any:  # noqa: ANN401
    before, after = gap
    stream.seek(before - _WINDOW)
    found = pattern.search(stream.read(_WINDOW))
    value = stream.read(after - before)
    numbers = [int(number) for number in found.groups()] if found else []
    _demand(numbers == [before, after, size - after], "sub-filter, and a byte range over the whole file")
    return cms.ContentInfo.load(bytes.fromhex(value[1:-1].decode()))


def _check_stamp(info: Any, algorithm: str) -> None:  # noqa: ANN401 - asn1crypto is untyped
    stamps = [attribute for attribute in info["unsigned_attrs"] if attribute["type"].native == _STAMP]
    _demand(len(stamps) == 1, "one signature time stamp")
    check_token(stamps[0]["values"][0], hashlib.new(algorithm, info["signature"].native).digest(), algorithm)


def _digest(stream: BinaryIO, algorithm: str, ranges: tuple[tuple[int, int], ...]) -> bytes:
    digest = hashlib.new(algorithm)
    for start, length in ranges:
        stream.seek(start)
        left = length
        while left:
            chunk = stream.read(min(CHUNK, left))
            _demand(bool(chunk), "file as long as its byte range")
            digest.update(chunk)
            left -= len(chunk)
    return digest.digest()


def _demand(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise RuntimeError(f"signed file fails its own check: {what}")
