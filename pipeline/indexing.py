"""Index: bring the search projection up to what the catalogue holds."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from catalog import Transaction, documents, fields, intakes, pages
from dossier.codes import parse_code
from dossier.errors import Rejected
from dossier.model import Document, Page
from pipeline.readings import stored_reading
from pipeline.services import Services
from search.port import IndexPage

_log = structlog.get_logger("hososo")
_BATCH = 100
_YEARLESS = 0
_WEIGHTY = ("so", "ky_hieu", "ho_ten", "ho_ten_2", "so_dinh_danh", "ma_ho_so", "ben_a", "ben_b", "co_quan", "ten_ho")


def bring_up_to_date(services: Services) -> int:
    """Put every archived document changed since the index's mark into it; return how many there were."""
    done = 0
    while True:
        mark = services.index.mark()
        with services.catalogue.read() as tx:
            changed = documents.changed_since(tx, mark, _BATCH)
            if not changed:
                return done
            gone = [document.id for _, document in changed if document.superseded_by]
            live = [document for _, document in changed if not document.superseded_by]
            entries = [entry for document in live for entry in _entries(tx, document, services)]
        services.index.update(entries, gone, changed[-1][0])
        done += len(changed)


def _text(page: Page, services: Services) -> str:
    """Return the text of a page; that of damaged words is missing from the search, and `verify` names them."""
    try:
        return stored_reading(page.words, services).text.plain()
    except Rejected as exc:
        _log.warning("words not indexed", page=page.id, code=exc.code.value)
        return ""


def _entries(tx: Transaction, document: Document, services: Services) -> Iterator[IndexPage]:
    values = fields.of_document(tx, document.id)
    title = next((value.value for value in values if value.name == "trich_yeu"), "")
    weighty = tuple(value.value for value in values if value.name in _WEIGHTY)
    dossier = intakes.find_dossier(tx, document.code)
    code = parse_code(document.code)
    for number, page in enumerate(pages.by_ids(tx, document.page_ids), start=1):
        text = _text(page, services)
        yield IndexPage(
            page_key=f"{document.id}:{number}",
            document_id=document.id,
            code=document.code,
            number=number,
            kind=document.kind,
            unit=dossier.unit if dossier else "",
            year=code.received.year if code else _YEARLESS,
            title=title,
            text=text,
            boost_fields=(*weighty, document.code),
        )
