"""When two values of a field say the same, whatever their case and wherever their tones are put."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dossier.text import nfc

_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_AGENCIES: Final = ("co_quan", "co_quan_nhan")


def same_value(field: str, one: str, other: str) -> bool:
    """Return whether a field's values say the same; an agency is its name, without the places after a comma."""
    if field in _AGENCIES:
        one, other = one.partition(",")[0], other.partition(",")[0]
    return alike(one, other)


def alike(one: str, other: str) -> bool:
    """Return whether two values say the same: letter by letter with all marks, but for case and where a tone is put.

    "HOÀ" and "Hòa" are one name, "Hoa" is another. Spaces and dots inside numbers count, since stored forms have none.
    """
    return plain(one) == plain(other)


def plain(text: str) -> str:
    """Return a text as `alike` compares it."""
    words = re.sub(r"\s+", " ", nfc(text)).strip(" .,;:").casefold().split(" ")
    return " ".join(map(_tone_last, words))


def _tone_last(word: str) -> str:
    """Return a word with its tone marks behind it, so that the old and the new place of a tone are one."""
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in parts if char in _TONES)
    return "".join(char for char in parts if char not in _TONES) + tones
