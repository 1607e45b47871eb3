"""Digitise the small sample set with the real program, officer and agency signing, fix and sign its report: all judged.

usage: python -m tests.judge.dossiers
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography import x509

from catalog import Catalogue, documents, intakes, renditions
from dossier.states import SignerRole
from samples.make import make
from tests.judge.signatures import PASSED, demand, judged

HERE = Path(__file__).parent
_REPORT = "report.pdf"


def main() -> None:
    """Leave with the judge's exit status."""
    with tempfile.TemporaryDirectory(prefix="hososo-judge-") as folder:
        work = Path(folder)
        make(work / "samples", small=True)
        _hososo(work, "init")
        _hososo(work, "digitise", str(work / "samples"))
        _hososo(work, "register", "import", str(work / "samples" / "register.csv"))
        _hososo(work, "snapshot", "take")
        _hososo(work, "snapshot", "sign", "1")
        if not _signed(work / "home", work / "signed"):
            sys.exit("judge: nothing was signed")
        _hososo(work, "snapshot", "pdf", "1", "--to", str(work / "signed" / _REPORT))
        if not _passed_by_dss(work):
            sys.exit("judge: DSS does not pass a signature at PAdES-BASELINE-LTA")
        sys.exit(subprocess.run([str(HERE / "run.sh"), str(work / "signed")], check=False).returncode)


def _passed_by_dss(work: Path) -> bool:
    """Return whether DSS passes each signature at the highest level, the development root its one anchor."""
    root = x509.load_pem_x509_certificate((work / "home" / "development-pki" / "root.pem").read_bytes())
    answers = judged([root], sorted((work / "signed").glob("*.pdf")))
    expected = {(PASSED, "", "PAdES-BASELINE-LTA")}
    whole = all(len(said) == (1 if name == _REPORT else len(SignerRole)) for name, said in answers.items())
    return len(answers) > 1 and whole and all(demand(answers, name, expected, name) for name in answers)


def _hososo(work: Path, *arguments: str) -> None:
    environment = os.environ | {"HOSOSO_HOME": str(work / "home"), "HOSOSO_SIGNING_ROLES": "officer,agency"}
    subprocess.run([sys.executable, "-m", "hososo.main", *arguments], check=True, env=environment)


def _signed(home: Path, target: Path) -> int:
    target.mkdir()
    catalogue = Catalogue(f"sqlite:///{home / 'catalogue.db'}")
    with catalogue.read() as tx:
        found = [
            (document.id, renditions.find(tx, document.id, renditions.SIGNED))
            for dossier in intakes.all_dossiers(tx)
            for document in documents.live(tx, dossier.id)
        ]
    catalogue.close()
    stored = [(document_id, rendition) for document_id, rendition in found if rendition is not None]
    for document_id, rendition in stored:
        shutil.copyfile(home / "archive" / rendition.ref.key, target / f"{document_id}.pdf")
    return len(stored)


if __name__ == "__main__":
    main()
