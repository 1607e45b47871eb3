"""The state of an installation in a few numbers and the list of what a person must deal with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from catalog import Catalogue, documents, intakes, pages, problems, queue, renewals, stacks
from catalog.problems import Problem
from catalog.stuck import Stuck, stuck
from dossier.errors import Code
from dossier.model import WorkItem
from dossier.states import ON_SIGNING_LIST, DocumentState, IntakeState, PageState
from hososo import stuck as stuck_work
from hososo.console import Console, Exit
from hososo.fixity_state import FixityState, fixity_state
from hososo.portal import PortalState, portal_state
from hososo.settings import Profile, Settings
from pipeline.leaves import CODES as COUNTED

_HALF_A_YEAR = timedelta(days=183)
_NOTICES = {Code.FOLDER_CHANGED}  # told, but nobody has to act
_NUMBERED = {Code.PAGE_NUMBERS, *COUNTED}


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts by state, open problems, waiting and quarantined work."""

    dossiers: dict[IntakeState, int]
    pages: dict[PageState, int]
    documents: dict[DocumentState, int]
    open_work: int
    waiting: list[WorkItem]
    quarantined: list[WorkItem]
    problems: list[Problem]
    stuck: list[Stuck]
    fixity: FixityState
    portal: PortalState
    no_time_stamps: bool = False
    """Whether this office has no time-stamp authority: whatever comes will wait for ever."""

    ending_proofs: int = 0
    """Signed documents whose newest time stamp ends within half a year: renewals were due long ago."""

    stack_parts: int = 0
    """Parts of stacks that wait for somebody to say whose they are."""

    def exit_code(self) -> int:
        """Return 3 when a person must act, 4 when the world must, 0 otherwise."""
        if self.quarantined or self.to_deal_with or not self.fixity.sound or self.no_time_stamps or self._revoked():
            return Exit.NEEDS_PERSON
        if self.stack_parts or (self.portal.way and self.portal.refused):
            return Exit.NEEDS_PERSON
        late = self.portal.is_late(datetime.now(UTC))
        waits = self.waiting or self.stuck or self._unsigned() or self.ending_proofs or late
        return Exit.WAITING if waits else Exit.OK

    def lines(self, console: Console) -> list[str]:
        """Return the overview as people read it."""
        out = [
            console.word(
                "status.counts",
                dossiers=sum(self.dossiers.values()),
                pages=sum(self.pages.values()),
                documents=sum(self.documents.values()),
                archived=self.documents.get(DocumentState.ARCHIVED, 0),
            )
        ]
        if self.open_work:
            out.append(console.word("status.open_work", count=self.open_work))
        if self._unsigned():
            out += self._signing_list(console)
        if self.no_time_stamps:
            out.append(console.word("status.no_time_stamps"))
        if self.ending_proofs:
            out.append(console.word("status.ending_proofs", count=self.ending_proofs))
        if self.stack_parts:
            out.append(console.word("status.stacks", count=self.stack_parts))
        for code, count in _by_code(self.waiting):
            out.append(console.word("status.waiting", count=count) + " " + console.problem(Code(code)))
        out += stuck_work.lines(self.stuck, datetime.now(UTC), console)
        out += self.fixity.lines(console)
        out += self.portal.lines(console)
        out += _list(console.word("status.problems", count=len(self.to_deal_with)), self.to_deal_with, console)
        notices = [item for item in self.problems if item.code in _NOTICES]
        return out + _list(console.word("status.notices", count=len(notices)), notices, console)

    @property
    def to_deal_with(self) -> list[Problem]:
        """Problems that a person must act on, without what only has to be known."""
        return [item for item in self.problems if item.code not in _NOTICES]

    def as_json(self) -> dict[str, Any]:
        """Return the overview for programs (docs/schemas/status.json)."""
        return {
            "dossiers": {state.value: count for state, count in sorted(self.dossiers.items())},
            "pages": {state.value: count for state, count in sorted(self.pages.items())},
            "documents": {state.value: count for state, count in sorted(self.documents.items())},
            "open_work": self.open_work,
            "waiting": [_item(item) for item in self.waiting],
            "quarantined": [_item(item) for item in self.quarantined],
            "problems": [
                {
                    "folder": item.folder,
                    "subject": item.subject,
                    "code": item.code.value,
                    "detail": item.detail,
                    "since": item.first_seen,
                }
                for item in self.problems
            ],
            "stuck": stuck_work.as_json(self.stuck),
            "fixity": self.fixity.as_json(),
            "portal": self.portal.as_json(),
            "no_time_stamps": self.no_time_stamps,
            "ending_proofs": self.ending_proofs,
            "stack_parts": self.stack_parts,
        }

    def _revoked(self) -> bool:
        return any(item.error == Code.CERTIFICATE_REVOKED for item in self.waiting)

    def _signing_list(self, console: Console) -> list[str]:
        """Return who is waited for, the officer who compared before the agency."""
        officer = self.documents.get(DocumentState.WAITING_OFFICER, 0)
        agency = self._unsigned() - officer
        out = [console.word("status.waiting_officer", count=officer)] if officer else []
        return out + ([console.word("status.unsigned", count=agency)] if agency else [])

    def _unsigned(self) -> int:
        return sum(self.documents.get(state, 0) for state in ON_SIGNING_LIST)


def overview(catalogue: Catalogue, settings: Settings) -> Overview:
    """Return the present state."""
    now = datetime.now(UTC)
    with catalogue.read() as tx:
        return Overview(
            intakes.counts(tx),
            pages.counts(tx),
            documents.counts(tx),
            queue.open_total(tx),
            queue.waiting(tx),
            queue.quarantined(tx),
            problems.open_problems(tx),
            stuck(tx, now),
            fixity_state(tx, settings, now),
            portal_state(tx, settings),
            settings.profile is Profile.PRODUCTION and not settings.tsa_url,
            renewals.ending(tx, now + _HALF_A_YEAR),
            stacks.count_waiting(tx),
        )


def _by_code(items: list[WorkItem]) -> list[tuple[str, int]]:
    codes = sorted({item.error for item in items})
    return [(code, sum(item.error == code for item in items)) for code in codes]


def _list(title: str, items: list[Problem], console: Console) -> list[str]:
    return [title, *(f"  {console.problem(item.code, _where(item) + _said(item))}" for item in items)] if items else []


def _where(item: Problem) -> str:
    name = item.folder.rpartition("/")[2]
    return item.subject if item.subject.partition("/")[0] == name else f"{name}/{item.subject}"


def _said(item: Problem) -> str:
    """Return the numbers that a problem of counts and leaves is about."""
    return f": {item.detail}" if item.detail and item.code in _NUMBERED else ""


def _item(item: WorkItem) -> dict[str, Any]:
    return {
        "step": item.step.value,
        "subject": item.subject,
        "code": item.error,
        "detail": item.detail,
        "attempts": item.attempts,
    }
