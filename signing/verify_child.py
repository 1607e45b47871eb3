"""The child's side of verification: pyHanko reads and judges, our rules decide what that means.

Loaded only in the confined child, because pyHanko is slow to load and its input is hostile.
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from asn1crypto import parser, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import collect_timing_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.diff import SIGNATURES_ONLY
from signing.port import DEVELOPMENT_MARK
from signing.subindication import reason_of
from signing.verdict import Reason, Revocation, SignatureVerdict, TrustPolicy, Verdict
from signing.verify import Finding

_PADES = "/ETSI.CAdES.detached"
_END = re.compile(rb"startxref[\r\n\t ]+\d+[\r\n\t ]+%%EOF(\r\n|\r|\n)?$")
_TAIL = 2048
_SIGNER_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
_REVOCATION = {Revocation.EMBEDDED: "soft-fail", Revocation.REQUIRED: "require"}


def verify(path: str, trust: TrustPolicy) -> Finding:
    """Return what the file's bytes say; anything they make a parser raise goes to the caller."""
    with open(path, "rb") as stream:  # noqa: PTH123 - a string came over the pipe
        reader = PdfFileReader(stream, strict=True)
        if reader.encrypted:
            return Finding((Reason.PDF_ENCRYPTED,), ())
        if reader.xrefs.hybrid_xrefs_present:
            return Finding((Reason.PDF_HYBRID,), ())
        if not reader.embedded_signatures:
            return Finding((), ())
        return asyncio.run(_Judge(reader, stream, trust, datetime.now(UTC)).judge())


@dataclass(slots=True)
class _Judge:
    reader: PdfFileReader
    stream: BinaryIO
    trust: TrustPolicy
    known_at: datetime
    """Latest time at which what is judged now is proved to have existed; moves back with each document time stamp."""

    stamped: bool = False
    """Whether a good document time stamp was seen."""

    async def judge(self) -> Finding:
        """Judge from the newest signature to the oldest, each in the light of the time stamps around it."""
        verdicts: list[SignatureVerdict] = []
        reasons: list[Reason] = []
        embedded = list(self.reader.embedded_signatures)
        for signature in reversed(embedded):
            if signature.sig_object_type == "/DocTimeStamp":
                reasons += await self._document_time_stamp(signature)
            else:
                verdicts.insert(0, await self._signature(signature, last=not verdicts))
        if not self._covered(embedded[-1]):
            reasons.append(Reason.BYTES_NOT_COVERED)
        return Finding(tuple(dict.fromkeys(reasons)), tuple(verdicts))

    def _context(self, anchors: tuple[bytes, ...], moment: datetime) -> ValidationContext:
        arguments: dict[str, Any] = {
            "trust_roots": [x509.Certificate.load(anchor) for anchor in anchors],
            "moment": moment,
            "best_signature_time": moment,
            "allow_fetching": False,
            "revocation_mode": _REVOCATION[self.trust.revocation],
        }
        try:
            store = DocumentSecurityStore.read_dss(self.reader)
        except NoDSSFoundError:
            return ValidationContext(**arguments)
        return store.as_validation_context(arguments)

    def _stamp_context(self) -> ValidationContext:
        return self._context(self.trust.timestamp_anchors or self.trust.anchors, self.known_at)

    async def _document_time_stamp(self, signature: EmbeddedPdfSignature) -> list[Reason]:
        status = await async_validate_pdf_timestamp(signature, self._stamp_context(), diff_policy=SIGNATURES_ONLY)
        if not (status.intact and status.valid):
            return [Reason.TIMESTAMP_BROKEN]
        if status.modification_level is None or status.modification_level > ModificationLevel.LTA_UPDATES:
            return [Reason.CHANGED_AFTER]
        if status.trusted:
            self.known_at, self.stamped = status.timestamp, True
        return []

    async def _signature(self, signature: EmbeddedPdfSignature, *, last: bool) -> SignatureVerdict:
        signature.compute_digest()
        try:
            stamp = await self._stamp(signature)
            moment = stamp.timestamp if stamp and stamp.trusted else self.known_at
            status = await async_validate_pdf_signature(
                signature,
                self._context(self.trust.anchors, moment),
                self._stamp_context(),
                diff_policy=SIGNATURES_ONLY,
                key_usage_settings=_SIGNER_USAGE,
            )
        except SignatureValidationError as exc:
            return _malformed(signature, exc.ades_subindication)
        return self._verdict(signature, status, stamp, last=last)

    async def _stamp(self, signature: EmbeddedPdfSignature) -> TimestampSignatureStatus | None:
        found = await collect_timing_info(signature.signer_info, self._stamp_context(), signature.compute_digest)
        stamp: TimestampSignatureStatus | None = found.get("timestamp_validity")
        return stamp

    def _verdict(
        self,
        signature: EmbeddedPdfSignature,
        status: PdfSignatureStatus,
        stamp: TimestampSignatureStatus | None,
        *,
        last: bool,
    ) -> SignatureVerdict:
        trusted_stamp = stamp if stamp and stamp.trusted else None
        findings = [*_padding(signature), *_integrity(status, last=last), *_trust(status), *self._timing(stamp)]
        subindication = next((name for _, _, name in findings if name), None)
        return SignatureVerdict(
            field=str(signature.field_name),  # a plain string: pyHanko's does not pickle
            verdict=_verdict_of(findings),
            subindication=subindication,
            reasons=tuple(dict.fromkeys(reason for _, reason, _ in findings)),
            signer=_common_name(status.signing_cert),
            development=_is_development(signature),
            level=self._level(signature, stamped=trusted_stamp is not None),
            signed_at=trusted_stamp.timestamp if trusted_stamp else status.signer_reported_dt,
            time_source=_time_source(status, trusted_stamp),
            changes=_changes(status),
            whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        )

    def _timing(self, stamp: TimestampSignatureStatus | None) -> list[_Doubt]:
        if stamp is None:
            missing = (Verdict.INDETERMINATE, Reason.TIMESTAMP_MISSING, "SIG_CONSTRAINTS_FAILURE")
            return [missing] if self.trust.timestamp_required else []
        if not (stamp.intact and stamp.valid):
            return [(Verdict.INVALID, Reason.TIMESTAMP_BROKEN, None)]
        if not stamp.trusted:
            return [(Verdict.INDETERMINATE, Reason.TIMESTAMP_UNTRUSTED, _name(stamp.trust_problem_indic))]
        return []

    def _level(self, signature: EmbeddedPdfSignature, *, stamped: bool) -> str:
        attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
        if signature.sig_object.get("/SubFilter") != _PADES or not attributes & {
            "signing_certificate",
            "signing_certificate_v2",
        }:
            return "CMS"
        if not stamped:
            return "B-B"
        try:
            store = DocumentSecurityStore.read_dss(self.reader)
        except NoDSSFoundError:
            return "B-T"
        if not (store.ocsps or store.crls):
            return "B-T"
        return "B-LTA" if self.stamped else "B-LT"

    def _covered(self, newest: EmbeddedPdfSignature) -> bool:
        """Whether each byte is signed, or belongs to an update of validation data that ends the file."""
        if newest.coverage == SignatureCoverageLevel.ENTIRE_FILE:
            return True
        level = getattr(newest.diff_result, "modification_level", None)
        size = self.stream.seek(0, os.SEEK_END)
        self.stream.seek(max(0, size - _TAIL))
        return level == ModificationLevel.LTA_UPDATES and _END.search(self.stream.read(_TAIL)) is not None


