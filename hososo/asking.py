"""What commands on figures ask for: period, base, unit and versions, from the same options everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from catalog import Transaction
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from hososo.console import Console
from hososo.settings import Profile
from hososo.usage import Misused
from pipeline import questions
from pipeline.projecting import project
from pipeline.questions import Answerable, Asked
from pipeline.services import Services
from reports.grouping import Seen
from reports.period import Counting
from reports.view import Base

_MOST_CHARACTERS = 1 << 24
_OPTIONS = ("period", "counting", "base", "unit", "seen")


def question_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of a question; it is called with them as one `asked`."""

    @wraps(function)
    def command(*positional: object, definition: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - what click passes
        own = {name: options.pop(name) for name in _OPTIONS}
        return function(*positional, asked=asked_of(**own, versions=_versions(definition)), **options)

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


def asked_of(versions: Mapping[str, str] | None = None, period: str | None = None, **options: str) -> Asked:
    """Return what options ask, whose values click has checked."""
    return Asked(
        period or "",
        Counting(options.get("counting", Counting.CALENDAR)),
        Base(options.get("base", Base.B1)),
        options.get("unit", ""),
        Seen(options.get("seen", Seen.HISTORIC)),
        versions or {},
    )


def answerable(tx: Transaction, ready: Services, console: Console, asked: Asked) -> Answerable:
    """Return the question that the options ask; without a period it is over all days of the register.

    Raises:
        Rejected: PERIOD_INVALID, DEFINITION_UNKNOWN.
    """
    return questions.answerable(tx, ready, asked, console.settings.agency, demo=is_demo(console))


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


def _versions(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not version for _, _, version in pairs):
        raise Misused("--definition KEY=VERSION")
    return {key: version for key, _, version in pairs}
