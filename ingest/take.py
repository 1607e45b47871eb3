"""Take pages out of a file, in this process. For files from outside use `ingest.confined.BoundedTaker`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from dossier.errors import Code, Rejected
from ingest.limits import Limits
from ingest.pdf_file import PdfFile
from ingest.picture_file import PictureFile
from ingest.sniff import PDF, TIFF
from ingest.taken import Inspection, PageSource, TakenPage
from ingest.tiff_file import TiffFile

__all__ = ["Inspection", "TakenPage", "inspect", "open_source", "take_pages"]


def inspect(path: Path, media_type: str, limits: Limits) -> Inspection:
    """Look at a file before anything of it is kept.

    Args:
        path: A regular file.
        media_type: What `ingest.sniff.sniff` found.
        limits: Bounds.

    Returns:
        Page count, and whether there is an electronic signature in it, valid or not.

    Raises:
        Rejected: The file's own codes (FILE_*, IMAGE_*, TIFF_*, PDF_*, PAGE_*, TOO_MANY_PAGES).
    """
    with closing(open_source(path, media_type, limits)) as source:
        return Inspection(source.pages, source.signed, media_type)


def take_pages(path: Path, media_type: str, limits: Limits) -> Iterator[TakenPage]:
    """Yield the pages of a file in order, one in memory at a time.

    A scan comes out with the very bytes it was stored with wherever one of our codings allows it (see
    `dossier.scan`); bilevel pixels in any other coding become G4, all others PNG, both without loss. Only a PDF page
    that is more than one picture is drawn, at `limits.raster_dpi`, and says so (`scan.resampled`).

    Raises:
        Rejected: As `inspect`, or when a page is reached that cannot be taken.
    """
    with closing(open_source(path, media_type, limits)) as source:
        for number in range(1, source.pages + 1):
            yield source.take(number)


def open_source(path: Path, media_type: str, limits: Limits) -> PageSource:
    """Return the file as a source of pages; the caller closes it."""
    if path.stat().st_size > limits.max_file_bytes:
        raise Rejected(Code.FILE_TOO_LARGE, f"{path.stat().st_size} bytes")
    if media_type == PDF:
        return PdfFile(path, limits)
    if media_type == TIFF:
        return TiffFile(path, limits)
    return PictureFile(path, media_type, limits)
