"""What is taken from a PDF is what a viewer shows: same pixels, same way up, and the same bytes where that can be."""

import io
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageChops

from dossier.scan import Encoding, PageScan
from ingest import g4
from ingest.limits import Limits
from ingest.sniff import PDF
from ingest.take import inspect, take_pages
from ingest.taken import TakenPage
from tests.bad_input import A4_POINTS, image_pdf, jpeg, jpeg_pdf, sheet, stream

WIDTH, HEIGHT = A4_POINTS
FULL = b"%f 0 0 %f 0 0 cm /Im0 Do" % A4_POINTS


def decoded(page: TakenPage) -> Image.Image:
    """Return the pixels of a taken page by Pillow alone."""
    if page.scan.encoding is Encoding.G4:
        return g4.decode(page.data, page.scan.width, page.scan.height)
    image = Image.open(io.BytesIO(page.data))
    if page.scan.channels == 4:
        # Pillow always takes CMYK JPEG as inverted.
        image = image if page.scan.inverted else ImageChops.invert(image)
    return image


def upright(page: TakenPage) -> Image.Image:
    """Return the pixels turned as the source asks."""
    return decoded(page).convert("RGB").rotate(-page.scan.turn, expand=True)


def take(data: bytes, folder: Path) -> TakenPage:
    """Take the only page of a PDF."""
    path = folder / "a.pdf"
    path.write_bytes(data)
    (page,) = take_pages(path, PDF, Limits())
    return page


