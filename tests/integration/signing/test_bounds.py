"""What a seal costs: memory that does not grow with the file, and a quarter of a second of work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from confine import Confined
from signing.verdict import Verdict
from signing.verify import LIMITS, Finding
from tests.integration.signing import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from signing.verdict import TrustPolicy
    from signing.verify import Verifier
    from tests.integration.signing.conftest import Sign

SIGN_AND_MEASURE = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from signing.development_pki import ensure_development_pki
from signing.port import Appearance
from signing.seal import sign_pdf

small, large, folder = map(Path, sys.argv[1:])
pki = ensure_development_pki(folder / "pki", algorithm="ecdsa")
peaks = []
for source in (small, large):
    sign_pdf(source, folder / "out.pdf", signer=pki.signer, tsa=pki.tsa,
             appearance=Appearance("SAO Y", "UBND", False), at=datetime.now(UTC))
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(json.dumps(peaks))
"""


def padded(path: Path, size: int) -> None:
    """Write a document with an attachment of random bytes."""
    pdf = documents.blank(1)
    pdf.Root.Attached = pdf.make_stream(os.urandom(size))
    pdf.save(path)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """100 MB more to sign, less than 60 MB more to hold."""
    padded(tmp_path / "small.pdf", 1000)
    padded(tmp_path / "large.pdf", 100_000_000)
    arguments = [tmp_path / "small.pdf", tmp_path / "large.pdf", tmp_path]
    command = [sys.executable, "-c", SIGN_AND_MEASURE, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    small, large = json.loads(done.stdout)
    assert large - small < 60 * 1024


def test_judging_holds_no_more_for_a_larger_file(tmp_path: Path, sign: Sign, trust: TrustPolicy) -> None:
    """30 MB more to judge, less than 10 MB more to hold."""
    peaks = []
    with Confined("signing.verify_child:verify", LIMITS) as child:
        for size in (1000, 30_000_000):
            padded(tmp_path / "in.pdf", size)
            sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
            found: Finding = child.call(str(tmp_path / "out.pdf"), trust, None)
            assert [one.verdict for one in found.signatures] == [Verdict.VALID]
            status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
            peaks.append(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")))
    assert peaks[1] - peaks[0] < 10 * 1024


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the least of three runs, which is the one with the fewest guests."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def test_a_seal_takes_a_quarter_of_a_second_of_work(tmp_path: Path, sign: Sign) -> None:
    """For a document of 2.5 MB, with the time stamp made in the same process."""
    padded(tmp_path / "in.pdf", 2_500_000)
    assert cpu_seconds(lambda: sign(tmp_path / "in.pdf", tmp_path / "out.pdf")) < 0.25


def test_a_verdict_takes_no_longer_than_a_seal(signed: Path, verifier: Verifier, trust: TrustPolicy) -> None:
    """Wall clock here, because the work is done by the child."""
    verifier.verify(signed, trust)
    start = time.monotonic()
    for _ in range(5):
        verifier.verify(signed, trust)
    assert (time.monotonic() - start) / 5 < 0.6
