"""The words of printed reports, in Vietnamese (default) and English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from dossier.status import Cause, PortalCause
from reports.timeliness import Outcome

LANGUAGES = ("vi", "en")


def word(key: str, language: str, /, **values: object) -> str:
    """Return the text `name` or `table.name` with its placeholders filled in.

    Raises:
        KeyError: The wording lacks the text (a bug; a test walks every key in both languages).
    """
    found: Any = _wording(language)
    for name in key.split("."):
        found = found[name]
    return str(found).format(**values) if values else str(found)


def name_of(said: Cause | PortalCause | Outcome, language: str) -> str:
    """Return what people call a cause of one of the readings, or what became of a dossier."""
    table = {Cause: "archival", PortalCause: "portal"}.get(type(said), "outcome")
    return word(f"{table}.{said}", language)


@cache
def _wording(language: str) -> dict[str, Any]:
    text = resources.files("reports").joinpath(f"data/wording_{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
