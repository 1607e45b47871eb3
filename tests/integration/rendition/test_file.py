"""Independent programs accept the file and show the paper as it was scanned."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from dossier.scan import Encoding
from tests.integration.rendition.papers import Paper, every_paper, meta_for, page_of, scanned, upright, written


def _shown(pdf: bytes, number: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        image: Image.Image = document[number].render(scale=1.0).to_pil()
        return image.convert("L")


def test_qpdf_finds_nothing_to_repair(tmp_path: Path) -> None:
    """Structure, offsets and streams are right for qpdf, warnings count."""
    path = tmp_path / "all.pdf"
    path.write_bytes(written(*every_paper()))
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False, text=True)  # noqa: S607
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("paper", every_paper(), ids=str)
def test_the_page_is_shown_upright_and_in_its_colours(paper: Paper) -> None:
    """Each coding and each turn shows the upright paper: black on white, and nothing added but the mark."""
    shown = np.asarray(_shown(written(paper)), dtype=float)
    level = Paper(0, 0.0, Encoding.PNG, "RGB", paper.width, paper.height)
    image, _ = upright(level)
    image = image.rotate(-paper.skew, resample=Image.Resampling.BICUBIC, fillcolor="white")
    want = np.asarray(image.convert("L").resize((shown.shape[1], shown.shape[0]), Image.Resampling.BOX), dtype=float)
    height = round(shown.shape[0] * 0.96)
    assert np.corrcoef(shown[:height].ravel(), want[:height].ravel())[0, 1] > 0.9
    assert shown[height:].min() < 160


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_mark_stands_alone_at_the_foot_of_page_one(turn: int) -> None:
    """The mark is at the bottom as shown, level, on the first page only."""
    pdf = written(Paper(turn), Paper(turn))
    first, second = (np.asarray(_shown(pdf, number)) < 160 for number in (0, 1))
    rows, columns = np.nonzero(first & ~second)
    height, width = first.shape
    assert rows.min() > 0.95 * height
    assert rows.max() < height - 5
    assert columns.max() - columns.min() > 0.5 * width
    assert rows.max() - rows.min() < 12


def test_nothing_of_the_text_layer_is_painted() -> None:
    """The second page looks the same with and without its words."""
    pdf = written(Paper(), Paper())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[1]
        page.Contents = document.make_stream(page.Contents.read_bytes().split(b"BT\n")[0])
        out = io.BytesIO()
        document.save(out)
    assert _shown(pdf, 1).tobytes() == _shown(out.getvalue(), 1).tobytes()


def test_metadata_says_the_same_twice() -> None:
    """Info and XMP agree; the codes of dossier and document are in the XMP."""
    meta = meta_for(1)
    with pikepdf.open(io.BytesIO(written(Paper()))) as document:
        info, xmp = document.docinfo, document.open_metadata()
        assert str(info["/Title"]) == xmp["dc:title"] == meta.title
        assert str(info["/Author"]) == xmp["dc:creator"][0] == meta.unit
        assert str(info["/Producer"]) == xmp["pdf:Producer"] == meta.producer
        assert str(info["/CreationDate"]) == "D:20261122084015+07'00'"
        assert xmp["xmp:CreateDate"] == "2026-11-22T08:40:15+07:00"
        assert xmp.pdfa_status == "2B"
        assert xmp["{urn:hososo:rendition:1:}DossierCode"] == meta.dossier_code
        assert xmp["{urn:hososo:rendition:1:}DocumentId"] == xmp["dc:identifier"] == meta.document_id
        assert str(document.Root.Lang) == "vi-VN"


def test_small_paper_holds_the_mark(tmp_path: Path) -> None:
    """On a card of 86 by 54 mm the mark takes more lines and stays on the card."""
    path = tmp_path / "card.pdf"
    path.write_bytes(written(Paper(width=1016, height=638)))
    found = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True, text=True).stdout  # noqa: S607
    line = next(line for line in found.splitlines() if "2026-11-22T08:40:15+07:00" in line)
    edges = [float(part.split('"')[0]) for part in line.split('="')[1:]]
    assert 0 < edges[0] < edges[2] < 1016 * 0.24
    assert 0 < edges[1] < edges[3] < 638 * 0.24


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.G4])
def test_size_and_embedded_bytes(encoding: Encoding) -> None:
    """The scan's own bytes are in the file, which is at most 25 KB a page and 60 KB larger than its images."""
    paper = Paper(encoding=encoding, mode="L" if encoding is Encoding.JPEG else "1")
    page, pdf = page_of(paper), written(paper, paper)
    assert pdf.count(page.data) == 2
    assert len(pdf) <= 2 * (len(page.data) + 25_000) + 60_000
    assert scanned(paper).size == (page.scan.width, page.scan.height)
