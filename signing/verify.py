"""The verdict on a signed PDF, reached in a confined child process by pyHanko."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confine import Confined, Died, Keeper, Limits, OutOfMemory, TimedOut
from dossier import digest
from signing.verdict import Reason, SignatureVerdict, StampVerdict, TrustPolicy, Verdict, Verification, worst

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dossier.states import SignerRole

LIMITS = Limits(wall_seconds=30, cpu_seconds=25, memory_bytes=1 << 30)


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept outside a file about it; what is left out is not asked for.

    Attributes:
        signatures: Number recorded at signing; any other number is invalid.
        sha256: Digest recorded at signing, lower-case hex; any other digest is invalid.
        roles: Those of its signatures, in order; others are invalid.
        beside: Validation data as `signing.beside.packed` gives it; counts like what stands in the file itself.
    """

    signatures: int | None = None
    sha256: str | None = None
    roles: tuple[SignerRole, ...] | None = None
    beside: bytes = b""


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the child found in the bytes of a file, before it is held against what is known from outside."""

    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureVerdict, ...]
    time_stamps: tuple[StampVerdict, ...] = ()
    at: datetime | None = None


class Verifier(Keeper):
    """Judges files one after the other in one child process; close it when done, or use it in `with`.

    A child that was killed for time or memory is replaced by the next call.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        super().__init__(Confined("signing.verify_child:verify", limits))

    def verify(
        self,
        path: Path,
        trust: TrustPolicy,
        known: Known = NOTHING_KNOWN,
        at: datetime | None = None,
    ) -> Verification:
        """Return the verdict on a file; see `verify_pdf`."""
        sha256, size = digest.of_file(path)
        finding, detail = self._ask(path, trust, at, known.beside)
        reasons = list(finding.reasons)
        count = len(finding.signatures)
        if _DOUBTS.isdisjoint(reasons):
            reasons += _counted(count, known.signatures)
            if known.roles not in (None, tuple(one.role for one in finding.signatures)):
                reasons.append(Reason.SIGNER_ROLES)
        if known.sha256 not in (None, sha256):
            reasons.append(Reason.FILE_DIGEST)
        parts: list[SignatureVerdict | StampVerdict] = [*finding.signatures, *finding.time_stamps]
        verdict = worst([*map(_weight, reasons), *(part.verdict for part in parts)])
        every = tuple(dict.fromkeys([*reasons, *(reason for part in parts for reason in part.reasons)]))
        return Verification(
            verdict, every, finding.signatures, sha256, size, detail, finding.time_stamps, finding.at or at
        )

    def _ask(self, path: Path, trust: TrustPolicy, at: datetime | None, beside: bytes) -> tuple[Finding, str]:
        try:
            found: Finding = self._child.call(str(path), trust, at, beside)
        except TimedOut as exc:
            return _unread(Reason.TIMED_OUT), str(exc)
        except OutOfMemory as exc:
            return _unread(Reason.OUT_OF_MEMORY), str(exc)
        except Died as exc:
            return _unread(Reason.CRASHED), str(exc)
        except Exception as exc:  # noqa: BLE001 - process boundary: whatever a parser makes of hostile bytes is a doubt
            return _unread(Reason.PDF_UNREADABLE), type(exc).__name__
        return found, ""


def verify_pdf(
    path: Path,
    trust: TrustPolicy,
    known: Known = NOTHING_KNOWN,
    at: datetime | None = None,
) -> Verification:
    """Judge the signatures of a PDF.

    A signature is judged at the time its trusted time stamp proves, so that it does not turn bad when certificates
    run out; a time stamp is judged at the time the next document time stamp proves, the newest at `at`. Only the
    policy's anchors are trusted and nothing is fetched: revocation data counts as the file carries it. After the last
    signature only validation data and document time stamps may follow; between signatures only new signatures.
    Nothing at all speaks for a file that has none.

    The work is done in a child process with limits on time and memory; whatever it cannot read is indeterminate,
    with the reason named, never valid. For many files use one `Verifier`, which starts the child once.

    Args:
        path: The PDF.
        trust: Whom to believe.
        known: What is known of the file beside its bytes.
        at: The moment of judging, aware; now when it is left out. A later one shows how long a file will last.

    Raises:
        OSError: The file cannot be read at all.
    """
    with Verifier() as verifier:
        return verifier.verify(path, trust, known, at)


_DOUBTS = frozenset(
    {
        Reason.PDF_ENCRYPTED,
        Reason.PDF_HYBRID,
        Reason.PDF_UNREADABLE,
        Reason.SIGNATURES_TOO_MANY,
        Reason.SIGNATURE_FORMAT,
        Reason.TIMED_OUT,
        Reason.OUT_OF_MEMORY,
        Reason.CRASHED,
    }
)


def _counted(count: int, expected: int | None) -> list[Reason]:
    if not count:
        return [Reason.SIGNATURE_ABSENT]
    return [] if expected in {None, count} else [Reason.SIGNATURE_COUNT]


def _weight(reason: Reason) -> Verdict:
    return Verdict.INDETERMINATE if reason in _DOUBTS else Verdict.INVALID


def _unread(reason: Reason) -> Finding:
    return Finding((reason,), ())
