"""From the bytes of a page image to pixels. The bytes are hostile: sizes are checked before anything is decoded."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final

import cv2
import numpy as np
from PIL import Image as Pictures

from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from ocr.arrays import Gray, Image
from ocr.rules import SizeLimits

_JPEG_START: Final = b"\xff\xda"
_JPEG_END: Final = b"\xff\xd9"
_CMYK: Final = 4
# Scans finer than this are decoded at half size: twice the 300 dpi that reading ever uses.
_HALVED_DPI: Final = 560.0
# An A0 drawing in colour at 300 dpi takes 1.4 GB at full size.
_VAST: Final = 2
_BAND_ROWS: Final = 512


def decode(data: bytes, scan: PageScan, limits: SizeLimits) -> Image:
    """Return the pixels of a page as they lie in the file: no turn of Exif or PDF is applied.

    Args:
        data: JPEG stream, bare G4 data or PNG, as `scan.encoding` says.
        scan: Geometry and coding. The pixels must have its width and height.
        limits: Bounds on pixels.

    Returns:
        Gray for one channel, else blue, green, red. JPEG scans finer than 560 dpi come at half size, and so does
        every scan with more than twice the pixels that reading works on: it would be scaled down further anyway.

    Raises:
        Rejected: IMAGE_BOMB when there are more pixels than allowed, PAGE_ZERO_SIZE when a side is too short,
            IMAGE_DAMAGED when the bytes do not decode, are cut off or do not have the size that `scan` says.
    """
    _check_size(scan.width, scan.height, limits)
    vast = scan.width * scan.height > _VAST * limits.most_working_pixels
    if scan.encoding is Encoding.G4:
        return _decode_g4(data, scan, halved=vast)
    _check_header(data, scan)
    if scan.encoding is Encoding.JPEG and scan.channels == _CMYK:
        return _decode_cmyk(data, scan, halved=vast)
    fine = scan.encoding is Encoding.JPEG and min(scan.dpi_x, scan.dpi_y) > _HALVED_DPI
    return _decode_rgb(data, scan, halved=fine or vast)


def _check_size(width: int, height: int, limits: SizeLimits) -> None:
    if width * height > limits.most_pixels:
        raise Rejected(Code.IMAGE_BOMB, f"{width}x{height} pixels")
    if min(width, height) < limits.least_side:
        raise Rejected(Code.PAGE_ZERO_SIZE, f"{width}x{height} pixels")


def _check_header(data: bytes, scan: PageScan) -> None:
    expected = "JPEG" if scan.encoding is Encoding.JPEG else "PNG"
    try:
        with warnings.catch_warnings():
            # The size has been checked against our own limit; this is only about the header's claim.
            warnings.simplefilter("ignore", Pictures.DecompressionBombWarning)
            size = Pictures.open(io.BytesIO(data), formats=[expected]).size
    except Pictures.DecompressionBombError as exc:
        raise Rejected(Code.IMAGE_BOMB, "the header says so") from exc
    except (OSError, SyntaxError, ValueError, struct.error) as exc:
        raise _damaged("the header does not parse") from exc
    if size != (scan.width, scan.height):
        raise _damaged(f"{size[0]}x{size[1]} pixels instead of {scan.width}x{scan.height}")
    # A cut JPEG decodes to a gray rest without an error, and no page must lose its lower half in silence.
    if expected == "JPEG" and data.rfind(_JPEG_END) < data.rfind(_JPEG_START):
        raise _damaged("the stream is cut off")


def _decode_rgb(data: bytes, scan: PageScan, *, halved: bool) -> Image:
    if scan.channels == 1:
        mode = cv2.IMREAD_REDUCED_GRAYSCALE_2 if halved else cv2.IMREAD_GRAYSCALE
    else:
        mode = cv2.IMREAD_REDUCED_COLOR_2 if halved else cv2.IMREAD_COLOR
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), mode | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as exc:
        if exc.code == cv2.Error.StsNoMem:
            raise
        raise _damaged("the decoder gave up") from exc
    if pixels is None:
        raise _damaged("the decoder gave up")
    return np.asarray(pixels, np.uint8)


def _decode_cmyk(data: bytes, scan: PageScan, *, halved: bool) -> Image:
    picture = Pictures.open(io.BytesIO(data), formats=["JPEG"])
    if halved:
        picture.draft(None, (scan.width // 2, scan.height // 2))
    try:
        ink = np.asarray(picture)
    except (OSError, SyntaxError, ValueError) as exc:
        raise _damaged("the decoder gave up") from exc
    # Pillow takes every such file for one of Adobe's and has turned the values over already.
    if not scan.inverted:
        ink = 255 - ink
    light = 255 - ink.astype(np.uint16)
    rgb = light[:, :, :3] * light[:, :, 3:] // 255
    return np.ascontiguousarray(rgb[:, :, ::-1].astype(np.uint8))


def _decode_g4(data: bytes, scan: PageScan, *, halved: bool) -> Gray:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on a file that we wrote around hostile data
            page = Pictures.open(io.BytesIO(_tiff_of_g4(data, scan)), formats=["TIFF"])
            pixels = _halved(page) if halved else np.asarray(page.convert("L"), np.uint8)
    except Pictures.DecompressionBombError as exc:
        raise Rejected(Code.IMAGE_BOMB, "the header says so") from exc
    except (OSError, SyntaxError, ValueError) as exc:
        raise _damaged("the decoder gave up") from exc
    # Which of the two runs is ink differs between writers: a page is mostly paper.
    return pixels if float(pixels.mean()) >= 127 else np.asarray(255 - pixels, np.uint8)  # noqa: PLR2004 - half


def _halved(page: Pictures.Image) -> Gray:
    """Return a bitonal page in gray at half size, made in bands: the whole is never there in gray."""
    width, height = page.size
    tops = range(0, height, _BAND_ROWS)
    bands = (page.crop((0, top, width, min(top + _BAND_ROWS, height))) for top in tops)
    return np.concatenate([np.asarray(band.convert("L").reduce(2), np.uint8) for band in bands])


def _tiff_of_g4(data: bytes, scan: PageScan) -> bytes:
    """Wrap bare G4 data into the smallest TIFF that holds it: one strip, black runs are ink."""
    tags = (
        (256, 4, scan.width),
        (257, 4, scan.height),
        (258, 3, 1),
        (259, 3, 4),
        (262, 3, 0),
        (273, 4, 8 + 2 + 9 * 12 + 4),
        (277, 3, 1),
        (278, 4, scan.height),
        (279, 4, len(data)),
    )
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + entries + struct.pack("<I", 0) + data


def _damaged(detail: str) -> Rejected:
    return Rejected(Code.IMAGE_DAMAGED, detail)
