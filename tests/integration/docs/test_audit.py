"""The audits of docs/archive-format.md pass over a sound archive and fail over a damaged one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.integration.docs.conftest import Archive, bash, block

pytestmark = pytest.mark.timeout(900)  # the archive is made by whichever test asks for it first

PAGE = "archive-format.md"


@pytest.fixture
def copied(archive: Archive, tmp_path: Path) -> Path:
    """A copy of the archive folder that may be damaged."""
    return Path(shutil.copytree(archive.home / "archive", tmp_path / "archive"))


def _audit(name: str, folder: Path, **variables: str) -> tuple[int, str]:
    done = bash(block(PAGE, f"audit={name}"), folder, **variables)
    return done.returncode, done.stdout


def _objects(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "objects").rglob("*") if path.is_file())


def _records(archive: Archive, beginning: bytes) -> list[bytes]:
    every = (path.read_bytes() for path in _objects(archive.home / "archive"))
    return [data for data in every if data.startswith(beginning)]


def test_sound_objects(archive: Archive) -> None:
    """Every object of the archive has the digest that is its name, in the folders of that name."""
    assert len(_objects(archive.home / "archive")) > 20
    assert _audit("objects", archive.home / "archive") == (0, "")


def test_changed_object(copied: Path) -> None:
    """One changed byte is named."""
    victim = _objects(copied)[5]
    victim.chmod(0o644)
    victim.write_bytes(b"x" + victim.read_bytes()[1:])
    code, out = _audit("objects", copied)
    assert code != 0
    assert victim.name in out


def test_misplaced_object(copied: Path) -> None:
    """An object in a folder that is not its own is named."""
    victim = _objects(copied)[5]
    other = copied / "objects" / "00" / "00"
    other.mkdir(parents=True, exist_ok=True)
    victim.rename(other / victim.name)
    code, out = _audit("objects", copied)
    assert code != 0
    assert "misplaced" in out


def test_manifests_name_what_is_there(archive: Archive) -> None:
    """There is a manifest for each dossier, and each object that it names exists."""
    code, out = _audit("manifests", archive.home / "archive")
    assert code == 0
    assert sorted(line.split()[0] for line in out.splitlines()) == sorted(d.code for d in archive.samples.dossiers)


def test_missing_object(archive: Archive, copied: Path) -> None:
    """An object that a manifest names and that is gone is named."""
    digest = archive.printed["show"]["documents"][0]["renditions"][0]["sha256"]
    (copied / "objects" / digest[:2] / digest[2:4] / digest).unlink()
    code, out = _audit("manifests", copied)
    assert code != 0
    assert f"misses {digest}" in out


def test_manifest_fields_are_those_described(archive: Archive) -> None:
    """An exported manifest has the fields that the page lists, and no others."""
    manifest = json.loads((archive.export / "manifest.json").read_text(encoding="utf-8"))
    document = manifest["documents"][0]
    assert set(manifest) == {"#", "format", "dossier", "version", "files", "documents"}
    stored = [json.loads(data) for data in _records(archive, b'{"#":"hososo-manifest 2",')]
    assert {frozenset(each) for each in stored} == {frozenset({*manifest, "closing", "catalogue"})}
    assert set(stored[0]["closing"]) == {"intake", "at", "actor"}
    assert {each["dossier"] for each in stored} == {dossier.code for dossier in archive.samples.dossiers}
    assert set(manifest["files"][0]) == {"name", "sha256", "size", "media_type"}
    assert set(document) == {"id", "component", "kind", "renditions", "pages"}
    assert set(document["renditions"][0]) == {"role", "sha256", "size"}
    assert set(document["pages"][0]) == {"file", "number", "scan", "words", "verdict"}


def test_reading_fields_are_those_described(archive: Archive) -> None:
    """A reading, unpacked with zcat, has the fields that the page lists."""
    manifest = json.loads((archive.export / "manifest.json").read_text(encoding="utf-8"))
    digest = manifest["documents"][0]["pages"][0]["words"]
    done = bash(f"zcat < objects/{digest[:2]}/{digest[2:4]}/{digest}", archive.home / "archive")
    reading = json.loads(done.stdout)
    assert set(reading) == {
        *("format", "engine", "model", "language", "transform", "operations"),
        *("measures", "verdict", "reasons", "secret", "words"),
    }
    assert len(reading["transform"]) == 4
    assert {len(word) for word in reading["words"]} <= {8, 9}


def test_exported_dossier(archive: Archive) -> None:
    """Sums, structure and signatures of an exported dossier hold; the signer leads to the root that is trusted."""
    root = str(archive.home / "development-pki" / "root.pem")
    assert _audit("export", archive.export)[0] == 0
    assert _audit("signer", archive.export, ROOT=root)[0] == 0


def test_exported_words_are_those_of_the_text(archive: Archive) -> None:
    """ALTO and hOCR of every page hold the words of the plain text, and name what read them and the scan read."""
    manifest = json.loads((archive.export / "manifest.json").read_text(encoding="utf-8"))
    scans = {page["scan"] for document in manifest["documents"] for page in document["pages"]}
    for plain in (archive.export / "van-ban").glob("*.txt"):
        pages = plain.read_text(encoding="utf-8").removesuffix("\n").split("\f")
        for number, text in enumerate(pages, start=1):
            alto, hocr = (ET.parse(plain.with_suffix("") / f"{number:03}{end}") for end in (".alto.xml", ".hocr"))  # noqa: S314
            assert [word.attrib["CONTENT"] for word in alto.iterfind(".//{*}String")] == text.split()
            assert [word.text for word in hocr.iterfind(".//{*}span[@class='ocrx_word']")] == text.split()
            assert alto.findtext(".//{*}fileIdentifier") in scans
            assert "sha256:" in str(alto.findtext(".//{*}processingStepSettings"))
            (system,) = hocr.iterfind(".//{*}meta[@name='ocr-system']")
            assert system.attrib["content"].startswith("tesseract ")
    assert len(list((archive.export / "van-ban").glob("*/*"))) == 2 * len(scans)


def test_exported_dossier_that_was_changed(archive: Archive, tmp_path: Path) -> None:
    """A signed file that was changed does not pass openssl, even when its sum was written again."""
    copy = Path(shutil.copytree(archive.export, tmp_path / "ra"))
    signed = next((copy / "ban-ky").glob("*.pdf"))
    data = bytearray(signed.read_bytes())
    data[200] ^= 1
    signed.write_bytes(data)
    assert _audit("export", copy)[0] != 0
    assert _audit("signer", copy, ROOT=str(archive.home / "development-pki" / "root.pem"))[0] != 0


def test_event_chain(archive: Archive, tmp_path: Path) -> None:
    """The chain of an exported dossier is sound; without one of its links it is not."""
    code, out = _audit("chain", archive.export)
    lines = (archive.export / "su-kien.jsonl").read_text(encoding="utf-8").splitlines()
    assert code == 0
    assert out.split()[0] == str(len(lines))
    (tmp_path / "su-kien.jsonl").write_text("\n".join(lines[:3] + lines[4:]), encoding="utf-8")
    assert _audit("chain", tmp_path)[0] != 0


def test_event_kinds_are_those_described(archive: Archive) -> None:
    """Every kind of event in the archive is named on the page."""
    kinds = {event["kind"] for event in archive.printed["show"]["events"]}
    assert len(kinds) > 8
    text = Path("docs", PAGE).read_text(encoding="utf-8")
    assert all(f"`{kind}`" in text for kind in kinds)


def test_seals_and_their_time_stamp(archive: Archive) -> None:
    """The seals cover the chains, and openssl accepts the last one's time stamp."""
    pki = archive.home / "development-pki"
    code, out = _audit("seals", archive.home)
    assert code == 0
    stamp = _audit(
        "time-stamp", archive.home, SEAL=out.strip(), ROOT=str(pki / "root.pem"), ISSUER=str(pki / "issuing-ca.pem")
    )
    assert stamp[0] == 0


