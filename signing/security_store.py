"""The Document Security Store (ISO 32000-2, 12.8.4.3): validation data of a PDF, in an update of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from dossier.errors import Code, Rejected
from signing.original import PARSE_ERRORS
from signing.update import Update

if TYPE_CHECKING:
    from signing.original import Original
    from signing.validation_data import ValidationData


def missing_update(document: Original, data: ValidationData) -> Update | None:
    """Return the update that adds what a document's store lacks of some validation data; None when it lacks nothing.

    What is in the store stays there. An entry per signature (VRI) is not written: the standard leaves it open, and
    a reader finds what it needs by its content.

    Raises:
        Rejected(PDF_DAMAGED): The document cannot be updated.
    """
    try:
        return _missing_update(document, data)
    except PARSE_ERRORS as exc:
        raise Rejected(Code.PDF_DAMAGED, f"not fit for an update: {type(exc).__name__}") from exc


def _missing_update(document: Original, data: ValidationData) -> Update | None:
    update = Update(document)
    catalog = update.current(document.root)
    place = catalog.raw_get("/DSS") if "/DSS" in catalog else None
    store = DictionaryObject(_dictionary(document, place))
    for key, wanted in (("/Certs", data.certificates), ("/OCSPs", data.ocsps), ("/CRLs", data.crls)):
        kept = _array(document, store, key)
        known = {_content(document, item) for item in kept}
        new = [update.add(_stream(der)) for der in wanted if der not in known]
        if new:
            store[NameObject(key)] = ArrayObject([*kept, *new])
    if update.is_empty:
        return None
    if isinstance(place, IndirectObject):
        update.replace(place, store)
    else:
        catalog[NameObject("/DSS")] = update.add(store)
        update.replace(document.root, catalog)
    return update


def _dictionary(document: Original, place: PdfObject | None) -> DictionaryObject:
    found = document.resolve(place) if place is not None else DictionaryObject()
    if not isinstance(found, DictionaryObject):
        raise TypeError("/DSS is not a dictionary")
    return found


def _array(document: Original, store: DictionaryObject, key: str) -> ArrayObject:
    found = document.resolve(store.raw_get(key)) if key in store else ArrayObject()
    if not isinstance(found, ArrayObject):
        raise TypeError(f"{key} is not an array")
    return found


def _content(document: Original, item: PdfObject) -> bytes:
    found = document.resolve(item)
    if not isinstance(found, StreamObject):
        raise TypeError("validation data is not a stream")
    return found.get_data()


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    return stream.flate_encode()
