"""Take junk off the words that is known to be junk. Numbers are never altered."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dossier.page import Word
from dossier.text import nfc

# Ruling lines and underscores come back as words of their own.
_RULES: Final = frozenset("|_¦")
# Dirt comes back as accents and quotes that stand alone, and unsure as stops and brackets. No paper has them so.
_ACCENTS: Final = frozenset("`^ˆ¬´'\"")
_STOPS: Final = frozenset(".,:;[]")
_SURE: Final = 60.0
_FRACTION_SLASH: Final = "\u2044"


def cleaned(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words in NFC with "/" for the fraction slash, without those that are only rules or dirt."""
    kept = (word for word in words if not _is_junk(word))
    return tuple(_with_text(word, nfc(word.text.replace(_FRACTION_SLASH, "/"))) for word in kept)


def _is_junk(word: Word) -> bool:
    signs = set(word.text)
    return signs <= _RULES or signs <= _ACCENTS or (signs <= _ACCENTS | _STOPS and word.confidence < _SURE)


def _with_text(word: Word, text: str) -> Word:
    return word if word.text == text else replace(word, text=text)
