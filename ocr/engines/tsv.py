"""Tesseract's tab separated result, the one form that the library and the program share."""

from __future__ import annotations

from dossier.page import Box, Word
from dossier.text import nfc

_WORD_LEVEL = "5"
_COLUMNS = 12


def words_of(tsv: str) -> tuple[Word, ...]:
    """Return the words of a TSV result; rows of other levels and empty words are left out."""
    words: list[Word] = []
    lines: dict[tuple[str, str, str], int] = {}
    for row in tsv.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        line = lines.setdefault((cells[2], cells[3], cells[4]), len(lines))
        words.append(_word(cells, line))
    return tuple(words)


def _word(cells: list[str], line: int) -> Word:
    left, top, width, height = (int(cell) for cell in cells[6:10])
    box = Box(left, top, left + width, top + height)
    confidence = min(100.0, max(0.0, float(cells[10])))
    return Word(nfc(cells[11].strip()), box, confidence, line, int(cells[2]))
