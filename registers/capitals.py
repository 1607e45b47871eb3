"""Capitals that a code table does not have: TCVN3 leaves `Ủ` to a font, so that `ỦY BAN` is stored as `ủY BAN`."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")


def mended(text: str) -> str:
    """Return the text with small accented letters made capital where they stand among capitals.

    A word with a capital behind its first letter (`ủY`, `ĐạI`) is one written in capitals. When every word is of which
    that can be told, so are the others (`Hồ` in `Hồ THỊ ANH`). A text all in small letters stays: which font it was
    printed in is not known.
    """
    words = _WORD.findall(text)
    telling = [word for word in words if sum(char.isascii() for char in word) > 1]
    whole = bool(telling) and all(map(_is_in_capitals, telling))
    return _WORD.sub(lambda word: word[0].upper() if whole or _is_in_capitals(word[0]) else word[0], text)


def _is_in_capitals(word: str) -> bool:
    return any(char.isupper() for char in word[1:])
