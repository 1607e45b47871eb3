"""A folder changed after it was digitised: a new version is made, the old one is kept, the difference is named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dossier.errors import Code
from samples.make import make
from tests.e2e import archive, delivery
from tests.e2e.program import Program

ADDED, REPLACED, REMOVED, TOUCHED = (f"H99.27.12-260703-{number:04}" for number in range(1, 5))
EXPECTED = {
    ADDED: {"added": ["them/them.jpg"], "replaced": [], "removed": []},
    REPLACED: {"added": [], "replaced": ["mot.jpg"], "removed": []},
    REMOVED: {"added": [], "replaced": [], "removed": ["hai/hai.jpg"]},
}


@dataclass(frozen=True, slots=True)
class Twice:
    """A folder digitised, changed, and digitised again."""

    program: Program
    first: dict[str, dict[str, Any]]
    bytes_before: set[str]
    answer: dict[str, Any]
    slips: tuple[Path, ...]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """Digitise four dossiers, change three of them, touch the fourth, digitise again."""
    root = tmp_path_factory.mktemp("changed")
    scan = delivery.certificate(make(root / "samples", small=True))
    slips = tuple(delivery.slip(root / f"{part}.jpg", scan, top=part / 3) for part in range(2))
    folder = root / "delivered"
    for code in (ADDED, REPLACED, REMOVED, TOUCHED):
        delivery.put(folder / code, "mot.jpg", slips[0])
    delivery.put(folder / REMOVED, "hai/hai.jpg", slips[1])
    program = Program.initialised(root / "home", replacing="free")
    program.run("digitise", folder)
    first, stored = archive.newest_manifests(program), set(archive.objects(program))
    delivery.put(folder / ADDED, "them/them.jpg", slips[1])
    delivery.put(folder / REPLACED, "mot.jpg", slips[1])
    (folder / REMOVED / "hai/hai.jpg").unlink()
    delivery.put(folder / TOUCHED, "mot.jpg", slips[0])  # a new time, the same bytes
    return Twice(program, first, stored, program.json("digitise", folder), slips)


def test_run_tells_what_changed(twice: Twice) -> None:
    """Three dossiers count as changed; the one whose file was only copied again does not."""
    tally = twice.answer["dossiers"]
    assert (tally["changed"], tally["same"], tally["new"]) == (3, 1, 0)


@pytest.mark.parametrize("code", EXPECTED)
def test_status_names_the_difference(twice: Twice, code: str) -> None:
    """`status` lists each changed dossier with the kind of change; `show` names the files."""
    (told,) = [each for each in twice.answer["status"]["problems"] if each["subject"] == code]
    assert told["code"] == Code.FOLDER_CHANGED.value
    assert told["detail"] == ", ".join(f"{kind} {len(names)}" for kind, names in EXPECTED[code].items() if names)
    assert twice.program.json("show", code)["changes"] == EXPECTED[code]


def test_new_version_holds_what_lies_there_now(twice: Twice) -> None:
    """The second manifest lists the pages of the changed folder, and every one of them once."""
    now = {code: manifest for code, manifest in archive.newest_manifests(twice.program).items() if code in EXPECTED}
    assert {code: manifest["version"] for code, manifest in now.items()} == dict.fromkeys(EXPECTED, 2)
    assert {code: _sources(manifest) for code, manifest in now.items()} == {
        ADDED: [("mot.jpg", _digest(twice.slips[0])), ("them/them.jpg", _digest(twice.slips[1]))],
        REPLACED: [("mot.jpg", _digest(twice.slips[1]))],
        REMOVED: [("mot.jpg", _digest(twice.slips[0]))],
    }


def test_old_version_is_kept(twice: Twice) -> None:
    """Not one stored byte of the first versions is gone, their manifests included."""
    assert twice.bytes_before <= set(archive.objects(twice.program))
    versions = [(each["dossier"], each["version"]) for each in archive.manifests(twice.program)]
    assert versions == sorted([(code, 1) for code in twice.first] + [(code, 2) for code in EXPECTED])


def test_both_versions_verify(twice: Twice) -> None:
    """`verify` judges the old signed PDFs as well as the new ones, and finds them sound."""
    findings = twice.program.json("verify", *EXPECTED)["findings"]
    judged = {(each["dossier"], each["subject"]) for each in findings}
    versions = [each for each in archive.manifests(twice.program) if each["dossier"] in EXPECTED]
    assert {(each["dossier"], document["id"]) for each in versions for document in each["documents"]} <= judged
    assert {each["verdict"] for each in findings} == {"valid"}


def test_untouched_document_is_not_made_again(twice: Twice) -> None:
    """A page that stayed keeps its document and its signature; a replaced one is marked as superseded."""
    kept = {document["id"] for document in twice.first[ADDED]["documents"]}
    shown = twice.program.json("show", ADDED)
    assert kept < {document["id"] for document in shown["documents"]}
    assert shown["superseded"] == []
    replaced = twice.program.json("show", REPLACED)
    assert replaced["superseded"] == [document["id"] for document in twice.first[REPLACED]["documents"]]


def test_search_finds_the_present_version_only(twice: Twice) -> None:
    """A page that was taken out of its folder is not found any more; the word searched for stands on every slip."""
    hits = twice.program.json("search", "--dossier", REMOVED, "--limit", "50", "sinh")["hits"]
    present = {document["id"] for document in archive.newest_manifests(twice.program)[REMOVED]["documents"]}
    assert {hit["document"] for hit in hits} == present


def _sources(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    return [(file["name"], file["sha256"]) for file in manifest["files"]]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
