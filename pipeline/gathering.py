"""Validation data for a file that came signed: fetched once when it is archived, kept beside it, never put into it."""

from __future__ import annotations

from cryptography import x509

from dossier.errors import Code, Unavailable
from pipeline.services import Services
from signing.beside import packed
from signing.port import NobodyToAsk
from signing.validation_data import ValidationData
from signing.verdict import Reason, SignatureVerdict, Verification


def gathered(judged: Verification, services: Services) -> bytes:
    """Return what is said now about the signers whose revocation the file leaves open; empty where nothing can be had.

    Asked is only about a certificate whose path ends at one of our anchors and whose time is not over: beyond it
    authorities no longer answer for it.

    Raises:
        Unavailable(VALIDATION_DATA_UNAVAILABLE): Whoever should answer does not; the document waits.
    """
    data = ValidationData()
    for one in judged.signatures:
        if Reason.REVOCATION_UNKNOWN in one.reasons and one.path and one.path[0].valid_to > services.clock():
            data.join(_said_about(one, services))
    return packed(data) if data.certificates else b""


def _said_about(one: SignatureVerdict, services: Services) -> ValidationData:
    leaf, *pool = (x509.load_der_x509_certificate(each.der) for each in one.path)
    try:
        return services.collector.whatever_is_said(leaf, pool)
    except NobodyToAsk:
        return ValidationData()
    except ValueError as exc:  # a certificate that one parser takes and another does not
        raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, type(exc).__name__) from exc
