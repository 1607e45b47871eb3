"""Find the stamp of a state secret (độ mật) where it stands, and nowhere else.

The stamp stands alone, in capitals, in box 10a: on the left, under the number. "Mật độ xây dựng", "bảo mật" or a
heading with the word in it are no stamps. A stop destroys what was taken in, so both errors cost: what counts as
standing alone, where, and how large, and how sure the network must be that sees stamps, is in `rules.toml`. The place
in which a mark is looked for is wider than box 10a; what is found in the rest of it stops nothing (`ocr.zone`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from unicodedata import normalize

import numpy as np

from dossier.page import Box, Word
from dossier.text import fold
from ocr.arrays import Image, Mask
from ocr.engines.port import Layout, OcrEngine
from ocr.glance import GLANCE_DPI
from ocr.letters import MARKS_SEEN, Seen
from ocr.preparation.recipe import Prepared
from ocr.rules import SecrecyRules
from ocr.sizes import seen_on
from ocr.stamps import Stamp, dark_frames, red_stamps
from ocr.zone import Paper, is_in_box, middle_of

# Box 10a stands so far from the upper left corner at most, on a sheet of any size.
_MOST_INCHES: Final = 6.5
# A page that leans by three degrees is off by so much.
_SAME_INCHES: Final = 0.5
# A stamp stands on a sheet of the usual size; of maps so much is looked at, down and across from the upper left corner.
_LOOKED_AT: Final = (17.0, 12.0)


@dataclass(frozen=True, slots=True)
class Sights:
    """What looks like a stamp on a page at a glance, the surest first.

    Attributes:
        in_place: In the stamp's place: box 10a and around it.
        elsewhere: Anywhere else.
        in_box: Of those in place the ones in box 10a, which stop by themselves when they are sure.
    """

    in_place: tuple[Seen, ...] = ()
    elsewhere: tuple[Seen, ...] = ()
    in_box: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A marking that stands in the place of a stamp.

    Attributes:
        text: What it says.
        middle: Where it has its middle, in shares of the page.
        stops: Whether it stands in box 10a; else a person is asked.
    """

    text: str
    middle: tuple[float, float]
    stops: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What is there to find a stamp on, all upright.

    Attributes:
        prepared: The prepared page.
        words: Its words, boxes in pixels of `prepared.gray`.
        red: Where it has red ink, same size as `prepared.gray`; None for a page without.
        seen: What looks like a stamp in its place, see `sights_of`.
        is_sized: Whether the size of the sheet is known.
    """

    prepared: Prepared
    words: tuple[Word, ...]
    red: Mask | None
    seen: tuple[Seen, ...]
    is_sized: bool


def find_mark(engine: OcrEngine, look: Look, rules: SecrecyRules) -> Mark | None:
    """Return the marking that stands in the place of a stamp, one in box 10a before any other; None for none.

    Looks four times: at the letters, wherever they are pressed; at the words as read; into red print (which the
    recipe takes off before reading) and into dark frames (which the engine may take for a picture). What is read and
    is not the mark to the letter counts only where something that looks like a stamp was seen: MẶT, MÁT and MẤT stand
    alone in many a table.

    Args:
        engine: Reads the stamps.
        look: The page.
        rules: Marks, place and sizes.
    """
    height, width = look.prepared.gray.shape
    dpi = look.prepared.dpi
    paper = Paper(width / dpi, height / dpi, look.is_sized)
    first: Mark | None = None
    for text, (across, down) in _marks(engine, look, rules):
        found = Mark(text, (across / width, down / height), is_in_box((across / dpi, down / dpi), paper, rules))
        if found.stops:
            return found
        first = first or found
    return first


def _marks(engine: OcrEngine, look: Look, rules: SecrecyRules) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield what stands in the place of a stamp, and its middle in pixels of the prepared page."""
    prepared = look.prepared
    dpi = prepared.dpi
    for each in look.seen:
        if sure := mark_seen((each,), rules):
            across, down = middle_of(each, rules)
            yield sure, (across * dpi, down * dpi)
    height, width = prepared.gray.shape
    seen = partial(_is_seen, seen=look.seen, dpi=dpi)
    for mark, phrase in _phrases_in_place(look.words, (width, height), dpi, rules, seen):
        yield mark, _middle(phrase)
    # What is read over a slip must have been seen: MAI and ĐẠT in red are one letter from a mark.
    exact = not look.seen
    for stamp in (*red_stamps(look.red, dpi, rules), *dark_frames(prepared.ruled, dpi, rules)):
        if mark := _mark_in_stamp(engine, stamp, rules, exact=exact):
            yield mark, stamp.middle


def mark_seen(seen: tuple[Seen, ...], rules: SecrecyRules) -> str:
    """Return the marking that the letters alone are sure of, or an empty text; the surest come first."""
    return MARKS_SEEN[seen[0].kind] if seen and seen[0].chance >= rules.seen_stops else ""


