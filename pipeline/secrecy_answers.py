"""Answers about secrecy: a person has looked at the paper; its page is read now, or its dossier is stopped."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum

from catalog import Transaction, events, intakes, pages, problems, work
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Intake, Page
from dossier.people import Account, Permission
from dossier.states import IntakeState, PageState, Step
from pipeline.scope import units_of
from pipeline.secrecy_questions import CLEARED
from pipeline.services import Services
from pipeline.stop import finish_stop, is_stopper, record_stop


class Answer(StrEnum):
    """What a person says of the paper."""

    NOT_SECRET = "not_secret"  # noqa: S105 - a word, not a password
    MARKED = "marked"


def answer(page_id: str, said: Answer, own: Account, services: Services) -> str:
    """Record what a person says of the paper of a page that is asked about; return its dossier's code.

    No state secret: the page is read, and nobody is asked about the same bytes again. Marked: the delivery is stopped
    as if the machine had seen it; its key is destroyed at once, the delivered scan where its folder lies. The same
    answer again changes nothing.

    Raises:
        Rejected: NOT_ALLOWED; PAGE_UNKNOWN, there is no such page in a dossier that the account sees;
            SECRECY_ANSWERED, it was answered otherwise, or is not asked about.
    """
    if not own.may(Permission.JUDGE):
        raise Rejected(Code.NOT_ALLOWED, subject=own.login)
    units = units_of(own, services)
    with services.catalogue.read() as tx:
        page, intake = _named(tx, page_id, units)
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [intake.dossier_id])
        page, intake = _named(tx, page_id, units)
        if page.state is not PageState.ASKED or intake.state is not IntakeState.READING:
            _check_said_before(tx, page, intake, said)
            return intake.code
        if said is Answer.NOT_SECRET:
            _clear(tx, page, intake, own, services)
        else:
            record_stop(tx, intake, page, services, actor=own.id)
            work.revive(tx, Step.READ, page.id, services.clock(), intake.place)
    if said is Answer.MARKED:
        with suppress(Unavailable):  # the item is there: whoever takes it goes on
            finish_stop(intake, page, services)
    return intake.code


def _named(tx: Transaction, page_id: str, units: frozenset[str] | None) -> tuple[Page, Intake]:
    page = pages.find(tx, page_id)
    intake = intakes.get(tx, page.intake_id) if page else None
    dossier = intakes.find_dossier(tx, intake.code) if intake else None
    if page is None or intake is None or dossier is None or not (units is None or dossier.unit in units):
        raise Rejected(Code.PAGE_UNKNOWN)
    return page, intake


def _check_said_before(tx: Transaction, page: Page, intake: Intake, said: Answer) -> None:
    """Raise Rejected(SECRECY_ANSWERED) unless this very answer was given before."""
    was_cleared = events.has(tx, intake.dossier_id, CLEARED, {"scan": page.scan_sha256})
    if not (was_cleared if said is Answer.NOT_SECRET else is_stopper(page)):
        raise Rejected(Code.SECRECY_ANSWERED, subject=page.label)


def _clear(tx: Transaction, page: Page, intake: Intake, own: Account, services: Services) -> None:
    """Have every page of the delivery that has these bytes read."""
    now = services.clock()
    events.append(tx, intake.dossier_id, CLEARED, now, {"scan": page.scan_sha256}, actor=own.id)
    for each in pages.of_intake(tx, intake.id):
        if each.state is PageState.ASKED and each.scan_sha256 == page.scan_sha256:
            pages.set_received(tx, each.id)
            problems.resolve(tx, intake.folder, each.label, Code.SECRECY_ASKED, now)
            work.again(tx, Step.READ, each.id, now)
