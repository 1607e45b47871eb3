"""Pages: recorded when received, read once; after that only a person's word on them changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from catalog.catalogue import Transaction
from catalog.partial import NOT_READ
from catalog.schema import intake, page, source_file
from dossier.model import Page
from dossier.page import Verdict
from dossier.reading_json import scan_from, scan_value
from dossier.states import PageState


def add(tx: Transaction, pages: Iterable[Page]) -> None:
    """Record the pages of a delivery in order."""
    rows = [
        {
            "id": item.id,
            "intake_id": item.intake_id,
            "file_id": item.file_id,
            "position": position,
            "number": item.number,
            "scan_sha256": item.scan_sha256,
            "scan": scan_value(item.scan),
            "state": item.state.value,
            "verdict": item.verdict.value if item.verdict else "",
            "reasons": list(item.reasons),
            "words": item.words,
            "error": item.error,
        }
        for position, item in enumerate(pages)
    ]
    if rows:
        tx.execute(insert(page), rows)
    for intake_id, count in Counter(row["intake_id"] for row in rows).items():
        tx.execute(update(intake).where(intake.c.id == intake_id).values(pages=intake.c.pages + count))


def get(tx: Transaction, page_id: str) -> Page:
    """Return one page."""
    return _page(tx.execute(_joined().where(page.c.id == page_id)).one())


def of_intake(tx: Transaction, intake_id: str) -> list[Page]:
    """Return the pages of a delivery in order of file and number."""
    return [_page(row) for row in tx.execute(_joined().where(page.c.intake_id == intake_id).order_by(page.c.position))]


def by_ids(tx: Transaction, page_ids: Iterable[str]) -> list[Page]:
    """Return the named pages in the order asked for."""
    wanted = list(page_ids)
    found = {row.id: _page(row) for row in tx.execute(_joined().where(page.c.id.in_(wanted)))}
    return [found[page_id] for page_id in wanted]


def set_read(tx: Transaction, page_id: str, verdict: Verdict, reasons: Iterable[str]) -> None:
    """Record that a page was read and what the reading is worth, to the machine or to a person who looked."""
    tx.execute(
        update(page)
        .where(page.c.id == page_id)
        .values(state=PageState.READ.value, verdict=verdict.value, reasons=list(reasons), error="")
    )


def set_quarantined(tx: Transaction, page_id: str, code: str) -> None:
    """Record that a page could not be read; its image is kept."""
    tx.execute(
        update(page)
        .where(page.c.id == page_id)
        .values(state=PageState.QUARANTINED.value, verdict=Verdict.RESCAN.value, reasons=[code.lower()], error=code)
    )


def set_words(tx: Transaction, words: Mapping[str, str]) -> None:
    """Record the digest of each page's stored reading."""
    for page_id, digest in words.items():
        tx.execute(update(page).where(page.c.id == page_id).values(words=digest))


def unread(tx: Transaction, intake_id: str) -> int:
    """Return how many pages of a delivery have not been looked at yet."""
    return tx.execute(
        select(func.count()).where(page.c.intake_id == intake_id, page.c.state == PageState.RECEIVED.value)
    ).scalar_one()


def readings_by_scan(tx: Transaction, intake_id: str) -> dict[str, Page]:
    """Return the read pages of an earlier delivery by scan digest, for reuse of their readings."""
    rows = tx.execute(
        _joined().where(page.c.intake_id == intake_id, page.c.state == PageState.READ.value, page.c.words != "")
    )
    return {row.scan_sha256: _page(row) for row in rows}


def counts(tx: Transaction) -> dict[PageState, int]:
    """Return how many pages are in each state: looks at the few that are not read, and adds up deliveries."""
    rows = tx.execute(select(page.c.state, func.count()).where(NOT_READ).group_by(page.c.state))
    others = {PageState(state): count for state, count in rows}
    every = tx.execute(select(func.coalesce(func.sum(intake.c.pages), 0))).scalar_one()
    read = int(every) - sum(others.values())
    return others | ({PageState.READ: read} if read else {})


def _joined() -> Any:  # noqa: ANN401 - a select of two tables
    return select(page, source_file.c.name.label("file_name"), source_file.c.component).join(
        source_file, source_file.c.id == page.c.file_id
    )


def _page(row: Row[Any]) -> Page:
    return Page(
        row.id,
        row.intake_id,
        row.file_id,
        row.file_name,
        row.component,
        row.number,
        row.scan_sha256,
        scan_from(row.scan),
        PageState(row.state),
        Verdict(row.verdict) if row.verdict else None,
        tuple(row.reasons),
        row.words,
        row.error,
    )
