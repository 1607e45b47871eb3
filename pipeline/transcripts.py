"""The stored readings of a document in the formats that other archives take in: a file a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from dossier.model import Page
from dossier.page import PageReading
from pipeline.readings import readings_of
from pipeline.services import Services
from rendition.alto import write_alto
from rendition.hocr import write_hocr
from rendition.transcript import Transcript

FORMS: Mapping[str, tuple[str, Callable[[Transcript], bytes]]] = MappingProxyType(
    {"alto": (".alto.xml", write_alto), "hocr": (".hocr", write_hocr)}
)


def transcripts(own_pages: list[Page], forms: Collection[str], services: Services) -> Iterator[tuple[str, bytes]]:
    """Yield file name and bytes of each page of a document in each form, one page at a time.

    Args:
        own_pages: The document's pages in order; file names count them from 001.
        forms: Names out of `FORMS`; none reads nothing.
        services: Where the readings are.

    Raises:
        Rejected: OBJECT_MISSING, OBJECT_DAMAGED: a reading is not what was archived.
    """
    if not forms:
        return
    for number, (page, reading) in enumerate(zip(own_pages, readings_of(own_pages, services), strict=True), start=1):
        transcript = Transcript(reading, number, page.file_name, page.scan_sha256, _dpi(page, reading))
        for form, (suffix, write) in FORMS.items():
            if form in forms:
                yield f"{number:03}{suffix}", write(transcript)


def _dpi(page: Page, reading: PageReading) -> tuple[float, float] | None:
    """Return the scan's resolution; None for text that came written, whose boxes are in pixels of their own."""
    own = (reading.transform.scan_width, reading.transform.scan_height)
    return (page.scan.dpi_x, page.scan.dpi_y) if own == (page.scan.width, page.scan.height) else None
