"""What the clerk's guide shows to be written into files is understood as the guide says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from station.manifest import read_manifest
from station.naming import ASIDE, MANIFESTS, NOTE, STATUS, TRAY
from station.settings import NotSecret, WholeWhen, settings_of

_GUIDE = (Path(__file__).parents[3] / "docs" / "huong-dan" / "tram-quet.md").read_text(encoding="utf-8")


def _block(name: str) -> str:
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```", _GUIDE, re.DOTALL | re.MULTILINE)
    assert found, name
    return found[1]


def test_the_settings(tmp_path: Path) -> None:
    """Two folders whose users have looked for secrets, one of stacks; a scanner's settings for one procedure."""
    said = settings_of(tomllib.loads(_block("tram.toml")), tmp_path)
    folder, stacks = said.folders
    assert stacks.stacks
    assert (folder.whole_when, folder.quiet_seconds, folder.not_secret) == (WholeWhen.QUIET, 60, NotSecret.FOLDER)
    assert (said.token_file, said.state) == (tmp_path / "ma-tram.txt", tmp_path / "hang-doi")
    (scan,) = settings_of(tomllib.loads(_block("scan.toml")), tmp_path).scans
    assert (scan.procedure, scan.source, scan.colour) == ("1.000001", "duplex", "colour")


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_manifests(name: str, tmp_path: Path) -> None:
    """Both forms say the same of pages and order."""
    (tmp_path / name).write_text(_block(name), encoding="utf-8")
    (part,) = read_manifest(tmp_path / name).parts
    assert (part.component, part.pages, [file.name for file in part.files]) == ("to-khai", 2, ["1.jpg", "2.jpg"])


def test_the_names_of_folders_and_files() -> None:
    """The guide calls them what they are called."""
    assert all(f"`{name}`" in _GUIDE for name in (TRAY, STATUS, NOTE, "xong.txt", *MANIFESTS))
    assert ASIDE in _GUIDE