def assert_looks_like_poppler(page: TakenPage, folder: Path) -> None:
    """Compare with what another program draws, at low resolution."""
    command = ["pdftoppm", "-r", "75", "-png", "-singlefile", "-cropbox", str(folder / "a.pdf"), str(folder / "drawn")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    drawn = Image.open(folder / "drawn.png").convert("RGB")
    ours = upright(page).resize(drawn.size, Image.Resampling.BOX)
    difference = np.abs(np.asarray(drawn, dtype=float) - np.asarray(ours, dtype=float))
    assert difference.mean() < 12, f"mean difference {difference.mean():.1f}"


def pdfimages(folder: Path) -> Image.Image:
    """Return the picture as poppler extracts it."""
    command = ["pdfimages", "-png", str(folder / "a.pdf"), str(folder / "extracted")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return Image.open(folder / "extracted-000.png")


def same_pixels(one: Image.Image, other: Image.Image) -> bool:
    """Compare exactly, in RGB."""
    return one.size == other.size and one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


def gray_entries(image: Image.Image, more: bytes = b"") -> bytes:
    """Return the entries of an uncompressed gray picture."""
    return b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 " % image.size + more


def g4_entries(image: Image.Image, parameters: bytes = b"/K -1", more: bytes = b"/ColorSpace /DeviceGray") -> bytes:
    """Return the entries of a group 4 picture."""
    return b"/Width %d /Height %d /BitsPerComponent 1 /Filter /CCITTFaxDecode %s" % (*image.size, more) + (
        b" /DecodeParms << /Columns %d %s >>" % (image.width, parameters)
    )


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_page_keeps_its_bytes(mode: str, tmp_path: Path) -> None:
    """A page that is one JPEG gives that JPEG, byte for byte, with the page's resolution."""
    image = sheet(mode=mode)
    page = take(jpeg_pdf(image), tmp_path)
    assert page.data == jpeg(image)
    assert not page.scan.resampled
    assert (page.scan.width, page.scan.height) == image.size
    assert page.scan.dpi_x == pytest.approx(75, rel=0.01)
    assert_looks_like_poppler(page, tmp_path)


def test_inverted_cmyk_jpeg_is_told(tmp_path: Path) -> None:
    """A /Decode that inverts the inks is what `inverted` means."""
    image = sheet(mode="CMYK")
    entries = b"/Width %d /Height %d /ColorSpace /DeviceCMYK /BitsPerComponent 8 /Filter /DCTDecode" % image.size
    page = take(image_pdf(jpeg(image), entries + b" /Decode [1 0 1 0 1 0 1 0]"), tmp_path)
    assert page.scan.inverted
    assert page.data == jpeg(image)
    assert_looks_like_poppler(page, tmp_path)


def test_group4_page_keeps_its_bytes(tmp_path: Path) -> None:
    """A page that is one group 4 strip gives that strip, and its black runs are ink."""
    image = sheet(mode="1")
    strip = g4.encode(image)
    page = take(image_pdf(strip, g4_entries(image)), tmp_path)
    assert page.data == strip
    assert page.scan == PageScan(Encoding.G4, *image.size, page.scan.dpi_x, page.scan.dpi_y, 1)
    assert same_pixels(decoded(page), pdfimages(tmp_path))
    assert_looks_like_poppler(page, tmp_path)


@pytest.mark.parametrize(
    ("parameters", "more"),
    [
        (b"/K -1 /BlackIs1 true", b"/ColorSpace /DeviceGray"),
        (b"/K -1", b"/ColorSpace /DeviceGray /Decode [1 0]"),
        (b"/K -1 /BlackIs1 true", b"/ColorSpace /DeviceGray /Decode [1 0]"),
        (b"/K -1", b"/ColorSpace [/Indexed /DeviceGray 1 <FF00>]"),
        (b"/K -1 /EndOfBlock false", b"/ColorSpace [/CalGray << /WhitePoint [0.95 1 1.09] >>]"),
    ],
)
def test_group4_in_every_polarity_shows_the_same(parameters: bytes, more: bytes, tmp_path: Path) -> None:
    """However the PDF says which runs are ink, the pixels are those that another program shows."""
    image = sheet(mode="1")
    page = take(image_pdf(g4.encode(image), g4_entries(image, parameters, more)), tmp_path)
    assert page.scan.encoding is Encoding.G4
    assert not page.scan.black_is_1
    assert_looks_like_poppler(page, tmp_path)


@pytest.mark.parametrize("more", [b"", b"/Decode [1 0]"])
def test_flate_page_gives_its_pixels(more: bytes, tmp_path: Path) -> None:
    """Uncompressed gray comes out as PNG of the same pixels."""
    image = sheet()
    page = take(image_pdf(image.tobytes(), gray_entries(image, more)), tmp_path)
    expected = ImageChops.invert(image) if more else image
    assert page.scan.encoding is Encoding.PNG
    assert same_pixels(decoded(page), expected)
    assert_looks_like_poppler(page, tmp_path)


def test_bilevel_flate_page_becomes_group4(tmp_path: Path) -> None:
    """One bit per pixel in any coding comes out as group 4 of the same pixels."""
    image = sheet(mode="1")
    entries = b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1" % image.size
    page = take(image_pdf(image.tobytes(), entries), tmp_path)
    assert page.scan.encoding is Encoding.G4
    assert same_pixels(decoded(page), pdfimages(tmp_path))


def test_jpx_page_gives_its_pixels(tmp_path: Path) -> None:
    """JPEG 2000 without loss comes out as PNG of the same pixels."""
    image = sheet(mode="RGB")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG2000", irreversible=False)
    entries = b"/Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /JPXDecode" % image.size
    page = take(image_pdf(buffer.getvalue(), entries), tmp_path)
    assert same_pixels(decoded(page), image)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("matrix", "size"),
    [
        (b"%f 0 0 %f 0 0" % (WIDTH, HEIGHT), (WIDTH, HEIGHT)),
        (b"-%f 0 0 -%f %f %f" % (WIDTH, HEIGHT, WIDTH, HEIGHT), (WIDTH, HEIGHT)),
        (b"0 %f -%f 0 %f 0" % (WIDTH, HEIGHT, HEIGHT), (HEIGHT, WIDTH)),
        (b"0 -%f %f 0 0 %f" % (WIDTH, HEIGHT, WIDTH), (HEIGHT, WIDTH)),
    ],
)
def test_turned_picture_keeps_its_bytes_and_tells_the_turn(
    rotate: int, matrix: bytes, size: tuple[float, float], tmp_path: Path
) -> None:
    """Quarter turns by the page or by the picture's matrix add up, and no pixel is touched."""
    content = b"q " + matrix + b" cm /Im0 Do Q"
    page = take(jpeg_pdf(size=size, content=content, page=b"/Rotate %d" % rotate), tmp_path)
    assert page.data == jpeg(sheet())
    assert_looks_like_poppler(page, tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"q %s Q BT 3 Tr /F1 12 Tf 60 700 Td (hidden words) Tj ET" % FULL,
        b"BT /F1 40 Tf 60 700 Td (under the picture) Tj ET q %s Q" % FULL,
        b"1 g 0 0 %f %f re f q %s Q" % (*A4_POINTS, FULL),
        b"q 0 0 %f %f re W n %s Q" % (*A4_POINTS, FULL),
        b"/Artifact BMC EMC q 0.24 0 0 0.24 0 0 cm %f 0 0 %f 0 0 cm /Im0 Do Q" % (WIDTH / 0.24, HEIGHT / 0.24),
        b"q %f 0 0 %f 0.4 -0.5 cm /Im0 Do Q" % (WIDTH - 1, HEIGHT + 1),
    ],
    ids=["invisible text", "covered text", "covered fill", "whole clip", "nested matrices", "nearly full"],
)
def test_what_does_not_show_changes_nothing(content: bytes, tmp_path: Path) -> None:
    """Searchable scans and other honest habits of scanners still give the very bytes."""
    page = take(jpeg_pdf(content=content), tmp_path)
    assert page.data == jpeg(sheet())
    assert_looks_like_poppler(page, tmp_path)


