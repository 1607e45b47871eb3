"""Whether a certificate may be believed at a given time: path, purpose, algorithms, revocation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.validation.generic_cms import cms_basic_validation
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy

from signing import standing
from signing.algorithms import DatedAlgorithms
from signing.evidence import Evidence
from signing.verdict import CertificateFacts, RevocationFacts

_RANK = ("good", "revoked_later", "stale", "unknown")
_SUFFICIENT = ("good", "revoked_later")
_GOOD = standing.Standing("good")


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

    The path is built without regard to revocation, then held against every piece of revocation data by itself, out of
    date or not: one that says revoked is believed, whatever another says. Then the data must be in date.

    Raises:
        SignatureValidationError: The CMS is malformed; it names the sub-indication.
    """
    inquiry = _Inquiry(question, evidence, algorithms)
    first = await cms_basic_validation(
        question.signed,
        raw_digest=question.digest,
        validation_context=inquiry.context(CertRevTrustPolicy(NO_REVOCATION), question.at),
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

    def context(
        self,
        policy: CertRevTrustPolicy,
        at: datetime,
        ocsps: Sequence[ocsp.OCSPResponse] = (),
        crls: Sequence[crl.CertificateList] = (),
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=[x509.Certificate.load(anchor) for anchor in self.question.anchors],
            other_certs=self.evidence.certificates.values(),
            moment=at,
            best_signature_time=at,
            allow_fetching=False,
            crls=crls,
            ocsps=ocsps,
            revinfo_policy=policy,
            algorithm_usage_policy=self.algorithms,
        )

    async def revocation(
        self, path: ValidationPath, facts: RevocationFacts
    ) -> tuple[AdESSubIndic | None, RevocationFacts]:
        """Return what speaks against the path, and what is known."""
        inquiry = standing.Inquiry(path, self.question.at, self.evidence, self.context)
        # an anchor itself nobody can revoke
        found = (
            [(each, await inquiry.about(each)) for each in path.iter_certs(include_root=False)] if path.pkix_len else []
        )
        for certificate, known in found:
            if known.status == "revoked":
                own = certificate is path.leaf
                problem = AdESIndeterminate.REVOKED_NO_POE if own else AdESIndeterminate.REVOKED_CA_NO_POE
                return problem, replace(facts, status="revoked", revoked_at=known.since)
        least = max((known for _, known in found), key=lambda known: _RANK.index(known.status), default=_GOOD)
        missing = self.question.strict and least.status not in _SUFFICIENT
        return AdESIndeterminate.TRY_LATER if missing else None, replace(
            facts, status=least.status, revoked_at=least.since
        )


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
            der=each.dump(),
        )
        for each in reversed(certificates)
    )
