"""Look again at numbers with letters in them that no code has: "2ó0105" where the paper says 260105.

Nothing is replaced by rule. The same pixels are read once more with nothing but digits and plain capitals to choose
from, and what comes out counts only where it agrees with every sign that was no doubtful letter in the first place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces

CODE_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/.,-:()%"
# What may stand where a letter of that shape was read, whatever marks it had.
_LIKE: Final = {"o": "06", "e": "6", "O": "0", "l": "1", "I": "1", "¿": "26"}
_MOST: Final = 40
_PADDING_INCHES: Final = 0.03
_GROW: Final = 1.5
# Two digits at least, and a letter beside one that is no plain capital: m2, 1a and 36b are written so, 2ó and 0é not.
_DOUBTFUL: Final = re.compile(r"\d[^\W\d_A-Za-z]|[^\W\d_A-Za-z]\d|\d[oOl¿]|[oOl¿]\d")


def with_numbers_checked(engine: OcrEngine, gray: Gray, words: tuple[Word, ...], dpi: float) -> tuple[Word, ...]:
    """Return the words, doubtful numbers as the second reading has them where both agree on all else.

    Args:
        engine: Reads the words again, restricted to the signs of numbers and codes.
        gray: The prepared page.
        words: What was read, boxes in its pixels.
        dpi: Its resolution.
    """
    places = [number for number, word in enumerate(words) if _is_doubtful(word.text)][:_MOST]
    if not places:
        return words
    padding = round(_PADDING_INCHES * dpi)
    boxes = [_padded(words[place].box, gray, padding) for place in places]
    checked = list(words)
    for place, found in zip(places, read_pieces(engine, gray, boxes, dpi, _GROW, CODE_SIGNS), strict=True):
        text = "".join(word.text for word in found)
        if _agrees(text, words[place].text):
            checked[place] = replace(words[place], text=text)
    return tuple(checked)


def _is_doubtful(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) >= 2 and bool(_DOUBTFUL.search(text))  # noqa: PLR2004 - a number


def _agrees(new: Sequence[str], old: Sequence[str]) -> bool:
    if len(new) != len(old):
        return False
    return all(one == other or one in _LIKE.get(_plain(other), "") for one, other in zip(new, old, strict=True))


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0]


def _padded(box: Box, gray: Gray, padding: int) -> Box:
    height, width = gray.shape
    return Box(
        max(0, box.left - padding),
        max(0, box.top - padding),
        min(width, box.right + padding),
        min(height, box.bottom + padding),
    )
