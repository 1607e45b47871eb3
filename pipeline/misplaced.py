"""Papers of another dossier among those of one: told to a person, with what they were known by.

What is on a page is held against the dossiers that the register has of about the same days at the same agency. Once a
page is another dossier's, those after it are taken along until one says that it is of this dossier: so it is when a
separator sheet is missing.

A document with such a page goes no further, and above all is not signed, until a person has confirmed it, has said of
each of these pages that it stands, or has moved them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from catalog import Transaction, documents, events, pages, problems, register_rows, work
from classify.elsewhere import Elsewhere, Owner, PageSigns, elsewhere
from dossier.codes import parse_code
from dossier.errors import Code
from dossier.model import Document, Intake, Page
from dossier.page import ASKED_AGAIN, ELSEWHERE, STANDS, PageReading, Verdict
from dossier.states import DocumentState, Step
from pipeline.readings import stored_reading
from pipeline.services import Services

EVENT = "paper_elsewhere"
REASON = ELSEWHERE
"""Reason that the page carries until a person has looked."""
_DAYS = timedelta(days=15)  # whose papers lie on the same counter
_MOST_DOSSIERS = 5000
_MOST_BACK = 30


@dataclass(frozen=True, slots=True)
class Stray:
    """A page that seems to be another dossier's."""

    page: Page
    to: Elsewhere


def owners_near(tx: Transaction, code: str) -> tuple[Owner, list[Owner]] | None:
    """Return a dossier as the register has it, and those of its agency that came in about then; None: it has it not."""
    entry, parsed = register_rows.find(tx, code), parse_code(code)
    if entry is None or parsed is None:
        return None
    own = Owner(entry.code, entry.applicant, entry.applicant_id)
    days = (parsed.received - _DAYS, parsed.received + _DAYS)
    return own, [Owner(*row) for row in register_rows.owners(tx, parsed.agency, *days, _MOST_DOSSIERS)]


def strays(
    own_pages: Sequence[Page],
    readings: Sequence[PageReading],
    before: Sequence[Page],
    owners: tuple[Owner, list[Owner]],
    services: Services,
) -> list[Stray]:
    """Return the pages of a document that seem to be another dossier's.

    Args:
        own_pages: The document's pages in order.
        readings: What was read on them.
        before: Pages that were scanned before them in one go, in order: they say whose those are that say nothing.
        owners: From `owners_near`.
        services: Of this process.
    """
    found: list[Stray] = []
    last: Elsewhere | None = None
    for number, (page, reading) in enumerate(zip(own_pages, readings, strict=True)):
        if STANDS in page.reasons:  # a person has looked
            last = None
            continue
        signs = PageSigns(reading.text.plain())
        to = elsewhere(signs, *owners)
        if to is None and signs.signs_of(owners[0]):
            last = None
        else:
            last = to or (_carried(before, owners, services) if number == 0 else last)
        if last is not None:
            found.append(Stray(page, last))
    return found


def _carried(before: Sequence[Page], owners: tuple[Owner, list[Owner]], services: Services) -> Elsewhere | None:
    """Return whose the pages before are, by the last of them that says anything."""
    for page in reversed(before[-_MOST_BACK:]):
        signs = PageSigns(stored_reading(page.words, services).text.plain())
        if signs.signs_of(owners[0]):
            return None
        to = elsewhere(signs, *owners)
        if to is not None:
            return to
    return None


def pages_before(tx: Transaction, document: Document) -> list[Page]:
    """Return the pages of the same file, or of images of the same component, that come before a document's."""
    every = [page for page in pages.of_intake(tx, document.intake_id) if page.words]
    at = next((index for index, page in enumerate(every) if page.id == document.page_ids[0]), 0)
    own = every[at] if every else None
    return [page for page in every[:at] if own is not None and _in_one_go(page, own)]


def _in_one_go(one: Page, other: Page) -> bool:
    single = all(page.file_name.lower().endswith((".jpg", ".jpeg", ".png")) for page in (one, other))
    return one.file_id == other.file_id or (single and one.component == other.component)


def tell(tx: Transaction, document: Document, intake: Intake, found: Sequence[Stray], services: Services) -> None:
    """Put pages before a person: reason on the page, line on the list, link in the chain.

    What nobody would say of a page now is taken from it: it came with an earlier delivery of the same scan.
    """
    now, told = services.clock(), {stray.page.id for stray in found}
    for page in _told(pages.by_ids(tx, document.page_ids)):
        if page.id not in told and page.verdict is not None:
            pages.set_read(tx, page.id, page.verdict, (each for each in page.reasons if each != REASON))
    for stray in found:
        page = stray.page
        verdict = page.verdict if page.verdict is Verdict.RESCAN else Verdict.LOOK
        pages.set_read(tx, page.id, verdict, (*(each for each in page.reasons if each != REASON), REASON))
        problems.report(tx, intake.folder, page.label, Code.PAPER_ELSEWHERE, stray.to.code, now)
        said = {"document": document.id, "scan": page.scan_sha256, "to": stray.to.code, "sign": stray.to.sign.value}
        events.append(tx, document.dossier_id, EVENT, now, said)


def go_on(tx: Transaction, document: Document, services: Services) -> None:
    """Have a document that was classified go on; one that has gone on already is left as it is."""
    step = Step.ARCHIVE if document.born_signed else Step.RENDER
    work.enqueue(tx, step, [document.id], document.intake_id, services.clock())


def go_on_when_settled(tx: Transaction, document_id: str, services: Services) -> None:
    """Have a document go on that was held, once a person has said of all its pages that they are in their place.

    A page that is to be scanned again is not: another scan takes its place, or it goes to another dossier.
    """
    own = documents.get(tx, document_id)
    if own.state is not DocumentState.CLASSIFIED or own.superseded_by:
        return
    reasons = [reason for page in pages.by_ids(tx, own.page_ids) for reason in page.reasons]
    if own.confirmed or not any(each == REASON or each.startswith(ASKED_AGAIN) for each in reasons):
        go_on(tx, own, services)


def tell_again(tx: Transaction, intake: Intake, kept: Iterable[Document], services: Services) -> None:
    """Keep on the list what nobody has looked at: a new delivery of the dossier has begun the list afresh."""
    open_pages = [page for each in kept if not each.confirmed for page in _told(pages.by_ids(tx, each.page_ids))]
    if not open_pages:
        return
    said = [each.payload for each in events.chain(tx, intake.dossier_id) if each.kind == EVENT]
    others = {str(payload["scan"]): str(payload["to"]) for payload in said}
    for page in open_pages:
        to = others.get(page.scan_sha256, "")
        problems.report(tx, intake.folder, page.label, Code.PAPER_ELSEWHERE, to, services.clock())


def _told(own_pages: Iterable[Page]) -> Iterator[Page]:
    return (page for page in own_pages if REASON in page.reasons)
