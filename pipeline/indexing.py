"""Index: bring the search projection up to what the catalogue holds."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator

import structlog

from catalog import Transaction, documents, fields, intakes, pages
from dossier.codes import parse_code
from dossier.errors import Rejected, Unavailable
from dossier.model import Document, Page
from pipeline.page_facts import page_facts
from pipeline.readings import stored_reading
from pipeline.services import Services
from search.port import IndexPage

_log = structlog.get_logger("hososo")
_BATCH = 100
_YEARLESS = 0
_TURN = threading.Lock()
_WEIGHTY = ("so", "ky_hieu", "ho_ten", "ho_ten_2", "so_dinh_danh", "ma_ho_so", "ben_a", "ben_b", "co_quan", "ten_ho")


def bring_up_to_date(services: Services, seconds: float = math.inf) -> int:
    """Put every archived document changed since the index's mark into it; return how many there were.

    Args:
        services: Of this process.
        seconds: After so many it stops; what is left is put in by the next who asks.
    """
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
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
    return done


def catch_up(services: Services, seconds: float) -> bool:
    """Bring the index up to date as far as that is soon done, and return whether it is.

    Meant for whoever has somebody waiting: of several threads one does it, and an index that another process is
    writing is read as it is.
    """
    if _TURN.acquire(blocking=False):
        try:
            bring_up_to_date(services, seconds)
        except Unavailable as exc:
            _log.warning("index not brought up to date", code=exc.code.value)
        finally:
            _TURN.release()
    with services.catalogue.read() as tx:
        return documents.newest_change(tx) <= services.index.mark()


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
    texts = [_text(page, services) for page in pages.by_ids(tx, document.page_ids)]
    facts = page_facts(tx, document, values, texts)
    for number, text in enumerate(texts, start=1):
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
            facts=facts,
        )
