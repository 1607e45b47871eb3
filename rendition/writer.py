"""Writes a document as PDF/A-2b: image and invisible text, page by page, without Ghostscript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from dossier.page import PageReading
from dossier.scan import PageScan
from rendition import mark, syntax
from rendition.colour import NAME, srgb_profile
from rendition.fonts import SerifFont, find_serif, put_serif, serif_for
from rendition.geometry import Sheet
from rendition.glyphless import InvisibleFont
from rendition.images import put_image
from rendition.metadata import RenditionMeta, put_info, put_xmp
from rendition.sink import PdfSink
from rendition.textlayer import FONT, text_layer

__all__ = ["RenditionMeta", "RenditionPage", "RenditionResult", "write_pdfa"]


@dataclass(frozen=True, slots=True)
class RenditionPage:
    """One page to write: the scan, its bytes as archived, and what was read on it."""

    scan: PageScan
    data: bytes
    reading: PageReading


@dataclass(frozen=True, slots=True)
class RenditionResult:
    """The file as written: lower-case hex SHA-256, size in bytes, number of pages."""

    sha256: str
    size: int
    pages: int


def write_pdfa(target: BinaryIO, pages: Iterable[RenditionPage], meta: RenditionMeta) -> RenditionResult:
    """Write a document as PDF/A-2b (ISO 19005-2) with two layers.

    The image fills its page at the size of the paper and is never turned nor levelled: /Rotate shows it upright, and
    each word lies, invisible, over its place on it. JPEG and G4 bytes are embedded as they are (see
    `rendition.images`). Page 1 carries the conversion mark. The same pages and metadata give the same bytes.

    Args:
        target: Written front to back, never read nor moved.
        pages: Taken one at a time, each let go before the next is asked for.
        meta: What the file says of itself; its `pages` must be the number of pages that come.

    Returns:
        Digest and size of what was written.

    Raises:
        Rejected: IMAGE_DAMAGED, PAGE_ZERO_SIZE, PAGE_TOO_LARGE or RENDITION_TOO_LARGE; what was written is no PDF.
        Unavailable: FONT_MISSING, no font for the mark; DISK_FULL.
        ValueError: More or fewer pages came than `meta` tells, or a reading is not of its scan.
    """
    serif = serif_for(mark.mark_text(meta.converter, meta.created_at), find_serif())
    book = _Book(PdfSink(target), meta, serif)
    for page in pages:
        book.add(page)
        del page  # before the next one is made: two pages of pixels are never held
    return book.close()


class _Book:
    """A document being written."""

    def __init__(self, sink: PdfSink, meta: RenditionMeta, serif: SerifFont) -> None:
        self._sink = sink
        self._meta = meta
        self._tree = sink.reserve()
        self._words = InvisibleFont(sink)
        self._serif = serif
        self._kids: list[int] = []

    def add(self, page: RenditionPage) -> None:
        """Write one page."""
        sheet = _sheet(page)
        resources: dict[str, bytes] = {}
        content = text_layer(page.reading, sheet, self._words)
        if content:
            resources["Font"] = syntax.dictionary(**{FONT: syntax.reference(self._words.obj)})
        if not self._kids:
            content += self._mark(sheet)
            resources["Font"] = self._first_fonts()
            resources["ExtGState"] = syntax.dictionary(**{mark.VEIL: mark.VEIL_STATE})
        image = put_image(self._sink, page.scan, page.data)
        resources["XObject"] = syntax.dictionary(Scan=syntax.reference(image))
        place = b"q %s 0 0 %s 0 0 cm /Scan Do Q\n" % (syntax.number(sheet.width), syntax.number(sheet.height))
        contents = self._sink.deflated(place + content)
        self._kids.append(self._sink.put(self._page(sheet, contents, resources)))

    def close(self) -> RenditionResult:
        """Write what belongs to the whole document."""
        if len(self._kids) != self._meta.pages:
            raise ValueError(f"{self._meta.pages} pages were announced, {len(self._kids)} came")
        self._words.close()
        kids = b"[" + b" ".join(map(syntax.reference, self._kids)) + b"]"
        tree = syntax.dictionary(Type=b"/Pages", Count=b"%d" % len(self._kids), Kids=kids)
        self._sink.put(tree, self._tree)
        root = self._sink.put(self._catalogue())
        digest = self._sink.close(root, put_info(self._sink, self._meta))
        return RenditionResult(digest, self._sink.size, len(self._kids))

    def _mark(self, sheet: Sheet) -> bytes:
        text = mark.mark_text(self._meta.converter, self._meta.created_at)
        return mark.draw_mark(text, mark.rule_on(self._meta.created_at.date()), sheet, self._serif)

    def _first_fonts(self) -> bytes:
        serif = put_serif(self._sink, self._serif)
        return syntax.dictionary(**{FONT: syntax.reference(self._words.obj), mark.FONT: syntax.reference(serif)})

    def _page(self, sheet: Sheet, contents: int, resources: dict[str, bytes]) -> bytes:
        return syntax.dictionary(
            Type=b"/Page",
            Parent=syntax.reference(self._tree),
            MediaBox=syntax.array((0, 0, sheet.width, sheet.height)),
            Rotate=b"%d" % sheet.turn,
            Resources=syntax.dictionary(**resources),
            Contents=syntax.reference(contents),
        )

    def _catalogue(self) -> bytes:
        intent = syntax.dictionary(
            Type=b"/OutputIntent",
            S=b"/GTS_PDFA1",
            OutputConditionIdentifier=b"(" + NAME.encode() + b")",
            Info=b"(" + NAME.encode() + b")",
            DestOutputProfile=syntax.reference(self._sink.deflated(srgb_profile(), N=b"3")),
        )
        return syntax.dictionary(
            Type=b"/Catalog",
            Pages=syntax.reference(self._tree),
            Metadata=syntax.reference(put_xmp(self._sink, self._meta)),
            Lang=b"(vi-VN)",
            ViewerPreferences=b"<</DisplayDocTitle true>>",
            OutputIntents=b"[" + intent + b"]",
        )


def _sheet(page: RenditionPage) -> Sheet:
    scan, transform = page.scan, page.reading.transform
    if (transform.scan_width, transform.scan_height) != (scan.width, scan.height):
        raise ValueError("the reading is not of this scan")
    return Sheet.of(scan, transform.turn)
