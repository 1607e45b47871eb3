"""A dossier and its documents: pages with what was found on them, fields, signatures, history, the signed bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response, StreamingResponse

from catalog import Transaction, documents, fields, pages, renditions
from dossier.digest import CHUNK
from dossier.errors import Code, HososoError, Rejected
from dossier.model import Document, FieldValue, ObjectRef
from dossier.model import Page as ScannedPage
from dossier.page import PageReading, PageTransform
from dossier.people import Permission
from dossier.wording import Advice, field_name, say
from pipeline.readings import stored_bytes
from search.highlights import found_words, near_words_of
from search.query import Query, parse_query
from web.history import history_of
from web.page_verdict import judged_page
from web.pages.evidence import at, read_report
from web.pages.pictures import reading_of
from web.rules import Page, Rule, Subject
from web.visit import Visit

_STRIP = 12
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is shown: its name in words, who confirmed it, the page where it stands (0: nowhere).

    `outline` is x, y, width and height on the upright page that is shown; None when it stands on another or nowhere.
    """

    name: str
    value: str
    confirmed: bool
    page: int
    outline: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that is looked at: size of its picture, the outlines of words found, its text.

    `near` are the outlines of words that may have been misread, `near_words` these as they are printed, each once.
    """

    number: int
    width: int
    height: int
    outlines: tuple[str, ...]
    text: str
    transform: PageTransform | None = None
    near: tuple[str, ...] = ()
    near_words: tuple[str, ...] = ()


def show_dossier(visit: Visit) -> Response:
    """Show what a dossier has."""
    dossier = visit.its_dossier()
    rules = visit.house.services.rules
    with visit.house.services.catalogue.read() as tx:
        shown = [(item, rules.kind(item.kind).name, _signature(tx, item)) for item in documents.live(tx, dossier.id)]
        replaced = [item for item in documents.every_version(tx, dossier.id) if item.superseded_by]
        history = history_of(tx, dossier.id, visit)
    return visit.page(
        "dossier.html",
        dossier=dossier,
        unit=visit.house.services.unit_name(dossier.unit),
        documents=shown,
        replaced=replaced,
        history=history,
        named={item.id: kind for item, kind, _ in shown},
        state=_state,
    )


def show_document(visit: Visit) -> Response:
    """Show the page of a document that is asked for, the first one otherwise."""
    return show_page(visit, visit.number("page", 1, max(len(visit.its_document().page_ids), 1)))


def show_page(visit: Visit, number: int, told: Advice | None = None, status: int = 200) -> Response:
    """Show one page of a document with the words found, and all that is known of the document."""
    document, services = visit.its_document(), visit.house.services
    with services.catalogue.read() as tx:
        page = pages.by_ids(tx, document.page_ids)[number - 1]
        values = fields.of_document(tx, document.id)
        signature = _signature(tx, document)
        report = renditions.find(tx, document.id, renditions.REPORT)
        history = history_of(tx, document.dossier_id, visit, document.id)
    sheet = _sheet(visit, page, number)
    return visit.page(
        "document.html",
        status=status,
        told=told,
        document=document,
        kind=services.rules.kind(document.kind).name,
        unit=services.unit_name(visit.its_dossier().unit),
        sheet=sheet,
        judged=judged_page(visit, page),
        strip=_strip(number, len(document.page_ids)),
        fields=[_field(each, document, visit, page, sheet) for each in values if each.value],
        history=history,
        at=at,
        signature=signature,
        report=_report(visit, report.ref) if report else None,
        words=visit.query.get("q", ""),
        last=len(document.page_ids),
        state=_state,
    )


def download(visit: Visit) -> Response:
    """Give the signed bytes, as they are archived."""
    document, services = visit.its_document(), visit.house.services
    with services.catalogue.read() as tx:
        stored = renditions.final(tx, document.id)
    if stored is None:
        raise Rejected(Code.PAGE_UNKNOWN, "not archived")
    services.store.verify(stored.ref.sha256)
    headers = {
        "content-disposition": f'attachment; filename="{document.code}-{document.ordinal + 1}.pdf"',
        "content-length": str(stored.ref.size),
    }
    return StreamingResponse(_chunks(visit, stored.ref), media_type="application/pdf", headers=headers)


def _chunks(visit: Visit, ref: ObjectRef) -> Iterator[bytes]:
    with visit.house.services.store.open(ref.sha256) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _sheet(visit: Visit, page: ScannedPage, number: int) -> Sheet:
    if not page.words:
        return Sheet(number, page.scan.width, page.scan.height, (), "")
    reading = reading_of(visit, page)
    width, height = reading.transform.upright_size
    query = _asked(visit)
    printed = [word.text for word in reading.text.words]
    near = near_words_of(printed, query) if query and visit.query.get("near") else []
    return Sheet(
        number,
        width,
        height,
        _outlines(reading, found_words(printed, query) if query else []),
        reading.text.plain(),
        reading.transform,
        _outlines(reading, near),
        tuple(dict.fromkeys(printed[place] for place in near)),
    )


def _asked(visit: Visit) -> Query | None:
    """Return what was searched for when this page was found; None for nothing, or what is no search."""
    try:
        return parse_query(visit.query["q"]) if visit.query.get("q") else None
    except Rejected:
        return None


def _outlines(reading: PageReading, places: Iterable[int]) -> tuple[str, ...]:
    """Return the outlines of some words of a page, as the points of SVG polygons."""
    quads = (reading.transform.upright_quad(reading.text.words[place].box) for place in places)
    return tuple(" ".join(f"{x:.0f},{y:.0f}" for x, y in corners) for corners in quads)


def _field(value: FieldValue, document: Document, visit: Visit, shown: ScannedPage, sheet: Sheet) -> Field:
    page = document.page_ids.index(value.page_id) + 1 if value.page_id in document.page_ids else 0
    outline = None
    if value.box and value.page_id == shown.id and sheet.transform is not None:
        left, top, right, bottom = sheet.transform.upright_box(*value.box)
        outline = (round(left), round(top), round(right - left), round(bottom - top))
    name = field_name(value.name, visit.house.language)
    return Field(name, in_words(value.value), bool(value.confirmed_by), page, outline)


def _strip(number: int, last: int) -> range:
    """Return the pages whose small pictures stand beside the page that is looked at: so many before and after."""
    first = max(1, min(number - _STRIP // 2, last - _STRIP + 1))
    return range(first, min(first + _STRIP, last + 1))


def in_words(value: str) -> str:
    """Return a value as people write it: a date day first."""
    found = _DATE.fullmatch(value)
    return f"{found[3]}/{found[2]}/{found[1]}" if found else value


def _signature(tx: Transaction, document: Document) -> renditions.SignatureFacts | None:
    stored = renditions.final(tx, document.id)
    return stored.facts if stored is not None else None


def _report(visit: Visit, ref: ObjectRef) -> dict[str, Any] | None:
    """Return what was said about the signatures when the document was archived; None where that is damaged."""
    try:
        return read_report(stored_bytes(ref.sha256, visit.house.services))
    except HososoError:
        return None


def _state(document: Document, language: str) -> str:
    return say(f"document_states.{document.state.value}", language)


_SEEN = Rule(Permission.READ, Subject.DOCUMENT, "document.view")
PAGES = (
    Page("GET", "/dossiers/{dossier}", Rule(Permission.READ, Subject.DOSSIER, "dossier.view"), show_dossier),
    Page("GET", "/documents/{document}", _SEEN, show_document),
    Page("GET", "/documents/{document}/signed.pdf", Rule(Permission.COPY, Subject.DOCUMENT, "document.copy"), download),
)
