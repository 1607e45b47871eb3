"""What commands on figures ask for: period, base, unit and versions, from the same options everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from catalog import Transaction, facts
from catalog.facts import Scope
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from hososo.console import Console
from hososo.settings import Profile
from hososo.usage import Misused
from hososo.wiring import now
from pipeline.projecting import project
from pipeline.questions import days_of_register
from pipeline.referring import reference
from pipeline.services import Services
from registers.reference_data import Reference
from reports.grouping import Seen
from reports.inspection import Question
from reports.period import Counting, Period, parse_period
from reports.view import Base

_MOST_CHARACTERS = 1 << 24


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were given."""

    period: str | None
    counting: str
    base: str
    unit: str
    seen: str
    definition: tuple[str, ...]


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


def question_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of a question; it is called with them as one `asked`."""

    @wraps(function)
    def command(*positional: object, **options: Any) -> int:  # noqa: ANN401 - what click passes
        own = {name: options.pop(name) for name in Asked.__dataclass_fields__}
        return function(*positional, asked=Asked(**own), **options)

    for option in (
        click.option("--definition", multiple=True),
        click.option("--seen", type=click.Choice([seen.value for seen in Seen]), default=Seen.HISTORIC.value),
        click.option("--unit", default=""),
        click.option("--base", type=click.Choice([base.value for base in Base]), default="B1"),
        click.option("--counting", type=click.Choice(["calendar", "administrative"]), default="calendar"),
        click.option("--period"),
    ):
        option(command)
    return command


def bring_up_to_date(ready: Services, console: Console) -> None:
    """Make the lines of facts that are due, before anything is counted."""
    project(ready, demo=is_demo(console))


def is_demo(console: Console) -> bool:
    """Return whether development signatures count here."""
    return console.settings.profile is Profile.DEMO


def answerable(tx: Transaction, ready: Services, console: Console, asked: Asked) -> Answerable:
    """Return the question that the options ask; without a period it is over all days of the register.

    Raises:
        Rejected: PERIOD_INVALID, DEFINITION_UNKNOWN.
    """
    known, as_of, seen = reference(tx, ready), now(), Seen(asked.seen)
    question = Question(
        period=_period(tx, asked, as_of),
        as_of=as_of,
        base=Base(asked.base),
        demo=is_demo(console),
        unit=_name(asked.unit, known, as_of) if asked.unit else console.settings.agency,
        versions=_versions(asked.definition),
    )
    whole = Answerable(question, Scope(), known, seen)
    return whole if not asked.unit else Answerable(question, _scope(tx, asked.unit, whole), known, seen)


def codes_of(path: Path) -> list[str]:
    """Return the normalised dossier codes that a file lists, one a line.

    Raises:
        Rejected: FILE_UNREADABLE; DOSSIER_UNKNOWN with the number of a line that is no code.
    """
    return [parsed_code(line, f"{number}") for number, line in enumerate(lines_of(path), start=1) if line.strip()]


def lines_of(path: Path) -> list[str]:
    """Return the lines of a text file in UTF-8.

    Raises:
        Rejected(FILE_UNREADABLE): It cannot be read, or is no such text.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            return stream.read(_MOST_CHARACTERS).splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise Rejected(Code.FILE_UNREADABLE, type(exc).__name__, subject=path.name) from exc


def parsed_code(text: str, subject: str = "") -> str:
    """Return a dossier code as it is stored.

    Raises:
        Rejected(DOSSIER_UNKNOWN): It is no code; the subject is the one given, or the text.
    """
    found = parse_code(text)
    if found is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, "no dossier code", subject=subject or text[:60])
    return found.normal


def _scope(tx: Transaction, unit: str, whole: Answerable) -> Scope:
    day, present = whole.units_day, whole.seen is Seen.PRESENT
    tree = whole.known.units
    return Scope(frozenset(label for label in facts.labels(tx) if tree.within(label, unit, day, present=present)))


def _name(unit: str, known: Reference, as_of: datetime) -> str:
    return known.units.name(unit, as_of.astimezone(VIETNAM).date())


def _versions(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not version for _, _, version in pairs):
        raise Misused("--definition KEY=VERSION")
    return {key: version for key, _, version in pairs}


def _period(tx: Transaction, asked: Asked, as_of: datetime) -> Period:
    """Return the asked period, or the days that the register covers."""
    if asked.period:
        return parse_period(asked.period, Counting(asked.counting))
    return days_of_register(tx, as_of)
