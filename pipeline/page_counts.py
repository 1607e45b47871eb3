"""Counted pages: as many as somebody said when papers were handed over should have come.

What is short may come later with the same component, counted or not, and a leaf that cannot be scanned is one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from catalog import Transaction, hand_overs, intakes, pages
from dossier.model import Intake
from dossier.states import IntakeState
from pipeline.placeholders import placeholders


@dataclass(frozen=True, slots=True)
class Miscount:
    """A hand-over of a component whose pages are not as many as counted; `said` are both numbers: `2/3`."""

    component: str
    said: str
    hand_over_id: str


def miscounts(tx: Transaction, intake: Intake) -> Iterator[Miscount]:
    """Yield the hand-overs of a dossier whose pages, as its newest delivery has them, are not as many as counted."""
    there = Counter(page.file_name for page in pages.of_intake(tx, intake.id))
    lost = Counter(each.component for each in placeholders(tx, intake.dossier_id))
    later: Counter[str] = Counter()
    replaced: set[str] = set()
    for own in hand_overs.placed_of(tx, intake.code):  # the newest first
        if own.intake_id != intake.id and intakes.state_of(tx, own.intake_id) is not IntakeState.ASSEMBLED:
            continue  # turned down, or nothing of it could be used
        names = {file.placed_as for file in hand_overs.files(tx, own.id)} - replaced
        came = sum(there[name] for name in names)
        most = came + later[own.component]
        if own.pages is not None and not came <= own.pages <= most + lost[own.component]:
            yield Miscount(own.component, f"{came if came > own.pages else most}/{own.pages}", own.id)
        later[own.component] += came
        replaced.update(own.replaces)
