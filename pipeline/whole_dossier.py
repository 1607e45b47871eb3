"""A dossier looked at as a whole, once all its pages are read: what no single page can tell.

Printed page numbers that do not follow each other, a sheet that was scanned twice, also days apart. Nothing is held up
by it: it is on pages and list until a person has looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from zlib import crc32

from catalog import Transaction, documents, events, intakes, pages, problems
from classify.layout import page_layout
from classify.page_numbers import NumberFault, odd_numbers
from classify.printed_number import PrintedNumber, printed_number
from dossier.errors import Code, Rejected
from dossier.model import Document, Intake, Page
from dossier.page import ELSEWHERE, STANDS, UNSURE_CUT, PageReading, Verdict
from dossier.text import fold
from ocr.looker import BoundedLooker
from pipeline.held import page_image
from pipeline.services import Services

EVENT = "pages_doubted"
SAME_SHEET = "same_sheet"
CODES: Mapping[str, Code] = MappingProxyType(
    {
        ELSEWHERE: Code.PAPER_ELSEWHERE,
        UNSURE_CUT: Code.SPLIT_UNSURE,
        SAME_SHEET: Code.SHEET_TWICE,
        **{fault.value: Code.PAGE_NUMBERS for fault in NumberFault},
    }
)
"""Under which code a reason of a page stands on the list of what a person has to look at."""
_OURS = frozenset(CODES) - {ELSEWHERE, UNSURE_CUT}
_LEAST_WORDS, _MOST_PAGES, _MOST_LOOKS = 25, 400, 40
_SIZES, _ALIKE = 0.8, 0.55  # two readings of a sheet have most words in common; forms do too: then pictures decide


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What is kept of a page while all are read: its printed number, and its words as digests."""

    page: Page
    printed: PrintedNumber | None
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class PageDoubt:
    """Why a person should look at a page; `said` are the numbers, or the page that is the same sheet."""

    page: Page
    reason: str
    said: str


@dataclass(slots=True)
class Noted:
    """The documents of a delivery, as they were read."""

    documents: list[list[SeenPage]] = field(default_factory=list)
    _run: list[SeenPage] = field(default_factory=list)

    def noting(self, own: Sequence[Page], readings: Iterable[PageReading], services: Services) -> Iterator[PageReading]:
        """Hand readings of pages on, and keep what is needed of them."""
        self._run = []
        for page, reading in zip(own, readings, strict=True):
            said = reading.text.words
            printed = printed_number(page_layout(reading, 0, services.rules.layout)) if said else None
            words = frozenset(
                crc32(word.encode()) for each in said for word in fold(each.text).split() if len(word) > 1
            )
            self._run.append(SeenPage(page, printed, words))
            yield reading

    def document(self, group: Iterable[int]) -> None:
        """Note that pages of what was read last are one document."""
        self.documents.append([self._run[at] for at in group])


def doubts(noted: Noted, services: Services) -> list[PageDoubt]:
    """Return what a person should look at."""
    every = [seen for document in noted.documents for seen in document]
    numbers = odd_numbers([[seen.printed for seen in document] for document in noted.documents])
    found = [PageDoubt(every[odd.page].page, odd.fault.value, odd.said) for odd in numbers]
    return found + _twice(every[:_MOST_PAGES], services)


def _twice(every: Sequence[SeenPage], services: Services) -> list[PageDoubt]:
    """Return the pages that are a sheet which came before: much the same words, and then the same picture."""
    wanted = _alike([seen for seen in every if len(seen.words) >= _LEAST_WORDS])
    if not wanted:
        return []
    found: list[PageDoubt] = []
    with BoundedLooker() as looker:
        for page in wanted:
            try:
                look = looker.look(page_image(page, services), page.scan, page.number, page.intake_id, page.file_name)
            except Rejected:
                continue
            if look.like:
                found.append(PageDoubt(page, SAME_SHEET, look.like.replace("\n", "#")))
    return found


def _alike(every: Sequence[SeenPage]) -> list[Page]:
    """Return the pages that have most words in common with another one, in order."""
    found: set[int] = set()
    for at, one in enumerate(every):
        for beyond, other in enumerate(every[at + 1 :], at + 1):
            low, high = sorted((len(one.words), len(other.words)))
            if low >= _SIZES * high and one.page.scan_sha256 != other.page.scan_sha256:
                common = len(one.words & other.words)
                if common >= _ALIKE * (low + high - common):
                    found |= {at, beyond}
        if len(found) >= _MOST_LOOKS:
            break
    return [every[at].page for at in sorted(found)[:_MOST_LOOKS]]


def tell(tx: Transaction, intake: Intake, found: Sequence[PageDoubt], services: Services) -> None:
    """Put on the pages and the list what is in doubt now, and take from the pages what no longer is.

    What a person has confirmed or let stand is not doubted again.
    """
    now, said = services.clock(), {_place(each.page): each for each in found}
    told: list[list[str]] = []
    for document, page in _live(tx, intake):
        doubt = said.get(_place(page))
        if STANDS in page.reasons or document.confirmed or page.verdict is None:
            continue
        others = tuple(each for each in page.reasons if each not in _OURS)
        if doubt is None:
            if others != page.reasons:
                pages.set_read(tx, page.id, page.verdict, others)
            continue
        pages.set_read(tx, page.id, _worse(page.verdict), (*others, doubt.reason))
        problems.report(tx, intake.folder, page.label, CODES[doubt.reason], doubt.said, now)
        told.append([page.scan_sha256, doubt.reason])
    if told:
        events.append(tx, intake.dossier_id, EVENT, now, {"intake": intake.id, "pages": told})


def _live(tx: Transaction, intake: Intake) -> Iterator[tuple[Document, Page]]:
    for document in documents.live(tx, intake.dossier_id):
        for page in pages.by_ids(tx, document.page_ids):
            yield document, page


def _place(page: Page) -> tuple[str, int, str]:
    return page.file_name, page.number, page.scan_sha256


def _worse(verdict: Verdict) -> Verdict:
    return verdict if verdict is Verdict.RESCAN else Verdict.LOOK


def settle(tx: Transaction, document: Document, own_pages: Iterable[Page], services: Services) -> None:
    """Take pages of a document from the list: a person has looked at them, or another delivery took their place."""
    newest = intakes.latest(tx, document.dossier_id)
    own = intakes.get(tx, document.intake_id)
    folders, now = sorted({own.folder, *([newest.folder] if newest else [])}), services.clock()
    for folder in folders:
        for page in own_pages:
            for code in {CODES[reason] for reason in page.reasons if reason in CODES}:
                problems.resolve(tx, folder, page.label, code, now)
