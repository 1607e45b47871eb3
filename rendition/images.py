"""Page images as PDF image streams: JPEG and G4 data as they came, anything else encoded once."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from rendition import syntax
from rendition.sink import PdfSink

_QUALITY = 90
_CMYK = 4
_STRIP_OFFSETS, _STRIP_SIZES, _ROWS_PER_STRIP = 273, 279, 278
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


def put_image(sink: PdfSink, scan: PageScan, data: bytes) -> int:
    """Write the image of a page and return its object number.

    JPEG (gray, RGB) and G4 bytes are embedded as they are; `black_is_1` of a G4 scan is the /BlackIs1 that shows it
    right as DeviceGray: false when the coded black runs are the ink. Pixels (PNG) are encoded once: two-valued ones as
    G4, which loses nothing, others as JPEG quality 90. CMYK has no place under an sRGB output intent (ISO 19005-2,
    6.2.4.3): it is the one JPEG that is decoded, turned to RGB and encoded again.

    Raises:
        Rejected: IMAGE_DAMAGED, the pixels cannot be decoded or are not of the size told.
    """
    if scan.encoding is Encoding.G4:
        return _put_g4(sink, scan, data, black_is_1=scan.black_is_1)
    if scan.encoding is Encoding.JPEG and scan.channels != _CMYK:
        return _put_jpeg(sink, scan, data, gray=scan.channels == 1)
    try:
        image = _rgb_of_cmyk(scan, data) if scan.encoding is Encoding.JPEG else _pixels(scan, data)
    except _BROKEN as exc:
        raise Rejected(Code.IMAGE_DAMAGED, f"{scan.encoding} page image: {type(exc).__name__}") from exc
    if image.mode == "1":
        return _put_g4(sink, scan, _group4(image), black_is_1=False)
    return _put_jpeg(sink, scan, _jpeg(image), gray=image.mode == "L")


def _put_jpeg(sink: PdfSink, scan: PageScan, data: bytes, *, gray: bool) -> int:
    space = b"/DeviceGray" if gray else b"/DeviceRGB"
    return sink.stream(data, **_entries(scan, space, 8), Filter=b"/DCTDecode")


def _put_g4(sink: PdfSink, scan: PageScan, data: bytes, *, black_is_1: bool) -> int:
    parameters = syntax.dictionary(
        K=b"-1",
        Columns=b"%d" % scan.width,
        Rows=b"%d" % scan.height,
        BlackIs1=b"true" if black_is_1 else b"false",
    )
    entries = _entries(scan, b"/DeviceGray", 1)
    return sink.stream(data, **entries, Filter=b"/CCITTFaxDecode", DecodeParms=parameters)


def _entries(scan: PageScan, space: bytes, bits: int) -> dict[str, bytes]:
    return {
        "Type": b"/XObject",
        "Subtype": b"/Image",
        "Width": b"%d" % scan.width,
        "Height": b"%d" % scan.height,
        "ColorSpace": space,
        "BitsPerComponent": b"%d" % bits,
    }


def _rgb_of_cmyk(scan: PageScan, data: bytes) -> Image.Image:
    image = JpegImageFile(io.BytesIO(data))
    _same_size(image, scan)
    ink = image.copy()
    # Pillow turns the values of files with an Adobe marker round; the scan tells what its source meant.
    if scan.inverted != ("adobe" in image.info):
        ink = ImageChops.invert(ink)
    return ink.convert("RGB")


def _pixels(scan: PageScan, data: bytes) -> Image.Image:
    image = PngImageFile(io.BytesIO(data))
    _same_size(image, scan)
    if image.mode == "1":
        return image.copy()
    if image.mode.startswith("I"):
        # Pillow clips 16-bit gray when it converts; the high byte is the 8-bit value.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image_over = Image.new("RGBA", image.size, "white")
        image_over.alpha_composite(image.convert("RGBA"))
        return image_over.convert("L" if image.mode == "LA" else "RGB")
    return _bitonal(image) if image.mode == "L" else image.convert("RGB")


def _bitonal(image: Image.Image) -> Image.Image:
    """Return gray pixels that are only black and white as such, others as they are."""
    counted = image.getcolors(2)
    if counted and {value for _, value in counted} <= {0, 255}:
        return image.convert("1", dither=Image.Dither.NONE)
    return image.copy()


def _same_size(image: Image.Image, scan: PageScan) -> None:
    if image.size != (scan.width, scan.height):
        raise Rejected(Code.IMAGE_DAMAGED, "the page image is not of the size told")


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Full colour resolution: where a red seal crosses a signature, the edge of each ink may matter as evidence.
    image.save(out, "JPEG", quality=_QUALITY, subsampling="4:4:4")
    return out.getvalue()


def _group4(image: Image.Image) -> bytes:
    """Return bare group 4 data of one strip whose black runs are ink."""
    out = io.BytesIO()
    # The coder takes set bits for black runs, Pillow sets the bits of white.
    ImageChops.invert(image).save(out, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: image.height})
    out.seek(0)
    tags = TiffImageFile(out).tag_v2
    offsets, sizes = tags[_STRIP_OFFSETS], tags[_STRIP_SIZES]
    if len(offsets) != 1:
        raise ValueError("the TIFF coder split the page into strips")
    return out.getvalue()[offsets[0] : offsets[0] + sizes[0]]
