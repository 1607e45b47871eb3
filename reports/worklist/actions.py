"""What is to be done about a cause: who does it, with which paper, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dossier.facts import Facts
from dossier.status import Cause, ComponentStatus
from reports.worklist.effort import Effort


class Kind(StrEnum):
    """Where work is done."""

    PAPER = "paper"  # somebody fetches paper and scans it
    DESK = "desk"  # somebody sits at a screen
    OTHER = "other"  # neither: the machine is at it, or a decision is needed
    NONE = "none"  # nothing is to be done


class Action(StrEnum):
    """What to do, in the words of the work list (`worklist.action.*` of the wording)."""

    SCAN = "scan"
    SCAN_AGAIN = "scan_again"
    RETRY = "retry"
    SCAN_PART = "scan_part"
    SCAN_RESULT = "scan_result"
    FETCH_ONLINE = "fetch_online"
    CONFIRM = "confirm"
    CHECK_KIND = "check_kind"
    SIGN = "sign"
    SIGN_AGAIN = "sign_again"
    WAIT = "wait"
    ANSWER = "answer"
    SEARCH_PAPER = "search_paper"
    CLEAR_STOP = "clear_stop"
    GIVEN_UP = "given_up"
    LIST_PROCEDURE = "list_procedure"
    CHECK_LOT = "check_lot"
    NOTHING = "nothing"


KINDS: Mapping[Action, Kind] = MappingProxyType(
    {
        **dict.fromkeys((Action.SCAN, Action.SCAN_AGAIN, Action.RETRY), Kind.PAPER),
        **dict.fromkeys((Action.SCAN_PART, Action.SCAN_RESULT), Kind.PAPER),
        **dict.fromkeys((Action.FETCH_ONLINE, Action.CONFIRM, Action.CHECK_KIND), Kind.DESK),
        **dict.fromkeys((Action.SIGN, Action.SIGN_AGAIN), Kind.DESK),
        **dict.fromkeys((Action.WAIT, Action.SEARCH_PAPER, Action.CLEAR_STOP), Kind.OTHER),
        **dict.fromkeys((Action.GIVEN_UP, Action.LIST_PROCEDURE, Action.CHECK_LOT, Action.ANSWER), Kind.OTHER),
        Action.NOTHING: Kind.NONE,
    }
)
_ACTIONS: Mapping[Cause, Action] = MappingProxyType(
    {
        Cause.COUNTED: Action.NOTHING,
        Cause.NO_PAPERS_KEPT: Action.NOTHING,
        Cause.PAPER_LOST: Action.SEARCH_PAPER,
        Cause.STOPPED: Action.CLEAR_STOP,
        Cause.GIVEN_UP: Action.GIVEN_UP,
        Cause.BEING_READ: Action.WAIT,
        Cause.SECRECY_ASKED: Action.ANSWER,
        Cause.NOT_ARCHIVED: Action.WAIT,
        Cause.PROCEDURE_UNKNOWN: Action.LIST_PROCEDURE,
        Cause.LOT_REJECTED: Action.CHECK_LOT,
        Cause.NOT_SCANNED: Action.SCAN,
        Cause.RESCAN: Action.SCAN_AGAIN,
        Cause.READ_FAILED: Action.RETRY,
        Cause.COMPONENT_MISSING: Action.SCAN_PART,
        Cause.RESULT_MISSING: Action.SCAN_RESULT,
        Cause.ONLINE_NOT_FETCHED: Action.FETCH_ONLINE,
        Cause.UNCONFIRMED: Action.CONFIRM,
        Cause.WRONG_KIND: Action.CHECK_KIND,
        Cause.UNSIGNED: Action.SIGN,
        Cause.SIGNATURE_INVALID: Action.SIGN_AGAIN,
    }
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What it takes to have a dossier counted.

    Pages are those known to be left, else `share` of what its procedure leads to expect and `pages`; and in both cases
    `more` of what is to be expected. `minutes` are those at a desk, `chance` is how likely it is counted after that.
    """

    action: Action
    share: float
    pages: float
    more: float
    minutes: float
    chance: float

    @property
    def kind(self) -> Kind:
        """Where the work is done."""
        return KINDS[self.action]


def action_of(cause: Cause) -> Action:
    """Return what to do about a cause: exactly one thing."""
    return _ACTIONS[cause]


def cost_of(facts: Facts, effort: Effort) -> Cost:
    """Return what dossiers with these facts still take, from their leading cause to being counted."""
    cause = facts.archival
    action = action_of(cause)
    if KINDS[action] in (Kind.NONE, Kind.OTHER):
        return Cost(action, 0.0, 0.0, 0.0, 0.0, 0.0)
    share, pages, more = _pages(facts, effort)
    components = facts.components
    unconfirmed = sum(components[: ComponentStatus.DA_XAC_NHAN])
    unsigned = sum(components[: ComponentStatus.DA_KY])
    minutes = unconfirmed * effort.document_minutes + max(1, unsigned) * effort.sign_minutes
    if cause is Cause.ONLINE_NOT_FETCHED:
        minutes += effort.online_minutes
    if cause in (Cause.WRONG_KIND, Cause.SIGNATURE_INVALID):
        minutes += effort.document_minutes
    return Cost(action, share, pages, more, minutes, effort.chances[cause])


def _pages(facts: Facts, effort: Effort) -> tuple[float, float, float]:
    """Return which share of a dossier's pages is left, how many pages beside it, and which share in any case."""
    cause = facts.archival
    missing, every = facts.components[ComponentStatus.CHUA_QUET], max(1, sum(facts.components))
    if cause is Cause.NOT_SCANNED:
        return 1.0, 0.0, 0.0
    if cause is Cause.RESULT_MISSING:
        return 0.0, effort.result_pages, 0.0
    if cause is Cause.COMPONENT_MISSING:
        return max(1, missing) / every, 0.0, 0.0
    if cause in (Cause.RESCAN, Cause.READ_FAILED):
        again = facts.components[ComponentStatus.LOI] + facts.components[ComponentStatus.CACH_LY]
        return 0.0, again * effort.again_pages, missing / every
    return 0.0, 0.0, 0.0
