"""The sample set as it lies on the disk: readable files, true ground truth, the same bytes each time."""

import hashlib
import json
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from samples.make import SampleSet, make
from samples.secret import make_secret_page
from samples.truth import DossierTruth, FileTruth


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SampleSet:
    """The small set, made once."""
    return make(tmp_path_factory.mktemp("samples"), small=True)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_small_set_is_three_dossiers_of_about_eight_pages(small: SampleSet) -> None:
    """The fast tests of the product rely on its size."""
    assert len(small.folders) == 3
    assert 8 <= small.pages <= 10
    assert all(folder.is_dir() for folder in small.folders)


def test_same_seed_gives_the_same_bytes(small: SampleSet, tmp_path: Path) -> None:
    """Every file is equal to the byte, the work book and the PDFs included."""
    make(tmp_path, small=True)
    assert _digests(tmp_path) == _digests(small.target)


def test_another_seed_gives_other_scans(small: SampleSet, tmp_path: Path) -> None:
    """Wear and signatures follow the seed."""
    make(tmp_path, small=True, seed=7)
    mine, other = _digests(small.target), _digests(tmp_path)
    assert mine.keys() == other.keys()
    assert any(mine[name] != other[name] for name in mine if name.endswith(".jpg"))


def test_truth_names_every_file_with_its_digest_and_pages(small: SampleSet) -> None:
    """truth.json and the disk agree."""
    truth = json.loads(small.truth_file.read_text(encoding="utf-8"))
    for dossier in truth["dossiers"]:
        for file in dossier["files"]:
            path = small.target / dossier["code"] / file["name"]
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
            assert path.stat().st_size == file["size"]
            assert _page_count(path) == len(file["pages"])


def test_every_readable_page_belongs_to_one_document(small: SampleSet) -> None:
    """The document boundaries cover the pages once."""
    for dossier in small.dossiers:
        pages = [(file.name, page.number) for file in dossier.files for page in file.pages]
        assert sorted(place for paper in dossier.documents for place in paper.pages) == sorted(pages)


def test_born_digital_result_has_its_text(small: SampleSet) -> None:
    """The words of the result can be taken from the PDF without reading a picture."""
    path = next(small.target.glob("*/ket-qua/trich_luc_khai_sinh.pdf"))
    with pypdfium2.PdfDocument(path) as pdf:
        text = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    assert "TRÍCH LỤC KHAI SINH" in text
    assert "BÙI NGỌC YẾN NHI" in text
    assert "số định danh cá nhân: 099301002785" in text.lower()


def test_one_page_stands_on_its_head_and_one_is_blank(small: SampleSet) -> None:
    """The traps of the set are marked in the truth."""
    pages = [page for dossier in small.dossiers for file in dossier.files for page in file.pages]
    assert any(page.upside_down for page in pages)
    assert any(page.blank and not page.lines for page in pages)


def test_confirmations_name_known_documents_by_first_page(small: SampleSet) -> None:
    """Each confirmation finds its document; kind and fields are the true ones."""
    given = json.loads(small.confirmations.read_text(encoding="utf-8"))["documents"]
    known = {(dossier.code, *paper.pages[0]): paper for dossier in small.dossiers for paper in dossier.documents}
    assert given
    for document in given:
        paper = known[document["dossier"], document["file"], document["page"]]
        assert (document["kind"], document["fields"]) == (paper.kind, paper.fields)


def test_signed_result_when_a_development_key_is_given(tmp_path: Path) -> None:
    """With a PKI folder the result bears one signature and the truth says so."""
    made = make(tmp_path / "set", small=True, pki=tmp_path / "pki")
    path = next(made.target.glob("*/ket-qua/trich_luc_khai_sinh.pdf"))
    assert b"ETSI.CAdES.detached" in path.read_bytes()
    signed = [file.name for dossier in made.dossiers for file in dossier.files if file.signed]
    assert signed == ["ket-qua/trich_luc_khai_sinh.pdf"]


@pytest.mark.long
def test_whole_set_has_what_the_demonstration_shows(tmp_path: Path) -> None:
    """Sizes, kinds of file and the deliberate faults of the whole set."""
    made = make(tmp_path)
    files = [(dossier, file) for dossier in made.dossiers for file in dossier.files]
    assert len(made.dossiers) >= 12
    assert made.pages >= 60
    assert sum(file.size for _, file in files) <= 60_000_000
    assert {file.media_type for _, file in files} == {"application/pdf", "image/tiff", "image/jpeg", "image/png"}
    assert [file.name for _, file in files if file.bad] == ["giay-to-khac/ban_quet_loi.pdf"]
    assert len({dossier.code for dossier, file in files if file.sha256 == _twin(files)}) == 2
    assert _compressions(made.target) >= {"group4", "tiff_lzw", "jpeg"}
    assert any(len(dossier.documents) > 3 and len(dossier.files) <= 3 for dossier in made.dossiers)
    assert (
        0
        < len(json.loads(made.confirmations.read_text(encoding="utf-8"))["documents"])
        < sum(len(dossier.documents) for dossier in made.dossiers)
    )


def test_secret_page_has_red_ink_in_its_upper_left(tmp_path: Path) -> None:
    """The stamp stands at box 10a, framed and red, and is drawn on request only."""
    path = make_secret_page(tmp_path / "mat.jpg")
    with Image.open(path) as page:
        corner = page.convert("RGB").crop((300, 450, 800, 800))
    red = sum(1 for r, g, b in corner.get_flattened_data() if r > 150 and g < 90 and b < 90)
    assert red > 500


def _twin(files: list[tuple[DossierTruth, FileTruth]]) -> str:
    return next(file.sha256 for _, file in files if file.name == "can_cuoc_nguoi_duoc_uy_quyen.jpg")


def _compressions(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*.tif"):
        with Image.open(path) as image:
            found.add(image.info["compression"])
    return found


def _page_count(path: Path) -> int:
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return len(pdf)
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)
