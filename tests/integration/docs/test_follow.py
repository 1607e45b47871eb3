"""The script of docs/follow-a-scan.md takes the samples through every step in one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dossier.states import Step
from tests.integration.docs.conftest import ROOT, Archive, block, hososo

pytestmark = pytest.mark.timeout(900)  # the archive is made by whichever test asks for it first


def test_follow_script(archive: Archive, tmp_path: Path) -> None:
    """One dossier goes through all eight steps, with the debugger stopping before each, and is found afterwards."""
    home, scans = tmp_path / "home", archive.samples.folders[0]
    script = tmp_path / "follow.py"
    script.write_text(block("follow-a-scan.md", "follow"), encoding="utf-8")
    assert hososo(home, "init").returncode == 0
    call = [sys.executable, str(script), str(home), str(scans)]
    done = subprocess.run(call, cwd=ROOT, input="c\n" * 200, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    begun = {line.removeprefix("(Pdb) ").split()[0] for line in done.stdout.splitlines() if line.strip()}
    assert {step.value for step in Step} <= begun
    assert hososo(home, "verify").returncode == 0
    assert hososo(home, "--json", "status").returncode == 0
