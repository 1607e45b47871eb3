"""Render: the PDF/A-2b of a document, image and text, ready to be signed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from catalog import documents, events, objects, pages, renditions, work
from dossier.model import Document, Page
from dossier.states import DocumentState, Step
from pipeline.held import page_image
from pipeline.keeping import keep
from pipeline.readings import readings_of
from pipeline.services import Services
from pipeline.turns import waiting_state
from rendition.writer import RenditionMeta, RenditionPage, RenditionResult, write_pdfa

PDF = "application/pdf"


def render(document_id: str, services: Services) -> None:
    """Write a document as PDF/A-2b, store it, and put the document on the signing list."""
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
        own_pages = pages.by_ids(tx, document.page_ids)
        created_at = documents.created_at(tx, document_id)
    if document.state is not DocumentState.CLASSIFIED:
        with services.commit():
            return
    with tempfile.TemporaryFile(dir=services.scratch) as stream:
        result = _write(stream, document, own_pages, created_at, services)
        ref = keep(stream, PDF, services)
    with services.commit() as tx:
        now = services.clock()
        objects.record(tx, ref, f"unsigned:{document_id}", "waits for its signature", now)
        renditions.put(tx, document_id, renditions.UNSIGNED, ref.sha256, now)
        documents.move(tx, document_id, DocumentState.RENDERED)
        documents.move(tx, document_id, waiting_state(tx, document_id, services))
        payload = {"document": document_id, "pdf": ref.sha256, "pages": result.pages}
        events.append(tx, document.dossier_id, "rendered", now, payload)
        work.enqueue(tx, Step.SIGN, [document_id], document.intake_id, now)


def _write(
    stream: BinaryIO, document: Document, own_pages: list[Page], created_at: datetime, services: Services
) -> RenditionResult:
    kind = services.rules.kind(document.kind).name
    meta = RenditionMeta(
        title=f"{kind} - {document.code}",
        dossier_code=document.code,
        document_id=document.id,
        kind=document.kind,
        unit=document.code.rsplit("-", 2)[0],
        created_at=created_at,
        converter=services.office.converter,
        pages=len(own_pages),
        producer="hososo",
    )
    return write_pdfa(stream, _pages(own_pages, services), meta)


def _pages(own_pages: list[Page], services: Services) -> Iterator[RenditionPage]:
    for page, reading in zip(own_pages, readings_of(own_pages, services), strict=True):
        yield RenditionPage(page.scan, page_image(page, services), reading)
