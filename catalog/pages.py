"""Pages: recorded when received, read once; after that only a person's word on them changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from catalog.catalogue import Transaction
from catalog.partial import NOT_READ
from catalog.schema import dossier, intake, page, source_file
from dossier.model import Page
from dossier.page import Verdict
from dossier.reading_json import scan_from, scan_value
from dossier.states import IntakeState, PageState


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


def find(tx: Transaction, page_id: str) -> Page | None:
    """Return one page, or None."""
    row = tx.execute(_joined().where(page.c.id == page_id)).first()
    return _page(row) if row else None


def of_intake(tx: Transaction, intake_id: str) -> list[Page]:
    """Return the pages of a delivery in order of file and number."""
    return [_page(row) for row in tx.execute(_joined().where(page.c.intake_id == intake_id).order_by(page.c.position))]


def newest(tx: Transaction, dossier_id: str) -> list[Page]:
    """Return the pages of the newest delivery of a dossier in order of file and number."""
    last = select(intake.c.id).where(intake.c.dossier_id == dossier_id).order_by(intake.c.version.desc()).limit(1)
    return [
        _page(row)
        for row in tx.execute(_joined().where(page.c.intake_id == last.scalar_subquery()).order_by(page.c.position))
    ]


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


def set_asked(tx: Transaction, page_id: str, reasons: Iterable[str]) -> None:
    """Record that a page is not read before a person has said that its paper is no state secret, and why."""
    values = {"state": PageState.ASKED.value, "verdict": Verdict.LOOK.value, "reasons": list(reasons), "error": ""}
    tx.execute(update(page).where(page.c.id == page_id).values(**values))


def set_received(tx: Transaction, page_id: str) -> None:
    """Record that a page waits to be read, as it did when it came."""
    values = {"state": PageState.RECEIVED.value, "verdict": "", "reasons": [], "error": ""}
    tx.execute(update(page).where(page.c.id == page_id).values(**values))


def asked(tx: Transaction, units: Iterable[str] | None, most: int, code: str = "") -> list[tuple[str, Page]]:
    """Return pages that a person is asked about, each with its dossier's code, in order of code and place.

    Args:
        tx: A transaction.
        units: Only of dossiers that these units received; None: of all.
        most: How many.
        code: Only of this dossier; empty: of all.
    """
    query = (
        _joined()
        .add_columns(dossier.c.code)
        .join(intake, intake.c.id == page.c.intake_id)
        .join(dossier, dossier.c.id == intake.c.dossier_id)
        .where(NOT_READ, page.c.state == PageState.ASKED.value, intake.c.state == IntakeState.READING.value)
        .order_by(dossier.c.code, page.c.position)
        .limit(most)
    )
    if units is not None:
        query = query.where(dossier.c.unit.in_(list(units)))
    if code:
        query = query.where(dossier.c.code == code)
    return [(row.code, _page(row)) for row in tx.execute(query)]


def dossiers_with(tx: Transaction, scan_sha256: str, most: int) -> list[str]:
    """Return the ids of the dossiers that some scan was delivered to, so many at most."""
    query = select(intake.c.dossier_id).join(page, page.c.intake_id == intake.c.id)
    return list(tx.execute(query.where(page.c.scan_sha256 == scan_sha256).distinct().limit(most)).scalars())


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
    """Return how many pages of a delivery have not been looked at yet, or wait for a person who is asked."""
    return tx.execute(select(func.count()).where(page.c.intake_id == intake_id, page.c.state.in_(_UNREAD))).scalar_one()


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


_UNREAD = (PageState.RECEIVED.value, PageState.ASKED.value)


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
