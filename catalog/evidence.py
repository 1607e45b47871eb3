"""What the archive knows of the documents of many dossiers at once, in one question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from catalog.catalogue import Transaction
from catalog.renditions import ORIGINAL, SIGNED
from catalog.schema import document, document_page, dossier, page, rendition
from dossier.page import Verdict
from dossier.states import DocumentState


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A present document of a dossier. `verdict` is what validation said of its final form, empty where it has none."""

    code: str
    document_id: str
    component: str
    kind: str
    state: DocumentState
    error: str
    confirmed: bool
    rescan: bool
    verdict: str
    development: bool


_ASKED = ("id", "component", "kind", "state", "error", "confirmed_by")


def of_dossiers(tx: Transaction, codes: Sequence[str]) -> Iterator[KnownDocument]:
    """Yield the present documents of some dossiers by code and place; superseded versions are left out."""
    signed, original = rendition.alias("signed"), rendition.alias("original")
    bad_page = exists().where(
        document_page.c.document_id == document.c.id,
        page.c.id == document_page.c.page_id,
        page.c.verdict == Verdict.RESCAN.value,
    )
    final = {name: func.coalesce(signed.c[name], original.c[name]) for name in ("verdict", "development", "signatures")}
    asked = (document.c[name] for name in _ASKED)
    query = (
        select(dossier.c.code, *asked, bad_page.label("rescan"), *(each.label(f"f_{n}") for n, each in final.items()))
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
            bool(row.rescan),
            row.f_verdict or "" if row.f_signatures else "",
            bool(row.f_development) if row.f_signatures else False,
        )
