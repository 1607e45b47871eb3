"""PDF files: a page that is one picture gives that picture, any other page is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pypdf.generic import ArrayObject, DictionaryObject

from dossier.errors import Code, Rejected
from dossier.scan import PageScan
from ingest.limits import Limits
from ingest.pdf_image import image_dictionary, take_image
from ingest.pdf_placement import image_objects, sole_image
from ingest.pdf_structure import PdfStructure, check_complete, damaged_pdf, resolved
from ingest.pictures import check_paper, check_points, check_size, coded, guarded, is_gray, scan_of
from ingest.resolution import Resolution
from ingest.taken import TakenPage, taken

_POINTS_PER_INCH = 72.0
# pdfium keeps what it has read of a file until the file is closed.
_REOPEN_BYTES, _REOPEN_PAGES = 32 << 20, 100
_LOCKED = {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}


class PdfFile:
    """An open PDF as a source of pages.

    A broken cross-reference table is tolerated as long as two independent readers find the same pages.

    Raises:
        Rejected: FILE_TRUNCATED, PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_PAGES, TOO_MANY_PAGES, PAGE_ZERO_SIZE,
            PAGE_TOO_LARGE.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        check_complete(path)
        self._path = path
        self._limits = limits
        self._bytes_taken = self._pages_taken = 0
        self._structure = PdfStructure(path, limits)  # first: pdfium cannot tell a PDF without pages from a broken one
        self._document = open_document(path)
        if len(self._document) != len(self._structure.pages):
            counts = f"{len(self._document)} and {len(self._structure.pages)}"
            raise Rejected(Code.PDF_DAMAGED, f"two readers find {counts} pages")
        for page in self._structure.pages:
            with damaged_pdf():
                check_points(_sheet_points(page), limits)
        self.signed = self._structure.is_signed()

    @property
    def pages(self) -> int:
        """Number of pages."""
        return len(self._structure.pages)

    def close(self) -> None:
        """Let go of the file."""
        self._document.close()
        self._structure.close()

    def take(self, number: int) -> TakenPage:
        """Return page `number`, from 1.

        Raises:
            Rejected: PDF_DAMAGED, IMAGE_BOMB, IMAGE_DAMAGED, FILE_TRUNCATED, PAGE_TOO_LARGE.
        """
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as exc:
            raise Rejected(Code.PDF_DAMAGED, f"page {number} cannot be opened") from exc
        try:
            scan, data = self._page(page, self._structure.pages[number - 1])
        except pdfium.PdfiumError as exc:
            raise Rejected(Code.PDF_DAMAGED, f"page {number} cannot be drawn") from exc
        finally:
            page.close()
        self._let_go(len(data))
        check_paper(scan, self._limits)
        return taken(number, scan, data)

    def _let_go(self, size: int) -> None:
        self._bytes_taken += size
        self._pages_taken += 1
        if self._bytes_taken >= _REOPEN_BYTES or self._pages_taken >= _REOPEN_PAGES:
            self._document.close()
            self._document = open_document(self._path)
            self._bytes_taken = self._pages_taken = 0

    def _page(self, page: pdfium.PdfPage, entry: DictionaryObject) -> tuple[PageScan, bytes]:
        for image in image_objects(page):
            check_size(image.get_px_size(), self._limits)
        with damaged_pdf():
            unit = _user_unit(entry)
            found = self._picture(page, entry)
        if found is None:
            return self._drawn(page, unit)
        scan, data = found
        return (scan, data) if unit == 1 else (_scaled(scan, unit), data)

    def _picture(self, page: pdfium.PdfPage, entry: DictionaryObject) -> tuple[PageScan, bytes] | None:
        placement = sole_image(page)
        picture = image_dictionary(entry, placement.image) if placement else None
        if placement is None or picture is None:
            return None
        return take_image(placement, picture, self._limits, page.get_rotation())

    def _drawn(self, page: pdfium.PdfPage, unit: float) -> tuple[PageScan, bytes]:
        dpi = self._limits.raster_dpi
        scale = dpi / _POINTS_PER_INCH * unit
        width, height = page.get_size()
        if width * scale * height * scale > self._limits.max_pixels_per_page:
            raise Rejected(Code.PAGE_TOO_LARGE, f"{width * unit:.0f} x {height * unit:.0f} points to be drawn")
        drawn = page.render(scale=scale, prefer_bgrx=False).to_pil()
        with guarded():
            colour = drawn.convert("RGB") if drawn.mode != "L" else drawn
            if colour.mode == "RGB" and is_gray(colour):
                colour = colour.getchannel(0)
            coding = coded(colour)
        scan = scan_of(coding, colour.size, Resolution(dpi, dpi, assumed=False))
        return _resampled(scan), coding.data


def open_document(path: Path) -> pdfium.PdfDocument:
    """Return the document with its form fields drawn.

    Raises:
        Rejected: PDF_ENCRYPTED, PDF_DAMAGED.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as exc:
        if exc.err_code in _LOCKED:
            raise Rejected(Code.PDF_ENCRYPTED) from exc
        raise Rejected(Code.PDF_DAMAGED, "cannot be opened") from exc
    document.init_forms()
    return document


def _sheet_points(page: DictionaryObject) -> tuple[float, float]:
    box = resolved(page.get("/CropBox")) or resolved(page.get("/MediaBox"))
    if not isinstance(box, ArrayObject) or len(box) != 4:  # noqa: PLR2004 - two corners
        raise Rejected(Code.PAGE_ZERO_SIZE, "page without a media box")
    left, bottom, right, top = (float(str(resolved(value))) for value in box)
    unit = _user_unit(page)
    return abs(right - left) * unit, abs(top - bottom) * unit


def _user_unit(page: DictionaryObject) -> float:
    """Return the size of a page unit in points (ISO 32000-1 table 30); pdfium leaves it out."""
    return float(str(resolved(page.get("/UserUnit", 1))))


def _scaled(scan: PageScan, unit: float) -> PageScan:
    return replace(scan, dpi_x=scan.dpi_x / unit, dpi_y=scan.dpi_y / unit)


def _resampled(scan: PageScan) -> PageScan:
    return replace(scan, resampled=True)
