"""Confirming: image and form side by side, one document after the other; Enter confirms and brings the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from catalog import documents, fields, pages
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Document, FieldValue
from dossier.model import Page as ScannedPage
from dossier.page import PageTransform
from dossier.people import Permission
from dossier.text import nfc
from dossier.wording import field_name
from pipeline.confirmation import record
from pipeline.readings import stored_reading
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN = 50
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as the form has it: its place in the form, its name in words, how sure the machine is, where it stands.

    `outline` is x, y, width and height on the upright page that is shown; None when it stands on another or nowhere.
    """

    place: int
    name: str
    value: str
    raw: str
    confidence: int
    sure: bool
    page: int
    outline: tuple[int, int, int, int] | None


def queue(visit: Visit) -> Response:
    """Show what waits to be confirmed, and go to the first."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        waiting = documents.unconfirmed(tx, visit.units, _SHOWN)
    listed = [(each, services.rules.kind(each.kind).name) for each in waiting]
    return visit.page("queue.html", waiting=listed, more=len(waiting) == _SHOWN)


def form(visit: Visit) -> Response:
    """Show one document with what the machine read of it."""
    document, services = visit.its_document(), visit.house.services
    number = visit.number("page", 1, max(len(document.page_ids), 1))
    with services.catalogue.read() as tx:
        page = pages.by_ids(tx, document.page_ids)[number - 1]
        values = fields.of_document(tx, document.id)
    transform = _transform(visit, page)
    width, height = transform.upright_size
    kinds = sorted(((kind.code, kind.name) for kind in services.rules.kinds.values()), key=lambda each: each[1])
    return visit.page(
        "confirm.html",
        document=document,
        kinds=kinds,
        entries=[
            _entry(place, value, document, page, transform, visit.house.language) for place, value in enumerate(values)
        ],
        seen=_seen(document, values),
        number=number,
        width=width,
        height=height,
        last=len(document.page_ids),
        accept=services.rules.bands.accept,
    )


def confirm(visit: Visit) -> Response:
    """Record what the person says, unless the document has changed under the form; go on to the next."""
    document, services, own = visit.its_document(), visit.house.services, visit.someone()
    kind = visit.form.get("kind", "")
    if kind not in services.rules.kinds:
        raise Rejected(Code.CONFIRMATION_INVALID, "unknown kind", subject=kind[:60])
    with services.catalogue.write() as tx:
        present = documents.get(tx, document.id)
        values = fields.of_document(tx, document.id)
        if present.superseded_by or visit.form.get("seen") != _seen(present, values):
            raise Rejected(Code.REQUEST_INVALID, "the document has changed meanwhile", subject=document.id)
        record(tx, present, kind, _said(visit.form, values), own.login, services)
    with services.catalogue.read() as tx:
        following = documents.unconfirmed(tx, visit.units, 1, but=[document.id])
    return visit.go(f"/confirm/{following[0].id}" if following else "/confirm")


def _said(given: Mapping[str, str], values: Sequence[FieldValue]) -> dict[str, list[str]]:
    """Return what the person says, by field; what was emptied is nothing."""
    said: dict[str, list[str]] = {}
    for place, value in enumerate(values):
        text = nfc(given.get(f"field-{place}", "")).strip()
        if len(text) > _LONGEST or "\0" in text:
            raise Rejected(Code.CONFIRMATION_INVALID, "too long", subject=value.name)
        said.setdefault(value.name, [])
        if text:
            said[value.name].append(text)
    return said


def _seen(document: Document, values: Sequence[FieldValue]) -> str:
    """Return what the form was made of: it is confirmed only while that is so."""
    shown = [[value.name, value.value, value.confirmed_by] for value in values]
    return of_bytes(canonical({"kind": document.kind, "pages": list(document.page_ids), "fields": shown}))[:32]


def _entry(
    place: int, value: FieldValue, document: Document, shown: ScannedPage, transform: PageTransform, language: str
) -> Entry:
    name = field_name(value.name, language)
    page = document.page_ids.index(value.page_id) + 1 if value.page_id in document.page_ids else 0
    outline = None
    if value.box and value.page_id == shown.id:
        left, top, right, bottom = transform.upright_box(*value.box)
        outline = (round(left), round(top), round(right - left), round(bottom - top))
    sure = not value.must_confirm
    return Entry(place, name, value.value, value.raw, round(value.confidence), sure, page, outline)


def _transform(visit: Visit, page: ScannedPage) -> PageTransform:
    if not page.words:
        return PageTransform(page.scan.width, page.scan.height)
    return stored_reading(page.words, visit.house.services).transform


_OF_ONE = Rule(Permission.CONFIRM, Subject.DOCUMENT, "document.confirming")
PAGES = (
    Page("GET", "/confirm", Rule(Permission.CONFIRM, noted="queue.view"), queue),
    Page("GET", "/confirm/{document}", _OF_ONE, form),
    Page("POST", "/confirm/{document}", Rule(Permission.CONFIRM, Subject.DOCUMENT, "document.confirm"), confirm),
)
