"""What bad input gets: a stable code, one sentence of cause and one of cure, while the rest of the batch goes on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dossier.errors import Code
from dossier.text import nfc
from dossier.wording import advice
from samples.make import make
from samples.secret import make_secret_page
from tests import bad_input
from tests.e2e import archive, badness, delivery
from tests.e2e.program import Program

GOOD, NFD, XREF, SECRET = (f"H99.27.12-260702-{number:04}" for number in range(1, 5))
LETTER = "cong_van.jpg"


@dataclass(frozen=True, slots=True)
class Batch:
    """One run over a folder in which nearly everything is wrong."""

    program: Program
    folder: Path
    before: dict[str, str]
    secret: bytes
    printed: str
    answer: dict[str, Any]

    def problems(self, dossier: str) -> set[tuple[str, str]]:
        """Return (code, subject) of what `status` lists of a dossier."""
        listed = self.answer["problems"]
        return {(each["code"], each["subject"]) for each in listed if each["folder"].endswith(dossier)}

    def files(self, dossier: str) -> dict[str, str]:
        """Return the state of each file of a dossier."""
        query = """select f.name, f.state from source_file f join intake i on i.id = f.intake_id
                   join dossier d on d.id = i.dossier_id where d.code = ?"""
        return dict(self.program.rows(query, dossier))


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Digitise all bad dossiers together with good ones, once."""
    root = tmp_path_factory.mktemp("bad")
    scan = delivery.certificate(make(root / "samples", small=True))
    folder = root / "delivered"
    badness.write(folder)
    slip = delivery.slip(root / "slip.jpg", scan)
    for name in (GOOD, *(row.name for row in badness.ROWS.values() if row.beside)):
        delivery.put(folder / name, "giay_tot.jpg", slip)
    delivery.put(folder / NFD, badness.NFD_NAME, slip)
    (folder / XREF).mkdir()
    (folder / XREF / "xref.pdf").write_bytes(bad_input.broken_xref_pdf())
    delivery.put(folder / SECRET, "giay_tot.jpg", slip)
    secret = make_secret_page(folder / SECRET / LETTER, dpi=200).read_bytes()
    (folder / "khong-phai-ma").mkdir()
    before = _contents(folder)
    program = Program.initialised(root / "home")
    printed = program.run("digitise", folder, code=3)
    return Batch(program, folder, before, secret, printed, program.json("status", code=3))


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("row", badness.ROWS)
def test_bad_dossier_is_told_with_cause_and_cure(batch: Batch, row: str) -> None:
    """Code, cause and cure are printed with the file's name, and `status` lists it until it is dealt with."""
    bad = badness.ROWS[row]
    told = advice(bad.code, "vi")
    assert (bad.code.value, bad.subject) in batch.problems(bad.name)
    line = next(each for each in batch.printed.splitlines() if bad.name in each and f"[{bad.code}]" in each)
    assert line.endswith(f"{told.cause} {told.cure}")


@pytest.mark.parametrize("row", [name for name, bad in badness.ROWS.items() if bad.beside])
def test_good_page_beside_a_bad_one_is_archived(batch: Batch, row: str) -> None:
    """What is wrong with one file of a dossier does not stop the others."""
    bad = badness.ROWS[row]
    assert batch.files(bad.name)["giay_tot.jpg"] == "stored"
    assert [page["file"] for page in _pages(batch, bad.name)] == ["giay_tot.jpg"]


def test_rest_of_the_batch_goes_on(batch: Batch) -> None:
    """The good dossier in the middle of the bad ones is archived, and the archive is sound."""
    assert batch.files(GOOD) == {"giay_tot.jpg": "stored"}
    assert batch.problems(GOOD) == set()
    batch.program.run("verify")


def test_originals_stay_where_they_were(batch: Batch) -> None:
    """No bad file is moved, renamed or changed; only the page with the state-secret stamp is destroyed."""
    after = _contents(batch.folder)
    gone = {f"{SECRET}/{LETTER}"}
    assert after == {name: digest for name, digest in batch.before.items() if name not in gone}


def test_folder_that_is_no_dossier_is_named(batch: Batch) -> None:
    """A folder whose name is no mã hồ sơ is on the list."""
    listed = {(each["code"], each["subject"]) for each in batch.answer["problems"]}
    assert (Code.FOLDER_CODE_UNKNOWN.value, "khong-phai-ma") in listed


def test_name_in_nfd_is_kept_as_nfc(batch: Batch) -> None:
    """A decomposed file name is archived under its composed form, without any complaint."""
    assert batch.files(NFD) == {nfc(badness.NFD_NAME): "stored"}
    assert batch.problems(NFD) == set()


