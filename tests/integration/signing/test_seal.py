"""What is signed, four judges find good: our verifier, pyHanko by itself, pdfsig and qpdf."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dossier.errors import Code, Rejected, Unavailable
from signing.verdict import Reason, TrustPolicy, Verdict
from signing.verify import Known
from tests.integration.signing import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from signing.development_pki import DevelopmentPki
    from signing.verify import Verifier
    from tests.integration.signing.conftest import Sign


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool and return what it said."""
    return subprocess.run([*map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def trusted_by_pyhanko(path: Path, pki: DevelopmentPki) -> list[str]:
    """Return pyHanko's own summaries."""
    roots = [x509.Certificate.load(anchor.public_bytes(Encoding.DER)) for anchor in pki.anchors]
    with path.open("rb") as stream:
        return [
            validate_pdf_signature(signature, ValidationContext(trust_roots=roots)).summary()
            for signature in PdfFileReader(stream).embedded_regular_signatures
        ]


@pytest.mark.parametrize("algorithm", ["rsa", "ecdsa"])
@pytest.mark.parametrize("name", documents.INPUTS)
def test_every_kind_of_input_is_signed_right(
    name: str, algorithm: str, tmp_path: Path, keys: dict[str, DevelopmentPki], sign: Sign, verifier: Verifier
) -> None:
    """Judged by all four, with the bytes of the source in front and untouched."""
    source, target, pki = tmp_path / "in.pdf", tmp_path / "out.pdf", keys[algorithm]
    documents.INPUTS[name](source)
    record = sign(source, target, signer=pki.signer, tsa=pki.tsa)

    data = target.read_bytes()
    assert data.startswith(source.read_bytes())
    assert (record.sha256, record.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (record.level, record.signatures, record.development) == ("B-T", 1, True)

    checked = run("qpdf", "--check", target)
    assert (checked.returncode, checked.stderr) == (0, "")
    judged = run("pdfsig", "-nocert", target).stdout
    assert "Signature is Valid." in judged
    assert "Total document signed" in judged
    assert "ETSI.CAdES.detached" in judged
    assert "SHA-256" in judged
    assert trusted_by_pyhanko(target, pki) == ["INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>,UNTOUCHED"]

    result = verifier.verify(
        target,
        TrustPolicy.of(pki.anchors, timestamp_required=True),
        Known(1, record.sha256),
    )
    (signature,) = result.signatures
    assert (result.verdict, result.reasons) == (Verdict.VALID, ())
    assert (signature.level, signature.time_source, signature.changes) == ("B-T", "timestamp", "none")
    assert (signature.signer, signature.development, signature.whole_file) == (pki.signer.name, True, True)


def test_a_second_signature_leaves_the_first_good(
    tmp_path: Path, signed: Path, sign: Sign, verifier: Verifier, pki: DevelopmentPki
) -> None:
    """The officer who compared signs first, the agency last; other updates between them are not tolerated."""
    twice = tmp_path / "twice.pdf"
    record = sign(signed, twice)
    result = verifier.verify(twice, TrustPolicy.of(pki.anchors), Known(2))
    assert record.signatures == 2
    assert result.verdict is Verdict.VALID
    assert [signature.changes for signature in result.signatures] == ["form_filling", "none"]
    assert [signature.field for signature in result.signatures] == ["hososo-1", "hososo-2"]
    assert trusted_by_pyhanko(twice, pki)[1].startswith("INTACT:TRUSTED")
    assert run("pdfsig", "-nocert", twice).stdout.count("Signature is Valid.") == 2
    assert run("qpdf", "--check", twice).returncode == 0


def test_a_change_between_two_signatures_is_found(
    tmp_path: Path, signed: Path, sign: Sign, verifier: Verifier, pki: DevelopmentPki
) -> None:
    """A filled form field was not under the first signature, though the second covers it."""
    documents.updated(signed, documents.fill_field)
    sign(signed, tmp_path / "twice.pdf")
    result = verifier.verify(tmp_path / "twice.pdf", TrustPolicy.of(pki.anchors), Known(2))
    assert result.verdict is Verdict.INVALID
    assert [signature.verdict for signature in result.signatures] == [Verdict.INVALID, Verdict.VALID]
    assert result.reasons == (Reason.CHANGED_AFTER,)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (documents.encrypted, Code.PDF_ENCRYPTED),
        (documents.hybrid, Code.PDF_DAMAGED),
        (documents.certified_final, Code.PDF_ALREADY_SIGNED),
        (lambda path: path.write_bytes(b""), Code.PDF_DAMAGED),
        (lambda path: path.write_bytes(b"%PDF-1.7\nstartxref\n9\n%%EOF\n"), Code.PDF_DAMAGED),
        (lambda path: pikepdf.new().save(path), Code.PDF_NO_PAGES),
    ],
    ids=["encrypted", "hybrid", "certified", "empty", "hollow", "no pages"],
)
def test_what_cannot_be_signed_safely_is_refused(
    make: Callable[[Path], object], code: Code, tmp_path: Path, sign: Sign
) -> None:
    """With its code, and without leaving anything behind."""
    make(tmp_path / "in.pdf")
    with pytest.raises(Rejected) as caught:
        sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    assert caught.value.code is code
    assert list(tmp_path.iterdir()) == [tmp_path / "in.pdf"]


def test_bytes_behind_the_end_are_refused(tmp_path: Path, sign: Sign) -> None:
    """They would be signed without being shown by anything."""
    documents.classic(tmp_path / "in.pdf")
    with (tmp_path / "in.pdf").open("ab") as out:
        out.write(b"<script>")
    with pytest.raises(Rejected) as caught:
        sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    assert caught.value.code is Code.PDF_DAMAGED


@pytest.mark.parametrize("step", range(0, 700, 50))
def test_a_damaged_source_is_refused_or_signed_soundly(
    step: int, tmp_path: Path, sign: Sign, verifier: Verifier, pki: DevelopmentPki
) -> None:
    """A byte is changed anywhere: no exception but our own, and no target that the verifier cannot read."""
    documents.with_form(tmp_path / "in.pdf")
    data = bytearray((tmp_path / "in.pdf").read_bytes())
    data[step % len(data)] ^= 0x15
    (tmp_path / "in.pdf").write_bytes(data)
    try:
        sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    except Rejected:
        assert not (tmp_path / "out.pdf").exists()
    else:
        result = verifier.verify(tmp_path / "out.pdf", TrustPolicy.of(pki.anchors))
        assert result.signatures or result.verdict is not Verdict.VALID


class SilentAuthority:
    """Never answers."""

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Give up."""
        raise Unavailable(Code.TSA_UNAVAILABLE, f"{algorithm} {len(digest)}")


def test_without_a_time_stamp_nothing_is_written(tmp_path: Path, sign: Sign) -> None:
    """An older target stays, and no draft is left."""
    documents.classic(tmp_path / "in.pdf")
    (tmp_path / "out.pdf").write_bytes(b"older")
    with pytest.raises(Unavailable) as caught:
        sign(tmp_path / "in.pdf", tmp_path / "out.pdf", tsa=SilentAuthority())
    assert caught.value.code is Code.TSA_UNAVAILABLE
    assert (tmp_path / "out.pdf").read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.pdf", "out.pdf"]


class WordyAuthority:
    """Sends so many certificates that the estimate is too small."""

    def __init__(self, pki: DevelopmentPki) -> None:
        signer = pki.tsa.signer
        chain = signer.chain * 20
        self.responder = type(pki.tsa)(type(signer)(signer.key, signer.certificate, chain))
        self.asked = 0

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Count and answer."""
        self.asked += 1
        return self.responder.token(digest, algorithm)


def test_a_long_time_stamp_gets_more_room(tmp_path: Path, sign: Sign, verifier: Verifier, pki: DevelopmentPki) -> None:
    """It is asked a second time and the update is written anew, with one field."""
    documents.with_form(tmp_path / "in.pdf")
    authority = WordyAuthority(pki)
    sign(tmp_path / "in.pdf", tmp_path / "out.pdf", tsa=authority)
    result = verifier.verify(tmp_path / "out.pdf", TrustPolicy.of(pki.anchors), Known(1))
    assert (result.verdict, authority.asked) == (Verdict.VALID, 2)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert len(pdf.pages[0].Annots) == 2
        assert len(pdf.Root.AcroForm.Fields) == 2


def test_the_digest_of_the_file_is_that_of_the_record(tmp_path: Path, sign: Sign) -> None:
    """The declared time is the one shown, with its zone."""
    documents.classic(tmp_path / "in.pdf")
    sign(tmp_path / "in.pdf", tmp_path / "out.pdf", at=datetime(2026, 11, 5, 20, 30, 9, tzinfo=UTC))
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        assert str(signature.M) == "D:20261106033009+07'00'"
        assert str(signature.Reason) == "SAO Y"
