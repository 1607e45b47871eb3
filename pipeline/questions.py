"""Questions about figures: over which days, on which base, over whose dossiers; and all it takes to answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from catalog import Transaction, facts
from catalog.facts import Scope
from dossier.people import Account
from dossier.register import VIETNAM
from pipeline.referring import reference
from pipeline.scope import labels_within
from pipeline.services import Services
from registers.reference_data import Reference
from registers.units import UnitTree
from reports.grouping import Seen
from reports.inspection import DIMENSIONS, InspectionFigures, Question, inspection
from reports.period import Counting, Period, free_range, parse_period
from reports.view import Base


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, as an option or a form has it.

    Attributes:
        period: As `reports.period.parse_period` reads it; empty: all days of the register.
        counting: How a period's days are counted.
        base: Base of the digitisation rates.
        unit: Code of the unit whose dossiers are asked for, with those below it; empty: all that may be seen.
        seen: Whether units are seen as they were or as they are.
        versions: Versions of definitions by key, where not the newest is meant.
    """

    period: str = ""
    counting: Counting = Counting.CALENDAR
    base: Base = Base.B1
    unit: str = ""
    seen: Seen = Seen.HISTORIC
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answerable:
    """A question with all that it takes to answer it within one transaction."""

    question: Question
    scope: Scope
    known: Reference
    seen: Seen

    @property
    def units_day(self) -> date:
        """The day of the tree that units are seen in: the period's last, or today in the view of today."""
        today = self.question.as_of.astimezone(VIETNAM).date()
        return today if self.seen is Seen.PRESENT else self.question.period.end


def answerable(
    tx: Transaction, services: Services, asked: Asked, agency: str, *, demo: bool, own: Account | None = None
) -> Answerable:
    """Return the question that is asked, over the dossiers that whoever asks may see.

    Args:
        tx: A transaction.
        services: Of the installation.
        asked: What is asked.
        agency: Name of the office, for the heading of figures over everything.
        demo: Development signatures count.
        own: Who asks; None: somebody who may see everything.

    Raises:
        Rejected: PERIOD_INVALID, DEFINITION_UNKNOWN.
    """
    known, as_of = reference(tx, services), services.clock()
    today = as_of.astimezone(VIETNAM).date()
    whole = own is None or own.units is None
    top = asked.unit or (min(own.units) if own and own.units and len(own.units) == 1 else "")
    question = Question(
        period=parse_period(asked.period, asked.counting) if asked.period else days_of_register(tx, as_of),
        as_of=as_of,
        base=asked.base,
        demo=demo,
        unit=known.units.name(top, today) if top else agency if whole else "",
        versions=asked.versions,
    )
    seen = Answerable(question, Scope(), known, asked.seen)
    return Answerable(question, _scope(tx, asked.unit, own, seen), known, asked.seen)


def inspected(tx: Transaction, asks: Answerable) -> InspectionFigures:
    """Return the figures of the inspection report that answer a question."""
    question = asks.question
    counted = facts.cells(tx, question.axis, DIMENSIONS, asks.scope)
    return inspection(counted, question, asks.known.procedures.on(question.period.end).values())


def days_of_register(tx: Transaction, as_of: datetime) -> Period:
    """Return the days that the register covers; today where there is none."""
    found = facts.span(tx)
    if found is None:
        today = as_of.astimezone(VIETNAM).date()
        return free_range(today, today)
    first, last = (datetime.fromtimestamp(moment, VIETNAM).date() for moment in found)
    return free_range(first, last)


def scope_of(tx: Transaction, own: Account, tree: UnitTree, as_of: datetime) -> Scope:
    """Return the dossiers whose figures an account may see: those of its units and of units below them."""
    if own.units is None:
        return Scope()
    day = as_of.astimezone(VIETNAM).date()
    return Scope(labels_within(facts.labels(tx), own.units, tree, day))


def _scope(tx: Transaction, unit: str, own: Account | None, asks: Answerable) -> Scope:
    """Return the dossiers of a unit as the question sees units, of those that may be seen."""
    may = scope_of(tx, own, asks.known.units, asks.question.as_of) if own else Scope()
    if not unit:
        return may
    tree, day, present = asks.known.units, asks.units_day, asks.seen is Seen.PRESENT
    labels = facts.labels(tx) if may.units is None else may.units
    return Scope(frozenset(label for label in labels if tree.within(label, unit, day, present=present)))
