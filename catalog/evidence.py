"""What the archive knows of the documents of many dossiers at once, in one question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, cast, func, or_, select

from catalog.catalogue import Transaction
from catalog.renditions import ORIGINAL, SIGNED
from catalog.schema import document, document_page, dossier, intake, page, rendition, source_file
from dossier.page import Verdict
from dossier.states import DocumentState, FileState, IntakeState, PageState


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A present document of a dossier.

    `pages` counts its pages, `rescan` those that must be scanned again, `unread` those that were set aside while they
    were read. `verdict` is what validation said of its final form, empty where it has none.
    """

    code: str
    document_id: str
    component: str
    kind: str
    state: DocumentState
    error: str
    confirmed: bool
    pages: int
    rescan: int
    unread: int
    verdict: str
    development: bool


_ASKED = ("id", "component", "kind", "state", "error", "confirmed_by")


def of_dossiers(tx: Transaction, codes: Sequence[str]) -> Iterator[KnownDocument]:
    """Yield the present documents of some dossiers by code and place; superseded versions are left out."""
    signed, original = rendition.alias("signed"), rendition.alias("original")
    pages = _pages_of(tx, codes)
    final = {name: func.coalesce(signed.c[name], original.c[name]) for name in ("verdict", "development", "signatures")}
    asked = (document.c[name] for name in _ASKED)
    query = (
        select(dossier.c.code, *asked, *(each.label(f"f_{n}") for n, each in final.items()))
        .join(document, document.c.dossier_id == dossier.c.id)
        .outerjoin(signed, (signed.c.document_id == document.c.id) & (signed.c.role == SIGNED))
        .outerjoin(original, (original.c.document_id == document.c.id) & (original.c.role == ORIGINAL))
        .where(dossier.c.code.in_(codes), document.c.superseded_by == "")
        .order_by(dossier.c.code, document.c.ordinal, document.c.id)
    )
    for row in tx.execute(query):
        yield KnownDocument(
            row.code,
            row.id,
            row.component,
            row.kind,
            DocumentState(row.state),
            row.error,
            bool(row.confirmed_by),
            *pages.get(row.id, (0, 0, 0)),
            row.f_verdict or "" if row.f_signatures else "",
            bool(row.f_development) if row.f_signatures else False,
        )


@dataclass(frozen=True, slots=True)
class KnownDelivery:
    """The newest delivery of a dossier.

    `left_out`: a file of it could not be taken, or a page not be read. `asked`: a person has to say of a page
    whether its paper is a state secret.
    """

    code: str
    state: IntakeState
    left_out: bool
    asked: bool


def newest_deliveries(tx: Transaction, codes: Sequence[str]) -> Iterator[KnownDelivery]:
    """Yield the newest delivery of some dossiers, for those that have any."""
    every = intake.alias("every")
    newest = select(func.max(every.c.version)).where(every.c.dossier_id == dossier.c.id).scalar_subquery()
    file = select(source_file.c.id).where(
        source_file.c.intake_id == intake.c.id, source_file.c.state == FileState.REJECTED.value
    )
    unread = select(page.c.id).where(page.c.intake_id == intake.c.id, page.c.state == PageState.QUARANTINED.value)
    asked = select(page.c.id).where(page.c.intake_id == intake.c.id, page.c.state == PageState.ASKED.value)
    left_out = or_(file.exists(), unread.exists()).label("left_out")
    query = (
        select(dossier.c.code, intake.c.state, left_out, asked.exists().label("asked"))
        .select_from(dossier)
        .join(intake, (intake.c.dossier_id == dossier.c.id) & (intake.c.version == newest))
        .where(dossier.c.code.in_(codes))
    )
    for row in tx.execute(query):
        yield KnownDelivery(row.code, IntakeState(row.state), bool(row.left_out), bool(row.asked))


def _pages_of(tx: Transaction, codes: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Return by document how many pages it has, how many must be scanned again, how many were set aside."""
    aside = page.c.state == PageState.QUARANTINED.value
    rescan = (page.c.verdict == Verdict.RESCAN.value) & ~aside
    counted = (func.count(), *(func.sum(cast(one, Integer)) for one in (rescan, aside)))
    query = (
        select(document.c.id, *counted)
        .select_from(dossier)
        .join(document, document.c.dossier_id == dossier.c.id)
        .join(document_page, document_page.c.document_id == document.c.id)
        .join(page, page.c.id == document_page.c.page_id)
        .where(dossier.c.code.in_(codes), document.c.superseded_by == "")
        .group_by(document.c.id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in tx.execute(query)}
