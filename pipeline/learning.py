"""Learning: what persons confirmed becomes cases, which rules are held against and weights are fitted on.

A case has the words of a paper and its true values: personal data, which stays in the office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog import Transaction, documents, events, fields, intakes, pages
from classify.cases import Case, write_case
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier
from pipeline.identify import telling_pages
from pipeline.readings import readings_of
from pipeline.services import Services


@dataclass
class Exported:
    """How many confirmed papers are cases now, how many values they have, of how many papers the words are damaged."""

    cases: int = 0
    values: int = 0
    unreadable: int = 0


def export_cases(folder: Path, services: Services) -> Exported:
    """Write every present document that a person confirmed as a case into a folder that only its owner may read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = Exported()
    with services.catalogue.read() as tx:
        dossiers = intakes.all_dossiers(tx)
    for dossier in dossiers:
        with services.catalogue.read() as tx:
            confirmed = list(_confirmed(tx, dossier))
        for document, values in confirmed:
            try:
                case = _case(document, values, services)
            except Rejected as exc:
                if exc.code not in (Code.OBJECT_MISSING, Code.OBJECT_DAMAGED):
                    raise
                done.unreadable += 1
                continue
            write_case(case, folder)
            done.cases += 1
            done.values += sum(map(len, values.values()))
    return done


def _confirmed(tx: Transaction, dossier: Dossier) -> Iterator[tuple[Document, dict[str, tuple[str, ...]]]]:
    """Yield the confirmed documents of a dossier with what was said of their fields; an emptied field has no value."""
    own = [document for document in documents.live(tx, dossier.id) if document.confirmed]
    if not own:
        return
    said: dict[str, set[str]] = {}
    for event in events.chain(tx, dossier.id):
        if event.kind == "confirmed":
            names = event.payload["fields"]
            said.setdefault(str(event.payload["document"]), set()).update(names if isinstance(names, list) else [])
    for document in own:
        known = [value for value in fields.of_document(tx, document.id) if value.confirmed_by]
        names = sorted(said.get(document.id, set()) | {value.name for value in known})
        yield document, {name: tuple(one.value for one in known if one.name == name) for name in names}


def _case(document: Document, values: dict[str, tuple[str, ...]], services: Services) -> Case:
    with services.catalogue.read() as tx:
        own_pages = pages.by_ids(tx, telling_pages(document.page_ids))
    return Case(document.id, document.kind, values, tuple(readings_of(own_pages, services)))
