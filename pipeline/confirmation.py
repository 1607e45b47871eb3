"""Confirm: a person stands behind kind and data of a document. Bytes are never touched by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import Transaction, documents, events, fields, intakes, pages
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.text import nfc
from pipeline import misplaced, whole_dossier
from pipeline.closing import close_when_archived
from pipeline.services import Services

_MAX_BYTES = 16 << 20
_SHOWN = 300
_FIELD_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person says of one document, found by dossier, source file and first page."""

    code: str
    file: str
    page: int
    kind: str
    fields: Mapping[str, tuple[str, ...]]


def read_confirmations(path: Path) -> list[Confirmation]:
    """Return the confirmations of a JSON file (docs/confirmation-file.md).

    Raises:
        Rejected(CONFIRMATION_INVALID): The file is not one, or an entry names no dossier, file or page.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise Rejected(Code.CONFIRMATION_INVALID, "file too large")
        entries = list(json.loads(path.read_text(encoding="utf-8-sig"))["documents"])
    except (OSError, LookupError, ValueError, TypeError, AttributeError, RecursionError) as exc:
        raise Rejected(Code.CONFIRMATION_INVALID, type(exc).__name__, subject=path.name) from exc
    return [_checked(entry, number, path.name) for number, entry in enumerate(entries, start=1)]


def _checked(entry: Any, number: int, file: str) -> Confirmation:  # noqa: ANN401 - whatever JSON holds
    try:
        return _confirmation(entry)
    except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as exc:
        raise Rejected(Code.CONFIRMATION_INVALID, type(exc).__name__, subject=f"{file}, documents[{number}]") from exc


def confirm(said: Iterable[Confirmation], person: str, services: Services) -> int:
    """Record confirmations, all or none, and return how many of them say anything new.

    Raises:
        Rejected(CONFIRMATION_INVALID): A kind or a document is unknown; the subject names it.
    """
    said = list(said)
    confirmed = 0
    with services.catalogue.write() as tx:
        known = (intakes.find_dossier(tx, code) for code in {item.code for item in said})
        intakes.lock_dossiers(tx, [dossier.id for dossier in known if dossier is not None])
        for item in said:
            _check_names(item, services)
            document = _find(tx, item)
            if not _stands(tx, document, item):
                record(tx, document, item.kind, item.fields, (person,), services)
                confirmed += 1
    return confirmed


def record(
    tx: Transaction,
    document: Document,
    kind: str,
    values: Mapping[str, Iterable[str]],
    persons: tuple[str, ...],
    services: Services,
) -> None:
    """Record what is said of one document; the event says that, not what, was confirmed.

    Args:
        tx: A transaction.
        document: Of which.
        kind: Its kind.
        values: Its values by field.
        persons: Who stands behind it: the last who said so, before them who had a say too.
        services: Of this process.
    """
    *beside, person = persons
    now = services.clock()
    intakes.lock_dossiers(tx, [document.dossier_id])
    documents.confirm(tx, document.id, kind, person)
    for name, said in values.items():
        fields.confirm(tx, document.id, name, said, person, now)
    whole_dossier.settle(tx, document, pages.by_ids(tx, document.page_ids), services)
    payload: dict[str, object] = {"document": document.id, "kind": kind, "fields": sorted(values)}
    if beside:
        payload["beside"] = beside
    events.append(tx, document.dossier_id, "confirmed", now, payload, actor=person)
    misplaced.go_on_when_settled(tx, document.id, services)
    close_when_archived(tx, document.dossier_id, services)


def unconfirmed(services: Services) -> list[Document]:
    """Return the present documents that no person has confirmed, by dossier."""
    with services.catalogue.read() as tx:
        return [
            document
            for dossier in intakes.all_dossiers(tx)
            for document in documents.live(tx, dossier.id)
            if not document.confirmed
        ]


def _check_names(item: Confirmation, services: Services) -> None:
    """Refuse unknown kinds and field names that may be a value put in their place: the event chain is for ever."""
    if item.kind not in services.rules.kinds:
        raise Rejected(Code.CONFIRMATION_INVALID, "unknown kind", subject=item.kind[:_SHOWN])
    if not all(_FIELD_NAME.fullmatch(name) for name in item.fields):
        where = f"{item.code}/{item.file}#{item.page}"
        raise Rejected(Code.CONFIRMATION_INVALID, "a field name is a-z, 0-9 and _", subject=where[:_SHOWN])


def _stands(tx: Transaction, document: Document, item: Confirmation) -> bool:
    """Return whether somebody has already said exactly this of the document."""
    if not document.confirmed or document.kind != item.kind:
        return False
    known = fields.of_document(tx, document.id)
    return all(
        tuple(value.value for value in known if value.name == name and value.confirmed_by) == said
        for name, said in item.fields.items()
    )


def _find(tx: Transaction, item: Confirmation) -> Document:
    dossier = intakes.find_dossier(tx, item.code)
    for document in documents.live(tx, dossier.id) if dossier else []:
        first = pages.get(tx, document.page_ids[0])
        if (first.file_name, first.number) == (item.file, item.page):
            return document
    raise Rejected(Code.CONFIRMATION_INVALID, "no such document", subject=f"{item.code}/{item.file}#{item.page}")


def _confirmation(entry: Mapping[str, Any]) -> Confirmation:
    code = parse_code(entry["dossier"])
    if code is None:
        raise ValueError("not a dossier code")
    said = {
        name: tuple(_text(one) for one in value) if isinstance(value, list) else (_text(value),)
        for name, value in entry.get("fields", {}).items()
    }
    return Confirmation(code.normal, nfc(entry["file"]), int(entry["page"]), str(entry["kind"]), said)


def _text(value: object) -> str:
    """Return a value as text in stored form; lists in lists, objects, half characters and NUL are no values."""
    if not isinstance(value, str | int | float):
        raise TypeError("a value is a text or a number")
    text = nfc(str(value))
    text.encode()
    if "\0" in text:  # PostgreSQL has no place for it
        raise ValueError("NUL in a text")
    return text
