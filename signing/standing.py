"""What revocation data says about one certificate of a path, each piece of data asked by itself.

pyHanko's own order of asking stops at the first piece that says good, asks no response about a certificate that does
not itself name a responder, and takes a response that says revoked, be it since later, for no answer at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator._state import ValProcState
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response
from pyhanko_certvalidator.util import ConsList

from signing.evidence import Evidence

_REQUIRED = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
_BOTH = RevocationCheckingPolicy(_REQUIRED, _REQUIRED)  # of those who made the data, too
FRESH = CertRevTrustPolicy(_BOTH, retroactive_revinfo=True)
OF_ANY_AGE = CertRevTrustPolicy(
    _BOTH,
    freshness=timedelta(days=36525),
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)

Lists: TypeAlias = list[crl.CertificateList]
Responses: TypeAlias = list[ocsp.OCSPResponse]
Contexts = Callable[[CertRevTrustPolicy, datetime, Responses, Lists], ValidationContext]
"""Makes a context of pyHanko for a policy and a moment, with these pieces of data and no others."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known; `status` as in `RevocationFacts`, `since` the time of revocation, before or after."""

    status: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Asks about the certificates of one path as of a moment."""

    path: ValidationPath
    at: datetime
    evidence: Evidence
    contexts: Contexts

    async def about(self, certificate: x509.Certificate) -> Standing:
        """Return what the data in the file says about a certificate.

        Data that says revoked is believed, whatever its age and whatever other data says. One that is revoked since
        later than the moment was good at it (EN 319 102-1, 5.5 and 5.6): the time stamp proves which came first.
        """
        pieces = list(self._pieces(certificate))
        ends = [each.not_valid_after for each in self.path.iter_certs(include_root=True)]
        last = max(self.at, min(self.evidence.at, *ends))
        answers = [await self._ask(certificate, piece, OF_ANY_AGE, at) for piece in pieces for at in {self.at, last}]
        since = min((answer for answer in answers if isinstance(answer, datetime)), default=None)
        if since is not None:
            return Standing("revoked" if since <= self.at else "revoked_later", since)
        for piece in pieces:
            if await self._ask(certificate, piece, FRESH, self.at) is True:
                return Standing("good")
        return Standing("stale" if True in answers else "unknown")

    def _pieces(self, certificate: x509.Certificate) -> Iterator[tuple[Responses, Lists]]:
        for response in self.evidence.responses_about(certificate):
            yield [response], []
        lists = self.evidence.usable_crls()
        for each in lists:
            if each.issuer == certificate.issuer:
                yield [], [each]
        if lists:  # one list alone need not tell everything
            yield [], lists

    async def _ask(
        self,
        certificate: x509.Certificate,
        piece: tuple[Responses, Lists],
        policy: CertRevTrustPolicy,
        at: datetime,
    ) -> bool | datetime:
        """Return whether a piece of data is genuine and says good, or since when it says revoked."""
        responses, lists = piece
        # whoever signed a response may have to be looked up in a list
        context = self.contexts(policy, at, responses, lists or self.evidence.usable_crls())
        state = ValProcState(cert_path_stack=ConsList.sing(self.path))
        try:
            if responses:
                await verify_ocsp_response(certificate, self.path, context, proc_state=state)
            else:
                await verify_crl(certificate, self.path, context, proc_state=state)
        except RevokedError as exc:
            return exc.revocation_dt
        except (OCSPValidationError, CRLValidationError, ValidationError, PathError):
            return False
        return True
