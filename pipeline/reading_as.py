"""A document read as a paper of another kind, for whoever is about to say that it is one; nothing of it is stored."""

from __future__ import annotations

from dataclasses import replace

from catalog import fields
from dossier.model import Document, FieldValue
from pipeline.identify import told_of, values_as
from pipeline.services import Services


def read_as(document: Document, kind: str, services: Services) -> list[FieldValue]:
    """Return the values that a document has as a paper of a kind; what a person has confirmed stays as it is.

    The words are those that were read; no doubtful value is read again.

    Raises:
        Rejected: OBJECT_MISSING, OBJECT_DAMAGED: the stored words are not there as they were.
    """
    read = values_as(kind, told_of(document, services), replace(services, second_reader=None))
    with services.catalogue.read() as tx:
        confirmed = [value for value in fields.of_document(tx, document.id) if value.confirmed_by]
    names = {value.name for value in confirmed}
    return [*confirmed, *(value for value in read if value.name not in names)]
