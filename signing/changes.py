"""What was changed in a file after a signature, and whether that may be."""

from __future__ import annotations

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import read_certification_data
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.diff import SIGNATURES_ONLY
from signing.envelope import Doubt
from signing.verdict import Reason, Verdict

DOCUMENT_STAMP = "/DocTimeStamp"


def review(signature: EmbeddedPdfSignature, *, last: bool) -> tuple[str, list[Doubt]]:
    """Return the kind of change after a signature (see `SignatureVerdict.changes`), and what speaks against it.

    Allowed are validation data and document time stamps, and new signatures where one follows (not `last`). Where the
    certifier of the file allowed filling in its form, that is a doubt and no fault: a reader must look at it.
    """
    signature.compute_integrity_info(SIGNATURES_ONLY)  # type: ignore[no-untyped-call]
    found = signature.summarise_integrity_info()
    if found["coverage"] < SignatureCoverageLevel.ENTIRE_REVISION:
        return "other", [(Verdict.INVALID, Reason.BYTES_NOT_COVERED, "FORMAT_FAILURE")]
    level = _level(found["diff_result"])
    allowed = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    if level <= allowed and found["docmdp_ok"] is not False:
        return level.name.lower(), []
    if level <= _FILLED and _stamps_alone(signature):
        return ModificationLevel.LTA_UPDATES.name.lower(), []
    if _may_be_filled(signature) and _level(signature.evaluate_modifications(DEFAULT_DIFF_POLICY)) <= _FILLED:
        return _FILLED.name.lower(), [(Verdict.INDETERMINATE, Reason.FORM_FILLED, None)]
    return level.name.lower(), [(Verdict.INVALID, Reason.CHANGED_AFTER, None)]


def is_document_stamp(signature: EmbeddedPdfSignature) -> bool:
    """Return whether it is a document time stamp."""
    return bool(signature.sig_object_type == DOCUMENT_STAMP)


def is_visible(signature: EmbeddedPdfSignature) -> bool:
    """Return whether the field of a signature takes up room on a page."""
    left, bottom, right, top = (float(number) for number in signature.sig_field.get("/Rect", (0, 0, 0, 0)))
    return abs(right - left) * abs(top - bottom) > 0 or "/Kids" in signature.sig_field


_FILLED = ModificationLevel.FORM_FILLING


def _stamps_alone(signature: EmbeddedPdfSignature) -> bool:
    """Return whether only document time stamps were added: all other form fields are as they were signed.

    Widely used programs give the field of a time stamp an appearance, which pyHanko counts as filling in a form. No
    field that takes up room is a time stamp to us, so that nobody sees it.
    """
    before = _signature_values(HistoricalResolver(signature.reader, signature.signed_revision))
    now = _signature_values(signature.reader)
    added = {name: value for name, value in now.items() if name not in before or (value and not before[name])}
    stamps = all(value.get("/Type") == DOCUMENT_STAMP for value in added.values())
    return bool(added) and before.keys() <= now.keys() and stamps


def _signature_values(file: PdfFileReader | HistoricalResolver) -> dict[str, dict[str, object]]:
    """Return what stands in each signature field, by its name; nothing in one that is empty."""
    return {name: value.get_object() if value else {} for name, value, _ in enumerate_sig_fields(file)}


def _level(result: object) -> ModificationLevel:
    return result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER


def _may_be_filled(signature: EmbeddedPdfSignature) -> bool:
    certified = read_certification_data(signature.reader)
    own = signature.docmdp_level
    allowed = [each for each in (own, certified.permission if certified else None) if each is not None]
    return bool(allowed) and min(allowed, key=lambda each: each.value) is not MDPPerm.NO_CHANGES
