"""What a person says of a page against the machine: it must be scanned again, or it may stand although it looked bad.

The word replaces the machine's verdict and stays with the scan: the same scan delivered again is judged the same. Both
words stand in the chain of the dossier with the account that said them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalog import Transaction, events, intakes, pages
from dossier.errors import Code, Rejected
from dossier.model import Document, Page
from dossier.page import ASKED_AGAIN, STANDS, Verdict
from dossier.people import Account
from dossier.states import PageState
from pipeline import leaves, misplaced, whole_dossier
from pipeline.closing import close_when_archived
from pipeline.services import Services

ASKED = "rescan_asked"
"""Kind of the event; that of a page which stands is its reason, `STANDS`."""


class PageFault(StrEnum):
    """What is wrong with the picture of a page; the values are stored."""

    BLURRED = "blurred"
    CUT = "cut"  # an edge or a corner is missing
    FOLDED = "folded"
    COVERED = "covered"  # another leaf, a finger, a note lies on it
    DARK = "dark"  # or too pale
    WRONG_PAPER = "wrong_paper"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word on the page of a document, pages counted from 1. `fault`: it must be scanned again; None: it stands."""

    document: Document
    number: int
    fault: PageFault | None


def judge_page(word: PageWord, own: Account, services: Services) -> None:
    """Record what a person says of a page; the same again changes nothing.

    Raises:
        Rejected: PAGE_UNKNOWN, the document has no such page or was replaced; REQUEST_INVALID, what the machine
            could not read at all is scanned again anyway.
    """
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [word.document.dossier_id])
        record_word(tx, word, own.login, services)


def record_word(tx: Transaction, word: PageWord, login: str, services: Services) -> None:
    """Record what a person says of a page of a dossier that the caller has locked; raises as `judge_page`."""
    document, page = word.document, _page(tx, word)
    verdict = Verdict.RESCAN if word.fault else Verdict.LOOK
    reasons = (f"{ASKED_AGAIN}{word.fault}",) if word.fault else (STANDS,)
    if (page.verdict, page.reasons) == (verdict, reasons):
        return
    if (
        word.fault is None
        and page.verdict is not Verdict.RESCAN
        and whole_dossier.CODES.keys().isdisjoint(page.reasons)
    ):
        return  # nobody has asked for another scan of it, or another place
    whole_dossier.settle(tx, document, [page], services)
    pages.set_read(tx, page.id, verdict, reasons)
    said = {"document": document.id, "page": word.number, "scan": page.scan_sha256}
    fault = {"fault": word.fault.value} if word.fault else {}
    kind = ASKED if word.fault else STANDS
    events.append(tx, document.dossier_id, kind, services.clock(), said | fault, actor=login)
    leaves.recheck(tx, document.dossier_id, services)  # a sheet that came twice may be two after all
    misplaced.go_on_when_settled(tx, document.id, services)
    close_when_archived(tx, document.dossier_id, services)


def _page(tx: Transaction, word: PageWord) -> Page:
    own = word.document
    if own.superseded_by or not 0 < word.number <= len(own.page_ids):
        raise Rejected(Code.PAGE_UNKNOWN, subject=own.id)
    (page,) = pages.by_ids(tx, [own.page_ids[word.number - 1]])
    if page.state is not PageState.READ:
        raise Rejected(Code.REQUEST_INVALID, "the page was not read", subject=own.id)
    return page
