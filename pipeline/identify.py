"""Classify: the kind of a document and the values of its fields, each with its place and its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import Transaction, documents, events, fields, intakes, pages, register_rows
from classify.card_code import with_cards
from classify.crosscheck import Known, crosscheck
from classify.extracted import ExtractedField
from classify.fields import found_on, weighed
from classify.held import held
from classify.kinds import Classification, classify
from classify.lists import Lists
from classify.paper import paper_of
from classify.rules import Rules
from classify.versions import stamped, versions
from dossier.model import Document, FieldValue, Page
from dossier.page import PageReading
from dossier.register import RegisterEntry
from dossier.states import DocumentState
from pipeline import misplaced
from pipeline.known_lists import known_lists
from pipeline.reading_again import with_second_readings
from pipeline.readings import readings_of
from pipeline.services import Services

_FIRST, _LAST = 50, 10


@dataclass(frozen=True, slots=True)
class Told:
    """What a document is recognised from.

    Attributes:
        document: Which.
        pages: Its telling pages.
        readings: What was read of these.
        entry: The register's row of its dossier, if there is one.
        lists: Who issues papers and which places there are, as far as the office has loaded it.
    """

    document: Document
    pages: Sequence[Page]
    readings: Sequence[PageReading]
    entry: RegisterEntry | None
    lists: Lists


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the rules make of a document: its kind, and its values as they are stored."""

    kind: Classification
    values: tuple[FieldValue, ...]


def identify(document_id: str, services: Services) -> None:
    """Find out what a document is and what it says; nothing of it goes into the signed PDF."""
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
        intake = intakes.get(tx, document.intake_id)
        before, owners = misplaced.pages_before(tx, document), misplaced.owners_near(tx, document.code)
    if document.state is not DocumentState.ASSEMBLED:
        with services.commit():
            return
    told = told_of(document, services)
    found = recognised(told, services)
    strays = misplaced.strays(told.pages, told.readings, before, owners, services) if owners is not None else []
    with services.commit() as tx:
        store(tx, document, found)
        documents.move(tx, document_id, DocumentState.CLASSIFIED)
        tell_classified(tx, document, found, services)
        misplaced.tell(tx, document, intake, strays, services)
        if not strays:  # else a person says first whose its pages are
            misplaced.go_on(tx, document, services)


def told_of(document: Document, services: Services) -> Told:
    """Return what a document is recognised from.

    Raises:
        Rejected: OBJECT_MISSING, OBJECT_DAMAGED: the stored words are not there as they were.
    """
    with services.catalogue.read() as tx:
        own_pages = pages.by_ids(tx, telling_pages(document.page_ids))
        entry, lists = register_rows.find(tx, document.code), known_lists(tx, services)
    return Told(document, own_pages, list(readings_of(own_pages, services)), entry, lists)


def recognised(told: Told, services: Services) -> Recognised:
    """Return what a document is and what it says; without a second reader no doubtful value is read again."""
    kind = classify(told.readings, services.rules)
    return Recognised(kind, values_as(kind.kind, told, services))


def values_as(kind: str, told: Told, services: Services) -> tuple[FieldValue, ...]:
    """Return what a document says if it is a paper of a kind."""
    readings, rules = told.readings, services.rules
    paper = paper_of(readings, kind, rules)
    first = tuple(weighed(paper, found_on(paper, services.clock().date())))

    def compared(read: Sequence[ExtractedField]) -> tuple[ExtractedField, ...]:
        listed = held(with_cards(read, readings, kind), paper, told.lists)
        return crosscheck(listed, _known(told.document, told.entry), paper.plain())

    once = [one.field for one in first]
    values = compared(once)
    if services.second_reader is not None:
        known = frozenset(field.name for field in values if field.agreed)
        again = with_second_readings(paper, first, known, told.pages, services)
        values = compared(again) if again != once else values  # most papers have nothing in doubt
    return tuple(_value(field, told.pages, rules) for field in values)


def store(tx: Transaction, document: Document, found: Recognised) -> None:
    """Store what was recognised, except over what a person has confirmed."""
    kind = found.kind
    candidates: list[list[object]] = [[name, confidence] for name, confidence in kind.candidates]
    documents.set_kind(tx, document.id, kind.kind, kind.confidence, kind.explanation, candidates)
    fields.replace_read(tx, document.id, found.values)


def tell_classified(tx: Transaction, document: Document, found: Recognised, services: Services) -> None:
    """Say in the chain of the dossier what a document was taken for, and by which versions."""
    payload = {"document": document.id, "kind": found.kind.kind, **versions(services.rules)}
    events.append(tx, document.dossier_id, "classified", services.clock(), payload)


def telling_pages(page_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pages that tell what a document is: all of a usual one, beginning and end of a very long one.

    What a document is and says of itself stands on its first pages and where it is signed; a thousand pages of words
    in memory would be for nothing.
    """
    if len(page_ids) <= _FIRST + _LAST:
        return page_ids
    return page_ids[:_FIRST] + page_ids[-_LAST:]


def _known(document: Document, entry: RegisterEntry | None) -> Known:
    if entry is None:
        return Known(document.code)
    return Known(document.code, entry.applicant, entry.applicant_id, entry.received_at, entry.due_at)


def _value(field: ExtractedField, own_pages: Sequence[Page], rules: Rules) -> FieldValue:
    box = field.box
    return FieldValue(
        field.name,
        field.value,
        field.raw,
        field.confidence,
        own_pages[field.page].id,
        (box.left, box.top, box.right, box.bottom) if box else None,
        stamped(field.source, rules, field.agreed, field.held, field.again),
        field.must_confirm,
    )
