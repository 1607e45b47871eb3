"""Writes scans as the files that scanners and copiers deliver: PDF, TIFF, JPEG, PNG."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from samples.degrade import Scan
from samples.pdf_objects import Objects

_PRODUCER = "May quet mau SK-7200"
_WHITE_IS_ZERO = {262: 0}
_STRIP_OFFSETS, _STRIP_COUNTS, _ROWS_PER_STRIP = 273, 279, 278
_CUT = 0.62


def write(container: str, scans: list[Scan]) -> bytes:
    """Return the bytes of one file that holds the scans."""
    return _WRITERS[container](scans)


def jpeg(scan: Scan, quality: int = 76) -> bytes:
    """Return one page as JFIF with its resolution; colour is subsampled as scanners do."""
    out = io.BytesIO()
    Image.fromarray(scan.pixels).save(out, "JPEG", quality=quality, dpi=(scan.dpi, scan.dpi), subsampling=2)
    return out.getvalue()


def _jpeg_file(scans: list[Scan]) -> bytes:
    return jpeg(scans[0], 80)


def _png_file(scans: list[Scan]) -> bytes:
    """Return a PNG as a copier's "text" mode makes it: 16 levels of gray."""
    gray = np.asarray(Image.fromarray(scans[0].pixels).convert("L"))
    levels = ((gray.astype(np.uint16) * 15 + 127) // 255 * 17).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(levels).save(out, "PNG", dpi=(scans[0].dpi, scans[0].dpi), optimize=False, compress_level=6)
    return out.getvalue()


def _pdf(scans: list[Scan]) -> bytes:
    objects = Objects()
    for scan in scans:
        high, wide = scan.pixels.shape[:2]
        size = (wide * 72.0 / scan.dpi, high * 72.0 / scan.dpi)
        image = objects.stream(*(_fax_image(scan) if scan.bitonal else _dct_image(scan)))
        content = f"q {size[0]:.2f} 0 0 {size[1]:.2f} 0 0 cm /Im0 Do Q".encode()
        objects.page(size, f"/XObject << /Im0 {image} 0 R >>", content)
    return objects.written(_PRODUCER)


def _cut_pdf(scans: list[Scan]) -> bytes:
    """Return a PDF whose copying broke off: its last pages and its cross-reference table are missing."""
    whole = _pdf(scans)
    return whole[: int(len(whole) * _CUT)]


def _entries(scan: Scan, space: str, bits: int) -> str:
    high, wide = scan.pixels.shape[:2]
    return f"/Type /XObject /Subtype /Image /Width {wide} /Height {high} /ColorSpace /{space} /BitsPerComponent {bits}"


def _dct_image(scan: Scan) -> tuple[str, bytes]:
    space = "DeviceGray" if scan.gray else "DeviceRGB"
    return f"{_entries(scan, space, 8)} /Filter /DCTDecode", jpeg(scan)


def _fax_image(scan: Scan) -> tuple[str, bytes]:
    high, wide = scan.pixels.shape[:2]
    single = _tiff([scan], "group4", {**_WHITE_IS_ZERO, _ROWS_PER_STRIP: high})
    with Image.open(io.BytesIO(single)) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        start, length = tags[_STRIP_OFFSETS][0], tags[_STRIP_COUNTS][0]
    parms = f"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {wide} /Rows {high} >>"
    return f"{_entries(scan, 'DeviceGray', 1)} {parms}", single[start : start + length]


def _tiff(scans: list[Scan], compression: str, tags: dict[int, int] | None = None) -> bytes:
    images = [Image.fromarray(scan.pixels) for scan in scans]
    if compression == "group4":
        images = [image.convert("1", dither=Image.Dither.NONE) for image in images]
    out = io.BytesIO()
    dpi = (float(scans[0].dpi), float(scans[0].dpi))
    options: dict[str, object] = {"quality": 78} if compression == "jpeg" else {}
    images[0].save(
        out,
        "TIFF",
        save_all=True,
        append_images=images[1:],
        compression=compression,
        dpi=dpi,
        tiffinfo=tags or {},
        **options,
    )
    return out.getvalue()


def _tiff_g4(scans: list[Scan]) -> bytes:
    return _tiff(scans, "group4", _WHITE_IS_ZERO)


def _tiff_lzw(scans: list[Scan]) -> bytes:
    grays = [Scan(_levels(scan), scan.dpi, scan.lines, scan.skew, scan.upside_down, bitonal=False) for scan in scans]
    return _tiff(grays, "tiff_lzw")


def _levels(scan: Scan) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return 16 levels of gray: LZW of full noise would be larger than the pixels."""
    gray = np.asarray(Image.fromarray(scan.pixels).convert("L"))
    return ((gray.astype(np.uint16) * 15 + 127) // 255 * 17).astype(np.uint8)


def _tiff_jpeg(scans: list[Scan]) -> bytes:
    return _tiff(scans, "jpeg")


_WRITERS: dict[str, Callable[[list[Scan]], bytes]] = {
    "pdf": _pdf,
    "cut-pdf": _cut_pdf,
    "tiff-g4": _tiff_g4,
    "tiff-lzw": _tiff_lzw,
    "tiff-jpeg": _tiff_jpeg,
    "jpeg": _jpeg_file,
    "png": _png_file,
}
