"""The nastiest page images of other programs' test suites, the whole way that a delivered file goes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.outside.__main__ import ROOT, run
from dossier.errors import Code
from dossier.page import Verdict

HOME = Path(__file__).parents[3]
FOLDER = ROOT / "ocrmypdf" / "tests" / "resources"
# Coded in JBIG2, lying on its side and askew, in French, all black photographs, three metres, no page, no end,
# a negative zero, masks over masks, CMYK (on it something looks faintly like a secrecy stamp: a person is asked before
# it is read), a palette, a drawing, one line of text.
NASTY = {
    "jbig2.pdf": Verdict.LOOK,
    "francais.pdf": Verdict.LOOK,
    "lichtenstein.pdf": Verdict.LOOK,
    "poster.pdf": Code.PAGE_TOO_LARGE,
    "no_contents.pdf": Verdict.BLANK,
    "invalid.pdf": Code.FILE_TRUNCATED,
    "3small.pdf": Code.PAGE_ZERO_SIZE,
    "hugemono.pdf": Code.PAGE_TOO_LARGE,
    "negzero.pdf": Verdict.LOOK,
    "baiona_cmyk.jpg": Verdict.LOOK,
    "crom.png": Verdict.LOOK,
    "kcs.pdf": Verdict.RESCAN,
}


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    subprocess.run([str(HOME / "install" / "outside.sh"), "ocrmypdf"], check=True)


def test_nasty_pages_are_read_or_refused_rightly() -> None:
    """No crash, no hang, the text that is printed, and a refusal only where there is a reason."""
    outcomes = list(run(ROOT, [FOLDER / name for name in NASTY], most_pages=1))
    assert {Path(found.file).name: found.result for found in outcomes} == NASTY
    assert [found for found in outcomes if found.fault] == []
    assert max(found.memory for found in outcomes) < 350
