"""A signature is made to last: validation data and document time stamps, whatever the servers answer."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from dossier.errors import Code, Rejected, Unavailable
from signing.development_pki import DevelopmentPki
from signing.extend import extend_pdf
from signing.port import ExtensionRecord
from signing.revocation_http import HttpRevocation
from signing.tsa_http import HttpTimeStampAuthority
from signing.validation_data import Collector
from signing.verdict import Revocation, TrustPolicy, Verdict
from signing.verify import Known, Verifier
from tests.fakes.authorities import Authorities, served
from tests.integration.signing import documents
from tests.integration.signing.conftest import Sign

STRICT = Revocation.REQUIRED


def ades_verdict(path: Path, trust: TrustPolicy, number: int = 0) -> object:
    """Return what pyHanko by itself says of a signature by the full process of EN 319 102-1, with revocation data."""
    roots = [x509.Certificate.load(anchor) for anchor in trust.anchors]
    demands = CertRevTrustPolicy(REQUIRE_REVINFO)
    policy = CertValidationPolicySpec(SimpleTrustManager.build(trust_roots=roots), demands)
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy))
    with path.open("rb") as stream:
        signature = PdfFileReader(stream).embedded_regular_signatures[number]
        return asyncio.run(ades_lta_validation(signature, spec)).ades_subindic


@pytest.fixture
def trust(pki: DevelopmentPki) -> TrustPolicy:
    """Demand revocation data and a time stamp."""
    return TrustPolicy.of(pki.anchors, revocation=STRICT, timestamp_required=True)


def extended(source: Path, target: Path, pki: DevelopmentPki, **others: object) -> ExtensionRecord:
    """Extend with the development PKI."""
    collector = Collector(pki.revocation, pki.anchors)
    return extend_pdf(source, target, **({"collector": collector, "tsa": pki.tsa} | others))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", documents.INPUTS)
def test_every_kind_of_input_reaches_b_lta(
    name: str, tmp_path: Path, keys: dict[str, DevelopmentPki], sign: Sign, verifier: Verifier
) -> None:
    """Judged by our verifier, by pyHanko's full process and by qpdf; what was signed stands in front, untouched."""
    pki = keys["rsa" if name == "classic" else "ecdsa"]
    trust = TrustPolicy.of(pki.anchors, revocation=STRICT, timestamp_required=True)
    source, signed, target = tmp_path / "in.pdf", tmp_path / "signed.pdf", tmp_path / "out.pdf"
    documents.INPUTS[name](source)
    sign(source, signed, signer=pki.signer, tsa=pki.tsa)
    record = extended(signed, target, pki)

    data = target.read_bytes()
    assert data.startswith(signed.read_bytes())
    assert (record.sha256, record.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (record.level, record.digest) == ("B-LTA", "sha256")
    assert record.key in ("rsa-3072", "ec-256")
    result = verifier.verify(target, trust, Known(1, record.sha256))
    assert (result.verdict, result.reasons) == (Verdict.VALID, ())
    assert (result.signatures[0].level, result.signatures[0].changes) == ("B-LTA", "lta_updates")
    assert ades_verdict(target, trust) is AdESPassed.OK
    checked = subprocess.run(["qpdf", "--check", target], capture_output=True, text=True, check=False)  # noqa: S607
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_renewal_with_a_stronger_hash_adds_only_what_is_new(
    tmp_path: Path, signed: Path, pki: DevelopmentPki, trust: TrustPolicy, verifier: Verifier
) -> None:
    """The store already has chain and list: one time stamp more, over the first one, and both signatures hold."""
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    extended(signed, first, pki)
    record = extended(first, second, pki, digest="sha512")
    assert second.read_bytes().startswith(first.read_bytes())
    assert record.digest == "sha512"
    result = verifier.verify(second, trust, Known(1))
    assert (result.verdict, result.signatures[0].level) == (Verdict.VALID, "B-LTA")
    assert ades_verdict(second, trust) is AdESPassed.OK
    with pikepdf.open(second) as pdf:
        assert [len(pdf.Root.DSS[key]) for key in ("/Certs", "/CRLs")] == [4, 2]
        kinds = [str(field.V.Type) for field in pdf.Root.AcroForm.Fields if field.FT == "/Sig"]
    assert kinds == ["/Sig", "/DocTimeStamp", "/DocTimeStamp"]


def test_a_second_signer_after_a_time_stamp_is_provided_for(
    tmp_path: Path, signed: Path, sign: Sign, pki: DevelopmentPki, trust: TrustPolicy
) -> None:
    """The officer's signature was made to last before the agency's came: both are, in the end."""
    first, twice, target = tmp_path / "first.pdf", tmp_path / "twice.pdf", tmp_path / "out.pdf"
    extended(signed, first, pki)
    sign(first, twice)
    extended(twice, target, pki)
    assert [ades_verdict(target, trust, number) for number in (0, 1)] == [AdESPassed.OK, AdESPassed.OK]


def test_b_lt_has_no_document_time_stamp(
    tmp_path: Path, signed: Path, pki: DevelopmentPki, trust: TrustPolicy, verifier: Verifier
) -> None:
    """The level between, for those who want it."""
    record = extended(signed, tmp_path / "out.pdf", pki, level="B-LT")
    result = verifier.verify(tmp_path / "out.pdf", trust, Known(1, record.sha256))
    assert (record.level, record.stamped_at) == ("B-LT", None)
    assert (result.verdict, result.signatures[0].level) == (Verdict.VALID, "B-LT")


def test_without_a_signature_there_is_nothing_to_extend(tmp_path: Path, pki: DevelopmentPki) -> None:
    """A document time stamp alone would look like more than it is."""
    documents.classic(tmp_path / "in.pdf")
    with pytest.raises(Rejected) as caught:
        extended(tmp_path / "in.pdf", tmp_path / "out.pdf", pki)
    assert caught.value.code is Code.SIGNATURE_INVALID
    assert not (tmp_path / "out.pdf").exists()


@pytest.fixture
def online(tmp_path: Path, sign: Sign) -> Iterator[tuple[Authorities, str, Path]]:
    """Give authorities behind HTTP, their address, and a document signed with their key."""
    documents.classic(tmp_path / "in.pdf")
    made: list[Authorities] = []
    with served(lambda *asked: made[0].answer(*asked)) as url:  # noqa: PLW0108 - made only when the address is known
        made.append(Authorities(url))
        sign(tmp_path / "in.pdf", tmp_path / "signed.pdf", signer=made[0].agency, tsa=made[0].tsa)
        yield made[0], url, tmp_path / "signed.pdf"


def over_http(pki: Authorities, url: str, source: Path, revocation: HttpRevocation | None = None) -> ExtensionRecord:
    """Extend by what servers say."""
    collector = Collector(revocation or HttpRevocation(3), (pki.root.certificate,))
    return extend_pdf(source, source.with_name("out.pdf"), collector=collector, tsa=HttpTimeStampAuthority(url, 3))


def test_ocsp_and_crl_are_asked_once_for_many_documents(
    online: tuple[Authorities, str, Path], verifier: Verifier
) -> None:
    """Four certificates in two chains: one OCSP each for agency and time stamps, one list for their issuer."""
    pki, url, signed = online
    trust = TrustPolicy.of([pki.root.certificate], revocation=STRICT, timestamp_required=True)
    revocation = HttpRevocation(3)
    for _ in range(5):
        over_http(pki, f"{url}/tsa", signed, revocation)
    assert sorted(path for path in pki.asked if path != "/tsa") == ["/crl/Root", "/ocsp", "/ocsp"]
    assert revocation.asked == 3
    assert ades_verdict(signed.with_name("out.pdf"), trust) is AdESPassed.OK
    result = verifier.verify(signed.with_name("out.pdf"), trust, Known(1))
    assert (result.verdict, result.signatures[0].level) == (Verdict.VALID, "B-LTA")


def test_what_was_told_is_asked_again_after_its_time(online: tuple[Authorities, str, Path]) -> None:
    """After an hour at the latest: a revocation does not go unnoticed for longer."""
    pki, url, signed = online
    time = [datetime.now(UTC)]
    revocation = HttpRevocation(3, clock=lambda: time[0])
    over_http(pki, f"{url}/tsa", signed, revocation)
    pki.revoked.add(pki.agency.certificate.serial_number)
    over_http(pki, f"{url}/tsa", signed, revocation)
    time[0] += timedelta(minutes=61)
    with pytest.raises(Unavailable) as caught:
        over_http(pki, f"{url}/tsa", signed, revocation)
    assert caught.value.code is Code.CERTIFICATE_REVOKED


def test_a_list_stands_in_for_a_silent_responder(online: tuple[Authorities, str, Path]) -> None:
    """And addresses that are configured stand in for those that certificates name."""
    pki, url, signed = online
    silent = HttpRevocation(3, ocsp_url="http://127.0.0.1:1/")
    over_http(pki, f"{url}/tsa", signed, silent)
    assert {path for path in pki.asked if path != "/tsa"} == {"/crl/Root", "/crl/Issuing"}


ANSWERS: dict[str, Callable[[Authorities, str, bytes], tuple[int, str, bytes]]] = {
    "failing": lambda *_: (500, "text/plain", b""),
    "garbage": lambda *_: (200, "application/ocsp-response", b"\x30\x80garbage"),
    "too long": lambda *_: (200, "application/pkix-crl", bytes(17 << 20)),
    "sent round and round": lambda pki, path, _: (302, "text/plain", f"{pki.url}{path}".encode()),
    "sent to a file": lambda *_: (302, "text/plain", b"file:///etc/passwd"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_without_validation_data_nothing_is_written(name: str, tmp_path: Path, sign: Sign) -> None:
    """The signed document stays as it is and waits; it is never kept at a lower level."""
    documents.classic(tmp_path / "in.pdf")
    made: list[Authorities] = []
    with served(lambda path, body: ANSWERS[name](made[0], path, body)) as url:
        pki = Authorities(url)
        made.append(pki)
        sign(tmp_path / "in.pdf", tmp_path / "signed.pdf", signer=pki.agency, tsa=pki.tsa)
        with pytest.raises(Unavailable) as caught:
            over_http(pki, f"{url}/tsa", tmp_path / "signed.pdf")
    assert caught.value.code is Code.VALIDATION_DATA_UNAVAILABLE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.pdf", "signed.pdf"]


def test_a_clock_an_hour_off_is_found_by_the_time_stamp(online: tuple[Authorities, str, Path]) -> None:
    """The time shown beside the signature would be wrong by as much."""
    pki, url, signed = online
    wrong = HttpTimeStampAuthority(f"{url}/tsa", 3, clock=lambda: datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(Unavailable) as caught:
        extend_pdf(
            signed,
            signed.with_name("out.pdf"),
            collector=Collector(HttpRevocation(3), (pki.root.certificate,)),
            tsa=wrong,
        )
    assert caught.value.code is Code.CLOCK_SKEW


def test_no_address_is_asked_for_a_chain_that_does_not_end_at_an_anchor(
    online: tuple[Authorities, str, Path], pki: DevelopmentPki
) -> None:
    """A file could otherwise send us wherever it likes."""
    _, url, signed = online
    revocation = HttpRevocation(3)
    collector = Collector(revocation, pki.anchors)
    with pytest.raises(Unavailable) as caught:
        extend_pdf(
            signed, signed.with_name("out.pdf"), collector=collector, tsa=HttpTimeStampAuthority(f"{url}/tsa", 3)
        )
    assert (caught.value.code, revocation.asked) == (Code.VALIDATION_DATA_UNAVAILABLE, 0)


def test_an_address_that_is_not_http_is_refused() -> None:
    """Whoever writes it into the settings is told which one."""
    for wrong in ({"ocsp_url": "ldap://ca/"}, {"crl_urls": ("file:///etc/passwd",)}):
        with pytest.raises(Unavailable) as caught:
            HttpRevocation(3, **wrong)  # type: ignore[arg-type]
        assert caught.value.subject == next(iter(wrong))
