"""The message catalogue: every sentence a person sees, in Vietnamese (default) and English."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dossier.errors import Code, HososoError

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Advice:
    """One error as people read it: one sentence of cause, one of cure."""

    code: Code
    cause: str
    cure: str


@cache
def _catalogue(language: str) -> dict[str, dict[str, object]]:
    text = resources.files("dossier").joinpath(f"wording_{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(key: str, language: str = "vi", /, **values: object) -> str:
    """Return the sentence `section.name` with its placeholders filled in.

    Raises:
        KeyError: The catalogue lacks the sentence (a bug; a test walks every key in both languages).
    """
    section, _, name = key.partition(".")
    return str(_catalogue(language)[section][name]).format(**values)


def keys(language: str) -> set[str]:
    """Return every `section.name` of a language's catalogue."""
    return {f"{section}.{name}" for section, names in _catalogue(language).items() for name in names}


def field_name(name: str, language: str = "vi") -> str:
    """Return what people call a field; a name of somebody's own stays as it is."""
    return say(f"fields.{name}", language) if f"fields.{name}" in keys(language) else name


def advice(error: HososoError | Code, language: str = "vi") -> Advice:
    """Return cause and cure of an error in the asked language."""
    code = error if isinstance(error, Code) else error.code
    entry = _catalogue(language)["errors"][code.value]
    if not isinstance(entry, dict):
        raise TypeError(f"errors.{code} in wording_{language}.toml has no cause and cure")
    return Advice(code, str(entry["cause"]), str(entry["cure"]))
