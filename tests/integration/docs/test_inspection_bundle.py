"""The page that lies in an inspector's folder: its commands pass over what was written, and find what was changed."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.docs.conftest import Archive, bash

pytestmark = pytest.mark.timeout(900)  # the archive is made by whichever test asks for it first

CHECKS = ("tep", "mau", "ho-so", "pdfsig", "openssl", "lich-su")


@pytest.fixture
def taken(archive: Archive, tmp_path: Path) -> Path:
    """A copy of the folder that may be damaged."""
    return Path(shutil.copytree(archive.export.parent / "mau", tmp_path / "mau"))


def check(name: str, folder: Path) -> int:
    """Run one block of the page in the folder as a person would; return its exit status."""
    text = (folder / "KIEM-TRA.md").read_text(encoding="utf-8")
    found = re.search(rf"^```sh kiem-tra={name}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found
    return bash(found[1], folder).returncode


def test_what_was_written_passes(taken: Path) -> None:
    """Every check of the page, over dossiers that are in the archive and a list that says which are not."""
    assert len(list((taken / "ho-so").iterdir())) >= 2
    assert {name: check(name, taken) for name in CHECKS} == dict.fromkeys(CHECKS, 0)
    assert sorted(path.name for path in taken.iterdir()) == [
        "KIEM-TRA.md",
        "SHA256SUMS",
        "chung-thu",
        "ho-so",
        "mau-so.txt",
        "mau.csv",
        "mau.json",
    ]


def other_row(folder: Path) -> None:
    """Change which dossiers were drawn."""
    lines = (folder / "mau.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "mau.csv").write_text("".join([lines[0], lines[2], lines[1], *lines[3:]]), encoding="utf-8")


def other_letter(folder: Path) -> None:
    """Change a signed PDF and the sums over it."""
    signed = next(folder.glob("ho-so/*/ban-ky/*.pdf"))
    before = signed.read_bytes()
    place = before.index(b"/CreationDate") if b"/CreationDate" in before else 300
    after = bytearray(before)
    after[place + 20] ^= 1
    signed.write_bytes(after)
    sums = signed.parents[1] / "SHA256SUMS"
    text = sums.read_text(encoding="utf-8")
    old, new = (hashlib.sha256(data).hexdigest() for data in (before, after))
    sums.write_text(text.replace(old, new), encoding="utf-8")


def other_root(folder: Path) -> None:
    """Put another authority's certificate in the place of the one that is trusted: one of no signer's path."""
    (root,) = (folder / "chung-thu").iterdir()
    pem = Path("/etc/ssl/certs/ca-certificates.crt").read_text(encoding="ascii")
    root.write_text(pem[: pem.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n", encoding="ascii")


def less_history(folder: Path) -> None:
    """Take an event away."""
    chain = next(folder.glob("ho-so/*/su-kien.jsonl"))
    lines = chain.read_text(encoding="utf-8").splitlines(keepends=True)
    chain.write_text("".join(lines[:2] + lines[3:]), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "found_by"),
    [
        (other_row, "mau"),
        (other_letter, "ho-so"),
        (other_letter, "pdfsig"),
        (other_letter, "openssl"),
        (other_root, "openssl"),
        (less_history, "lich-su"),
    ],
)
def test_what_was_changed_is_found(taken: Path, damage: Callable[[Path], None], found_by: str) -> None:
    """By the sums over everything, and by the check that it is about."""
    damage(taken)
    assert check("tep", taken) != 0
    assert check(found_by, taken) != 0


def test_the_sample_says_what_the_report_says(archive: Archive) -> None:
    """The whole denominator was drawn: nothing is uncertain, and what the report counts holds."""
    said = archive.printed["inspect-sample"]
    assert said["population"] == said["drawn"] == len(said["dossiers"])
    assert said["limits"]["low"] == said["limits"]["high"] == said["held"] == said["reported"] > 0
    assert said["refuted"] == 0
    assert [one["holds"] for one in said["dossiers"]] == [one["cause"] == "COUNTED" for one in said["dossiers"]]
