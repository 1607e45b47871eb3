"""Text of born-digital PDFs: the words, where they stand, and what is doubtful about them."""

import subprocess
import unicodedata
from pathlib import Path

import pytest

from dossier.page import PageReading, Verdict
from ingest.born_digital import DPI, page_readings
from ingest.confined import BoundedTaker
from tests.bad_input import pdf, stream

VIETNAMESE = "Ủy ban nhân dân xã Đông Hải"


def text_pdf(content: bytes, page: bytes = b"", font: bytes = b"Helvetica") -> bytes:
    """Return a PDF of one page with text."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R %s /Resources << /Font << /F1 "
            b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >> >> >> >>" % (page, font),
            4: stream(content),
        }
    )


def read(data: bytes, folder: Path) -> PageReading:
    """Return the reading of the only page."""
    path = folder / "a.pdf"
    path.write_bytes(data)
    (reading,) = page_readings(path)
    return reading


HELLO = b"BT /F1 24 Tf 72 700 Td (UBND xa) Tj 0 -30 Td (So 12/QD) Tj 0 -300 Td (Noi nhan) Tj ET"


def test_words_lines_and_places(tmp_path: Path) -> None:
    """Words come with line and block, and stand where they are drawn, in pixels at 150 dpi."""
    reading = read(text_pdf(HELLO), tmp_path)
    assert [(word.text, word.line, word.block) for word in reading.text.words] == [
        ("UBND", 0, 0), ("xa", 0, 0), ("So", 1, 0), ("12/QD", 1, 0), ("Noi", 2, 1), ("nhan", 2, 1),
    ]  # fmt: skip
    first = reading.text.words[0].box
    assert first.left == pytest.approx(72 * DPI / 72, abs=6)
    assert first.bottom == pytest.approx((800 - 700) * DPI / 72, abs=3)
    assert 20 < first.height < 45
    assert (reading.transform.scan_width, reading.transform.scan_height) == (1250, 1667)
    assert (reading.verdict, reading.text.engine) == (Verdict.GOOD, "pdf-text")


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotated_page_is_read_as_shown(rotate: int, tmp_path: Path) -> None:
    """Text that a viewer shows upright because of /Rotate has level boxes in the shown page."""
    turned = {90: b"0 1 -1 0 100 72", 180: b"-1 0 0 -1 528 100", 270: b"0 -1 1 0 500 728"}[rotate]
    content = b"BT /F1 24 Tf %s Tm (UBND xa) Tj ET" % turned
    reading = read(text_pdf(content, b"/Rotate %d" % rotate), tmp_path)
    one, other = reading.text.words
    assert [one.text, other.text] == ["UBND", "xa"]
    assert one.line == other.line
    assert one.box.right < other.box.left
    assert one.box.width > one.box.height


def test_crop_box_moves_the_words(tmp_path: Path) -> None:
    """Boxes count from the corner of what is shown."""
    whole = read(text_pdf(HELLO), tmp_path).text.words[0].box
    cropped = read(text_pdf(HELLO, b"/CropBox [36 0 600 764]"), tmp_path).text.words[0].box
    assert whole.left - cropped.left == pytest.approx(75, abs=1)
    assert whole.top - cropped.top == pytest.approx(75, abs=1)


def test_page_without_text_is_to_be_looked_at(tmp_path: Path) -> None:
    """No words is said, not hidden."""
    reading = read(text_pdf(b"0 0 100 100 re f"), tmp_path)
    assert (reading.text.words, reading.verdict, reading.reasons) == ((), Verdict.LOOK, ("no_text",))


def test_invisible_layer_and_legacy_font_are_named(tmp_path: Path) -> None:
    """An OCR layer is not the document's own text, and TCVN3 fonts do not say what they show."""
    assert read(text_pdf(b"BT 3 Tr" + HELLO[2:]), tmp_path).reasons == ("invisible_text",)
    assert read(text_pdf(HELLO, font=b".VnTimeH"), tmp_path).reasons == ("legacy_font",)
    assert read(text_pdf(HELLO, font=b"ABCDEF+VNI-Times"), tmp_path).reasons == ("legacy_font",)


def unicode_pdf(text: str) -> bytes:
    """Return a PDF whose character codes mean the letters of a text, decomposed as some writers do it."""
    letters = sorted(set(text))
    meanings = [unicodedata.normalize("NFD", letter).encode("utf-16-be").hex().encode() for letter in letters]
    mapped = b"".join(b"<%02X> <%s>\n" % (code, meaning) for code, meaning in enumerate(meanings, 33))
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"%d beginbfchar\n%sendbfchar endcmap end end" % (len(letters), mapped)
    )
    codes = bytes(33 + letters.index(letter) for letter in text).hex().encode()
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 "
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 5 0 R >> >> >> >>",
            4: stream(b"BT /F1 16 Tf 72 700 Td <%s> Tj ET" % codes),
            5: stream(cmap),
        }
    )


def test_vietnamese_text_as_another_program_reads_it(tmp_path: Path) -> None:
    """Letters with marks come out composed, as poppler has them."""
    path = tmp_path / "a.pdf"
    path.write_bytes(unicode_pdf(VIETNAMESE))
    (reading,) = page_readings(path)
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    text = subprocess.run(command, check=True, capture_output=True, timeout=30).stdout.decode()
    assert reading.text.plain() == VIETNAMESE
    assert unicodedata.normalize("NFC", text).split() == VIETNAMESE.split()


def test_readings_through_the_confined_child(tmp_path: Path) -> None:
    """The same reading comes out of the child."""
    path = tmp_path / "a.pdf"
    path.write_bytes(text_pdf(HELLO))
    with BoundedTaker() as taker:
        assert list(taker.readings(path)) == list(page_readings(path))