_Doubt = tuple[Verdict, Reason, str | None]


def _padding(signature: EmbeddedPdfSignature) -> list[_Doubt]:
    """Behind the CMS only zeros may stand: the gap is the one place that no signature covers."""
    content = signature.pkcs7_content
    if content[parser.peek(content) :].strip(b"\0"):
        return [(Verdict.INVALID, Reason.BYTES_NOT_COVERED, "FORMAT_FAILURE")]
    return []


def _integrity(status: PdfSignatureStatus, *, last: bool) -> list[_Doubt]:
    if not status.intact:
        return [(Verdict.INVALID, Reason.HASH_FAILURE, "HASH_FAILURE")]
    if not status.valid:
        return [(Verdict.INVALID, Reason.SIGNATURE_VALUE, "SIG_CRYPTO_FAILURE")]
    allowed = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    level, covered = status.modification_level, status.coverage
    if covered is None or covered < SignatureCoverageLevel.ENTIRE_REVISION:
        return [(Verdict.INVALID, Reason.BYTES_NOT_COVERED, "FORMAT_FAILURE")]
    if level is None or level > allowed or status.docmdp_ok is False:
        return [(Verdict.INVALID, Reason.CHANGED_AFTER, None)]
    return []


def _trust(status: PdfSignatureStatus) -> list[_Doubt]:
    problem = status.trust_problem_indic
    if problem is None and status.validation_path is not None:
        return []
    failed = isinstance(problem, AdESFailure)
    return [(Verdict.INVALID if failed else Verdict.INDETERMINATE, reason_of(_name(problem)), _name(problem))]


def _verdict_of(doubts: list[_Doubt]) -> Verdict:
    found = {verdict for verdict, _, _ in doubts}
    return next((v for v in (Verdict.INVALID, Verdict.INDETERMINATE) if v in found), Verdict.VALID)


def _malformed(signature: EmbeddedPdfSignature, problem: AdESSubIndic | None) -> SignatureVerdict:
    return SignatureVerdict(
        field=str(signature.field_name),  # a plain string: pyHanko's does not pickle
        verdict=Verdict.INVALID if isinstance(problem, AdESFailure) else Verdict.INDETERMINATE,
        subindication=_name(problem),
        reasons=(Reason.SIGNATURE_FORMAT,),
        signer="",
        development=False,
        level="CMS",
        signed_at=None,
        time_source=None,
        changes="other",
        whole_file=False,
    )


def _name(problem: AdESSubIndic | None) -> str | None:
    return str(problem.standard_name) if problem is not None else None


def _changes(status: PdfSignatureStatus) -> str:
    level = status.modification_level
    return level.name.lower() if level is not None else "other"


def _time_source(status: PdfSignatureStatus, stamp: TimestampSignatureStatus | None) -> str | None:
    if stamp:
        return "timestamp"
    return "claimed" if status.signer_reported_dt else None


def _common_name(certificate: x509.Certificate) -> str:
    name = certificate.subject
    return str(name.native.get("common_name") or name.human_friendly)


def _is_development(signature: EmbeddedPdfSignature) -> bool:
    certificates = [signature.signer_cert, *signature.other_embedded_certs]
    return any(DEVELOPMENT_MARK in certificate.subject.human_friendly for certificate in certificates)