@pytest.mark.parametrize(
    ("content", "page_entries"),
    [
        (b"q %s Q BT /F1 40 Tf 60 700 Td (stamp) Tj ET" % FULL, b""),
        (b"q %s Q 0 0 200 200 re f" % FULL, b""),
        (b"q 0 0 300 400 re W n %s Q" % FULL, b""),
        (b"q 300 0 0 400 100 100 cm /Im0 Do Q", b""),
        (b"q -%f 0 0 %f %f 0 cm /Im0 Do Q" % (WIDTH, HEIGHT, WIDTH), b""),
        (b"q 590 30 -20 830 10 0 cm /Im0 Do Q", b""),
        (b"q %s Q" % FULL, b"/CropBox [0 0 300 400]"),
        (b"q %s Q q 50 0 0 50 20 20 cm /Im0 Do Q" % FULL, b""),
        (b"q %s Q" % FULL, b"/Annots [<< /Type /Annot /Subtype /Square /Rect [100 100 300 300] /IC [1 0 0] /F 4 >>]"),
    ],
    ids=["text", "fill", "clip", "part", "mirror", "tilt", "crop", "second picture", "annotation"],
)
def test_page_that_is_more_than_one_picture_is_drawn(content: bytes, page_entries: bytes, tmp_path: Path) -> None:
    """What lies over, cuts or bends the picture is on the taken page, at 300 dpi, and the scan says so."""
    page = take(jpeg_pdf(content=content, page=page_entries), tmp_path)
    assert page.scan.resampled
    assert (page.scan.dpi_x, page.scan.dpi_y, page.scan.turn) == (300, 300, 0)
    assert_looks_like_poppler(page, tmp_path)


@pytest.mark.parametrize("mask", [b"/SMask 6 0 R", b"/Mask [0 10]", b"/Mask 7 0 R"])
def test_masked_picture_is_drawn(mask: bytes, tmp_path: Path) -> None:
    """A picture with holes is not the page by itself."""
    image = sheet()
    gray = b"/Type /XObject /Subtype /Image " + gray_entries(image)
    bits = b"/Type /XObject /Subtype /Image /ImageMask true /BitsPerComponent 1 /Width %d /Height %d" % image.size
    more = {6: stream(bytes([128]) * (image.width * image.height), gray), 7: stream(sheet(mode="1").tobytes(), bits)}
    page = take(image_pdf(image.tobytes(), gray_entries(image, mask), more=more), tmp_path)
    assert page.scan.resampled


def test_user_unit_scales_the_paper(tmp_path: Path) -> None:
    """A page in units of two points is twice as large, taken or drawn."""
    small = (WIDTH / 2, HEIGHT / 2)
    taken = take(jpeg_pdf(size=small, page=b"/UserUnit 2"), tmp_path)
    assert taken.scan.size_points == pytest.approx(A4_POINTS, rel=0.01)
    drawn = take(jpeg_pdf(size=small, content=b"0 0 99 99 re f", page=b"/UserUnit 2"), tmp_path)
    assert drawn.scan.size_points == pytest.approx(A4_POINTS, rel=0.01)


def test_gray_drawing_is_gray_and_colour_stays(tmp_path: Path) -> None:
    """A drawn page gets three channels only when there is colour on it."""
    gray = take(jpeg_pdf(content=b"0.5 g 0 0 200 200 re f"), tmp_path)
    red = take(jpeg_pdf(content=b"1 0 0 rg 0 0 200 200 re f"), tmp_path)
    assert (gray.scan.channels, red.scan.channels) == (1, 3)


def test_pages_that_share_their_resources_give_each_its_own(tmp_path: Path) -> None:
    """Producers that list all pictures with every page do not mix them up."""
    path = tmp_path / "a.pdf"
    with pikepdf.new() as document:
        pictures = {}
        for seed in range(3):
            data = jpeg(sheet(seed))
            picture = pikepdf.Stream(document, data)
            picture.stream_dict = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=620, Height=877, BitsPerComponent=8,
                ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            pictures[f"/Im{seed}"] = document.make_indirect(picture)
        shared = document.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(pictures)))
        for seed in range(3):
            document.add_blank_page(page_size=A4_POINTS)
            document.pages[seed].Resources = shared
            document.pages[seed].Contents = document.make_stream(FULL.replace(b"/Im0", b"/Im%d" % seed))
        document.save(path)
    assert [page.data for page in take_pages(path, PDF, Limits())] == [jpeg(sheet(seed)) for seed in range(3)]


def test_inspection_counts_pages_and_finds_no_signature(tmp_path: Path) -> None:
    """A plain scan is one page and unsigned."""
    path = tmp_path / "a.pdf"
    path.write_bytes(jpeg_pdf())
    found = inspect(path, PDF, Limits())
    assert (found.pages, found.signed) == (1, False)


def test_visible_signature_is_on_the_drawn_page(tmp_path: Path) -> None:
    """The appearance of a signature field over the picture is part of what the reader sees."""
    look = b"/Type /XObject /Subtype /Form /BBox [0 0 200 200]"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /F 4 /Rect [100 100 300 300] /AP << /N 7 0 R >> >>"
    more = {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
        6: field,
        7: stream(b"1 0 0 rg 0 0 200 200 re f", look),
    }
    page = take(jpeg_pdf(page=b"/Annots [6 0 R]", more=more), tmp_path)
    assert page.scan.resampled
    assert decoded(page).convert("RGB").getpixel((833, 2674)) == (255, 0, 0)
    assert_looks_like_poppler(page, tmp_path)
