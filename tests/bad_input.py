"""A seeded generator of files as they must not be: for the tests of receiving and for those of the whole way.

`BAD_FILES` names each kind with the codes it may be refused with. Nothing here is taken from another project; what the
kinds are modelled on is told beside each.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from dossier.errors import Code

A4_POINTS = (595.276, 841.89)


@dataclass(frozen=True, slots=True)
class BadFile:
    """One kind of bad file: its name in a folder, its bytes, and the codes that name what is wrong with it."""

    name: str
    make: Callable[[], bytes]
    codes: frozenset[Code]


def sheet(seed: int = 7, size: tuple[int, int] = (620, 877), mode: str = "L") -> Image.Image:
    """Return something like a written sheet: lines of dark strokes on light paper, unlike itself when turned."""
    chance = random.Random(seed)
    image = Image.new("L", size, 245)
    draw = ImageDraw.Draw(image)
    for top in range(40, size[1] - 60, 22):
        left = 40
        while left < size[0] * (0.55 + 0.35 * chance.random()):
            width = chance.randrange(6, 40)
            draw.rectangle([left, top, left + width, top + chance.randrange(5, 11)], fill=chance.randrange(10, 70))
            left += width + 8
    draw.rectangle([20, 12, 150, 24], fill=0)
    if mode == "1":
        return image.point(lambda value: 255 if value > 128 else 0).convert("1")
    if mode == "RGB":
        colour = Image.merge("RGB", [image, image, image])
        ImageDraw.Draw(colour).ellipse([size[0] - 220, size[1] - 220, size[0] - 80, size[1] - 80], fill=(200, 30, 40))
        return colour
    return image.convert(mode)


def jpeg(image: Image.Image, **options: object) -> bytes:
    """Return an image as JPEG."""
    return _saved(image, "JPEG", **({"quality": 85, "dpi": (75, 75)} | options))


def png(image: Image.Image, **options: object) -> bytes:
    """Return an image as PNG."""
    return _saved(image, "PNG", **({"dpi": (75, 75)} | options))


def tiff(image: Image.Image, **options: object) -> bytes:
    """Return an image as TIFF."""
    return _saved(image, "TIFF", **({"dpi": (75, 75)} | options))


def pdf(objects: dict[int, bytes], *, root: int = 1) -> bytes:
    """Return a PDF of numbered object bodies with a correct cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00001 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return the body of a stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def image_pdf(
    data: bytes,
    entries: bytes,
    *,
    size: tuple[float, float] = A4_POINTS,
    page: bytes = b"",
    content: bytes | None = None,
    more: dict[int, bytes] | None = None,
) -> bytes:
    """Return a PDF of one page with one picture, object 5, named /Im0; `page` adds entries to the page."""
    drawn = content if content is not None else b"q %f 0 0 %f 0 0 cm /Im0 Do Q" % size
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %f %f] /Contents 4 0 R %s"
        b" /Resources << /XObject << /Im0 5 0 R >> /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
        b" >> >> >> >>" % (*size, page),
        4: stream(drawn),
        5: stream(data, b"/Type /XObject /Subtype /Image " + entries),
    }
    return pdf(objects | (more or {}))


def jpeg_pdf(image: Image.Image | None = None, **options: object) -> bytes:
    """Return a PDF whose page is one JPEG."""
    image = image or sheet()
    space = {"L": b"/DeviceGray", "RGB": b"/DeviceRGB", "CMYK": b"/DeviceCMYK"}[image.mode]
    entries = b"/Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode" % (*image.size, space)
    return image_pdf(jpeg(image), entries, **options)  # type: ignore[arg-type]


def blank_pdf(pages: int = 1, media_box: bytes = b"[0 0 595 842]", kids: bytes | None = None) -> bytes:
    """Return a PDF of pages with nothing on them."""
    numbers = range(3, 3 + pages)
    listed = kids if kids is not None else b" ".join(b"%d 0 R" % number for number in numbers)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, pages),
    }
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources << >> >>" % media_box
    return pdf(objects | dict.fromkeys(numbers, page))


def encrypted_pdf(user: str, owner: str = "owner") -> bytes:
    """Return a PDF that asks for a password; an empty user password only restricts what may be done."""
    import pikepdf  # noqa: PLC0415 - only the tests that need it pay for loading it

    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(jpeg_pdf())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(user=user, owner=owner, R=6))
    return buffer.getvalue()


def tiff_directory(entries: list[tuple[int, int, int, int]], following: int = 0, data: bytes = b"") -> bytes:
    """Return a TIFF of one hand-made directory of (tag, type, count, value), its data right behind it."""
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + table + struct.pack("<I", following) + data


