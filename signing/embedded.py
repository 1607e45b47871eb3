"""The signatures and document time stamps in a PDF, as far as their certificates are needed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from asn1crypto import cms, parser
from cryptography import x509

from dossier.errors import Code, Rejected
from signing.original import PARSE_ERRORS, signature_values
from signing.timestamp import signer_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader

_LONGEST = 1 << 21  # bytes of hex
_STAMP = "signature_time_stamp_token"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature value of a file.

    Attributes:
        covers: Where the bytes end that it covers.
        is_stamp: Whether it is a document time stamp.
        content: The CMS SignedData, as asn1crypto holds it.
    """

    covers: int
    is_stamp: bool
    content: Any

    def leaves(self) -> Iterator[tuple[x509.Certificate, list[x509.Certificate]]]:
        """Yield who signed, and whose time stamps lie in the signature, each with the certificates that came along."""
        yield signer_certificate(self.content), _certificates(self.content)
        for attribute in self.content["signer_infos"][0]["unsigned_attrs"]:
            if attribute["type"].native == _STAMP:
                for token in attribute["values"]:
                    yield signer_certificate(token["content"]), _certificates(token["content"])


def signed_values(reader: PdfReader, stream: BinaryIO) -> list[Signed]:
    """Return the signatures and document time stamps of a file, in the order in which they were made.

    Raises:
        Rejected(PDF_DAMAGED): One of them is not what it says.
    """
    try:
        size = stream.seek(0, os.SEEK_END)
        found = [_signed(value, stream, size) for value in signature_values(reader)]
    except PARSE_ERRORS as exc:
        raise Rejected(Code.PDF_DAMAGED, f"signature not readable: {type(exc).__name__}") from exc
    return sorted(found, key=lambda one: one.covers)


def in_need(values: list[Signed]) -> list[Signed]:
    """Return whose validation data must be in a file before its next document time stamp.

    The newest document time stamp and what came after it; what it covers was provided for when it was made.
    """
    last = max((index for index, one in enumerate(values) if one.is_stamp), default=0)
    return values[last:]


def _signed(value: Any, stream: BinaryIO, size: int) -> Signed:  # noqa: ANN401 - whatever the file says
    start, before, after, length = (int(number) for number in value["/ByteRange"])
    if start or not 0 < before < after <= after + length <= size or after - before > _LONGEST:
        raise ValueError("byte range")
    stream.seek(before)
    der = bytes.fromhex(stream.read(after - before).strip(b"<> \r\n\t").decode("ascii"))
    content = cms.ContentInfo.load(der[: parser.peek(der)], strict=True)["content"]
    return Signed(after + length, value.get("/Type") == "/DocTimeStamp", content)


def _certificates(content: Any) -> list[x509.Certificate]:  # noqa: ANN401 - asn1crypto is untyped
    return [
        x509.load_der_x509_certificate(choice.chosen.dump())
        for choice in content["certificates"]
        if choice.name == "certificate"
    ]
