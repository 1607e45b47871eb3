"""What is no stop may still be for a person: a mark elsewhere, GIẢI MẬT, a stamp that was not seen surely."""

from __future__ import annotations

import numpy as np
import pytest

from dossier.page import MAY_BE_SECRET
from ocr.doubts import doubts_of_sight, doubts_of_words
from ocr.letters import Seen
from ocr.rules import Rules
from ocr.secrecy import Sights, is_within, place_on, sights_of
from tests.unit.ocr.test_secrecy import A4, line


@pytest.mark.parametrize(
    ("texts", "place", "expected"),
    [
        (("MẬT",), (1300, 200), ("secret_top_right",)),
        (("TỐI", "MẬT"), (700, 2000), ("secret_bottom_middle",)),
        (("GIẢI", "MẬT"), (250, 400), ("secret_top_left",)),
        (("MẶT",), (1300, 200), ()),
        (("BẢO", "MẬT"), (1300, 200), ()),
        (("Mật",), (1300, 200), ()),
        (("GIẢI", "MẬT", "TÀI", "LIỆU"), (250, 400), ()),
        (("PHIẾU", "GIẢI", "QUYẾT"), (250, 400), ()),
    ],
)
def test_words_that_stand_alone_are_asked_about(
    rules: Rules, texts: tuple[str, ...], place: tuple[int, int], expected: tuple[str, ...]
) -> None:
    """Wherever they stand on the sheet; a phrase that goes on is none."""
    words = line(*texts, left=place[0], top=place[1])
    assert doubts_of_words(words, A4, 200, rules.secrecy) == ((MAY_BE_SECRET, *expected) if expected else ())


def test_what_was_seen_is_asked_about_when_it_is_sure_enough(rules: Rules) -> None:
    """In the stamp's place and elsewhere, each from its own threshold on; each third of the sheet is named once."""
    secrecy = rules.secrecy
    near, far = secrecy.seen_asks, secrecy.seen_asks_elsewhere
    size = (827, 1169)
    seen = Sights((Seen(100, 200, near, 0), Seen(120, 210, near, 0)), (Seen(800, 1100, far, 1),))
    assert doubts_of_sight(seen, size, secrecy) == (
        MAY_BE_SECRET,
        "secret_top_left",
        "secret_bottom_right",
    )
    unsure = Sights((Seen(100, 200, near - 0.01, 0),), (Seen(800, 1100, far - 0.01, 0),))
    assert doubts_of_sight(unsure, size, secrecy) == ()


@pytest.mark.parametrize("size", [(1, 1), (1169, 827), (3311, 4681)])
def test_sheets_of_any_size_are_looked_at_within_bounds(rules: Rules, size: tuple[int, int]) -> None:
    """An empty sheet has nothing on it."""
    assert sights_of(np.full(size, 250, np.uint8), rules.secrecy, is_sized=True) == Sights()


def test_a_place_is_within_the_sheet(rules: Rules) -> None:
    """The corner where box 10a is, and nothing beside it."""
    place = place_on(np.full((1169, 827), 255, np.uint8), rules.secrecy)
    assert is_within(Seen(52 / 25.4 * 100, 58 / 25.4 * 100, 1.0, 0), place)
    assert not is_within(Seen(600, 200, 1.0, 0), place)
    assert not is_within(Seen(200, 900, 1.0, 0), place)


def test_a_doubt_is_never_harder_to_come_by_than_a_stop(rules: Rules) -> None:
    """Else a stamp that says GIẢI MẬT would neither stop nor be asked about."""
    assert rules.secrecy.seen_supports <= rules.secrecy.seen_asks <= rules.secrecy.seen_stops
