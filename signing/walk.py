"""The walk through the signatures of a file, from the newest to the oldest.

Each good document time stamp proves that everything in front of it was there at its time. What lies in front is judged
as of that time, so that certificates that have run out since, and algorithms that have become weak since, do no harm;
this is the past signature validation of EN 319 102-1 (5.6.2) for PDF, where the time stamps form one chain.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, BinaryIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.ades.report import AdESFailure, AdESSubIndic
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, message_imprint_checker
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints

from signing import trust as trusting
from signing.algorithms import DatedAlgorithms
from signing.changes import is_document_stamp, is_visible, review
from signing.envelope import Doubt, gap_doubts, message_doubts
from signing.evidence import CLOCK_SKEW, Evidence
from signing.port import DEVELOPMENT_MARK
from signing.subindication import reason_of
from signing.verdict import (
    UNKNOWN,
    Reason,
    Revocation,
    SignatureVerdict,
    StampVerdict,
    TrustPolicy,
    Verdict,
    worst,
)
from signing.verify import Finding

_PADES = "/ETSI.CAdES.detached"
_SUBFILTERS = {_PADES, "/adbe.pkcs7.detached", "/PBAD.PAdES"}
_STAMP_SUBFILTER = "/ETSI.RFC3161"
_SIGNER_USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"},
    # where purposes are named at all, one must be about documents or persons: no server signs papers
    extd_key_usage={
        "email_protection",
        "client_auth",
        "1.3.6.1.5.5.7.3.36",  # document signing, RFC 9336
        "microsoft_document_signing",
        "adobe_authentic_documents_trust",
        "1.2.840.113583.1.1.5",
    },
    explicit_extd_key_usage_required=False,
)
_STAMP_USAGE = KeyUsageConstraints(extd_key_usage={"time_stamping"})


def stamps_in(signature: EmbeddedPdfSignature) -> Iterator[datetime]:
    """Yield the times of the time stamps of a signature, unchecked."""
    if is_document_stamp(signature):
        yield _info(signature.signed_data)["gen_time"].native
    else:
        for token in extract_tst_data_iter(signature.signer_info, signed=False):
            yield _info(token)["gen_time"].native


@dataclass(slots=True)
class Walk:
    """One walk.

    Args:
        stream: The file.
        policy: Whom to believe.
        evidence: What the file brings along.
        known_at: The moment of judging; moves back with each good document time stamp.
    """

    stream: BinaryIO
    policy: TrustPolicy
    evidence: Evidence
    known_at: datetime
    anchors: list[x509.Certificate] = field(init=False)
    algorithms: DatedAlgorithms = field(init=False)
    proved: bool = field(default=False, init=False)
    """Whether a good document time stamp was passed."""

    def __post_init__(self) -> None:
        every = {*self.policy.anchors, *self.policy.timestamp_anchors}
        self.anchors = [x509.Certificate.load(anchor) for anchor in every]
        self.algorithms = DatedAlgorithms(self.policy.ends)

    async def judge(self, embedded: list[EmbeddedPdfSignature]) -> Finding:
        """Return what is found, oldest first."""
        at = self.known_at
        signatures: list[SignatureVerdict] = []
        stamps: list[StampVerdict] = []
        for signature in reversed(embedded):
            if is_document_stamp(signature):
                stamps.insert(0, await self._document_stamp(signature, last=not signatures))
            else:
                signatures.insert(0, await self._signature(signature, last=not signatures))
        return Finding((), tuple(signatures), tuple(stamps), at)

    async def _document_stamp(self, signature: EmbeddedPdfSignature, *, last: bool) -> StampVerdict:
        changes, doubts = review(signature, last=last)
        doubts += self._frame(signature, {_STAMP_SUBFILTER})
        if is_visible(signature):  # it would show something that nobody signed
            doubts.append((Verdict.INVALID, Reason.CHANGED_AFTER, "FORMAT_FAILURE"))
        doubts += self._message(signature, doubts)
        verdict = await self._stamp(signature.signed_data, signature.compute_digest, doubts)
        if verdict.verdict is Verdict.VALID and verdict.stamped_at:
            self.known_at, self.proved = min(verdict.stamped_at, self.known_at), True
            past = HistoricalResolver(signature.reader, signature.signed_revision)
            self.evidence.prove(self.evidence.add_store(past), self.known_at)
        whole = self._whole(signature)
        return replace(verdict, field=str(signature.field_name), changes=changes, whole_file=whole)

    async def _stamp(self, token: cms.SignedData, digest: Callable[[str], bytes], doubts: list[Doubt]) -> StampVerdict:
        """Judge a token. Until one stands behind it, nobody can say whether its key was lost since: see decision 17."""
        strict = self.proved and self.policy.revocation is Revocation.REQUIRED
        anchors = self.policy.timestamp_anchors or self.policy.anchors
        info = token["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        stamped_at: datetime = info["gen_time"].native
        judged, found = await self._judged(token, None, self.known_at, anchors, _STAMP_USAGE, strict=strict)
        if digest(imprint["hash_algorithm"]["algorithm"].native) != imprint["hashed_message"].native:
            found.insert(0, (Verdict.INVALID, Reason.HASH_FAILURE, "HASH_FAILURE"))
        if not self.algorithms.digest_algorithm_allowed(imprint["hash_algorithm"], self.known_at):
            found.append((Verdict.INDETERMINATE, Reason.ALGORITHM_WEAK, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"))
        if stamped_at > self.known_at + CLOCK_SKEW:
            found.append((Verdict.INDETERMINATE, Reason.TIMESTAMP_ORDER, "TIMESTAMP_ORDER_FAILURE"))
        found = [*doubts, *(part for doubt in found for part in _about_stamp(doubt))]
        return StampVerdict(
            field="",
            verdict=worst(verdict for verdict, _, _ in found),
            subindication=_subindication(found),
            reasons=_reasons(found),
            authority=_common_name(judged.certificate) if judged else "",
            stamped_at=stamped_at,
            digest=imprint["hash_algorithm"]["algorithm"].native,
            judged_at=self.known_at,
            path=judged.path if judged else (),
            revocation=judged.revocation if judged else UNKNOWN,
        )

    async def _signature(self, signature: EmbeddedPdfSignature, *, last: bool) -> SignatureVerdict:
        changes, doubts = review(signature, last=last)
        doubts += self._frame(signature, _SUBFILTERS)
        stamp = await self._signature_stamp(signature)
        proved_at = stamp.stamped_at if stamp and stamp.verdict is Verdict.VALID else None
        moment = min(proved_at or self.known_at, self.known_at)
        strict = self.policy.revocation is Revocation.REQUIRED
        judged, found = await self._judged(
            signature.signed_data,
            signature.compute_digest(),
            moment,
            self.policy.anchors,
            _SIGNER_USAGE,
            strict=strict,
        )
        found = [*_first_integrity(found), *doubts, *_in_order(found, self._timing(stamp))]
        found += self._message(signature, found)
        claimed = signature.self_reported_timestamp
        return SignatureVerdict(
            field=str(signature.field_name),  # a plain string: pyHanko's does not pickle
            verdict=worst(verdict for verdict, _, _ in found),
            subindication=_subindication(found),
            reasons=_reasons(found),
            signer=_common_name(judged.certificate) if judged else "",
            development=_is_development(signature),
            level=self._level(signature, judged, stamped=proved_at is not None),
            signed_at=proved_at or claimed,
            time_source="timestamp" if proved_at else "claimed" if claimed else None,
            changes=changes,
            whole_file=self._whole(signature),
            digest=str(signature.md_algorithm),
            judged_at=moment,
            path=judged.path if judged else (),
            revocation=judged.revocation if judged else UNKNOWN,
            time_stamp=stamp,
        )

    async def _signature_stamp(self, signature: EmbeddedPdfSignature) -> StampVerdict | None:
        """Return the best of the time stamps in a signature."""
        digest = message_imprint_checker(signature.signer_info)
        tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
        stamps = [await self._stamp(token, digest, []) for token in tokens]
        return min(stamps, key=lambda stamp: list(Verdict).index(stamp.verdict)) if stamps else None

    async def _judged(
        self,
        signed: cms.SignedData,
        digest: bytes | None,
        at: datetime,
        anchors: tuple[bytes, ...],
        usage: KeyUsageConstraints,
        *,
        strict: bool,
    ) -> tuple[trusting.Judged | None, list[Doubt]]:
        question = trusting.Question(signed, digest, at, anchors, usage, strict)
        try:
            judged = await trusting.judge(question, self.evidence, self.algorithms)
        except SignatureValidationError as exc:
            return None, [(_weight(exc.ades_subindication), Reason.SIGNATURE_FORMAT, _name(exc.ades_subindication))]
        if not judged.intact:
            return judged, [(Verdict.INVALID, Reason.HASH_FAILURE, "HASH_FAILURE")]
        if not judged.valid:
            return judged, [(Verdict.INVALID, Reason.SIGNATURE_VALUE, "SIG_CRYPTO_FAILURE")]
        if judged.problem is not None:
            name = _name(judged.problem)
            return judged, [(_weight(judged.problem), reason_of(name), name)]
        return judged, []

    def _timing(self, stamp: StampVerdict | None) -> list[Doubt]:
        if stamp is None:
            missing = (Verdict.INDETERMINATE, Reason.TIMESTAMP_MISSING, "SIG_CONSTRAINTS_FAILURE")
            return [missing] if self.policy.timestamp_required else []
        return [(stamp.verdict, reason, stamp.subindication) for reason in stamp.reasons]

    def _frame(self, signature: EmbeddedPdfSignature, subfilters: set[str]) -> list[Doubt]:
        doubts = gap_doubts(self.stream, signature)
        if signature.sig_object.get("/SubFilter") not in subfilters:
            doubts.append((Verdict.INDETERMINATE, Reason.SIGNATURE_FORMAT, "FORMAT_FAILURE"))
        return doubts

    def _message(self, signature: EmbeddedPdfSignature, found: list[Doubt]) -> list[Doubt]:
        """Return doubts about the unsigned parts, where nothing else speaks against a signature."""
        if found:
            return []
        return message_doubts(signature.pkcs7_content, [*self.anchors, *self.evidence.stored.values()])

    def _level(self, signature: EmbeddedPdfSignature, judged: trusting.Judged | None, *, stamped: bool) -> str:
        attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
        if signature.sig_object.get("/SubFilter") != _PADES or not attributes & {
            "signing_certificate",
            "signing_certificate_v2",
        }:
            return "CMS"
        if not stamped:
            return "B-B"
        if judged is None or judged.revocation.status == "unknown":
            return "B-T"
        return "B-LTA" if self.proved else "B-LT"

    def _whole(self, signature: EmbeddedPdfSignature) -> bool:
        covered = int(signature.byte_range[2]) + int(signature.byte_range[3])
        return covered == self.stream.seek(0, os.SEEK_END)


def _info(token: cms.SignedData) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    return token["encap_content_info"]["content"].parsed


def _first_integrity(found: list[Doubt]) -> list[Doubt]:
    """Return what is to be told first: that the bytes are not those that were signed."""
    return [doubt for doubt in found if doubt[1] in {Reason.HASH_FAILURE, Reason.SIGNATURE_VALUE}]


def _in_order(found: list[Doubt], timing: list[Doubt]) -> list[Doubt]:
    """Return doubts, their cause in front: without its time stamp a signature is judged too late."""
    late = any(name == "TRY_LATER" for _, _, name in found)
    return [*timing, *found] if late else [*found, *timing]


def _about_stamp(doubt: Doubt) -> list[Doubt]:
    verdict, reason, name = doubt
    if verdict is Verdict.INVALID:
        return [(verdict, Reason.TIMESTAMP_BROKEN, name)]
    if reason is Reason.CERTIFICATE_UNKNOWN:
        return [(verdict, Reason.TIMESTAMP_UNTRUSTED, name)]
    return [(verdict, Reason.TIMESTAMP_UNTRUSTED, name), doubt]


def _subindication(doubts: list[Doubt]) -> str | None:
    """Return the name that goes with the worst of them."""
    verdict = worst(each for each, _, _ in doubts)
    return next((name for each, _, name in doubts if each is verdict and name), None)


def _reasons(doubts: list[Doubt]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for _, reason, _ in doubts))


def _weight(problem: AdESSubIndic | None) -> Verdict:
    return Verdict.INVALID if isinstance(problem, AdESFailure) else Verdict.INDETERMINATE


def _name(problem: AdESSubIndic | None) -> str | None:
    return str(problem.standard_name) if problem is not None else None


def _common_name(certificate: x509.Certificate) -> str:
    name = certificate.subject
    return str(name.native.get("common_name") or name.human_friendly)


def _is_development(signature: EmbeddedPdfSignature) -> bool:
    certificates = [signature.signer_cert, *signature.other_embedded_certs]
    return any(DEVELOPMENT_MARK in certificate.subject.human_friendly for certificate in certificates)