def test_seals_among_the_objects(archive: Archive, copied: Path) -> None:
    """The store holds the whole chain of seals; without its first link it shows."""
    code, out = _audit("seal-objects", archive.home / "archive")
    seals = [json.loads(data) for data in _records(archive, b'{"#":"hososo-seal 2",')]
    assert (code, len(out.splitlines())) == (0, len(seals))
    first = next(each for each in seals if each["previous"] == "")
    (victim,) = (path for path in _objects(copied) if first["root"].encode() in path.read_bytes()[:20_000])
    victim.unlink()
    assert _audit("seal-objects", copied)[0] != 0


def test_seal_over_a_dossier_that_is_gone(archive: Archive, tmp_path: Path) -> None:
    """When the events of a dossier are taken out of the catalogue, the seals say so."""
    shutil.copy(archive.home / "catalogue.db", tmp_path)
    cut = "import sqlite3; d = sqlite3.connect('catalogue.db'); d.execute('{}'); d.commit()"
    delete = "DELETE FROM event_link WHERE dossier_id = (SELECT min(id) FROM dossier)"
    assert bash(f'python3 -c "{cut.format(delete)}"', tmp_path).returncode == 0
    assert _audit("seals", tmp_path)[0] != 0


def test_access_log(archive: Archive, copied: Path) -> None:
    """The segments follow each other, one that is gone shows, and a line that was changed."""
    code, out = _audit("access-log", copied)
    assert (code, out.splitlines()[0].split()[:2]) == (0, ["segment", "1"])
    (segment,) = [path for path in _objects(copied) if path.read_bytes().startswith(b'{"#":"hososo-access-log 1",')]
    segment.chmod(0o644)
    segment.write_bytes(segment.read_bytes().replace(b'"console"', b'"nobody"'))
    assert _audit("access-log", copied)[0] != 0
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(lines[0].replace(b'"previous":""', b'"previous":"00"') + b"".join(lines[1:]))
    assert _audit("access-log", copied)[0] != 0
    assert archive.printed["account-log"]["faults"] == []
