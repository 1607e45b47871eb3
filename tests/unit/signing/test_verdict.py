"""Verdicts: the worst part decides, and what is known from outside outweighs what the file says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from confine import Confined, Died, OutOfMemory, TimedOut
from signing.verdict import Reason, SignatureVerdict, TrustPolicy, Verdict, worst
from signing.verify import Finding, Known, Verifier

TRUST = TrustPolicy(anchors=())
GOOD = SignatureVerdict("f", Verdict.VALID, None, (), "UBND", False, "B-T", None, None, "none", True)  # noqa: FBT003


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return a file; what is in it is up to the child's answer."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


def answering(monkeypatch: pytest.MonkeyPatch, answer: Finding | Exception) -> Verifier:
    """Return a verifier whose child gives this answer."""

    def call(self: Confined, *args: object) -> Finding:  # noqa: ARG001 - stands in for the real one
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Confined, "call", call)
    return Verifier()


def test_the_worst_part_decides() -> None:
    """Nothing wrong is valid; a doubt beats that; a fault beats both."""
    assert worst([]) is Verdict.VALID
    assert worst([Verdict.VALID, Verdict.INDETERMINATE]) is Verdict.INDETERMINATE
    assert worst([Verdict.INDETERMINATE, Verdict.INVALID, Verdict.VALID]) is Verdict.INVALID


@pytest.mark.parametrize("expected", [None, 0, 1])
def test_no_signature_is_never_valid(monkeypatch: pytest.MonkeyPatch, paper: Path, expected: int | None) -> None:
    """Whatever was expected."""
    result = answering(monkeypatch, Finding((), ())).verify(paper, TRUST, Known(expected))
    assert (result.verdict, result.reasons) == (Verdict.INVALID, (Reason.SIGNATURE_ABSENT,))


@pytest.mark.parametrize(("expected", "verdict"), [(None, Verdict.VALID), (1, Verdict.VALID), (2, Verdict.INVALID)])
def test_the_count_must_be_the_recorded_one(
    monkeypatch: pytest.MonkeyPatch, paper: Path, expected: int | None, verdict: Verdict
) -> None:
    """A signature less or more than recorded is a fault."""
    result = answering(monkeypatch, Finding((), (GOOD,))).verify(paper, TRUST, Known(expected))
    assert result.verdict is verdict


def test_the_digest_must_be_the_recorded_one(monkeypatch: pytest.MonkeyPatch, paper: Path) -> None:
    """Even when every signature is good."""
    verifier = answering(monkeypatch, Finding((), (GOOD,)))
    known = verifier.verify(paper, TRUST).sha256
    assert verifier.verify(paper, TRUST, Known(sha256=known)).verdict is Verdict.VALID
    other = verifier.verify(paper, TRUST, Known(sha256="0" * 64))
    assert (other.verdict, other.reasons) == (Verdict.INVALID, (Reason.FILE_DIGEST,))


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (TimedOut("wall clock"), Reason.TIMED_OUT),
        (OutOfMemory(""), Reason.OUT_OF_MEMORY),
        (Died(11), Reason.CRASHED),
        (RecursionError("deep"), Reason.PDF_UNREADABLE),
        (ZeroDivisionError("odd"), Reason.PDF_UNREADABLE),
    ],
)
def test_whatever_happens_to_the_child_is_a_doubt(
    monkeypatch: pytest.MonkeyPatch, paper: Path, trouble: Exception, reason: Reason
) -> None:
    """Never valid, and not the signer's fault either; a digest that differs is a fault all the same."""
    verifier = answering(monkeypatch, trouble)
    result = verifier.verify(paper, TRUST, Known(1))
    assert (result.verdict, result.reasons, result.signatures) == (Verdict.INDETERMINATE, (reason,), ())
    assert verifier.verify(paper, TRUST, Known(sha256="0" * 64)).verdict is Verdict.INVALID


def test_a_missing_file_is_not_a_verdict(tmp_path: Path) -> None:
    """The caller asked for something that is not there."""
    with Verifier() as verifier, pytest.raises(FileNotFoundError):
        verifier.verify(tmp_path / "none.pdf", TRUST)


def test_entry_points_load_no_engine() -> None:
    """Neither endesive nor pyHanko nor pypdf is loaded by the modules that the command line imports."""
    program = (
        "import sys, signing.seal, signing.verify, signing.development_pki, signing.pkcs12, signing.tsa_http\n"
        "print([name for name in ('endesive', 'pyhanko', 'pypdf', 'fontTools', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
