"""Next work: the list of what raises the rate soonest, out of the projection that reports count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from catalog import Transaction, paper_places, work_list
from catalog.facts import Scope
from catalog.work_list import Window
from dossier.facts import Facts
from dossier.papers import PaperPlace
from dossier.register import VIETNAM
from dossier.remaining import NOWHERE, BoxWork, DossierWork, Prices
from registers.reference_data import Reference
from reports.period import Period
from reports.printed.forms import SheetKey
from reports.worklist.actions import Action, action_of
from reports.worklist.boxes import Order, Total, ranked
from reports.worklist.boxes import minutes as box_minutes
from reports.worklist.effort import Effort, Scanned, effort_on
from reports.worklist.listing import WorkList, WorkRow
from reports.worklist.pricing import prices


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list: what its rows are, in which order, over which dossiers, from which row on, how many rows."""

    key: SheetKey
    order: Order
    period: Period
    scope: Scope = Scope()  # noqa: RUF009 - frozen
    counter: str | None = None
    box: str | None = None
    skip: int = 0
    limit: int = 50


def next_work(tx: Transaction, wanted: Wanted, unit: str, at: datetime, known: Reference) -> WorkList:
    """Return a page of the work list.

    Args:
        tx: A transaction after the lines of facts were brought up to date.
        wanted: Which list.
        unit: Whose it is, as printed.
        at: Now.
        known: Reference data, for the names of units.
    """
    effort = effort_on(at.astimezone(VIETNAM).date())
    scanned = {name: Scanned(*seen) for name, seen in work_list.scanned(tx).items()}
    priced = prices(work_list.known_facts(tx), scanned, effort)
    start, end = wanted.period.starts_at, wanted.period.ends_at
    window = Window(int(start.timestamp()), int(end.timestamp()) + 1, wanted.scope, wanted.counter, wanted.box)
    reading = _Reading(tx, window, priced, effort, known, at.astimezone(VIETNAM).date())
    rows, total = reading.boxes(wanted) if wanted.key is SheetKey.BOXES else reading.dossiers(wanted)
    return WorkList(
        key=wanted.key,
        order=wanted.order,
        unit=unit,
        made_at=at,
        start=wanted.period.start,
        end=wanted.period.end,
        total=total,
        is_part=bool(wanted.counter is not None or wanted.box is not None or wanted.scope.procedures is not None),
        rows=rows,
        basis=effort.basis,
        learned=sum(seen.dossiers for seen in scanned.values()),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Makes rows of what the projection says."""

    tx: Transaction
    window: Window
    priced: Prices
    effort: Effort
    known: Reference
    day: date

    def boxes(self, wanted: Wanted) -> tuple[tuple[WorkRow, ...], Total]:
        """Return a page of boxes, and what all of them come to."""
        every = work_list.boxes(self.tx, self.window, self.priced)
        found, total = ranked(every, self.priced, self.effort, wanted.order, wanted.skip + wanted.limit)
        shown = found[wanted.skip :]
        facts = work_list.box_facts(self.tx, self.window, shown) if shown else {}
        return tuple(self._box_row(box, facts.get((box.unit, box.box), [])) for box in shown), total

    def dossiers(self, wanted: Wanted) -> tuple[tuple[WorkRow, ...], Total]:
        """Return a page of single dossiers, those on paper or those at a desk, and what all work comes to."""
        at_desk = wanted.key is SheetKey.DESK
        chosen = {each: one for each, one in self.priced.by_facts.items() if (one.at_desk if at_desk else one.on_paper)}
        own, oldest = replace(self.priced, by_facts=chosen), wanted.order is Order.FIFO
        found = work_list.dossiers(self.tx, self.window, own, wanted.limit, oldest_first=oldest, skip=wanted.skip)
        places = paper_places.of_codes(self.tx, [each.code for each in found])
        return tuple(self._dossier_row(each, places.get(each.code)) for each in found), self._total()

    def _total(self) -> Total:
        everything = work_list.whole(self.tx, self.window, self.priced)
        if everything is None:
            return Total()
        nowhere = None
        if self.window.box is None:
            nowhere = work_list.whole(self.tx, replace(self.window, box=NOWHERE), self.priced)
        return replace(Total().plus(everything), without_place=nowhere.on_paper if nowhere else 0)

    def _box_row(self, box: BoxWork, facts: Sequence[tuple[Facts, int]]) -> WorkRow:
        return WorkRow(
            place=self._place(box.unit, box.box),
            counter=box.counter,
            actions=self._actions(facts),
            dossiers=box.on_paper,
            pages=box.pages,
            minutes=box_minutes(box, self.priced, self.effort),
            gain=box.paper_gain,
            received=_moment(box.oldest),
        )

    def _dossier_row(self, found: DossierWork, place: PaperPlace | None) -> WorkRow:
        return WorkRow(
            place=self._place(found.unit, found.box) if found.box else "",
            counter=found.counter,
            actions=((action_of(found.facts.archival), 1),),
            dossiers=1,
            pages=found.pages,
            minutes=found.pages * self.priced.page_minutes + found.minutes,
            gain=found.gain,
            received=_moment(found.received),
            code=found.code,
            number=place.number if place else "",
            procedure=self._procedure(found.procedure),
            is_known=found.is_known,
        )

    def _actions(self, facts: Sequence[tuple[Facts, int]]) -> tuple[tuple[Action, int], ...]:
        """Return what is to be done with the papers of a box, most of it first."""
        counted: dict[Action, int] = {}
        for each, number in facts:
            price = self.priced.by_facts.get(each)
            if price is not None and price.on_paper:
                action = action_of(each.archival)
                counted[action] = counted.get(action, 0) + number
        return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    def _place(self, unit: str, box: str) -> str:
        name = self.known.units.name(unit, self.day) if unit else ""
        return ", ".join(part for part in (box, name) if part)

    def _procedure(self, code: str) -> str:
        found = self.known.procedures.find(code, self.day) if code else None
        return found.name if found else code


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, VIETNAM)