def group4_bomb(side: int = 35_000) -> bytes:
    """Return a TIFF of a few bytes that unfolds into 1.2 thousand million pixels (hugemono.pdf in OCRmyPDF's tests)."""
    data = b"\xff" * 4400
    entries = [
        (256, 4, 1, side),
        (257, 4, 1, side),
        (258, 3, 1, 1),
        (259, 3, 1, 4),
        (262, 3, 1, 0),
        (273, 4, 1, 8 + 2 + 12 * 9 + 4),
        (277, 3, 1, 1),
        (278, 4, 1, side),
        (279, 4, 1, len(data)),
    ]
    return tiff_directory(entries, data=data)


def png_bomb(side: int = 35_000) -> bytes:
    """Return a PNG whose header claims a wall of pixels and whose data is all one byte."""
    return _png_file(side, side, zlib.compress(b"\0" * 1_000_000, 9))


def png_text_bomb() -> bytes:
    """Return a PNG whose text chunk unfolds to 200 MB (modelled on png_decompression_dos.png of Pillow's tests)."""
    text = b"k\0\0" + _zeros(200 << 20)
    image = png(sheet())
    return image[:33] + _chunk(b"zTXt", text) + image[33:]


def flate_bomb() -> bytes:
    """Return a PDF whose page content unfolds to 400 MB of spaces."""
    content = b"/Filter /FlateDecode"
    squeezed = _zeros(400 << 20, b" ")
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
            4: stream(squeezed, content),
        }
    )


def pdf_image_bomb(side: int = 35_000) -> bytes:
    """Return a PDF page with a group 4 picture of 1.2 thousand million pixels in a few bytes."""
    parameters = b"/K -1 /Columns %d /Rows %d" % (side, side)
    entries = b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1" % (side, side)
    return image_pdf(b"\xff" * 4400, entries + b" /Filter /CCITTFaxDecode /DecodeParms << %s >>" % parameters)


def lzw_bomb() -> bytes:
    """Return a TIFF whose strip is LZW data of a 20 000 x 20 000 RGB image (1.2 GB)."""
    entries = [
        (256, 4, 1, 20_000),
        (257, 4, 1, 20_000),
        (258, 3, 1, 8),
        (259, 3, 1, 5),
        (262, 3, 1, 1),
        (273, 4, 1, 8 + 2 + 12 * 9 + 4),
        (277, 3, 1, 1),
        (278, 4, 1, 20_000),
        (279, 4, 1, 64),
    ]
    return tiff_directory(entries, data=b"\x80\x00" + b"\x40" * 62)


def looped_tiff() -> bytes:
    """Return a TIFF whose directory names itself as the next one (multipage_single_frame_loop.tiff in Pillow's)."""
    whole = bytearray(tiff(sheet()))
    (first,) = struct.unpack_from("<I", whole, 4)
    (count,) = struct.unpack_from("<H", whole, first)
    struct.pack_into("<I", whole, first + 2 + 12 * count, first)
    return bytes(whole)


def circular_pdf() -> bytes:
    """Return a PDF whose page tree has itself as a child (circular-page-tree.pdf in pyHanko's)."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
        }
    )


def deep_pdf(depth: int = 5000) -> bytes:
    """Return a PDF whose one page hangs on a tree of many levels."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for level in range(2, depth):
        objects[level] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (level + 1)
    objects[depth] = b"<< /Type /Page /MediaBox [0 0 595 842] /Resources << >> >>"
    return pdf(objects)


def broken_xref_pdf() -> bytes:
    """Return a PDF whose cross-reference table points beside every object; the objects are whole."""
    whole = jpeg_pdf()
    head, table = whole[: whole.rindex(b"xref\n0")], whole[whole.rindex(b"xref\n0") :]
    return head + b"% a line that somebody's editor put in\n" + table


def hopeless_pdf() -> bytes:
    """Return a PDF that has lost its catalogue."""
    whole = jpeg_pdf()
    return whole.replace(b"/Type /Catalog", b"/Type /Catalgo").replace(b"/Root 1 0 R", b"/Root 9 0 R")


def cut(data: bytes, share: float) -> bytes:
    """Return the first part of some bytes."""
    return data[: int(len(data) * share)]


def noise(seed: int = 3, size: int = 4000) -> bytes:
    """Return bytes that are nothing."""
    return random.Random(seed).randbytes(size)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def _zeros(size: int, byte: bytes = b"\0") -> bytes:
    squeeze = zlib.compressobj(9)
    block = byte * (1 << 20)
    return b"".join(squeeze.compress(block) for _ in range(size >> 20)) + squeeze.flush()


