"""Receive: take the files of a delivery into the holding area, page by page, and look no further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

from catalog import Transaction, events, intakes, pages, problems, work
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Intake, Page, SourceFile
from dossier.page import PageReading, Verdict
from dossier.reading_json import dump
from dossier.scan import Encoding, PageScan
from dossier.states import FileState, IntakeState, PageState, Step
from ingest.sniff import sniff
from ingest.survey import FoundFile, survey
from ocr.rules import rules_on
from pipeline.closing import close_when_archived
from pipeline.looks import content_digest, difference
from pipeline.names import page_name, reading_name, source_name
from pipeline.read import assemble_when_read
from pipeline.services import Services


@dataclass(frozen=True, slots=True)
class _Taken:
    file: SourceFile
    pages: tuple[Page, ...] = ()


def receive(intake_id: str, services: Services) -> None:
    """Hold every file of a delivery and its pages; what cannot be taken is set aside with its cause."""
    with services.catalogue.read() as tx:
        intake = intakes.get(tx, intake_id)
        earlier = _earlier_pages(tx, intake)
    if intake.state is not IntakeState.RECEIVING:
        with services.commit():
            return
    looked = survey(Path(intake.folder), services.limits)
    services.holding.open_batch(intake_id)
    with services.checkpoint():  # a worker that slept through a stop goes no further: the next sweep takes its batch
        pass
    taken = [_take(intake, position, found, services) for position, found in enumerate(looked.files)]
    own_pages = [_reused(page, earlier) for item in taken for page in item.pages]
    if len(own_pages) > services.limits.max_pages_per_dossier:
        raise Rejected(Code.TOO_MANY_PAGES, f"{len(own_pages)} pages", subject=intake.code)
    with services.commit() as tx:
        for problem in looked.problems:
            problems.report(tx, intake.folder, problem.subject, problem.code, problem.detail, services.clock())
        _record(tx, intake, [item.file for item in taken], own_pages, services)


def _record(
    tx: Transaction, intake: Intake, files: list[SourceFile], own_pages: list[Page], services: Services
) -> None:
    now = services.clock()
    intakes.add_files(tx, files)
    pages.add(tx, own_pages)
    for file in files:
        if file.error:
            problems.report(tx, intake.folder, file.name, Code(file.error), file.detail, now)
    _compare_with_previous(tx, intake, files, services)
    payload = {"intake": intake.id, "files": [file.sha256 for file in files], "pages": len(own_pages)}
    events.append(tx, intake.dossier_id, "received", now, payload)
    if not own_pages:
        intakes.set_state(tx, intake.id, IntakeState.REJECTED, Code.FOLDER_NO_PAGES.value)
        problems.report(tx, intake.folder, intake.code, Code.FOLDER_NO_PAGES, "", now)
        close_when_archived(tx, intake.dossier_id, services)
        return
    intakes.set_state(tx, intake.id, IntakeState.READING)
    unread = [page.id for page in own_pages if page.state is PageState.RECEIVED]
    work.enqueue(tx, Step.READ, unread, intake.id, now)
    assemble_when_read(tx, intake.id, services)


def _compare_with_previous(tx: Transaction, intake: Intake, files: list[SourceFile], services: Services) -> None:
    after = [(file.name, file.sha256 or file.error) for file in files]
    changed: dict[str, list[str]] = {}
    previous = intakes.previous_assembled(tx, intake.dossier_id, intake.version)
    if previous is not None:
        before = [(file.name, file.sha256 or file.error) for file in intakes.files(tx, previous.id)]
        changed = difference(before, after)
        summary = ", ".join(f"{kind} {len(names)}" for kind, names in changed.items() if names)
        problems.report(tx, intake.folder, intake.code, Code.FOLDER_CHANGED, summary, services.clock())
    intakes.set_content(tx, intake.id, content_digest(after), changed)


def _take(intake: Intake, position: int, found: FoundFile, services: Services) -> _Taken:
    file_id = of_bytes(f"{intake.id}/{position}/{found.name}".encode())[:20]
    file = SourceFile(file_id, intake.id, found.name, "", found.size, "", FileState.REJECTED, found.component)
    try:
        sha256, size = services.holding.put_file(intake.id, source_name(file_id), found.path)
        file = replace(file, sha256=sha256, size=size)
        file = replace(file, media_type=sniff(found.path))
        inspection = services.taker.inspect(found.path)
        file = replace(file, signatures=int(inspection.signed), pages=inspection.pages)
        own = tuple(_take_pages(file, found.path, services))
        _still_the_same(found)
    except Rejected as exc:
        return _Taken(replace(file, error=exc.code.value, detail=exc.detail))
    return _Taken(replace(file, state=FileState.HELD), own)


def _take_pages(file: SourceFile, path: Path, services: Services) -> Iterator[Page]:
    texts: Iterator[PageReading | None] = services.taker.readings(path) if file.signed else repeat(None)
    for taken, text in zip(services.taker.pages(path), texts, strict=False):
        page_id = f"{file.id}-{taken.number:05}"
        page = Page(
            page_id,
            file.intake_id,
            file.id,
            file.name,
            file.component,
            taken.number,
            taken.sha256,
            taken.scan,
            PageState.RECEIVED,
        )
        if text is not None and _speaks_for_itself(text, services):
            yield _hold_text(page, text, services)
            continue
        services.holding.put(file.intake_id, page_name(page_id), taken.data)
        yield page


def _speaks_for_itself(text: PageReading, services: Services) -> bool:
    """Return whether a born-digital page needs no reading.

    A text layer that nobody vouches for hides a scan, and what may be the marking of a state secret is looked at
    like any page: the reading decides whether the dossier is stopped.
    """
    if text.verdict is not Verdict.GOOD or not text.text.words:
        return False
    # They bring the pixel libraries, which few files ask for.
    from ocr.doubts import doubts_of_words  # noqa: PLC0415
    from ocr.secrecy import mark_in_words  # noqa: PLC0415

    size, rules = (text.transform.scan_width, text.transform.scan_height), rules_on(services.clock().date()).secrecy
    said = (text.text.words, size, _TEXT_DPI, rules)
    return not (mark_in_words(*said) or doubts_of_words(*said))


def _hold_text(page: Page, text: PageReading, services: Services) -> Page:
    """Keep the text of a born-digital page: it needs no reading, and its boxes are in its own geometry."""
    services.holding.put(page.intake_id, reading_name(page.id), dump(text))
    width, height = text.transform.scan_width, text.transform.scan_height
    scan = PageScan(Encoding.PNG, width, height, _TEXT_DPI, _TEXT_DPI, 3, turn=text.transform.turn, resampled=True)
    return replace(page, scan=scan, state=PageState.READ, verdict=text.verdict, reasons=text.reasons)


_TEXT_DPI = 150.0  # the resolution of the boxes that ingest.born_digital gives


def _still_the_same(found: FoundFile) -> None:
    status = found.path.stat(follow_symlinks=False)
    if (status.st_size, status.st_mtime_ns) != (found.size, found.mtime_ns):
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "changed while pages were taken", subject=found.name)


def _earlier_pages(tx: Transaction, intake: Intake) -> dict[str, Page]:
    previous = intakes.previous_assembled(tx, intake.dossier_id, intake.version)
    return pages.readings_by_scan(tx, previous.id) if previous else {}


def _reused(page: Page, earlier: dict[str, Page]) -> Page:
    """Take over the reading of the same scan from an earlier delivery of the dossier."""
    known = earlier.get(page.scan_sha256)
    if known is None or known.scan != page.scan or page.state is not PageState.RECEIVED:
        return page
    return replace(page, state=PageState.READ, verdict=known.verdict, reasons=known.reasons, words=known.words)
