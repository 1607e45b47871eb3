"""Early, on time or late: from the dates of the register, never from our own clock.

Source: indicator 2.1 of QĐ 766/QĐ-TTg as the national portal describes it (`definitions.toml`, key `timeliness`).
The end is NgayKetThucXuLy, else NgayTra; what is unfinished is judged at the end of the period. A dossier waiting for
a supplement has its clock stopped. How long it waited is not in a register, so the waiting time is not subtracted.
"""

from __future__ import annotations

from enum import StrEnum

from dossier.facts import NEVER, Cell, Due, Pace
from dossier.register import Status
from reports.view import View

_GIVEN_BACK = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED})
_SETTLED = frozenset({Status.SETTLED, Status.RETURNED})


class Outcome(StrEnum):
    """What became of a dossier by a moment; exactly one holds."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    UNDATED = "undated"  # settled, but a date to judge it by is missing
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    WAITING = "waiting"  # in progress without a day to judge it by
    GIVEN_BACK = "given_back"
    EXPLAINED = "explained"  # the register says nothing of it, a person does
    UNEXPLAINED = "unexplained"  # the register says nothing of it, and nobody else does


SETTLED = (Outcome.EARLY, Outcome.ON_TIME, Outcome.LATE, Outcome.UNDATED)
IN_PROGRESS = (Outcome.IN_TIME, Outcome.OVERDUE, Outcome.WAITING)
NAMED_REST = (Outcome.GIVEN_BACK, Outcome.EXPLAINED)
_PACES = {Pace.EARLY: Outcome.EARLY, Pace.ON_TIME: Outcome.ON_TIME, Pace.LATE: Outcome.LATE}


def outcome(cell: Cell, view: View) -> Outcome:
    """Return what had become of the dossiers when the work is judged; a legal deadline stands in for no appointment."""
    return _outcome(cell, view, cell.facts.due)


def outcome_by_appointment(cell: Cell, view: View) -> Outcome:
    """Return the same judged by days of appointment alone (version 766-2.1/2025-07)."""
    due = cell.facts.due if cell.facts.due is Due.APPOINTED else Due.NONE
    return _outcome(cell, view, due)


def _outcome(cell: Cell, view: View, due: Due) -> Outcome:
    facts = cell.facts
    if facts.status in _GIVEN_BACK:
        return Outcome.GIVEN_BACK
    if view.finished(cell):
        return _PACES[facts.pace] if due else Outcome.UNDATED
    if cell.finished == NEVER and facts.status in _SETTLED:
        return Outcome.UNDATED
    if cell.finished == NEVER and facts.status is None and facts.due is not Due.APPOINTED:
        return Outcome.EXPLAINED if facts.explained else Outcome.UNEXPLAINED
    return _in_progress(cell, view, due)


def _in_progress(cell: Cell, view: View, due: Due) -> Outcome:
    if cell.facts.status is Status.SUPPLEMENT:
        return Outcome.IN_TIME
    if not due:
        return Outcome.WAITING
    return Outcome.OVERDUE if view.overdue(cell) else Outcome.IN_TIME