def _png_file(width: int, height: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bad(name: str, make: Callable[[], bytes], *codes: Code) -> BadFile:
    return BadFile(name, make, frozenset(codes))


BAD_FILES: dict[str, BadFile] = {
    "empty": _bad("a.pdf", lambda: b"", Code.FILE_EMPTY),
    "noise": _bad("a.pdf", noise, Code.TYPE_UNKNOWN),
    "text": _bad("a.txt", "Kính gửi".encode, Code.TYPE_UNKNOWN),
    "png named pdf": _bad("a.pdf", lambda: png(sheet()), Code.TYPE_MISMATCH),
    "pdf named jpg": _bad("a.jpg", jpeg_pdf, Code.TYPE_MISMATCH),
    "pdf cut in the middle": _bad("a.pdf", lambda: cut(jpeg_pdf(), 0.5), Code.FILE_TRUNCATED),
    "pdf cut before its end": _bad("a.pdf", lambda: jpeg_pdf()[:-20], Code.FILE_TRUNCATED),
    "jpeg cut": _bad("a.jpg", lambda: cut(jpeg(sheet()), 0.6), Code.FILE_TRUNCATED),
    "png cut": _bad("a.png", lambda: cut(png(sheet()), 0.6), Code.FILE_TRUNCATED),
    "tiff cut in its pixels": _bad("a.tif", lambda: cut(tiff(sheet()), 0.6), Code.FILE_TRUNCATED),
    "tiff cut in its directory": _bad("a.tif", lambda: tiff(sheet())[:60], Code.FILE_TRUNCATED),
    "group 4 tiff cut": _bad(
        "a.tif", lambda: cut(tiff(sheet(mode="1"), compression="group4"), 0.5), Code.FILE_TRUNCATED
    ),
    "jpeg header only": _bad("a.jpg", lambda: jpeg(sheet())[:40], Code.FILE_TRUNCATED, Code.IMAGE_DAMAGED),
    "jpeg without sense": _bad("a.jpg", lambda: b"\xff\xd8\xff\xe0" + noise(), Code.IMAGE_DAMAGED, Code.FILE_TRUNCATED),
    "png without sense": _bad("a.png", lambda: b"\x89PNG\r\n\x1a\n" + noise(), Code.IMAGE_DAMAGED, Code.FILE_TRUNCATED),
    "pdf with a password": _bad("a.pdf", lambda: encrypted_pdf("secret"), Code.PDF_ENCRYPTED),
    "pdf without catalogue": _bad("a.pdf", hopeless_pdf, Code.PDF_DAMAGED),
    "pdf tree in a circle": _bad("a.pdf", circular_pdf, Code.PDF_DAMAGED),
    "pdf tree too deep": _bad("a.pdf", deep_pdf, Code.PDF_DAMAGED),
    "pdf that counts wrong": _bad("a.pdf", lambda: blank_pdf(3, kids=b"3 0 R 4 0 R"), Code.PDF_DAMAGED),
    "pdf without pages": _bad("a.pdf", lambda: blank_pdf(0), Code.PDF_NO_PAGES),
    "pdf with too many pages": _bad("a.pdf", lambda: blank_pdf(2500), Code.TOO_MANY_PAGES),
    "pdf page of no size": _bad("a.pdf", lambda: blank_pdf(1, b"[0 0 0 0]"), Code.PAGE_ZERO_SIZE),
    "pdf page without box": _bad("a.pdf", lambda: blank_pdf(1, b"null"), Code.PAGE_ZERO_SIZE),
    "pdf page as large as a house": _bad("a.pdf", lambda: blank_pdf(1, b"[0 0 90000 90000]"), Code.PAGE_TOO_LARGE),
    "tiff without directory": _bad("a.tif", lambda: struct.pack("<2sHI", b"II", 42, 0), Code.TIFF_NO_PAGES),
    "tiff in a loop": _bad("a.tif", looped_tiff, Code.IMAGE_DAMAGED),
    "tiff bomb": _bad("a.tif", group4_bomb, Code.IMAGE_BOMB),
    "tiff lzw bomb": _bad("a.tif", lzw_bomb, Code.IMAGE_BOMB),
    "png bomb": _bad("a.png", png_bomb, Code.IMAGE_BOMB),
    "png text bomb": _bad("a.png", png_text_bomb, Code.IMAGE_BOMB),
    "pdf picture bomb": _bad("a.pdf", pdf_image_bomb, Code.IMAGE_BOMB),
}
"""Every kind by a few words that name it."""
