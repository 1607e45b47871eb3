"""The child's side of verification: pyHanko reads and reckons, our rules decide what that means.

Loaded only in the confined child, because pyHanko is slow to load and its input is hostile.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.beside import unpacked
from signing.changes import is_document_stamp
from signing.evidence import Evidence
from signing.lending import LendingFile
from signing.verdict import Reason, SignatureVerdict, StampVerdict, TrustPolicy
from signing.verify import Finding
from signing.walk import Walk, stamps_in

for _name in ("pyhanko", "pyhanko_certvalidator"):  # a traceback is written for each doubt, and nobody reads it here
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_MAX_SIGNATURES = 100
_MAX_LEAD = timedelta(days=1)
_END = re.compile(rb"startxref[\r\n\t ]+\d+[\r\n\t ]+%%EOF(\r\n|\r|\n)?$")
_TAIL = 2048


def verify(path: str, trust: TrustPolicy, at: datetime | None, beside: bytes = b"") -> Finding:
    """Return what the file's bytes say; anything they make a parser raise goes to the caller."""
    with LendingFile(Path(path)) as stream:
        reader = PdfFileReader(stream, strict=True)
        refusal = _refusal(reader)
        if refusal is not None:
            return Finding((refusal,), (), (), at)
        embedded = list(reader.embedded_signatures)
        moment = at or _now(embedded)
        if not embedded:
            return Finding((), (), (), moment)
        try:
            walk = Walk(stream, trust, _evidence(reader, embedded, moment, trust, beside), moment)
            found = asyncio.run(walk.judge(embedded))
        except (SignatureValidationError, CMSExtractionError):
            return Finding((Reason.SIGNATURE_FORMAT,), (), (), moment)
        if _ends_cleanly(stream, _newest(found, embedded[-1])):
            return found
        return replace(found, reasons=(Reason.BYTES_NOT_COVERED,))


def _refusal(reader: PdfFileReader) -> Reason | None:
    """Return why a file is not looked at any further."""
    if reader.encrypted:
        return Reason.PDF_ENCRYPTED
    if reader.xrefs.hybrid_xrefs_present:
        return Reason.PDF_HYBRID
    filled = 0
    for _ in enumerate_sig_fields(reader, filled_status=True):
        filled += 1
        if filled > _MAX_SIGNATURES:
            return Reason.SIGNATURES_TOO_MANY
    # one of a sort that pyHanko leaves out without a word, such as adbe.x509.rsa_sha1
    return Reason.SIGNATURE_FORMAT if filled != len(reader.embedded_signatures) else None


def _now(embedded: list[EmbeddedPdfSignature]) -> datetime:
    """Return the time; where a time stamp is a little ahead of this machine's clock, that is what is wrong."""
    now = datetime.now(UTC)
    stamped = [moment for signature in embedded for moment in stamps_in(signature)]
    return max([now, *(moment for moment in stamped if moment - now < _MAX_LEAD)])


def _evidence(
    reader: PdfFileReader, embedded: list[EmbeddedPdfSignature], moment: datetime, trust: TrustPolicy, beside: bytes
) -> Evidence:
    evidence = Evidence(moment)
    evidence.add_certificates(map(x509.Certificate.load, trust.intermediates))
    if beside:
        evidence.add_beside(unpacked(beside))
    evidence.add_store(reader)
    for signature in embedded:
        evidence.add_message(signature)
    return evidence


def _newest(found: Finding, embedded: EmbeddedPdfSignature) -> SignatureVerdict | StampVerdict:
    return found.time_stamps[-1] if is_document_stamp(embedded) else found.signatures[-1]


def _ends_cleanly(stream: BinaryIO, newest: SignatureVerdict | StampVerdict) -> bool:
    """Return whether each byte is signed, or belongs to an update that was looked at and ends the file."""
    if newest.whole_file or Reason.CHANGED_AFTER in newest.reasons:  # what was changed is told already
        return True
    if newest.changes == "none":
        return False
    stream.seek(max(0, stream.seek(0, os.SEEK_END) - _TAIL))
    return _END.search(stream.read(_TAIL)) is not None