def test_broken_xref_costs_no_page(batch: Batch) -> None:
    """Where only the cross-reference table is wrong, every page is archived and the bytes are kept as they came."""
    data = (batch.folder / XREF / "xref.pdf").read_bytes()
    assert hashlib.sha256(data).hexdigest() in archive.objects(batch.program)
    assert [(page["file"], page["number"]) for page in _pages(batch, XREF)] == [("xref.pdf", 1)]


def test_secret_page_stops_its_dossier(batch: Batch) -> None:
    """Nothing of a dossier with a MẬT stamp is archived, its good page included, and the scan itself is destroyed."""
    assert (Code.SECRET_STAMP.value, f"{LETTER}#1") in batch.problems(SECRET)
    assert set(batch.files(SECRET).values()) == {"destroyed"}
    assert SECRET not in archive.newest_manifests(batch.program)
    assert not (batch.folder / SECRET / LETTER).exists()
    assert (batch.folder / SECRET / "giay_tot.jpg").exists()


def test_nothing_of_a_secret_image_is_left(batch: Batch) -> None:
    """No file under the home folder holds a piece of the image; its holding batch and the key of it are gone."""
    pieces = [batch.secret[start : start + 64] for start in range(1000, len(batch.secret) - 64, 20_000)]
    for path in batch.program.home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(piece in data for piece in pieces), path
    assert archive.leftovers(batch.program) == []


def test_incident_line_tells_nothing_of_the_content(batch: Batch) -> None:
    """Events, problem and log name dossier and file; not one word of the letter stands anywhere."""
    query = """select e.payload from event_link e join dossier d on d.id = e.dossier_id
               where d.code = ? and e.kind = 'stopped'"""
    payload = json.loads(batch.program.value(query, SECRET))
    assert payload.pop("code") == Code.SECRET_STAMP.value
    assert set(payload) <= {"intake"}
    (problem,) = [each for each in batch.answer["problems"] if each["code"] == Code.SECRET_STAMP.value]
    assert problem["detail"] == ""
    log = (batch.program.home / "log" / "hososo.log").read_text(encoding="utf-8")
    assert not any(word in log.lower() for word in ("mật", "công văn", "kính gửi", "số hóa"))


def test_second_run_repeats_the_list_and_no_work(batch: Batch) -> None:
    """A second run works on nothing, and everything that was on the list is still on it."""
    stored, events = set(archive.objects(batch.program)), batch.program.value("select count(*) from event_link")
    answer = batch.program.json("digitise", batch.folder, code=3)
    assert (answer["dossiers"]["new"], answer["dossiers"]["changed"], answer["documents_indexed"]) == (0, 0, 0)
    keys = ("folder", "subject", "code", "since")
    listed = [[each[key] for key in keys] for each in answer["status"]["problems"]]
    assert sorted(listed) == sorted([each[key] for key in keys] for each in batch.answer["problems"])
    assert set(archive.objects(batch.program)) == stored
    assert batch.program.value("select count(*) from event_link") == events


def test_what_was_dealt_with_leaves_the_list(batch: Batch) -> None:
    """A link taken away, a bad file deleted, a cut one scanned again: the next run takes each off the list.

    Runs last in this module, since it changes the folder.
    """
    link, empty, cut = (badness.ROWS[row] for row in ("link that leaves the folder", "empty", "truncated JPEG"))
    (batch.folder / link.name / link.subject).unlink()
    (batch.folder / empty.name / empty.subject).unlink()
    delivery.put(batch.folder / cut.name, cut.subject, batch.folder / GOOD / "giay_tot.jpg")
    state = batch.program.json("digitise", batch.folder, code=3)["status"]
    left = {(Path(each["folder"]).name, each["code"]) for each in state["problems"]}
    dealt_with = {link.name, empty.name, cut.name}
    assert {(name, code) for name, code in left if name in dealt_with} <= {
        (empty.name, Code.FOLDER_CHANGED.value),
        (cut.name, Code.FOLDER_CHANGED.value),
    }
    before = {(Path(each["folder"]).name, each["code"]) for each in batch.answer["problems"]}
    assert {each for each in before if each[0] not in dealt_with} <= left
    assert [page["file"] for page in _pages(batch, cut.name)] == [cut.subject]


def _pages(batch: Batch, dossier: str) -> list[dict[str, Any]]:
    documents = archive.newest_manifests(batch.program)[dossier]["documents"]
    return [page for document in documents for page in document["pages"]]
