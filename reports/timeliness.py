"""Early, on time or late: from the dates of the register, never from our own clock.

Source: indicator 2.1 of QĐ 766/QĐ-TTg as the national portal describes it (`definitions.toml`, key `timeliness`).
The end is NgayKetThucXuLy, else NgayTra; what is unfinished is judged at the end of the period. A dossier waiting for
a supplement has its clock stopped. How long it waited is not in a register, so the waiting time is not subtracted;
without a date of appointment nothing is judged, because the legal maximum is not in a register either.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dossier.register import RegisterEntry, Status
from reports.period import VIETNAM

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
    WAITING = "waiting"  # in progress without a date of appointment
    GIVEN_BACK = "given_back"
    UNEXPLAINED = "unexplained"  # the register says nothing of it


SETTLED = (Outcome.EARLY, Outcome.ON_TIME, Outcome.LATE, Outcome.UNDATED)
IN_PROGRESS = (Outcome.IN_TIME, Outcome.OVERDUE, Outcome.WAITING)


def finished_at(entry: RegisterEntry) -> datetime | None:
    """Return when the dossier was done with."""
    return entry.settled_at or entry.returned_at


def outcome(entry: RegisterEntry, cutoff: datetime) -> Outcome:
    """Return what had become of the dossier at the cutoff."""
    if entry.status in _GIVEN_BACK:
        return Outcome.GIVEN_BACK
    finished = finished_at(entry)
    if finished is not None and finished <= cutoff:
        return _settled(finished, entry.due_at)
    if finished is None and entry.status in _SETTLED:
        return Outcome.UNDATED
    if finished is None and entry.status is None and entry.due_at is None:
        return Outcome.UNEXPLAINED
    return _in_progress(entry, cutoff)


def _settled(finished: datetime, due: datetime | None) -> Outcome:
    if due is None:
        return Outcome.UNDATED
    if finished > due:
        return Outcome.LATE
    early = finished.astimezone(VIETNAM).date() < due.astimezone(VIETNAM).date()
    return Outcome.EARLY if early else Outcome.ON_TIME


def _in_progress(entry: RegisterEntry, cutoff: datetime) -> Outcome:
    if entry.status is Status.SUPPLEMENT:
        return Outcome.IN_TIME
    if entry.due_at is None:
        return Outcome.WAITING
    return Outcome.OVERDUE if entry.due_at < cutoff else Outcome.IN_TIME
