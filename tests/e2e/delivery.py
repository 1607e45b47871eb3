"""Dossier folders made of the sample set's pages: small, and with equal pages where that matters."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
from PIL import Image

from samples.make import SampleSet

FIRST, SECOND, THIRD = "H99.27.12-260302-0003", "H99.27.12-260316-0007", "H99.27.14-260211-0008"
_INK = 150


def scan_of(samples: SampleSet, code: str, name: str) -> Path:
    """Return a file of the sample set."""
    return samples.target / code / name


def certificate(samples: SampleSet) -> Path:
    """Return the one-page JPEG scan of a birth notice."""
    return scan_of(samples, FIRST, "giay-chung-sinh/giay_chung_sinh.jpg")


def put(folder: Path, name: str, source: Path) -> Path:
    """Copy a file into a dossier folder under a name and return where it lies."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(source, target))


def jpeg_pdf(path: Path, *scans: Path, dpi: int = 200) -> Path:
    """Write a PDF of one JPEG a page; the bytes of the pictures are kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as document:
        for scan in scans:
            with Image.open(scan) as image:
                wide, high = image.size
            picture = document.make_stream(
                scan.read_bytes(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=wide,
                Height=high,
                ColorSpace=pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            page = document.add_blank_page(page_size=(wide * 72 / dpi, high * 72 / dpi))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
            page.Contents = document.make_stream(b"q %f 0 0 %f 0 0 cm /Im0 Do Q" % tuple(map(float, page.mediabox[2:])))
        document.save(path)
    return path


def slip(path: Path, scan: Path, *, top: float = 0.0, dpi: int = 200) -> Path:
    """Write a third of a scan as a JPEG: a page that is read quickly."""
    with Image.open(scan) as image:
        start = int(image.height * top)
        image.crop((0, start, image.width, start + image.height // 3)).save(path, "JPEG", quality=85, dpi=(dpi, dpi))
    return path


def png(path: Path, scan: Path, *, dpi: int = 200) -> Path:
    """Write a scan as a PNG in black and white, which no step may change."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _inked(scan).convert("1").save(path, "PNG", dpi=(dpi, dpi))
    return path


def lzw_tiff(path: Path, *scans: Path, dpi: int = 200) -> Path:
    """Write scans as the pages of an LZW TIFF: gray pixels, but only black and white ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *others = (_inked(scan) for scan in scans)
    first.save(path, "TIFF", save_all=True, append_images=others, compression="tiff_lzw", dpi=(dpi, dpi))
    return path


def _inked(scan: Path) -> Image.Image:
    with Image.open(scan) as image:
        return image.convert("L").point(lambda value: 255 * (value > _INK))
