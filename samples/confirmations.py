"""The confirmations a person would give: most documents of the set, so that the archival rate rises, but not to all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from samples.truth import DossierTruth


def write(path: Path, dossiers: Sequence[DossierTruth]) -> None:
    """Write confirmations.json: kind and true fields by dossier, file and first page."""
    documents = [
        {
            "dossier": dossier.code,
            "file": document.pages[0][0],
            "page": document.pages[0][1],
            "kind": document.kind,
            "fields": document.fields,
        }
        for dossier in dossiers
        for document in dossier.documents
        if document.confirm
    ]
    text = json.dumps({"documents": documents}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
