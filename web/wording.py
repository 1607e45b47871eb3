"""The words of the web pages, in Vietnamese (default) and English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("vi", "en")


def word(key: str, language: str, /, **values: object) -> str:
    """Return the text `section.name` with its placeholders filled in.

    Raises:
        KeyError: The wording lacks the text (a bug; a test walks every key in both languages).
    """
    found: Any = _wording(language)
    for name in key.split("."):
        found = found[name]
    return str(found).format(**values)


def keys(language: str) -> set[str]:
    """Return every `section.name` of a language."""
    return {f"{section}.{name}" for section, names in _wording(language).items() for name in names}


@cache
def _wording(language: str) -> dict[str, Any]:
    text = resources.files("web").joinpath(f"wording_{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
