"""Packaged templates filled with values: whatever a value says, it stays text."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import resources

import jinja2

from dossier.register import VIETNAM
from dossier.text import visible
from reports.numbers import count
from reports.wording import word

_FOLDER = "data/printed"


def page(name: str, language: str, made_at: datetime, /, **values: object) -> str:
    """Return a template as an HTML page with its style in it.

    Args:
        name: A template of `reports/data/printed`.
        language: `vi` or `en`.
        made_at: The moment that the file names as its own: of the figures, not of the printing.
        values: What the template asks for; drawings are `markupsafe.Markup`, all else is text.

    Raises:
        jinja2.UndefinedError: A value is missing (a bug).
    """
    general = {
        "language": language,
        "made_at": made_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
        "style": _read("style.css"),
        "word": lambda key, **told: word(key, language, **told),
    }
    return _templates().get_template(name).render({**general, **values})


def place_and_day(day: datetime, language: str) -> str:
    """Return the line under the motto; the place is left to be written, days under 10 and months 1, 2 with a zero."""
    local = day.astimezone(VIETNAM)
    month = f"{local.month:02d}" if local.month <= 2 else str(local.month)  # noqa: PLR2004 - NĐ 30/2020: only these two
    return word("printed.place_and_day", language, day=f"{local.day:02d}", month=month, year=local.year)


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read), autoescape=True, undefined=jinja2.StrictUndefined, finalize=_shown
    )
    found.filters["cell"] = lambda value: count(value) if isinstance(value, int) else value
    return found


def _shown(value: object) -> object:
    """Spell out what would steer a reader's eye or break the page; drawings and templates' own parts stay."""
    return visible(value) if type(value) is str else value


def _read(name: str) -> str:
    return resources.files("reports").joinpath(f"{_FOLDER}/{name}").read_text(encoding="utf-8")
