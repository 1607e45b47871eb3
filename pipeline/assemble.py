"""Assemble: promote a cleared delivery to the archive store and make documents of its pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from catalog import Transaction, documents, events, intakes, objects, pages, work
from classify.splitting import Cut, cuts, grouped
from dossier import reading_json
from dossier.digest import canonical, of_bytes
from dossier.model import Document, Intake, ObjectRef, Page, SourceFile
from dossier.states import DocumentState, FileState, IntakeState, PageState, Step
from pipeline import doubtful_cuts, leaves
from pipeline.closing import close_when_archived
from pipeline.held import source_into
from pipeline.keeping import announce
from pipeline.misplaced import tell_again
from pipeline.names import reading_name
from pipeline.parting import parted_files
from pipeline.readings import readings_of, stored_bytes
from pipeline.replacing import check_approved
from pipeline.retiring import retire
from pipeline.services import Services
from pipeline.whole_dossier import Noted, doubts, tell
from storage import put_bytes

_READINGS_AT_ONCE = 32
_SINGLE_PAGE_TYPES = ("image/jpeg", "image/png")


@dataclass(frozen=True, slots=True)
class _Draft:
    """Pages that belong together, before they are a document; `doubts` of them, by page id."""

    component: str
    pages: tuple[Page, ...]
    born_signed: bool
    doubts: Mapping[str, Cut] = field(default_factory=dict)

    @property
    def content_key(self) -> str:
        """Digest over where each page comes from and what it is: equal pages in two files stay two documents."""
        return of_bytes(canonical({"pages": [[page.file_name, page.number, page.scan_sha256] for page in self.pages]}))


def assemble(intake_id: str, services: Services) -> None:
    """Store the source files and readings of a cleared delivery and group its pages into documents.

    A file with a page that nothing could read was not cleared: it stays out, and its original stays where it was.
    """
    with services.catalogue.read() as tx:
        intake = intakes.get(tx, intake_id)
        everything = pages.of_intake(tx, intake_id)
        uncleared = {page.file_id: page.error for page in everything if page.state is PageState.QUARANTINED}
        held = [file for file in intakes.files(tx, intake_id) if file.state is FileState.HELD]
        parted = parted_files(tx, intake.dossier_id)
    files = [file for file in held if file.id not in uncleared]
    all_pages = [page for page in everything if page.file_id not in uncleared]
    if intake.state is not IntakeState.READING:
        with services.commit():
            return
    announce([file.sha256 for file in files], services)
    sources = {file.id: _promote_source(file, services) for file in files}
    words = dict(_promote_readings(all_pages, services))
    cleared = [replace(page, words=words[page.id].sha256) for page in all_pages]
    noted = Noted()
    drafts = list(_drafts(files, cleared, parted, noted, services))
    found = doubts(noted, services)
    with services.commit() as tx:
        now = services.clock()
        objects.record_all(tx, _needs(sources, words), now)
        for file in files:
            intakes.set_file_state(tx, file.id, FileState.STORED)
        for file_id, error in uncleared.items():
            intakes.reject_file(tx, file_id, error)
        pages.set_words(tx, {page_id: ref.sha256 for page_id, ref in words.items()})
        _make_documents(tx, intake, drafts, services)
        tell(tx, intake, found, services)
        leaves.tell(tx, intake, services)
        intakes.set_state(tx, intake_id, IntakeState.ASSEMBLED)
        close_when_archived(tx, intake.dossier_id, services)
        events.append(
            tx,
            intake.dossier_id,
            "assembled",
            now,
            {"intake": intake_id, "files": sorted(ref.sha256 for ref in sources.values()), "documents": len(drafts)},
        )


def _needs(sources: Mapping[str, ObjectRef], words: Mapping[str, ObjectRef]) -> Iterator[objects.Need]:
    for file_id, ref in sources.items():
        yield objects.Need(ref, f"file:{file_id}", "source file as received")
    for page_id, ref in words.items():
        yield objects.Need(ref, f"page:{page_id}", "words of a page")


def _promote_source(file: SourceFile, services: Services) -> ObjectRef:
    with tempfile.TemporaryFile(dir=services.scratch) as stream:
        source_into(file, stream, services)
        return services.store.put(stream, file.media_type)


def _promote_readings(own_pages: list[Page], services: Services) -> Iterator[tuple[str, ObjectRef]]:
    """Store the readings, some at a time: each announcement is a transaction, and a thousand pages fill a memory."""
    for start in range(0, len(own_pages), _READINGS_AT_ONCE):
        some = {page.id: _reading(page, services) for page in own_pages[start : start + _READINGS_AT_ONCE]}
        announce([of_bytes(data) for data in some.values()], services)
        for page_id, data in some.items():
            yield page_id, put_bytes(services.store, data, reading_json.MEDIA_TYPE)


def _reading(page: Page, services: Services) -> bytes:
    if page.words:  # taken over from an earlier delivery of the same scan
        return stored_bytes(page.words, services)
    return services.holding.get(page.intake_id, reading_name(page.id))


def _drafts(
    files: list[SourceFile], all_pages: list[Page], parted: frozenset[str], noted: Noted, services: Services
) -> Iterator[_Draft]:
    by_file = {file_id: list(group) for file_id, group in groupby(all_pages, key=lambda page: page.file_id)}
    for run in _sequences(files):
        sequence = [page for file in run for page in by_file.get(file.id, [])]
        if run[0].signed:  # its bytes are kept, so it is one document whatever it holds
            yield _Draft(run[0].component, tuple(sequence), born_signed=True)
            continue
        readings = noted.noting(sequence, readings_of(sequence, services), services)
        if len(run) == 1 and run[0].sha256 in parted:  # a person has said that it is one document
            noted.document(number for number, _ in enumerate(readings))
            yield _Draft(run[0].component, tuple(sequence), born_signed=False)
            continue
        said = cuts(readings, services.rules)
        asked = {page.id: cut for page, cut in zip(sequence, said, strict=True) if cut.asks}
        for group in grouped(said):
            noted.document(group)
            own = tuple(sequence[index] for index in group)
            own_doubts = {page.id: asked[page.id] for page in own if page.id in asked}
            yield _Draft(run[0].component, own, born_signed=False, doubts=own_doubts)


def _sequences(files: list[SourceFile]) -> Iterator[list[SourceFile]]:
    """Yield runs of files whose pages follow each other: single images of one folder, or one file of many pages."""
    for _, group in groupby(files, key=_sequence_key):
        yield list(group)


def _sequence_key(file: SourceFile) -> tuple[str, str]:
    return file.component, "" if file.media_type in _SINGLE_PAGE_TYPES else file.id


def _make_documents(tx: Transaction, intake: Intake, drafts: list[_Draft], services: Services) -> None:
    """Keep documents that are the same as before, make the others, retire what is gone or was set aside."""
    before = documents.live(tx, intake.dossier_id)
    known = documents.content_keys(tx, intake.dossier_id)
    kept_ids: set[str] = set()
    fresh: list[str] = []
    doubted: list[Page] = []
    doubts: dict[str, Cut] = {}
    for ordinal, draft in enumerate(drafts):
        kept = known.pop(draft.content_key, None)
        if kept is not None:
            documents.reorder(tx, kept, ordinal)
            kept_ids.add(kept)
            continue
        item = _document(intake, draft, ordinal)
        documents.add(tx, item, draft.content_key, services.clock())
        fresh.append(item.id)
        doubted += [page for page in draft.pages if page.id in draft.doubts]
        doubts.update(draft.doubts)
    gone = [document for document in before if document.id not in kept_ids]
    check_approved(tx, intake, gone, services)
    for document in gone:
        retire(tx, document, intake, services)
    kept_documents = [document for document in before if document.id in kept_ids]
    tell_again(tx, intake, kept_documents, services)
    doubtful_cuts.tell_again(tx, intake, kept_documents, services)
    doubtful_cuts.tell(tx, intake, doubts, doubted, services)
    work.enqueue(tx, Step.CLASSIFY, fresh, intake.id, services.clock())


def _document(intake: Intake, draft: _Draft, ordinal: int) -> Document:
    document_id = of_bytes(f"{intake.id}/{draft.content_key}".encode())[:20]
    return Document(
        id=document_id,
        dossier_id=intake.dossier_id,
        code=intake.code,
        intake_id=intake.id,
        ordinal=ordinal,
        version=intake.version,
        component=draft.component,
        state=DocumentState.ASSEMBLED,
        page_ids=tuple(page.id for page in draft.pages),
        born_signed=draft.born_signed,
    )
