"""Whether a certificate may be believed at a given time: path, purpose, algorithms, revocation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.validation.generic_cms import cms_basic_validation, handle_certvalidator_errors
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.validate import async_validate_path

from signing.algorithms import DatedAlgorithms
from signing.evidence import Evidence
from signing.verdict import CertificateFacts, RevocationFacts

_EVER = timedelta(days=36525)
_CHECKED, _UNCHECKED = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.NO_CHECK
_BOTH = RevocationCheckingPolicy(_CHECKED, _CHECKED)
_SINGLE = (RevocationCheckingPolicy(_CHECKED, _UNCHECKED), RevocationCheckingPolicy(_UNCHECKED, _CHECKED))
_KINDS = ((True, False), (False, True))  # responses alone, lists alone
_REVOKED = (AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said about a CMS signature and its signer's certificate at a time.

    `problem` is None when the certificate is to be believed; it says nothing about `intact` and `valid`.
    """

    intact: bool
    valid: bool
    problem: AdESSubIndic | None
    certificate: x509.Certificate
    path: tuple[CertificateFacts, ...]
    revocation: RevocationFacts


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be judged: a CMS signature, at which time, by which anchors, for which purpose.

    `digest` is that of detached content; None when the content is inside. `strict`: revocation data is demanded.
    """

    signed: cms.SignedData
    digest: bytes | None
    at: datetime
    anchors: tuple[bytes, ...]
    usage: KeyUsageConstraints
    strict: bool


async def judge(question: Question, evidence: Evidence, algorithms: DatedAlgorithms) -> Judged:
    """Return the answer; nothing is fetched.

    The path is built without regard to revocation, then held against every kind of revocation data by itself, out of
    date or not: one that says revoked is believed, whatever another kind says. Then the data must be in date.

    Raises:
        SignatureValidationError: The CMS is malformed; it names the sub-indication.
    """
    inquiry = _Inquiry(question, evidence, algorithms)
    first = await cms_basic_validation(
        question.signed,
        raw_digest=question.digest,
        validation_context=inquiry.context(CertRevTrustPolicy(NO_REVOCATION)),
        key_usage_settings=question.usage,
    )
    certificate: x509.Certificate = first["signing_cert"]
    problem, path = first["trust_problem_indic"], first["validation_path"]
    revocation = evidence.newest_about(certificate)
    if problem is None and path is None:
        problem = AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND
    if path is not None:
        if question.at < certificate.not_valid_before:
            problem = AdESFailure.NOT_YET_VALID
        elif problem is None:
            problem, revocation = await inquiry.revocation(path, revocation)
    return Judged(first["intact"], first["valid"], problem, certificate, _facts(path), revocation)


@dataclass(slots=True)
class _Inquiry:
    question: Question
    evidence: Evidence
    algorithms: DatedAlgorithms

    def context(self, policy: CertRevTrustPolicy, *, ocsps: bool = True, crls: bool = True) -> ValidationContext:
        return ValidationContext(
            trust_roots=[x509.Certificate.load(anchor) for anchor in self.question.anchors],
            other_certs=self.evidence.certificates.values(),
            moment=self.question.at,
            best_signature_time=self.question.at,
            allow_fetching=False,
            crls=self.evidence.usable_crls() if crls else [],
            ocsps=self.evidence.usable_ocsps() if ocsps else [],
            revinfo_policy=policy,
            algorithm_usage_policy=self.algorithms,
        )

    async def revocation(
        self, path: ValidationPath, facts: RevocationFacts
    ) -> tuple[AdESSubIndic | None, RevocationFacts]:
        """Return what speaks against the path, and what is known."""
        if path.pkix_len == 0:  # an anchor itself: nobody can revoke it
            return None, replace(facts, status="good")
        found_some = bool(self.evidence.ocsps), bool(self.evidence.crls)
        kinds = [kind for kind, found in zip(_KINDS, found_some, strict=True) if found]
        for ocsps, crls in kinds:
            for rule in _SINGLE:
                found = await self._asked(path, self.context(_ever(rule), ocsps=ocsps, crls=crls))
                if found.error_subindic in _REVOKED:
                    since = found.revo_details.revocation_date
                    return found.error_subindic, replace(facts, status="revoked", revoked_at=since)
        fresh = CertRevTrustPolicy(_BOTH, retroactive_revinfo=True)
        for status, policy in (("good", fresh), ("stale", _ever(_BOTH))) if kinds else ():
            if (await self._asked(path, self.context(policy))).error_subindic is None:
                facts = replace(facts, status=status)
                break
        missing = self.question.strict and facts.status != "good"
        return AdESIndeterminate.TRY_LATER if missing else None, facts

    async def _asked(self, path: ValidationPath, context: ValidationContext) -> Any:  # noqa: ANN401 - pyHanko's own
        return await handle_certvalidator_errors(path.leaf, async_validate_path(context, path))


def _ever(rule: RevocationCheckingPolicy) -> CertRevTrustPolicy:
    """Return a policy that takes data of any age."""
    return CertRevTrustPolicy(rule, freshness=_EVER, freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION)


def _facts(path: ValidationPath | None) -> tuple[CertificateFacts, ...]:
    if path is None:
        return ()
    certificates = [each for each in path.iter_certs(include_root=True) if isinstance(each, x509.Certificate)]
    return tuple(
        CertificateFacts(
            subject=str(each.subject.human_friendly),
            issuer=str(each.issuer.human_friendly),
            serial=f"{each.serial_number:x}",
            sha256=each.sha256.hex(),
            valid_from=each.not_valid_before,
            valid_to=each.not_valid_after,
        )
        for each in reversed(certificates)
    )
