"""Is what became of an outside page right? Refusals are held against `expected.toml`, text against what is printed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Final

from bench.outside.trial import Outcome
from bench.reading import wrong_letters
from dossier.page import Verdict

_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Expected:
    """One entry of `expected.toml`: files by pattern, and what is right for them.

    Attributes:
        files: Pattern of the path below the folder of outside images.
        result: The code of a right refusal, or "" for none.
        text: What is printed, or a path (`*/txt.bin`) of what another reader read there, or "".
        most_wrong: Wrong letters allowed, as a share; accents do not count, since the model is Vietnamese.
        most_words: Words allowed, for pages with few or none.
        pages: The pages that this is about, all where empty.
    """

    files: str
    result: str = ""
    text: str = ""
    most_wrong: float = 0.05
    most_words: int = 1 << 30
    pages: tuple[int, ...] = ()


@cache
def expectations() -> tuple[Expected, ...]:
    """Return the entries of `expected.toml`."""
    document = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))
    return tuple(
        Expected(files=files, **{key: value for key, value in entry.items() if key not in {"files", "why"}})
        for entry in document["expected"]
        for files in entry["files"]
    )


def judged(found: Outcome, root: Path) -> Outcome:
    """Return the outcome with its fault named, if it has one."""
    if found.fault:
        return found
    fitting = [entry for entry in expectations() if _fits(entry, found)]
    if found.result not in set(Verdict):
        right = any(entry.result == found.result for entry in fitting)
        return found if right else replace(found, fault="refused")
    faults = (fault for entry in fitting if (fault := _text_fault(entry, found, root)))
    return replace(found, fault=next(faults, ""))


def _fits(entry: Expected, found: Outcome) -> bool:
    return fnmatch(found.file, entry.files) and (not entry.pages or found.page in entry.pages)


def _text_fault(entry: Expected, found: Outcome, root: Path) -> str:
    if found.words > entry.most_words:
        return f"{found.words} words, {entry.most_words} allowed"
    if not entry.text:
        return ""
    printed = (root / entry.text).read_text(errors="replace") if entry.text.endswith("txt.bin") else entry.text
    wrong, letters = wrong_letters(_plain(printed), _plain(found.text))
    share = wrong / max(1, letters)
    return f"{share:.0%} wrong letters" if share > entry.most_wrong else ""


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return _NO_LETTER.sub(" ", "".join(char for char in bare if not unicodedata.combining(char))).strip()
