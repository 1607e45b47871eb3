"""Rereading: the rules of today over what earlier rules made of documents; what a person confirmed is left alone.

Words are not read again and bytes are not touched: kinds, values and their confidences are. What second readings found
when the pages were at hand stays, where the first reading is the same and nothing else has settled the value since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from catalog import Transaction, documents, fields, intakes, words
from catalog.facts import mark_due
from classify.versions import was_read_again
from dossier.errors import Code, Rejected
from dossier.model import Document, FieldValue
from pipeline.closing import close_when_archived
from pipeline.identify import Recognised, recognised, store, tell_classified, told_of
from pipeline.services import Services

_AT_ONCE = 50


@dataclass
class Reread:
    """How many documents were looked at, how many of them say something else now, of how many the words are damaged."""

    looked: int = 0
    changed: int = 0
    unreadable: int = 0


def reread(services: Services, tell: Callable[[int], None]) -> Reread:
    """Recognise every document anew that no person has confirmed or begun to. Run again after a kill, it goes on.

    Args:
        services: Of this process.
        tell: Is told now and then how many documents have been looked at.
    """
    done, after = Reread(), ""
    while True:
        with services.catalogue.read() as tx:
            some = documents.unconfirmed_after(tx, after, _AT_ONCE)
        if not some:
            return done
        for document in some:
            _reread(document, services, done)
        after = some[-1].id
        tell(done.looked)


def _reread(document: Document, services: Services, done: Reread) -> None:
    done.looked += 1
    try:
        told = told_of(document, services)
    except Rejected as exc:
        if exc.code not in (Code.OBJECT_MISSING, Code.OBJECT_DAMAGED):
            raise
        done.unreadable += 1
        return
    found = recognised(told, replace(services, second_reader=None))
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [document.dossier_id])
        present = documents.get(tx, document.id)
        if present.confirmed or present.superseded_by or words.of_document(tx, document.id):
            return  # somebody was quicker: a person's word, or half of one, stands
        found = _with_second_readings(present, fields.of_document(tx, present.id), found)
        if not _differs(tx, present, found):
            return
        store(tx, present, found)
        tell_classified(tx, present, found, services)
        mark_due(tx, present.id)
        documents.retouch(tx, present.id)
        close_when_archived(tx, present.dossier_id, services)
    done.changed += 1


def _with_second_readings(present: Document, before: Sequence[FieldValue], found: Recognised) -> Recognised:
    """Return what was recognised, with the values that second readings gave of the same first readings."""
    if present.kind != found.kind.kind:
        return found
    known = {_place(value): value for value in before if was_read_again(value.source)}
    values = [known.get(_place(new), new) if new.must_confirm else new for new in found.values]
    names = {value.name for value in values}
    fresh = [value for value in known.values() if value.name not in names]
    return replace(found, values=(*values, *fresh))


def _place(value: FieldValue) -> tuple[object, ...]:
    return value.name, value.page_id, value.box, value.raw


def _differs(tx: Transaction, present: Document, found: Recognised) -> bool:
    """Return whether anything but the versions is another; what is the same keeps the versions that made it."""
    before = [_said(value) for value in fields.of_document(tx, present.id)]
    kind = (present.kind, present.kind_confidence) != (found.kind.kind, found.kind.confidence)
    return kind or before != [_said(value) for value in found.values]


def _said(value: FieldValue) -> tuple[str, str, float, bool]:
    return value.name, value.value, value.confidence, value.must_confirm
