"""What the EU's DSS says about our signatures, and where it and we differ over the attacks.

usage: python -m tests.judge.signatures [--all]

Every honest file of the tests that carries validation data must pass, and the attacks below must not. DSS looks at
what is signed, hardly at what an update shows on top of it: `--all` prints its answer beside ours for the whole table.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.attacks import honest
from tests.attacks.table import rows
from tests.pki.world import world

PASSED = "TOTAL_PASSED"
Answer = tuple[str, str, str]
"""Indication, sub-indication and level of one signature."""

_RUN = Path(__file__).parent / "dss" / "run.sh"
_LEVELS = {"B-LT": "PAdES-BASELINE-LT", "B-LTA": "PAdES-BASELINE-LTA"}
_REFUSED = {
    "edit words": ("TOTAL_FAILED", "HASH_FAILURE"),
    "drop form": ("ABSENT", ""),
    "signature of another file": ("TOTAL_FAILED", "FORMAT_FAILURE"),
    "value of signature null": ("ABSENT", ""),
    "byte range overlapping": ("TOTAL_FAILED", "FORMAT_FAILURE"),
    "signed with a range that is overlapping": ("TOTAL_FAILED", "FORMAT_FAILURE"),
    "signed with a range that is six numbers": ("TOTAL_FAILED", "FORMAT_FAILURE"),
    "signed with a range that is hole behind the signature": ("TOTAL_FAILED", "FORMAT_FAILURE"),
    "signed without message_digest": ("TOTAL_FAILED", "SIG_CRYPTO_FAILURE"),
    "signer revoked": ("INDETERMINATE", "REVOKED_NO_POE"),
    "signer stranger": ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"),
    "SHA-1": ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
}


def judged(anchors: Iterable[x509.Certificate], files: Iterable[Path]) -> dict[str, list[Answer]]:
    """Return what DSS says about each signature of each file, by the file's name.

    Raises:
        CalledProcessError: The judge is absent or broke down.
    """
    with tempfile.TemporaryDirectory(prefix="hososo-anchors-") as folder:
        for number, anchor in enumerate(anchors):
            (Path(folder) / f"{number}.crt").write_bytes(anchor.public_bytes(Encoding.DER))
        command = [str(_RUN), folder, *map(str, files)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    answers: dict[str, list[Answer]] = {}
    for line in said.splitlines():
        name, indication, detail, level = line.split("\t")
        answers.setdefault(name, []).append((indication, detail, level))
    return answers


def demand(answers: dict[str, list[Answer]], name: str, expected: set[Answer], called: str) -> bool:
    """Tell what was said of a file and return whether it is what was expected."""
    found = set(answers.get(name, []))
    sys.stdout.write(f"{'as expected' if found == expected else 'NOT AS EXPECTED'} {called}: {sorted(found)}\n")
    return found == expected


def main() -> None:
    """Leave with 1 when DSS says anything else than it should."""
    with tempfile.TemporaryDirectory(prefix="hososo-dss-") as name:
        folder = Path(name)
        good = {kind: level for kind, (level, _) in honest.FILES.items() if level in _LEVELS}
        bad = {row.name: row for row in rows() if "--all" in sys.argv or row.name in _REFUSED}
        for number, kind in enumerate(good):
            (folder / f"good-{number}.pdf").write_bytes(honest.FILES[kind][1]())
        for number, row in enumerate(bad.values()):
            (folder / f"bad-{number}.pdf").write_bytes(row.make())
        answers = judged([world().root.certificate], sorted(folder.glob("*.pdf")))
    sound = [
        demand(answers, f"good-{number}.pdf", {(PASSED, "", _LEVELS[level])}, kind)
        for number, (kind, level) in enumerate(good.items())
    ]
    for number, (kind, row) in enumerate(bad.items()):
        found = answers.get(f"bad-{number}.pdf", [])
        if kind in _REFUSED:
            sound.append({answer[:2] for answer in found} == {_REFUSED[kind]})
        ours = f"{row.expected[0]} {row.expected[1] or ''} {row.expected[2]}"
        sys.stdout.write(f"{kind}: ours {ours}; DSS {[' '.join(answer) for answer in found]}\n")
    sys.exit(not (all(sound) and len(bad) >= len(_REFUSED)))


if __name__ == "__main__":
    main()
