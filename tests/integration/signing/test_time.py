"""Verdicts do not change when certificates run out, and no certificate counts outside its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper

from signing.issuance import Role, issue
from signing.keys import KeySigner
from signing.responder import TimeStampResponder
from signing.verdict import Reason, TrustPolicy, Verdict
from signing.verify import Known
from tests.integration.signing import documents

if TYPE_CHECKING:
    from cryptography import x509

    from signing.development_pki import DevelopmentPki
    from signing.verify import Verifier
    from tests.integration.signing.conftest import Sign

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


class Office:
    """A PKI with dates of our choosing, in years from now."""

    def __init__(self) -> None:
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._issue(Role.ROOT, self.root_key, -20, 40)
        self.trust = TrustPolicy.of([self.root])

    def signer(self, since: float, until: float) -> KeySigner:
        """Return an agency's key."""
        return self._key(Role.AGENCY, since, until)

    def authority(self, since: float, until: float, at: float) -> TimeStampResponder:
        """Return an authority whose clock stands at a moment."""
        return TimeStampResponder(self._key(Role.TIME_STAMP, since, until), lambda: NOW + at * YEAR)

    def _key(self, role: Role, since: float, until: float) -> KeySigner:
        key = ec.generate_private_key(ec.SECP256R1())
        return KeySigner(key, self._issue(role, key, since, until, self.root), ())

    def _issue(
        self,
        role: Role,
        key: ec.EllipticCurvePrivateKey,
        since: float,
        until: float,
        by: x509.Certificate | None = None,
    ) -> x509.Certificate:
        return issue(role, key, self.root_key, by, valid_from=NOW + since * YEAR, lifetime=(until - since) * YEAR)


@pytest.fixture(scope="module")
def office() -> Office:
    """Return one root for all."""
    return Office()


class Stamper(TimeStamper):
    """pyHanko's side of our responder."""

    def __init__(self, responder: TimeStampResponder) -> None:
        super().__init__()
        self._responder = responder

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer without a network."""
        return tsp.TimeStampResp.load(self._responder.respond(req.dump()))


def add_document_time_stamp(path: Path, responder: TimeStampResponder) -> None:
    """Append a document time stamp, as a renewal does."""
    with path.open("r+b") as stream:
        writer = IncrementalPdfFileWriter(stream)
        PdfTimeStamper(Stamper(responder)).timestamp_pdf(writer, "sha256", in_place=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a document to sign."""
    documents.classic(tmp_path / "in.pdf")
    return tmp_path / "in.pdf"


def test_an_expired_signer_stays_valid_by_its_time_stamp(
    source: Path, tmp_path: Path, office: Office, sign: Sign, verifier: Verifier
) -> None:
    """Signed three years ago with a certificate that ran out a year ago."""
    target, authority = tmp_path / "out.pdf", office.authority(-5, 5, at=-3)
    sign(source, target, signer=office.signer(-4, -1), tsa=authority, at=NOW - 3 * YEAR)
    result = verifier.verify(target, office.trust, Known(1))
    (signature,) = result.signatures
    assert (result.verdict, signature.level) == (Verdict.VALID, "B-T")
    assert signature.signed_at == (NOW - 3 * YEAR).replace(microsecond=0)


@pytest.mark.parametrize(("at", "reason"), [(0, Reason.CERTIFICATE_EXPIRED), (-6, Reason.CERTIFICATE_NOT_YET_VALID)])
def test_a_certificate_outside_its_time_is_not_valid(
    at: int, reason: Reason, source: Path, office: Office, sign: Sign, verifier: Verifier
) -> None:
    """The time stamp proves that it was signed after the end, or before the beginning."""
    target = source.with_name("out.pdf")
    sign(source, target, signer=office.signer(-4, -1), tsa=office.authority(-9, 5, at=at))
    result = verifier.verify(target, office.trust, Known(1))
    assert result.verdict is not Verdict.VALID
    assert result.reasons == (reason,)


def test_an_expired_authority_is_a_doubt_until_it_was_renewed(
    source: Path, tmp_path: Path, office: Office, sign: Sign, verifier: Verifier
) -> None:
    """A document time stamp made in time proves that the first one existed while its certificate was good."""
    target = tmp_path / "out.pdf"
    sign(source, target, signer=office.signer(-10, -7), tsa=office.authority(-10, -5, at=-8))
    alone = verifier.verify(target, office.trust, Known(1))
    assert (alone.verdict, alone.signatures[0].subindication) == (Verdict.INDETERMINATE, "OUT_OF_BOUNDS_NO_POE")

    add_document_time_stamp(target, office.authority(-7, -1, at=-6))
    add_document_time_stamp(target, office.authority(-3, 3, at=-2))
    renewed = verifier.verify(target, office.trust, Known(1))
    assert (renewed.verdict, renewed.reasons) == (Verdict.VALID, ())
    assert renewed.signatures[0].changes == "lta_updates"


def test_a_renewal_that_came_too_late_proves_nothing(
    source: Path, tmp_path: Path, office: Office, sign: Sign, verifier: Verifier
) -> None:
    """The authority's certificate had run out before."""
    target = tmp_path / "out.pdf"
    sign(source, target, signer=office.signer(-10, -7), tsa=office.authority(-10, -5, at=-8))
    add_document_time_stamp(target, office.authority(-3, 3, at=-2))
    assert verifier.verify(target, office.trust, Known(1)).verdict is Verdict.INDETERMINATE


def test_a_damaged_document_time_stamp_is_found(
    signed: Path, pki: DevelopmentPki, verifier: Verifier, trust: TrustPolicy
) -> None:
    """A byte under it, outside the signature it renews."""
    before = signed.stat().st_size
    add_document_time_stamp(signed, pki.tsa)
    assert verifier.verify(signed, trust, Known(1)).verdict is Verdict.VALID
    data = bytearray(signed.read_bytes())
    place = data.index(b"/DocTimeStamp", before)
    end = data.index(b"/Type", place - 40)
    data[end - 1] = ord("\t") if data[end - 1] != ord("\t") else ord(" ")
    signed.write_bytes(data)
    result = verifier.verify(signed, trust, Known(1))
    assert (result.verdict, result.reasons) == (Verdict.INVALID, (Reason.TIMESTAMP_BROKEN,))


def test_a_change_after_a_document_time_stamp_is_found(
    signed: Path, pki: DevelopmentPki, verifier: Verifier, trust: TrustPolicy
) -> None:
    """Time stamps do not open the file for other changes."""
    add_document_time_stamp(signed, pki.tsa)
    documents.updated(signed, documents.swap_content)
    result = verifier.verify(signed, trust, Known(1))
    assert result.verdict is Verdict.INVALID
    assert Reason.CHANGED_AFTER in result.reasons
