"""Whatever is done to a signed file afterwards, the verdict is never valid."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confine import Limits
from signing.verdict import Reason, TrustPolicy, Verdict
from signing.verify import Known, Verifier, verify_pdf
from tests.integration.signing import documents

if TYPE_CHECKING:
    from pypdf import PdfWriter

    from signing.development_pki import DevelopmentPki
    from tests.integration.signing.conftest import Sign


def gap_of(data: bytes) -> tuple[int, int]:
    """Return where the signature's hex string stands."""
    found = re.findall(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", data)[-1]
    return int(found[0]), int(found[1])


@pytest.mark.parametrize("attack", documents.ATTACKS, ids=lambda attack: attack.__name__)
def test_an_update_after_the_seal_is_invalid(
    attack: Callable[[PdfWriter], None], signed: Path, verifier: Verifier, trust: TrustPolicy
) -> None:
    """Content, form, field value, pages, catalogue: with and without knowing how many signatures there were."""
    documents.updated(signed, attack)
    assert verifier.verify(signed, trust, Known(1)).verdict is Verdict.INVALID
    assert verifier.verify(signed, trust).verdict is Verdict.INVALID


def test_without_its_form_the_signature_counts_as_absent(signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Absence is a fault, not a neutral finding."""
    documents.updated(signed, documents.drop_form)
    assert verifier.verify(signed, trust, Known(1)).reasons == (Reason.SIGNATURE_ABSENT,)


def test_the_unsigned_source_is_not_valid(tmp_path: Path, signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Cutting the update off gives back a file without a signature."""
    assert signed.exists()
    result = verifier.verify(tmp_path / "in.pdf", trust, Known(1))
    assert (result.verdict, result.reasons) == (Verdict.INVALID, (Reason.SIGNATURE_ABSENT,))


@pytest.mark.parametrize("junk", [b"\n", b"%%EOF\n", b"<script>", b"\0" * 3000, b"\nstartxref\n0\n%%EOF\n"])
def test_bytes_after_the_end_are_not_valid(junk: bytes, signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Not even a line break is covered."""
    with signed.open("ab") as out:
        out.write(junk)
    assert verifier.verify(signed, trust).verdict is not Verdict.VALID


def test_bytes_in_front_are_not_valid(signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Readers look for the header further down; the byte range does not."""
    signed.write_bytes(b"GIF89a\n" + signed.read_bytes())
    assert verifier.verify(signed, trust).verdict is not Verdict.VALID


def test_a_flipped_byte_under_the_signature_is_found(signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """At forty places drawn by lot, before and after the signature's gap."""
    good, draw = signed.read_bytes(), random.Random(7)
    begin, end = gap_of(good)
    for place in [draw.choice([draw.randrange(begin), draw.randrange(end, len(good))]) for _ in range(40)]:
        signed.write_bytes(good[:place] + bytes([good[place] ^ 1 << draw.randrange(8)]) + good[place + 1 :])
        assert verifier.verify(signed, trust).verdict is not Verdict.VALID, place


def test_no_flip_gets_past_the_recorded_digest(signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Inside the gap, parts of the CMS are not signed; the digest kept outside covers them."""
    good, draw = signed.read_bytes(), random.Random(8)
    known = verifier.verify(signed, trust).sha256
    for place in [draw.randrange(*gap_of(good)) for _ in range(20)]:
        signed.write_bytes(good[:place] + bytes([good[place] ^ 1 << draw.randrange(8)]) + good[place + 1 :])
        assert verifier.verify(signed, trust, Known(sha256=known)).verdict is Verdict.INVALID


def test_nothing_hides_in_the_padding_of_the_signature(signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Behind the CMS there are zeros only."""
    data = bytearray(signed.read_bytes())
    place = gap_of(bytes(data))[1] - 5
    assert data[place : place + 2] == b"00"
    data[place : place + 2] = b"41"
    signed.write_bytes(data)
    result = verifier.verify(signed, trust)
    assert (result.verdict, result.reasons) == (Verdict.INVALID, (Reason.BYTES_NOT_COVERED,))


def test_an_unknown_root_is_not_trusted(signed: Path, verifier: Verifier, keys: dict[str, DevelopmentPki]) -> None:
    """The other PKI has the same names; no root at all trusts nothing, not the system's roots either."""
    for trust in (TrustPolicy.of(keys["rsa"].anchors), TrustPolicy(anchors=())):
        result = verifier.verify(signed, trust)
        assert result.verdict is Verdict.INDETERMINATE
        assert Reason.CERTIFICATE_UNKNOWN in result.reasons
        assert Reason.TIMESTAMP_UNTRUSTED in result.reasons
        assert result.signatures[0].time_source == "claimed"


def test_an_untrusted_time_stamp_is_a_doubt(signed: Path, verifier: Verifier, keys: dict[str, DevelopmentPki]) -> None:
    """The signer is known, the authority is not."""
    trust = TrustPolicy.of(keys["ecdsa"].anchors, keys["rsa"].anchors)
    result = verifier.verify(signed, trust)
    assert (result.verdict, result.reasons) == (Verdict.INDETERMINATE, (Reason.TIMESTAMP_UNTRUSTED,))
    assert result.signatures[0].level == "B-B"


def test_a_strangers_seal_on_top_is_found(
    tmp_path: Path, signed: Path, sign: Sign, verifier: Verifier, trust: TrustPolicy, keys: dict[str, DevelopmentPki]
) -> None:
    """By its count, by its root, and by what it changed after ours."""
    stranger = keys["rsa"]
    sign(signed, tmp_path / "twice.pdf", signer=stranger.signer, tsa=stranger.tsa)
    counted = verifier.verify(tmp_path / "twice.pdf", trust, Known(1))
    assert counted.verdict is Verdict.INVALID
    assert Reason.SIGNATURE_COUNT in counted.reasons
    assert verifier.verify(tmp_path / "twice.pdf", trust).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("make", "reason"), [(documents.encrypted, Reason.PDF_ENCRYPTED), (documents.hybrid, Reason.PDF_HYBRID)]
)
def test_what_readers_disagree_about_is_a_doubt(
    make: Callable[[Path], None], reason: Reason, tmp_path: Path, verifier: Verifier, trust: TrustPolicy
) -> None:
    """Named, and not judged."""
    make(tmp_path / "odd.pdf")
    result = verifier.verify(tmp_path / "odd.pdf", trust, Known(1))
    assert (result.verdict, result.reasons) == (Verdict.INDETERMINATE, (reason,))


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n0\n%%EOF\n"])
def test_garbage_is_a_doubt(data: bytes, tmp_path: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """The parser's exception is named, the child lives on."""
    (tmp_path / "odd.pdf").write_bytes(data)
    result = verifier.verify(tmp_path / "odd.pdf", trust)
    assert (result.verdict, result.reasons) == (Verdict.INDETERMINATE, (Reason.PDF_UNREADABLE,))
    assert result.detail


def test_a_child_without_memory_is_a_doubt(signed: Path, trust: TrustPolicy) -> None:
    """The limit strikes while pyHanko is loaded, or while it reads."""
    with Verifier(Limits(wall_seconds=30, cpu_seconds=25, memory_bytes=40 << 20)) as verifier:
        result = verifier.verify(signed, trust)
    assert result.verdict is Verdict.INDETERMINATE
    assert result.reasons[0] in {Reason.OUT_OF_MEMORY, Reason.CRASHED, Reason.PDF_UNREADABLE}


def test_a_slow_child_is_a_doubt(signed: Path, trust: TrustPolicy) -> None:
    """Ten milliseconds are not enough to load anything; the same verifier may be used again."""
    with Verifier(Limits(wall_seconds=0.01, cpu_seconds=25, memory_bytes=1 << 30)) as verifier:
        for _ in range(2):
            assert verifier.verify(signed, trust).reasons == (Reason.TIMED_OUT,)


def test_one_file_can_be_judged_by_itself(signed: Path, trust: TrustPolicy) -> None:
    """The plain function starts and ends its own child."""
    assert verify_pdf(signed, trust, Known(1)).verdict is Verdict.VALID
