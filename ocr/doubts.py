"""Doubts about secrecy: what may be a stamp stands elsewhere than in box 10a, or is not seen surely enough to stop.

A stop destroys what was taken in, so it needs the place and the certainty. Whatever else may be the marking of a state
secret, or says that a secret is none any more (GIẢI MẬT), is for a person: who is asked has the paper (decision 0044).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from dossier.page import MAY_BE_SECRET, Word
from dossier.text import fold
from ocr.arrays import Gray, Mask
from ocr.engines.port import Layout, OcrEngine
from ocr.glance import GLANCE_DPI
from ocr.letters import Seen
from ocr.preparation.scale import resized
from ocr.rules import SecrecyRules
from ocr.secrecy import Mark, Sights, is_to_the_letter, standing_alone

_THIRDS: Final = 3
_ACROSS: Final = ("left", "middle", "right")
_DOWN: Final = ("top", "middle", "bottom")
# The word before MẬT, from the middle of MẬT, and how far a stamp's line may lean.
_BEFORE_INCHES, _AFTER_INCHES, _LEAN_INCHES = 1.5, 0.6, 0.35
_READ_DPI: Final = 300.0
_WHITE: Final = 255


def doubts_of_sight(sights: Sights, size: tuple[int, int], rules: SecrecyRules) -> tuple[str, ...]:
    """Return why a person is asked about a page, by what was seen on it; empty where nobody is.

    Args:
        sights: What looks like a stamp.
        size: Width and height of the glance.
        rules: How sure the networks must be.
    """
    asked = [each for each in sights.in_place if each.chance >= rules.seen_asks]
    asked += [each for each in sights.elsewhere if each.chance >= rules.seen_asks_elsewhere]
    return _reasons((each.x / size[0], each.y / size[1]) for each in asked)


def doubts_of_words(
    words: tuple[Word, ...], size: tuple[int, int], dpi: float, rules: SecrecyRules, mark: Mark | None = None
) -> tuple[str, ...]:
    """Return why a person is asked about a page, by its words: a mark to the letter anywhere, or GIẢI MẬT.

    Args:
        words: Words of the page.
        size: Its width and height in the pixels of their boxes.
        dpi: Resolution of these.
        rules: Marks and sizes; their place does not matter.
        mark: What was found in the stamp's place, and is no stop.
    """
    anywhere = replace(rules, left=0.0, top=0.0, right=1.0, bottom=1.0)
    alone = standing_alone(words, size, dpi, (*rules.marks, *rules.released), anywhere)
    found = [phrase[-1].box for mark, phrase in alone if mark in rules.released or is_to_the_letter(mark, phrase)]
    middles = (((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in found)
    places = [mark.middle] if mark else []
    return _reasons([*places, *((across / size[0], down / size[1]) for across, down in middles)])


def is_released(
    engine: OcrEngine, page: tuple[Gray, Mask | None, float], seen: Iterable[Seen], rules: SecrecyRules
) -> bool:
    """Return whether one of the stamps that were seen says that the paper is secret no more.

    Args:
        engine: Reads the line of each stamp, and nothing beside it.
        page: The page upright without its red ink, where that was, and the resolution of both.
        seen: What was seen, in pixels of the glance.
        rules: What such a stamp says.
    """
    wanted = {_letters(each) for each in rules.released}
    return any(_line_says(engine, _line_of(page, each), wanted) for each in seen)


def _line_says(engine: OcrEngine, line: Gray, wanted: set[str]) -> bool:
    if min(line.shape) == 0:
        return False
    rows: dict[int, list[Word]] = {}
    for word in engine.read(line, round(_READ_DPI), Layout.BLOCK):
        if word.text.isupper():
            rows.setdefault(word.line, []).append(word)
    return any(each in _joined(row) for row in rows.values() for each in wanted)


def _line_of(page: tuple[Gray, Mask | None, float], seen: Seen) -> Gray:
    """Return the line that a seen stamp stands on, in dark ink on white at the resolution to read at."""
    gray, red, dpi = page
    across, down = seen.x / GLANCE_DPI, seen.y / GLANCE_DPI
    rows = slice(max(0, round((down - _LEAN_INCHES) * dpi)), round((down + _LEAN_INCHES) * dpi))
    columns = slice(max(0, round((across - _BEFORE_INCHES) * dpi)), round((across + _AFTER_INCHES) * dpi))
    line = gray[rows, columns]
    if red is not None:
        line = np.minimum(line, _WHITE - red[rows, columns])
    factor = _READ_DPI / dpi
    return np.asarray(resized(np.ascontiguousarray(line), factor, factor), np.uint8) if line.size else line


def _reasons(places: Iterable[tuple[float, float]]) -> tuple[str, ...]:
    named = dict.fromkeys(f"secret_{_third(_DOWN, down)}_{_third(_ACROSS, across)}" for across, down in places)
    return (MAY_BE_SECRET, *named) if named else ()


def _third(names: tuple[str, ...], share: float) -> str:
    return names[min(_THIRDS - 1, max(0, int(share * _THIRDS)))]


def _letters(text: str) -> str:
    return fold(text).replace(" ", "")


def _joined(words: Iterable[Word]) -> str:
    return "".join(char for word in words for char in fold(word.text) if char.isalnum())
