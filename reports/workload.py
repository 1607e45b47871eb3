"""Dossiers handled in a period: Biểu số 06 (TT 01/2020/TT-VPCP), with the columns that keep it honest.

The form knows received = settled + in progress. Dossiers given back and dossiers the register says nothing of fit in
neither, which is how totals stop adding up; here each has its own column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dossier.facts import Cell
from dossier.register import Channel
from reports.timeliness import IN_PROGRESS, NAMED_REST, SETTLED, Outcome, outcome
from reports.view import View


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
        """Whether every dossier handled is settled, in progress, given back or explained."""
        return self.handled == self.settled + self.in_progress + self.of(*NAMED_REST)


def workload(cells: Iterable[Cell], view: View) -> Workload:
    """Return the counts over cells; dossiers neither received in the period nor carried over are left out."""
    channels: Counter[Channel | None] = Counter()
    outcomes: Counter[Outcome] = Counter()
    carried = 0
    for cell in cells:
        if view.received_within(cell):
            channels[cell.facts.channel] += cell.count
        elif view.carried_over(cell):
            carried += cell.count
        else:
            continue
        outcomes[outcome(cell, view)] += cell.count
    return Workload(
        received=channels.total(),
        carried_over=carried,
        online=channels[Channel.ONLINE],
        direct=channels[Channel.DIRECT],
        post=channels[Channel.POST],
        channel_unknown=channels[None],
        outcomes={kind: outcomes[kind] for kind in Outcome},
    )
