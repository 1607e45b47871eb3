"""Pages of TIFF, JPEG and PNG files: very bytes where that can be, otherwise the same pixels, the right way up."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps

from dossier.errors import Code, Rejected
from dossier.scan import Encoding
from ingest import g4
from ingest.limits import Limits
from ingest.sniff import sniff
from ingest.take import take_pages
from ingest.taken import TakenPage
from tests.bad_input import jpeg, png, sheet, tiff, tiff_directory


def take(name: str, data: bytes, folder: Path) -> list[TakenPage]:
    """Take all pages of a file."""
    path = folder / name
    path.write_bytes(data)
    return list(take_pages(path, sniff(path), Limits()))


def decoded(page: TakenPage) -> Image.Image:
    """Return the pixels of a taken page."""
    if page.scan.encoding is Encoding.G4:
        return g4.decode(page.data, page.scan.width, page.scan.height)
    return Image.open(io.BytesIO(page.data))


def same(one: Image.Image, other: Image.Image) -> bool:
    """Compare pixels exactly, in RGB."""
    return one.size == other.size and one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


def seen(data: bytes) -> Image.Image:
    """Return the first image of a file as Pillow shows it, turned by its orientation."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return ImageOps.exif_transpose(image)


def patched(data: bytes, tag: int, value: int) -> bytes:
    """Return a little-endian TIFF with the value of a short tag replaced."""
    out = bytearray(data)
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    for start in range(first + 2, first + 2 + 12 * count, 12):
        if struct.unpack_from("<H", data, start)[0] == tag:
            struct.pack_into("<I", out, start + 8, value)
    return bytes(out)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "raw"])
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "CMYK", "RGBA"])
def test_tiff_gives_its_pixels(compression: str, mode: str, tmp_path: Path) -> None:
    """Every mode and compression that scanners write comes out as the same pixels, bilevel as group 4."""
    image = sheet(mode="L" if mode == "P" else mode).convert(mode)
    (page,) = take("a.tif", tiff(image, compression=compression), tmp_path)
    assert same(decoded(page), image)
    assert page.scan.encoding is (Encoding.G4 if mode == "1" else Encoding.PNG)
    assert (page.scan.dpi_x, page.scan.dpi_y, page.scan.dpi_assumed) == (75, 75, False)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_fax_codings_become_group4(compression: str, tmp_path: Path) -> None:
    """Group 3 and modified Huffman come out as group 4 of the same pixels."""
    image = sheet(mode="1")
    (page,) = take("a.tif", tiff(image, compression=compression), tmp_path)
    assert page.scan.encoding is Encoding.G4
    assert same(decoded(page), image)


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    """The upper eight bits are kept."""
    deep = sheet().convert("I").point(lambda value: value * 257).convert("I;16")
    (page,) = take("a.tif", tiff(deep), tmp_path)
    assert same(decoded(page), sheet())


def strip_tiff(strip: bytes, size: tuple[int, int], photometric: int = 0, fill_order: int = 1) -> bytes:
    """Return a TIFF around one group 4 strip."""
    entries = [
        (256, 4, 1, size[0]), (257, 4, 1, size[1]), (258, 3, 1, 1), (259, 3, 1, 4), (262, 3, 1, photometric),
        (266, 3, 1, fill_order), (273, 4, 1, 8 + 2 + 12 * 10 + 4), (277, 3, 1, 1), (278, 4, 1, size[1]),
        (279, 4, 1, len(strip)),
    ]  # fmt: skip
    return tiff_directory(entries, data=strip)


def test_single_group4_strip_keeps_its_bytes(tmp_path: Path) -> None:
    """One strip with ink as black runs is taken as it stands in the file; no resolution is told."""
    image = sheet(mode="1", size=(2480, 3508))
    strip = g4.encode(image)
    (page,) = take("a.tif", strip_tiff(strip, image.size), tmp_path)
    assert page.data == strip
    assert (page.scan.dpi_x, page.scan.dpi_assumed) == (300, True)


@pytest.mark.parametrize("photometric", [0, 1])
@pytest.mark.parametrize("fill_order", [1, 2])
def test_group4_polarity_and_bit_order(photometric: int, fill_order: int, tmp_path: Path) -> None:
    """Exchanged ink and paper and mirrored bytes come out as what Pillow shows."""
    image = sheet(mode="1")
    strip = g4.encode(image)
    data = strip_tiff(g4.mirrored(strip) if fill_order == 2 else strip, image.size, photometric, fill_order)
    (page,) = take("a.tif", data, tmp_path)
    assert same(decoded(page), seen(data))
    assert same(decoded(page), image if photometric == 0 else g4.inverted(image))


def test_many_strips_become_one(tmp_path: Path) -> None:
    """Strips are joined without loss."""
    image = sheet(mode="1")
    data = tiff(image, compression="group4", strip_size=2000)
    (page,) = take("a.tif", data, tmp_path)
    assert len(Image.open(io.BytesIO(data)).tag_v2[273]) > 10
    assert same(decoded(page), image)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("strips", [1, 5])
def test_jpeg_in_tiff(mode: str, strips: int, tmp_path: Path) -> None:
    """One strip comes out as a JPEG stream, its tables put back; several as their pixels; both look the same."""
    image = sheet(mode=mode, size=(624, 880))
    # Scanners store colour as YCbCr; an RGB strip would not mean the same outside its TIFF.
    stored = image.convert("YCbCr") if mode == "RGB" else image
    data = tiff(stored, compression="jpeg", strip_size=1 << 30 if strips == 1 else 624 * 176 * len(mode))
    (page,) = take("a.tif", data, tmp_path)
    assert page.scan.encoding is (Encoding.JPEG if strips == 1 else Encoding.PNG)
    assert same(decoded(page), seen(data))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", ["group4", "tiff_lzw"])
