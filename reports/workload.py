"""Dossiers handled in a period: Biểu số 06 (TT 01/2020/TT-VPCP), with two columns that keep it honest.

The form knows received = settled + in progress. Dossiers given back and dossiers the register says nothing of fit in
neither, which is how totals stop adding up; here each has its own column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dossier.register import Channel, RegisterEntry, Status
from reports.period import Period
from reports.timeliness import IN_PROGRESS, SETTLED, Outcome, finished_at, outcome


@dataclass(frozen=True, slots=True)
class Workload:
    """Counts of dossiers. `received` in the period, by channel; `outcomes` of these and of the carried over."""

    received: int
    carried_over: int
    online: int
    direct: int
    post: int
    channel_unknown: int
    outcomes: dict[Outcome, int]

    def of(self, *kinds: Outcome) -> int:
        """Return how many dossiers had one of these outcomes."""
        return sum(self.outcomes[kind] for kind in kinds)

    @property
    def handled(self) -> int:
        """All dossiers received in the period or carried over into it."""
        return self.received + self.carried_over

    @property
    def settled(self) -> int:
        """Settled by the end of the period."""
        return self.of(*SETTLED)

    @property
    def in_progress(self) -> int:
        """In progress at the end of the period."""
        return self.of(*IN_PROGRESS)

    @property
    def closes(self) -> bool:
        """Whether every dossier handled is settled, in progress or given back."""
        return self.handled == self.settled + self.in_progress + self.of(Outcome.GIVEN_BACK)


def was_received(entry: RegisterEntry) -> bool:
    """Return whether the dossier was ever received: a date of reception, and more than a registration."""
    return entry.received_at is not None and entry.status is not Status.REGISTERED


def is_carried_over(entry: RegisterEntry, period: Period) -> bool:
    """Return whether the dossier came before the period and was still open when it began."""
    if entry.received_at is None or entry.received_at >= period.starts_at:
        return False
    finished = finished_at(entry)
    if finished is not None:
        return finished >= period.starts_at
    return entry.status in {None, Status.RECEIVED, Status.IN_PROGRESS, Status.SUPPLEMENT, Status.PAYMENT}


def workload(entries: Iterable[RegisterEntry], period: Period, cutoff: datetime) -> Workload:
    """Return the counts over dossiers; those neither received in the period nor carried over are left out."""
    channels: Counter[Channel | None] = Counter()
    outcomes: Counter[Outcome] = Counter()
    carried = 0
    for entry in filter(was_received, entries):
        if period.contains(entry.received_at):
            channels[entry.channel] += 1
        elif is_carried_over(entry, period):
            carried += 1
        else:
            continue
        outcomes[outcome(entry, cutoff)] += 1
    return Workload(
        received=channels.total(),
        carried_over=carried,
        online=channels[Channel.ONLINE],
        direct=channels[Channel.DIRECT],
        post=channels[Channel.POST],
        channel_unknown=channels[None],
        outcomes={kind: outcomes[kind] for kind in Outcome},
    )
