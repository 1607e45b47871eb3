"""Find the stamp of a state secret (độ mật) where it stands, and nowhere else.

The stamp stands alone, in capitals, in box 10a: on the left, under the number. "Mật độ xây dựng", "bảo mật" or a
heading with the word in it are no stamps. A stop destroys what was taken in, so both errors cost: what counts as
standing alone, where, and how large, is in `rules.toml`.
"""

from __future__ import annotations

import numpy as np

from dossier.page import Word
from dossier.text import fold
from ocr.arrays import Mask
from ocr.engines.port import Layout, OcrEngine
from ocr.preparation.recipe import Prepared
from ocr.rules import SecrecyRules
from ocr.stamps import Stamp, dark_frames, red_stamps


def find_mark(
    engine: OcrEngine, words: tuple[Word, ...], red: Mask | None, prepared: Prepared, rules: SecrecyRules
) -> str:
    """Return the marking that stands in the place of a stamp, or an empty text.

    Looks three times: at the words as read, into red print (which the recipe takes off before reading) and into
    dark frames (which the engine may take for a picture).

    Args:
        engine: Reads the stamps.
        words: Words of the page, boxes in pixels of `prepared.gray`.
        red: Where the upright page has red ink, same size as `prepared.gray`; None for a page without.
        prepared: The prepared page.
        rules: Marks, place and sizes.
    """
    height, width = prepared.gray.shape
    found = mark_in_words(words, (width, height), prepared.dpi, rules)
    if found:
        return found
    stamps = [*red_stamps(red, prepared.dpi, rules), *dark_frames(prepared.ruled, prepared.dpi, rules)]
    return next((mark for stamp in stamps if (mark := _mark_in_stamp(engine, stamp, rules))), "")


def mark_in_words(words: tuple[Word, ...], size: tuple[int, int], dpi: float, rules: SecrecyRules) -> str:
    """Return the marking that stands alone among the words in the stamp's place, or an empty text."""
    spellings = _spelled(rules).values()
    for word in words:
        if not _may_be_mark(word, size, dpi, rules):
            continue
        letters = _joined([word])
        # A mark is its phrase letter by letter, so that each word of the phrase is a part of it.
        if not any(letters in spelling for spelling in spellings):
            continue
        phrase = _phrase(word, words, rules.clear_space)
        if all(_is_capital(part) for part in phrase) and (mark := _named(_joined(phrase), rules, 0.0)):
            return mark
    return ""


def _may_be_mark(word: Word, size: tuple[int, int], dpi: float, rules: SecrecyRules) -> bool:
    (width, height), box = size, word.box
    across, down = (box.left + box.right) / 2 / width, (box.top + box.bottom) / 2 / height
    in_place = rules.left <= across <= rules.right and rules.top <= down <= rules.bottom
    return in_place and _is_capital(word) and rules.least_height <= box.height / dpi <= rules.most_height


def _phrase(word: Word, words: tuple[Word, ...], clear_space: float) -> list[Word]:
    """Return the words that stand on one level with a word and without clear space between, from left to right."""
    reach = clear_space * word.box.height
    level = [other for other in words if _on_one_level(word, other)]
    level.sort(key=lambda other: other.box.left)
    phrases: list[list[Word]] = []
    for other in level:
        if phrases and other.box.left - phrases[-1][-1].box.right <= reach:
            phrases[-1].append(other)
        else:
            phrases.append([other])
    return next(phrase for phrase in phrases if word in phrase)


def _on_one_level(word: Word, other: Word) -> bool:
    shared = min(word.box.bottom, other.box.bottom) - max(word.box.top, other.box.top)
    return shared >= 0.4 * min(word.box.height, other.box.height) and bool(_joined([other]))


def _is_capital(word: Word) -> bool:
    return word.text.isupper()


def _joined(words: list[Word]) -> str:
    return "".join(char for word in words for char in fold(word.text) if char.isalnum())


def _mark_in_stamp(engine: OcrEngine, stamp: Stamp, rules: SecrecyRules) -> str:
    words = engine.read(stamp.gray, round(stamp.dpi), Layout.BLOCK)
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    texts = [_joined(line) for line in lines.values() if np.mean([_is_capital(word) for word in line]) > 0]
    return next((mark for text in texts if (mark := _named(text, rules, rules.framed_wrong_share))), "")


def _named(text: str, rules: SecrecyRules, wrong_share: float) -> str:
    """Return the mark nearest to a folded text, if at most this share of its letters is wrong."""
    spelled = _spelled(rules)
    ranked = sorted((_distance(text, letters), -len(mark), mark) for mark, letters in spelled.items())
    distance, _, mark = ranked[0]
    return mark if text and distance <= wrong_share * len(spelled[mark]) else ""


def _spelled(rules: SecrecyRules) -> dict[str, str]:
    return {mark: fold(mark).replace(" ", "") for mark in rules.marks}


def _distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added or left out to make one text of the other."""
    row = list(range(len(other) + 1))
    for index, char in enumerate(one, 1):
        previous, row[0] = row[0], index
        for place, wanted in enumerate(other, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, previous + (char != wanted))
            previous, row[place] = row[place], cost
    return row[-1]
