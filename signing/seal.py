"""Sealing: a PAdES B-T signature with visible text, written as the last update of a PDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from dossier.digest import CHUNK
from dossier.errors import Code, Rejected
from dossier.states import SignerRole
from signing import rules
from signing.new_file import new_file
from signing.port import SignatureRecord

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from signing.layout import Block
    from signing.original import Original
    from signing.port import Appearance, Signer, TimeStampAuthority
    from signing.typeface import Typeface
    from signing.update import Draft

LEVEL = "B-T"

_CMS_BYTES = 2048  # attributes, signature value and wrapping
_TOKEN_BYTES = 8192  # a time-stamp token with its certificates; what was signed elsewhere gets no second try
_SPARE_BYTES = 1024


@dataclass(frozen=True, slots=True)
class _Order:
    signer: Signer
    tsa: TimeStampAuthority
    appearance: Appearance
    at: datetime
    rule: rules.SealRule


def sign_pdf(
    source: Path, target: Path, *, signer: Signer, tsa: TimeStampAuthority, appearance: Appearance, at: datetime
) -> SignatureRecord:
    """Write `target`: the bytes of `source` followed by one update that shows and holds a signature.

    Level PAdES B-T (ETSI EN 319 142-1), sub-filter ETSI.CAdES.detached, digest named by the rule set. The visible
    text stands at the top right of page 1 as it is read, with its font embedded, so that PDF/A-2b stays PDF/A-2b.
    The file is never held in memory. The target gets its name only after the produced bytes passed a check of
    sub-filter, byte range, digest and signature value; on any failure there is no target, or the older one.

    Args:
        source: PDF that is neither encrypted nor hybrid; may be signed already. Not changed.
        target: File to write, in an existing folder; replaced if it is there.
        signer: Key of the agency, or of the officer who compared, as the appearance says.
        tsa: Time-stamp authority, asked once (twice where its answer is unusually long).
        appearance: What the visible text says; a development key adds its warning whatever this says.
        at: Time of signing that is shown and declared, aware; shown in the zone of the rule set.

    Returns:
        What is to be kept outside the PDF about the signature.

    Raises:
        Rejected: PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_PAGES, PDF_ALREADY_SIGNED (see `original.read`).
        Unavailable: TSA_UNAVAILABLE, KEY_UNAVAILABLE, FONT_MISSING, DISK_FULL.
    """
    from signing import original  # noqa: PLC0415 - the PDF and CMS engines are slow to load, workers alone need them

    order = _Order(signer, tsa, appearance, at, rules.in_force(at))
    with source.open("rb") as stream, new_file(target) as out:
        document = original.read(stream)
        digest, size = _write(stream, out, document, order)
    return SignatureRecord(
        sha256=digest,
        size=size,
        level=LEVEL,
        signer=signer.name,
        signed_at=at.replace(microsecond=0),
        signatures=document.signatures + 1,
        development=signer.development,
    )


def _write(stream: BinaryIO, out: BinaryIO, document: Original, order: _Order) -> tuple[str, int]:
    from signing import produced  # noqa: PLC0415 - slow to load

    whole, covered = hashlib.sha256(), hashlib.new(order.rule.digest)
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        out.write(chunk)
        whole.update(chunk)
        covered.update(chunk)
    if out.tell() != document.size:
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "length changed while it was signed")
    draft = _signed(document, covered, order)
    out.write(draft.body)
    whole.update(draft.body)
    out.flush()
    gap = (document.size + draft.gap[0], document.size + draft.gap[1])
    produced.check_produced(out, gap, order.rule.digest, order.signer.certificate)
    return whole.hexdigest(), document.size + len(draft.body)


def _signed(document: Original, covered: Any, order: _Order) -> Draft:  # noqa: ANN401 - hashlib's type has no public name
    from signing import cms  # noqa: PLC0415 - slow to load

    reserved = _estimate(order.signer)
    while True:
        draft = _draft(document, order, reserved)
        digest = covered.copy()
        for part in draft.signed_parts():
            digest.update(part)
        signature = cms.detached(digest.digest(), order.rule.digest, order.signer, order.tsa)
        if draft.fits(signature):
            draft.fill(signature)
            return draft
        reserved = len(signature) + _SPARE_BYTES


def _estimate(signer: Signer) -> int:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - slow to load

    certificates = (signer.certificate, *signer.chain)
    return sum(len(each.public_bytes(Encoding.DER)) for each in certificates) + _CMS_BYTES + _TOKEN_BYTES


def _draft(document: Original, order: _Order, reserved: int) -> Draft:
    from signing import field, original  # noqa: PLC0415 - slow to load

    role, local = order.appearance.role, order.at.astimezone(order.rule.zone)
    reason = order.rule.officer_reason if role is SignerRole.OFFICER else order.appearance.form
    seal = field.Seal(_text(document, order), order.signer.name, reason, local, role)
    try:
        return field.write_field(document, seal, reserved).draft()
    except original.PARSE_ERRORS as exc:
        raise Rejected(Code.PDF_DAMAGED, f"not fit for an update: {type(exc).__name__}") from exc


def _text(document: Original, order: _Order) -> tuple[Block, Typeface] | None:
    """Return what is shown, in its place; None where the rule set lets the officer who compared show nothing."""
    from signing import layout, typeface  # noqa: PLC0415 - slow to load

    rule, development = order.rule, order.appearance.development or order.signer.development
    lines = layout.lines_of(order.appearance, rule, order.at, development=development, signer=order.signer.name)
    if not lines:
        return None
    face = typeface.subset(rule.fonts, frozenset("".join(lines) + "0123456789 "))
    return layout.place(lines, face, rule, document.frame, low=order.appearance.role is SignerRole.OFFICER), face
