"""Pictures of pages: drawn of the form that is archived or waits, upright, and kept for a while."""

from __future__ import annotations

from starlette.responses import Response

from catalog import Transaction, pages, renditions
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.model import Page as ScannedPage
from dossier.page import PageReading
from dossier.people import Permission
from pipeline.readings import stored_reading
from web.rules import Page, Rule, Subject
from web.visit import Visit

_WIDTHS = {"small": 160, "screen": 1240, "large": 2200}
_HEADERS = {"cache-control": "private, max-age=600"}


def picture(visit: Visit) -> Response:
    """Give the picture of a page, upright."""
    width, number = _WIDTHS.get(visit.parameters["size"]), visit.parameters["number"]
    if width is None or not number.isascii() or not number.isdigit() or len(number) > 6:  # noqa: PLR2004 - digits
        raise Rejected(Code.PAGE_UNKNOWN)
    return _drawn(visit, int(number), width)


def thumbnail(visit: Visit) -> Response:
    """Give a small picture of a page: one of those beside each other, so the log has one line for all of them."""
    return _drawn(visit, visit.number("page", 1), _WIDTHS["small"])


def reading_of(visit: Visit, page: ScannedPage) -> PageReading:
    """Return what was read on a page."""
    return stored_reading(page.words, visit.house.services)


def paper_of(tx: Transaction, document: Document) -> renditions.Stored:
    """Return the form of a document that has its pictures: the signed one, or what waits to be signed.

    Raises:
        Rejected(PAGE_UNKNOWN): It has neither yet.
    """
    found = {stored.role: stored for stored in renditions.of_document(tx, document.id)}
    for role in (renditions.SIGNED, renditions.ORIGINAL, renditions.COMPARED, renditions.UNSIGNED):
        if role in found:
            return found[role]
    raise Rejected(Code.PAGE_UNKNOWN, "no picture yet")


def turns_of(tx: Transaction, document: Document, visit: Visit) -> list[int]:
    """Return by how many degrees each page is turned clockwise to be upright."""
    found = pages.by_ids(tx, document.page_ids)
    return [reading_of(visit, page).transform.turn if page.words else 0 for page in found]


def _drawn(visit: Visit, number: int, width: int) -> Response:
    document: Document = visit.its_document()
    services, house = visit.house.services, visit.house
    if not 1 <= number <= len(document.page_ids):
        raise Rejected(Code.PAGE_UNKNOWN)
    with services.catalogue.read() as tx:
        (page,) = pages.by_ids(tx, [document.page_ids[number - 1]])
        stored = paper_of(tx, document)
    turn = reading_of(visit, page).transform.turn if page.words else 0
    key = (stored.ref.sha256, number, width)
    made = house.pictures.kept(key)
    if made is None:
        with services.local_copy(stored.ref) as path:
            made = house.pictures.make(key, path, number, turn, width)
    return Response(made, media_type="image/jpeg", headers=_HEADERS)


PAGES = (
    Page(
        "GET",
        "/documents/{document}/pages/{number}/{size}.jpg",
        Rule(Permission.READ, Subject.DOCUMENT, "document.page", seldom=True),
        picture,
    ),
    Page(
        "GET",
        "/documents/{document}/thumbnail.jpg",
        Rule(Permission.READ, Subject.DOCUMENT, "document.thumbnails", seldom=True),
        thumbnail,
    ),
)
