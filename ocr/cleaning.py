"""Take junk off the words that is known to be junk. Numbers are never altered."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dossier.page import Word

# Ruling lines and underscores come back as words of their own.
_RULES: Final = frozenset("|_¦")
# Dirt comes back as accents and quotes that stand alone, and unsure as stops and brackets. No paper has them so.
_ACCENTS: Final = frozenset("`^ˆ¬´'\"")
_STOPS: Final = frozenset(".,:;[]")
# What is left of a leader comes back as dashes and stops in a row. No paper has a word of these, but for one dash.
_STROKES: Final = frozenset("-–—~=_|.:'`+<>‹›")
_LONE_STROKES: Final = frozenset("~=")
_SURE: Final = 60.0
_FRACTION_SLASH: Final = "\u2044"


def cleaned(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words with "/" for the fraction slash, without those that are only rules or dirt."""
    return tuple(_with_slash(word) for word in words if word.text[0].isalnum() or not _is_junk(word))


def _is_junk(word: Word) -> bool:
    signs = set(word.text)
    if signs <= _STROKES and (len(word.text) > 1 or signs <= _LONE_STROKES):
        return True
    return signs <= _RULES or signs <= _ACCENTS or (signs <= _ACCENTS | _STOPS and word.confidence < _SURE)


def _with_slash(word: Word) -> Word:
    if _FRACTION_SLASH not in word.text:
        return word
    return replace(word, text=word.text.replace(_FRACTION_SLASH, "/"))
