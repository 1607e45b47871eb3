"""Pages of which it is not sure whether a document begins there: told to a person before the document is confirmed.

The likelier way is taken and nothing waits for an answer. The page carries a reason and the list a line until somebody
confirms the document or says that the page stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog import Transaction, events, pages, problems
from classify.splitting import Cut, said_of
from dossier.errors import Code
from dossier.model import Document, Intake, Page
from dossier.page import UNSURE_CUT, Verdict
from pipeline.services import Services

EVENT = "cut_doubted"
REASON = UNSURE_CUT


def tell(tx: Transaction, intake: Intake, doubts: Mapping[str, Cut], fresh: Iterable[Page], services: Services) -> None:
    """Put doubtful pages of new documents before a person: reason on the page, line on the list, link in the chain.

    A page that nothing could be read on is left out: it is to be scanned again, and is judged anew then.
    """
    now = services.clock()
    for page in fresh:
        cut = doubts.get(page.id)
        if cut is None or page.verdict in (Verdict.RESCAN, None):
            continue
        pages.set_read(tx, page.id, Verdict.LOOK, (*(each for each in page.reasons if each != REASON), REASON))
        problems.report(tx, intake.folder, page.label, Code.SPLIT_UNSURE, f"{cut.confidence:.0f}%", now)
        said = {"scan": page.scan_sha256, "starts": cut.starts, "confidence": cut.confidence, "signs": list(cut.signs)}
        events.append(tx, intake.dossier_id, EVENT, now, said)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the machine held of a doubtful page of a document, counted from 1; `why` in Vietnamese."""

    number: int
    starts: bool
    why: str


def doubts_of(tx: Transaction, document: Document, services: Services) -> list[Doubt]:
    """Return the pages of a document that nobody has looked at and that may begin, or not begin, a document."""
    numbers = {
        page.scan_sha256: number
        for number, page in enumerate(pages.by_ids(tx, document.page_ids), 1)
        if REASON in page.reasons
    }
    if not numbers:
        return []
    found: dict[int, Doubt] = {}
    for each in events.chain(tx, document.dossier_id):
        number = numbers.get(str(each.payload.get("scan"))) if each.kind == EVENT else None
        if number is not None:
            starts, signs = bool(each.payload["starts"]), each.payload["signs"]
            names = [str(sign) for sign in signs] if isinstance(signs, list) else []
            found[number] = Doubt(number, starts, said_of(names, services.rules, starts=starts))
    return [found[number] for number in sorted(found)]


def tell_again(tx: Transaction, intake: Intake, kept: Iterable[Document], services: Services) -> None:
    """Keep on the list what nobody has looked at: a new delivery of the dossier has begun the list afresh."""
    open_pages = [page for each in kept if not each.confirmed for page in _told(pages.by_ids(tx, each.page_ids))]
    for page in open_pages:
        problems.report(tx, intake.folder, page.label, Code.SPLIT_UNSURE, "", services.clock())


def _told(own_pages: Iterable[Page]) -> Iterator[Page]:
    return (page for page in own_pages if REASON in page.reasons)
