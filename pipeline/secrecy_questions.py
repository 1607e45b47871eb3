"""Questions about secrecy: a page that may carry a state-secret marking is held unread until a person has answered.

Nothing of it is read, shown or stored meanwhile, and its delivery is not assembled; the other pages are read. The
answer "no state secret" is an event in the chain of the dossier, by the digest of the scan: it counts for the same
bytes wherever they come again.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog import Transaction, events, pages, problems
from dossier.errors import Code
from dossier.model import Intake, Page
from dossier.people import Account
from dossier.states import PageState
from pipeline.scope import units_of
from pipeline.services import Services

ASKED, CLEARED = "secrecy_asked", "not_secret"
"""Kinds of the events: a page is asked about; a person has said that its paper is no state secret."""

_MOST_DOSSIERS = 100


def ask(tx: Transaction, intake: Intake, page: Page, reasons: Sequence[str], services: Services) -> None:
    """Hold a page unread, put it on the list of what a person must deal with, and record that."""
    now = services.clock()
    pages.set_asked(tx, page.id, reasons)
    problems.report(tx, intake.folder, page.label, Code.SECRECY_ASKED, "", now)
    events.append(tx, intake.dossier_id, ASKED, now, {"intake": intake.id, "scan": page.scan_sha256})


def is_cleared(tx: Transaction, page: Page) -> bool:
    """Return whether a person has said of these very bytes, in whatever dossier, that they are no state secret."""
    known = pages.dossiers_with(tx, page.scan_sha256, _MOST_DOSSIERS)
    return any(events.has(tx, each, CLEARED, {"scan": page.scan_sha256}) for each in known)


def questions(own: Account, services: Services, most: int, code: str = "") -> list[tuple[str, Page]]:
    """Return the pages that wait for an answer, each with its dossier's code, of dossiers that an account may see."""
    units = units_of(own, services)
    with services.catalogue.read() as tx:
        return pages.asked(tx, units, most, code)


def withdraw_questions(tx: Transaction, intake: Intake, services: Services) -> None:
    """Ask no more about the pages of a delivery: it was stopped."""
    for page in pages.of_intake(tx, intake.id):
        if page.state is PageState.ASKED:
            pages.set_received(tx, page.id)
            problems.resolve(tx, intake.folder, page.label, Code.SECRECY_ASKED, services.clock())
