"""Words of a text and the keys they are found by; every engine indexes these keys and nothing else.

A word has two keys. The folded key is `dossier.text.fold`: what people type who leave out the marks. The exact key
keeps letter and tone, with the tone taken off its vowel and put behind the word, so that the old and the new place
of the tone mark (hòa and hoà, thúy and thuý, Ủy and Uỷ) are one spelling. In both keys a final y after h, k, l, m,
s, t or qu is written i, because offices write both (kỹ and kĩ, công ty and công ti, quý and quí).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from dossier.text import fold, nfc

LONGEST_WORD = 100

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_PIECE = r"[^\W_](?:[^\W_]+|[\u0300-\u036f]+)*"
_PIECES = re.compile(_PIECE)
_PRINTED = re.compile(rf"{_PIECE}(?:[./\-]{_PIECE})*")
_FINAL_Y = re.compile(r"(h|k|l|m|s|t|qu)y")
# Tones become private-use characters: no text has them, and every tokenizer in use keeps them inside a word.
_TONES = {"\u0300": "\ue000", "\u0301": "\ue001", "\u0303": "\ue002", "\u0309": "\ue003", "\u0323": "\ue004"}


class Word(NamedTuple):
    """One word of a printed text: its keys, and its place in the text in stored form."""

    fold: str
    exact: str
    start: int
    end: int


# Twenty pages are cut into words for every answer: this is three times as quick as calling the class.
_word = tuple.__new__


def stored(text: str) -> str:
    """Return the form of a text that words are cut from: NFC, one kind of dash, places unchanged by the dash."""
    return nfc(text).translate(_DASHES)


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in stored form, in order. Numbers and symbols come as their pieces."""
    for match in _PIECES.finditer(text):
        start, end = match.span()
        if end - start > LONGEST_WORD:
            end = start + LONGEST_WORD
        folded, exact = keys(text[start:end])
        if folded:
            yield _word(Word, (folded, exact, start, end))


def wholes(text: str) -> Iterator[str]:
    """Yield the folded numbers and symbols of a text in stored form, such as `123/2024/qd-ubnd`, each as one."""
    for match in _PRINTED.finditer(text):
        if is_whole(match.group()):
            yield fold(match.group())[:LONGEST_WORD]


def printed_words(text: str) -> list[str]:
    """Return the printed words of a text in stored form."""
    return _PRINTED.findall(text)


def is_whole(printed: str) -> bool:
    """Return whether a printed word has several pieces, as numbers and symbols of documents have."""
    return "." in printed or "/" in printed or "-" in printed


@lru_cache(maxsize=1 << 16)
def keys(word: str) -> tuple[str, str]:
    """Return the folded and the exact key of one word in stored form, cut to its longest length."""
    letters, tones = letters_and_tones(word)
    return one_spelling(fold(word)), one_spelling(letters) + tones


def letters_and_tones(word: str) -> tuple[str, str]:
    """Return the letters of a word with their own marks (ă â ê ô ơ ư đ), and its tones apart."""
    parts = unicodedata.normalize("NFD", word.lower())
    letters = "".join(part for part in parts if part not in _TONES)
    return unicodedata.normalize("NFC", letters), "".join(_TONES.get(part, "") for part in parts)


def one_spelling(key: str) -> str:
    """Return a key with the final y that may as well be written i written i."""
    return f"{key[:-1]}i" if _FINAL_Y.fullmatch(key) else key


def is_accented(word: str) -> bool:
    """Return whether a word in stored form was typed with marks, so that its exact key says more than its fold."""
    return fold(word) != word.lower()


def joined(parts: Iterable[str]) -> str:
    """Return keys as the text an engine indexes: its tokenizer only has to cut at spaces."""
    return " ".join(parts)
