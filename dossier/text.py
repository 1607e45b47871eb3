"""Vietnamese text: one normal form, one fold, for every engine and every comparison (architecture 5.9)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "\u00a0": " ", "\u2007": " ", "\u202f": " "})
_ALIKE = re.compile("[Ðð\u00a0\u2007\u202f]")
# Zero-width joiners belong to words; these turn the direction of what follows, or end a line.
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORD = re.compile(r"[^\W_]+(?:[./\-][^\W_]+)*", re.UNICODE)


def nfc(text: str) -> str:
    """Return the stored form: composed letters, Vietnamese Đ for its look-alike, plain spaces."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_LOOKALIKES) if _ALIKE.search(composed) else composed


def fold(text: str) -> str:
    """Return the search form: no tone or letter marks, đ as d, lower case."""
    return text.lower() if text.isascii() else "".join(map(_fold_char, nfc(text)))


def fold_map(text: str) -> tuple[str, list[int]]:
    """Return the fold and, for each folded character, the index of its source character in `nfc(text)`."""
    folded: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(nfc(text)):
        for piece in _fold_char(char):
            folded.append(piece)
            origin.append(index)
    return "".join(folded), origin


def tokens(text: str) -> list[str]:
    """Return the words of a text; numbers and symbols such as `123/2024/QĐ-UBND` stay one token."""
    return _WORD.findall(nfc(text))


def spaces_collapsed(text: str) -> str:
    """Return the text in stored form with each run of white space as one space."""
    return " ".join(nfc(text).split())


def visible(text: str) -> str:
    """Return a text that a terminal shows as it is: what would move its cursor, hide or turn letters is spelled out."""
    return text if text.isprintable() else "".join(map(_visible_char, text))


@lru_cache(1024)
def _fold_char(char: str) -> str:
    if char.isascii():
        return char.lower()
    plain = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    return plain.replace("đ", "d").replace("Đ", "d").lower()


def _visible_char(char: str) -> str:
    if char in _TURNING or unicodedata.category(char) in _UNSEEN:
        return char.encode("unicode_escape", "surrogatepass").decode()
    return char


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that puts `2.jpg` before `10.jpg`, folder by folder, letters without regard to case."""
    parts = (part for part in re.split(r"(\d+|/)", name.casefold()) if part)
    return tuple(_key_part(part) for part in parts)


def _key_part(part: str) -> tuple[int, int, str]:
    if part.isdecimal():
        return 1, int(part), part
    return (0 if part == "/" else 2), 0, part
