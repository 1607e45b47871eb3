"""Which files the archive has for certain: every page of them in a document, every such document archived."""

from __future__ import annotations

from catalog import Transaction, documents, intakes, pages
from dossier.model import Document, SourceFile
from dossier.states import DocumentState


def archived_files(tx: Transaction, dossier_id: str) -> frozenset[str]:
    """Return the digests of files that the archive has: their pages in documents, all of these archived."""
    live = documents.live(tx, dossier_id)
    files: dict[str, SourceFile] = {}
    for intake_id in {document.intake_id for document in live}:
        files |= {file.id: file for file in intakes.files(tx, intake_id)}
    states: dict[str, set[DocumentState]] = {}
    counted: dict[str, int] = {}
    for document in live:
        for file_id in _file_ids(tx, document):
            states.setdefault(file_id, set()).add(document.state)
            counted[file_id] = counted.get(file_id, 0) + 1
    return frozenset(
        files[file_id].sha256
        for file_id, found in states.items()
        if found == {DocumentState.ARCHIVED} and counted[file_id] >= files[file_id].pages
    )


def _file_ids(tx: Transaction, document: Document) -> list[str]:
    """Return the file of each page of a document."""
    return [page.file_id for page in pages.by_ids(tx, document.page_ids)]