def test_tiff_orientation(orientation: int, compression: str, tmp_path: Path) -> None:
    """The page, turned as the scan says, is what the orientation tag asks for, mirrored ones too."""
    image = sheet(mode="1")
    data = tiff(image, compression=compression, tiffinfo={274: orientation}, dpi=(75, 100))
    (page,) = take("a.tif", data, tmp_path)
    assert same(decoded(page).rotate(-page.scan.turn, expand=True), seen(data))
    wide = orientation >= 5 and page.scan.turn == 0
    assert (page.scan.dpi_x, page.scan.dpi_y) == ((100, 75) if wide else (75, 100))


def test_many_pages_without_previews(tmp_path: Path) -> None:
    """All pages come in order with their numbers; a preview directory is no page."""
    pages = [sheet(seed, mode="1") for seed in range(4)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", compression="group4", save_all=True, append_images=pages[1:], tiffinfo={254: 0})
    data = patched(buffer.getvalue(), 254, 1)
    taken = take("a.tif", data, tmp_path)
    assert [page.number for page in taken] == [1, 2, 3]
    assert all(same(decoded(page), image) for page, image in zip(taken, pages[1:], strict=True))


def test_big_endian_and_bigtiff(tmp_path: Path) -> None:
    """Both byte orders and the 64 bit form are read."""
    image = sheet()
    (big,) = take("b.tif", tiff(image, big_tiff=True), tmp_path)
    assert same(decoded(big), image)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_jpeg_file_keeps_its_bytes(mode: str, options: dict[str, object], tmp_path: Path) -> None:
    """The file is the page; an Adobe CMYK file is told to be inverted."""
    data = jpeg(sheet(mode=mode), **options)
    (page,) = take("a.jpg", data, tmp_path)
    assert page.data == data
    assert (page.scan.encoding, page.scan.channels) == (Encoding.JPEG, {"L": 1, "RGB": 3, "CMYK": 4}[mode])
    assert page.scan.inverted == (mode == "CMYK")
    assert (page.scan.dpi_x, page.scan.dpi_assumed) == (75, False)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_jpeg_orientation(orientation: int, tmp_path: Path) -> None:
    """Turned photographs keep their bytes and tell the turn; mirrored ones are taken as they are to be seen."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = jpeg(sheet(), exif=exif)
    (page,) = take("a.jpg", data, tmp_path)
    assert same(decoded(page).rotate(-page.scan.turn, expand=True), seen(data))
    assert (page.data == data) == (orientation in {1, 3, 6, 8})


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_png_file_keeps_its_bytes(mode: str, tmp_path: Path) -> None:
    """Eight bit gray and RGB stay as they are."""
    data = png(sheet(mode=mode))
    (page,) = take("a.png", data, tmp_path)
    assert page.data == data


def test_png_of_other_kinds_gives_its_pixels(tmp_path: Path) -> None:
    """Palette, alpha, one bit and sixteen bit images come out plain."""
    image = sheet(mode="RGB")
    (palette,) = take("p.png", png(image.quantize(8)), tmp_path)
    assert same(decoded(palette), image.quantize(8))
    (bits,) = take("b.png", png(sheet(mode="1")), tmp_path)
    assert bits.scan.encoding is Encoding.G4
    assert same(decoded(bits), sheet(mode="1"))
    clear = image.convert("RGBA")
    clear.putalpha(Image.new("L", image.size, 0))
    (flat,) = take("a.png", png(clear), tmp_path)
    assert same(decoded(flat), Image.new("RGB", image.size, "white"))
    deep = sheet().convert("I").point(lambda value: value * 257).convert("I;16")
    (shallow,) = take("d.png", png(deep), tmp_path)
    assert same(decoded(shallow), sheet())


def test_png_with_transparent_colour_is_flattened(tmp_path: Path) -> None:
    """A tRNS chunk makes one gray see-through: white is behind it."""
    image = ImageChops.invert(sheet())
    (page,) = take("a.png", png(image, transparency=10), tmp_path)
    assert page.data != png(image, transparency=10)
    assert 10 not in set(decoded(page).convert("L").tobytes())


@pytest.mark.parametrize(
    ("size", "stated", "expected", "assumed"),
    [
        ((2480, 3508), None, 300, True),
        ((3508, 2480), None, 300, True),
        ((1654, 2339), None, 200, True),
        ((2480, 3508), (72, 72), 300, True),
        ((595, 842), (72, 72), 72, False),
        ((1240, 1754), (150, 150), 150, False),
        ((3024, 4032), (72, 72), 345, True),
        ((2480, 3508), (1, 1), 300, True),
    ],
)
def test_resolution(
    size: tuple[int, int], stated: tuple[int, int] | None, expected: float, *, assumed: bool, tmp_path: Path
) -> None:
    """What the file states counts unless nobody can have measured it; then a usual sheet of paper decides."""
    options = {"dpi": stated} if stated else {"dpi": (0, 0)}
    (page,) = take("a.jpg", jpeg(Image.new("L", size, 255), **options), tmp_path)
    assert (page.scan.dpi_x, page.scan.dpi_assumed) == (expected, assumed)


def test_page_smaller_than_a_stamp_is_no_page(tmp_path: Path) -> None:
    """An image of two pixels is refused."""
    with pytest.raises(Rejected) as caught:
        take("a.jpg", jpeg(Image.new("L", (2, 2)), dpi=(300, 300)), tmp_path)
    assert caught.value.code is Code.PAGE_ZERO_SIZE
