"""The whole way of the sample dossiers, judged by tools of others: what is archived is signed, readable and whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dossier.wording import say
from samples.make import SampleSet, make
from tests.e2e import archive, delivery, text
from tests.e2e.program import Program
from tests.e2e.tools import output

EXTRA = "H99.27.12-260705-0001"
BORN_SIGNED = "ket-qua/trich_luc_khai_sinh.pdf"
_WORST_ERROR_RATE = 0.12  # the order in which two columns come out counts as errors
_FEWEST_WORDS = 0.93


@dataclass(frozen=True, slots=True)
class Done:
    """The sample set and three more files after `digitise`, with the report before and after `confirm`."""

    program: Program
    samples: SampleSet
    report_before: dict[str, Any]
    report_after: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Return the folder that was digitised."""
        return self.samples.target

    def documents(self) -> Iterator[tuple[str, dict[str, Any], Path]]:
        """Yield (dossier code, manifest entry, final PDF) of every document."""
        stored = archive.objects(self.program)
        for code, manifest in archive.newest_manifests(self.program).items():
            for document in manifest["documents"]:
                yield code, document, stored[archive.final_of(document)["sha256"]]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Digitise once, with a PNG and a PDF that mixes a scan with written text beside the sample set."""
    root = tmp_path_factory.mktemp("whole")
    program = Program.initialised(root / "home")
    samples = make(root / "delivered", small=True, pki=program.pki)
    scan = delivery.certificate(samples)
    delivery.png(samples.target / EXTRA / "giay.png", delivery.scan_of(samples, delivery.SECOND, "to-khai/to_khai.jpg"))
    _mixed(samples.target / EXTRA / "hon-hop" / "hon_hop.pdf", scan, samples)
    program.run("register", "import", samples.register_xlsx)
    program.run("digitise", samples.target)
    before = program.json("report")
    program.run("confirm", samples.confirmations, "--by", "can-bo")
    return Done(program, samples, before, program.json("report"))


def _mixed(path: Path, scan: Path, samples: SampleSet) -> None:
    delivery.jpeg_pdf(path, scan)
    written = delivery.scan_of(samples, delivery.SECOND, BORN_SIGNED)
    with pikepdf.open(path, allow_overwriting_input=True) as document, pikepdf.open(written) as source:
        document.pages.append(source.pages[0])
        del document.pages[1].Annots
        document.save()


def test_everything_delivered_is_archived(done: Done) -> None:
    """Every page of every file is in one document, every document is archived, and nothing waits."""
    expected = {(code, file.name): len(file.pages) for code, file in _files(done)}
    expected |= {(EXTRA, "giay.png"): 1, (EXTRA, "hon-hop/hon_hop.pdf"): 2}
    found: dict[tuple[str, str], list[int]] = {}
    for code, document, _ in done.documents():
        for page in document["pages"]:
            found.setdefault((code, page["file"]), []).append(page["number"])
    assert found == {key: list(range(1, count + 1)) for key, count in expected.items()}
    state = done.program.json("status")
    assert (state["open_work"], state["waiting"], state["quarantined"], state["problems"]) == (0, [], [], [])
    assert archive.leftovers(done.program) == []


def test_pdfsig_finds_every_signature_valid(done: Done) -> None:
    """poppler: valid, ETSI.CAdES.detached, and nothing of the file outside the document time stamp."""
    for code, document, path in done.documents():
        said = output("pdfsig", "-nocert", path)
        assert said.count("Signature #") == 2 - _came_signed(document), (code, document)  # with our document time stamp
        assert "Signature Validation: Signature is Valid." in said, (code, document)
        assert "Signature Type: ETSI.CAdES.detached" in said
        assert said.count("  - Total document signed") == 1  # by the time stamp, which comes last


def test_pyhanko_trusts_every_signature(done: Done) -> None:
    """pyHanko, given the development root alone: intact, trusted, time-stamped, then only validation data."""
    for code, document, path in done.documents():
        (said,) = _pyhanko(path, done.program.trust)
        assert said.startswith("INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>,"), (code, document)
        later = "UNTOUCHED" if _came_signed(document) else "EXTENDED_WITH_LTA_UPDATES,ACCEPTABLE_MODIFICATIONS"
        assert said.endswith(later), (code, document)


def test_qpdf_finds_no_fault(done: Done) -> None:
    """No archived PDF gives a warning: signing did not break the structure of the file."""
    for _, _, path in done.documents():
        assert "No syntax or stream encoding errors found" in output("qpdf", "--check", path)


def test_text_copies_out_right(done: Done) -> None:
    """The tool pdftotext gives what stands on each page, the upside-down one included, Vietnamese letters and all."""
    truth = {(code, file.name, page.number): page for code, file in _files(done) for page in file.pages}
    for code, document, path in done.documents():
        for place, page in enumerate(document["pages"], start=1):
            known = truth.get((code, page["file"], page["number"]))
            found = text.page_text(path, place)
            if known is None:
                continue
            if known.blank:
                assert found.strip() == "", page
                continue
            assert text.error_rate(found, known.lines) < _WORST_ERROR_RATE, page
            assert text.words_found(found, known.lines) > _FEWEST_WORDS, page


def test_written_text_of_a_mixed_pdf_is_kept_or_read(done: Done) -> None:
    """Of a PDF with one scanned and one written page both come out as text."""
    truth = {file.name: file.pages[0].lines for _, file in _files(done)}
    for code, document, path in done.documents():
        for place, page in enumerate(document["pages"], start=1):
            if (code, page["file"]) == (EXTRA, "hon-hop/hon_hop.pdf"):
                lines = truth["giay-chung-sinh/giay_chung_sinh.jpg" if page["number"] == 1 else BORN_SIGNED]
                assert text.words_found(text.page_text(path, place), lines) > _FEWEST_WORDS, page


def test_first_page_shows_who_signed(done: Done) -> None:
    """Form of copy, agency and time stand on page 1 as text; a development signature says that it is one."""
    for _, document, path in done.documents():
        shown = output("pdftotext", "-raw", "-f", 1, "-l", 1, path, "-")
        if not _is_born_signed(document):
            assert "SAO Y\nCƠ QUAN THỬ NGHIỆM\nThời gian ký: 20" in shown
        assert "chữ ký thử nghiệm" in shown.lower()


def test_file_that_came_signed_keeps_its_bytes(done: Done) -> None:
    """The born-digital result is its own archived form: not one byte differs, no second signature, no read text."""
    source = delivery.scan_of(done.samples, delivery.SECOND, BORN_SIGNED)
    ((_, document, path),) = [each for each in done.documents() if _is_born_signed(each[1])]
    assert path.read_bytes() == source.read_bytes()
    assert archive.final_of(document)["role"] == "original"
    lines = next(file.pages[0].lines for _, file in _files(done) if file.name == BORN_SIGNED)
    assert text.words_found(text.page_text(path, 1), lines) == 1.0


def test_sha256sum_agrees_with_every_name(done: Done) -> None:
    """coreutils: the digest of each stored file is its name, and every delivered file is there byte by byte."""
    root = done.program.home / "archive" / "objects"
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    said = [line.split(maxsplit=1) for line in output("sha256sum", *paths).splitlines()]
    assert [digest for digest, _ in said] == [path.name for path in paths]
    delivered = [path for code in _codes(done) for path in (done.folder / code).rglob("*") if path.is_file()]
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in delivered} <= {path.name for path in paths}


def test_originals_are_where_they_were(done: Done) -> None:
    """Digitising moves and changes nothing in the delivered folder."""
    for code, file in _files(done):
        assert hashlib.sha256((done.folder / code / file.name).read_bytes()).hexdigest() == file.sha256


@pytest.mark.parametrize("query", ["Tân Hòa Thượng", "tan hoa thuong", '"giấy chứng sinh"', "chứng sin*"])
def test_search_finds_words_with_and_without_tones(done: Done, query: str) -> None:
    """The birth notice is found by words, without tones, as a phrase and by the beginning of a word."""
    hits = done.program.json("search", "--limit", 100, query)["hits"]
    assert delivery.FIRST in {hit["dossier"] for hit in hits}
    assert all(hit["words"] and hit["snippet"] for hit in hits)


def test_search_narrows_by_kind_and_year(done: Done) -> None:
    """Filters leave only what they name; a kind that is not there finds nothing."""
    hits = done.program.json("search", "--kind", "GIAY_KHAI_SINH", "--year", 2026, "khai sinh")["hits"]
    assert {(hit["kind"], hit["year"], hit["page"]) for hit in hits} == {("GIAY_KHAI_SINH", 2026, 1)}
    assert done.program.json("search", "--year", 2019, "khai sinh")["total"] == 0


def test_show_tells_documents_and_their_fields(done: Done) -> None:
    """The birth certificate's own number and the child's name are there, confirmed, with their place on the page."""
    shown = done.program.json("show", delivery.FIRST)
    (certificate,) = [each for each in shown["documents"] if each["kind"] == "GIAY_KHAI_SINH"]
    assert (certificate["state"], certificate["confirmed"]) == ("archived", True)
    values = {field["value"] for field in certificate["fields"]}
    (paper,) = [each for each in _paper_truths(done) if each.kind == "GIAY_KHAI_SINH"]
    told = {one for value in paper.fields.values() for one in (value if isinstance(value, list) else [value])}
    assert told <= values
    assert [event["kind"] for event in shown["events"]][:3] == ["delivered", "received", "assembled"]


def test_verify_judges_archive_dossier_and_file(done: Done, tmp_path: Path) -> None:
    """All is valid; a single changed byte of an exported PDF is found, with exit code 5."""
    findings = done.program.json("verify")["findings"]
    assert {each["verdict"] for each in findings} == {"valid"}
    assert {each["kind"] for each in findings} == {"object", "signature", "chain", "seal", "access"}
    done.program.run("verify", delivery.FIRST)
    _, _, path = next(each for each in done.documents() if not _is_born_signed(each[1]))
    spoiled = tmp_path / "spoiled.pdf"
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    spoiled.write_bytes(data)
    (judged,) = done.program.json("verify", spoiled, code=5)["files"]
    assert judged["verdict"] == "invalid"


def test_export_checks_with_sha256sum_alone(done: Done, tmp_path: Path) -> None:
    """An exported dossier is plain files: their sums fit, and the event chain can be computed again."""
    target = tmp_path / "ra"
    done.program.run("export", delivery.FIRST, target)
    output("env", "--chdir", target, "sha256sum", "--strict", "--check", "SHA256SUMS")
    listed = {line.split("  ", 1)[1] for line in (target / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert listed == written - {"SHA256SUMS"}
    previous = "0" * 64
    for line in (target / "su-kien.jsonl").read_text(encoding="utf-8").splitlines():
        link = json.loads(line)
        digest = link.pop("digest")
        body = json.dumps(link, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert (link["previous"], hashlib.sha256(body).hexdigest()) == (previous, digest)
        previous = digest


def test_archival_rate_rises_by_confirmation(done: Done) -> None:
    """`confirm` moves the archival rate and nothing else; both rates are over the whole register."""
    before, after = (each["rates"] for each in (done.report_before, done.report_after))
    assert before["archival"]["numerator"] == 0
    assert after["archival"]["numerator"] > before["archival"]["numerator"]
    assert after["archival"]["denominator"] == before["archival"]["denominator"]
    assert after["portal"] == before["portal"]


def test_second_run_does_nothing_and_says_so(done: Done) -> None:
    """No object, no event, no catalogue row changes, and the program says that there was nothing new."""
    counts = "select (select count(*) from event_link), (select count(*) from work_item), (select count(*) from claim)"
    stored, rows = set(archive.objects(done.program)), done.program.rows(counts)
    assert say("digitise.nothing_new", "vi") in done.program.run("digitise", done.folder)
    assert set(archive.objects(done.program)) == stored
    assert done.program.rows(counts) == rows


def _came_signed(document: dict[str, Any]) -> bool:
    """Whether the file came with its signature, and keeps its bytes."""
    return bool(archive.final_of(document)["role"] == "original")


def _pyhanko(path: Path, root: Path) -> list[str]:
    _, _, der = pem.unarmor(root.read_bytes())
    with path.open("rb") as stream:
        return [
            validate_pdf_signature(
                signature, ValidationContext(trust_roots=[Certificate.load(der)], allow_fetching=False)
            ).summary()
            for signature in PdfFileReader(stream).embedded_regular_signatures
        ]


def _files(done: Done) -> Iterator[tuple[str, Any]]:
    for dossier in done.samples.dossiers:
        for file in dossier.files:
            yield dossier.code, file


def _paper_truths(done: Done) -> Iterator[Any]:
    for dossier in done.samples.dossiers:
        yield from dossier.documents


def _codes(done: Done) -> list[str]:
    return [*(dossier.code for dossier in done.samples.dossiers), EXTRA]


def _is_born_signed(document: dict[str, Any]) -> bool:
    return bool(document["pages"][0]["file"] == BORN_SIGNED)
