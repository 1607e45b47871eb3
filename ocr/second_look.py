"""Look again at lines that were read badly, a size larger: what is surer and more Vietnamese stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from dossier.page import Word, lines_of
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.engines.port import OcrEngine
from ocr.language import syllable_share
from ocr.mosaic import read_pieces
from ocr.numbers import MIXED
from ocr.order import extent

_GROW: Final = 1.5
_MOST_LINES: Final = 8
_PADDING_INCHES: Final = 0.03
_SURE: Final = 70.0
_SURER: Final = 1.0
# A reading that is much shorter or longer than the first is of something else: a line cut, a line beside it.
_LEAST_LENGTH, _MOST_LENGTH = 0.75, 1.35

Line = tuple[Word, ...]


def looked_again(engine: OcrEngine, gray: Gray, words: tuple[Word, ...], dpi: float) -> tuple[Word, ...]:
    """Return the words with the lines read anew that were read badly, at most eight, the worst first.

    Args:
        engine: Reads the lines.
        gray: The prepared page.
        words: What was read, boxes in its pixels.
        dpi: Its resolution.
    """
    lines = lines_of(words)
    doubtful = sorted((line for line in lines if _is_doubtful(line)), key=_confidence)[:_MOST_LINES]
    if not doubtful:
        return words
    padding = round(_PADDING_INCHES * dpi)
    found = read_pieces(
        engine, gray, [padded(extent(line), size_of(gray), 2 * padding, padding) for line in doubtful], dpi, _GROW
    )
    better = {
        line: tuple(_as_in(line, new)) for line, new in zip(doubtful, found, strict=True) if _is_better(new, line)
    }
    return tuple(word for line in lines for word in better.get(line, line))


def _is_doubtful(line: Line) -> bool:
    return any(word.confidence < _SURE or MIXED.search(word.text) for word in line)


def _is_better(new: Sequence[Word], old: Line) -> bool:
    if not new:
        return False
    length = _letters(new) / max(1, _letters(old))
    if not _LEAST_LENGTH <= length <= _MOST_LENGTH:
        return False
    return _worth(new) > _worth(old) + _SURER


def _worth(line: Iterable[Word]) -> float:
    words = tuple(line)
    mixed = sum(1 for word in words if MIXED.search(word.text))
    share, letters = syllable_share(word.text for word in words)
    return _confidence(words) * (0.5 + 0.5 * (share if letters else 1.0)) - 5.0 * mixed


def _confidence(line: Iterable[Word]) -> float:
    words = tuple(line)
    return sum(word.confidence * len(word.text) for word in words) / max(1, _letters(words))


def _letters(words: Iterable[Word]) -> int:
    return sum(len(word.text) for word in words)


def _as_in(line: Line, new: Iterable[Word]) -> Iterable[Word]:
    return (
        replace(word, line=line[0].line, block=line[0].block) for word in sorted(new, key=lambda word: word.box.left)
    )