def sights_of(glance: Image, rules: SecrecyRules, *, is_sized: bool) -> Sights:
    """Return what on an upright page looks like a stamp; `is_sized`: the size of its sheet is known."""
    rows, columns = (round(inches * GLANCE_DPI) for inches in _LOOKED_AT)
    place = place_on(glance, rules)
    least = min(rules.seen_supports, rules.seen_asks_elsewhere)
    found = seen_on(glance[:rows, :columns], rules.seen_named, least)
    within = tuple(each for each in found if is_within(each, place) and each.chance >= rules.seen_supports)
    outside = (each for each in found if not is_within(each, place))
    paper = Paper(glance.shape[1] / GLANCE_DPI, glance.shape[0] / GLANCE_DPI, is_sized)
    boxed = tuple(each for each in within if is_in_box(middle_of(each, rules), paper, rules))
    return Sights(within, tuple(each for each in outside if each.chance >= rules.seen_asks_elsewhere), boxed)


def place_on(glance: Image, rules: SecrecyRules) -> Box:
    """Return where on an upright glance a stamp in its place has its middle."""
    height, width = glance.shape[:2]
    most = round(_MOST_INCHES * GLANCE_DPI)
    right, bottom = min(most, round(rules.right * width)), min(most, round(rules.bottom * height))
    return Box(math.ceil(rules.left * width), math.ceil(rules.top * height), right, bottom)


def is_within(seen: Seen, place: Box) -> bool:
    """Return whether what was seen is in a place."""
    return place.left <= seen.x <= place.right and place.top <= seen.y <= place.bottom


def mark_in_words(
    words: tuple[Word, ...],
    size: tuple[int, int],
    dpi: float,
    rules: SecrecyRules,
    seen: Callable[[Word], bool] = lambda _: True,
) -> str:
    """Return the marking that stands alone among the words in the stamp's place, or an empty text.

    Args:
        words: Words of the page.
        size: Its width and height in the pixels of their boxes.
        dpi: Resolution of these.
        rules: Marks, place and sizes.
        seen: Whether something like a stamp stands where a word does; else the marks on its letters must be there too,
            so that MẶT is none.
    """
    return next((mark for mark, _ in _phrases_in_place(words, size, dpi, rules, seen)), "")


def _phrases_in_place(
    words: tuple[Word, ...], size: tuple[int, int], dpi: float, rules: SecrecyRules, seen: Callable[[Word], bool]
) -> Iterator[tuple[str, list[Word]]]:
    for mark, phrase in standing_alone(words, size, dpi, rules.marks, rules):
        if is_to_the_letter(mark, phrase) or any(map(seen, phrase)):
            yield mark, phrase


def _middle(phrase: list[Word]) -> tuple[float, float]:
    boxes = [word.box for word in phrase]
    across = min(box.left for box in boxes) + max(box.right for box in boxes)
    down = min(box.top for box in boxes) + max(box.bottom for box in boxes)
    return across / 2, down / 2


def standing_alone(
    words: tuple[Word, ...], size: tuple[int, int], dpi: float, wanted: Iterable[str], rules: SecrecyRules
) -> Iterator[tuple[str, list[Word]]]:
    """Yield the phrases in capitals that have the letters of something wanted, in a stamp's place, with clear space.

    Args:
        words: Words of the page.
        size: Its width and height in the pixels of their boxes.
        dpi: Resolution of these.
        wanted: What to look for; marks on letters do not matter.
        rules: Place and sizes.
    """
    spelled = {fold(each).replace(" ", ""): each for each in wanted}
    for word in words:
        if not _may_be_mark(word, size, dpi, rules):
            continue
        letters = _joined([word])
        # What is wanted is its phrase letter by letter, so that each word of the phrase is a part of it.
        if not any(letters in spelling for spelling in spelled):
            continue
        phrase = _phrase(word, words, rules.clear_space)
        found = spelled.get(_joined(phrase)) if all(_is_capital(part) for part in phrase) else None
        if found:
            yield found, phrase


def _is_seen(word: Word, seen: tuple[Seen, ...], dpi: float) -> bool:
    """Return whether something that looks like a stamp was seen where a word stands; the glance is not levelled."""
    box = word.box
    across, down = (box.left + box.right) / 2 / dpi, (box.top + box.bottom) / 2 / dpi
    return any(math.hypot(each.x / GLANCE_DPI - across, each.y / GLANCE_DPI - down) <= _SAME_INCHES for each in seen)


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


def is_to_the_letter(mark: str, words: list[Word]) -> bool:
    """Return whether words are a mark with the marks on its letters too: MẶT is none."""
    letters = "".join(char for word in words for char in normalize("NFC", word.text) if char.isalnum())
    return letters == mark.replace(" ", "")


def _mark_in_stamp(engine: OcrEngine, stamp: Stamp, rules: SecrecyRules, *, exact: bool) -> str:
    words = engine.read(stamp.gray, round(stamp.dpi), Layout.BLOCK)
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    capital = [line for line in lines.values() if np.mean([_is_capital(word) for word in line]) > 0]
    named = ((line, _named(_joined(line), rules, rules.framed_wrong_share)) for line in capital)
    return next((mark for line, mark in named if mark and (not exact or is_to_the_letter(mark, line))), "")


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
