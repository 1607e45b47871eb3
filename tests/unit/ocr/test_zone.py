"""A stamp stops the page by itself in box 10a alone; in the rest of its place a person is asked, nothing is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from bench.paper import Paper as Drawn
from bench.paper import add_stamp, blank_paper, jpeg
from dossier.page import MAY_BE_SECRET, Box, Word
from ocr.doubts import doubts_of_sight
from ocr.frame import Scale, tells_size
from ocr.letters import MARKS_SEEN, Seen
from ocr.page import read_page
from ocr.preparation.recipe import prepare
from ocr.rules import Rules
from ocr.secrecy import Look, Mark, find_mark, mark_seen, sights_of
from ocr.zone import Paper, is_in_box, middle_of
from tests.unit.ocr.conftest import ScriptedEngine
from tests.unit.ocr.test_reading import prose, scan_of

MM = 25.4
A4, A3_LYING, A5, A5_LYING, CARD = (210, 297), (420, 297), (148, 210), (210, 148), (86, 54)
Showing = Callable[..., None]


def sheet(size: tuple[float, float], *, is_sized: bool = True) -> Paper:
    """Return a sheet of so many millimetres."""
    return Paper(size[0] / MM, size[1] / MM, is_sized)


def at(across: float, down: float, chance: float = 1.0, kind: int = 0) -> Seen:
    """Return what was seen at so many millimetres of the sheet."""
    return Seen(across / MM * 100, down / MM * 100, chance, kind)


def glance(size: tuple[float, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return an empty sheet at a glance."""
    return np.full((round(size[1] / MM * 100), round(size[0] / MM * 100)), 255, np.uint8)


@pytest.fixture
def shows(monkeypatch: pytest.MonkeyPatch) -> Showing:
    """Let the networks see what a test says."""

    def show(*seen: Seen) -> None:
        monkeypatch.setattr("ocr.secrecy.seen_on", lambda *_: list(seen))

    return show


@pytest.mark.parametrize("size", [A4, A3_LYING, A5, A5_LYING])
@pytest.mark.parametrize(
    ("across", "down", "stops"),
    [
        (52, 58, True),
        (15, 21, True),
        (89, 95, True),
        (13, 58, False),
        (91, 58, False),
        (52, 19, False),
        (52, 97, False),
        (262, 58, False),
    ],
)
def test_a_stamp_stops_within_38_mm_of_box_10a(
    rules: Rules, size: tuple[float, float], across: float, down: float, *, stops: bool
) -> None:
    """Thirty millimetres and eight for scans that are shifted, from the corner of the sheet, whatever its size."""
    assert is_in_box((across / MM, down / MM), sheet(size), rules.secrecy) is stops


@pytest.mark.parametrize(("size", "is_sized"), [(A4, False), (A3_LYING, False), (CARD, True), ((105, 148), True)])
def test_where_millimetres_say_nothing_all_of_the_place_stops(
    rules: Rules, size: tuple[float, float], *, is_sized: bool
) -> None:
    """A sheet of unknown size, and one too small to have a box 10a: a scan that says 600 dpi and has 300."""
    assert is_in_box((110 / MM, 120 / MM), sheet(size, is_sized=is_sized), rules.secrecy)


def test_the_size_is_known_where_the_source_told_one_that_can_be_true() -> None:
    """Cameras write 72, some programs nothing."""
    scan = scan_of(blank_paper(200).rgb)
    assert tells_size(scan)
    assert not tells_size(replace(scan, dpi_assumed=True))
    assert not tells_size(replace(scan, dpi_x=72, dpi_y=72))


@pytest.mark.parametrize(("kind", "right"), [(0, 0), (1, 7), (2, 12)])
def test_the_middle_is_that_of_the_stamp_not_of_its_last_word(rules: Rules, kind: int, right: float) -> None:
    """MẬT stands at the end of TỐI MẬT and TUYỆT MẬT."""
    across, down = middle_of(at(60, 58, kind=kind), rules.secrecy)
    assert (round(across * MM, 3), round(down * MM, 3)) == (60 - right, 58)
    assert MARKS_SEEN[kind].endswith("MẬT")


@pytest.mark.parametrize(
    "wrong",
    [
        {"left": 0.6},
        {"bottom": 1.2},
        {"box_reach": 0.0},
        {"box_slack": -1.0},
        {"box_reach": 50.0},
        {"box_across": float("nan")},
        {"sheet_least_short": 80.0},
        {"sheet_least_long": 90.0},
        {"word_right_of_middle": (12.0, 7.0)},
        {"word_right_of_middle": (12.0, 7.0, -1.0)},
    ],
)
def test_a_place_that_is_none_is_refused(rules: Rules, wrong: dict[str, float]) -> None:
    """Else nothing would ever stop, and nobody would see why."""
    with pytest.raises(ValueError, match="secrecy"):
        replace(rules.secrecy, **wrong)  # type: ignore[arg-type] - one key of several types


def _grid(size: tuple[float, float]) -> Iterator[tuple[float, float]]:
    yield from ((across, down) for across in range(2, int(size[0]), 9) for down in range(2, int(size[1]), 9))


@pytest.mark.parametrize("size", [A4, A3_LYING, A5, A5_LYING, CARD, (594, 841)])
@pytest.mark.parametrize("is_sized", [True, False])
def test_a_sure_sight_stops_or_is_asked_about_wherever_it_is(
    rules: Rules,
    shows: Showing,
    size: tuple[float, float],
    *,
    is_sized: bool,
) -> None:
    """Nothing turns from a stop into silence; what stops now stopped before, when all of the place did."""
    page, secrecy = glance(size), rules.secrecy
    for place in _grid(size):
        shows(at(*place))
        sights, before = (sights_of(page, secrecy, is_sized=known) for known in (is_sized, False))
        assert doubts_of_sight(sights, (page.shape[1], page.shape[0]), secrecy)
        assert (sights.in_place, sights.elsewhere) == (before.in_place, before.elsewhere)
        assert before.in_box == before.in_place
        assert set(sights.in_box) <= set(sights.in_place)


@pytest.mark.parametrize(
    ("chance", "place", "asked"),
    [(0.11, (105, 60), True), (0.09, (105, 60), False), (0.81, (262, 58), True), (0.79, (262, 58), False)],
)
def test_around_the_box_a_person_is_asked_sooner_than_elsewhere(
    rules: Rules, shows: Showing, chance: float, place: tuple[float, float], *, asked: bool
) -> None:
    """On two pages of A3 side by side: beside the box of the left one, and in that of the right one."""
    shows(at(*place, chance))
    sights = sights_of(glance(A3_LYING), rules.secrecy, is_sized=True)
    assert mark_seen(sights.in_box, rules.secrecy) == ""
    assert bool(doubts_of_sight(sights, (1654, 1169), rules.secrecy)) is asked


@pytest.mark.parametrize("turn", [0, 180])
@pytest.mark.parametrize(
    ("place", "assumed", "secret"),
    [((52, 58), False, "MẬT"), ((105, 58), False, ""), ((52, 120), False, ""), ((105, 58), True, "MẬT")],
)
def test_a_page_that_is_asked_about_is_shown_to_nobody(
    paper: Drawn, shows: Showing, turn: int, place: tuple[float, float], *, assumed: bool, secret: str
) -> None:
    """The corner is that of the upright page; without a size a sure sight stops all over its place."""
    shows(at(*place))
    # Nobody reads the line for GIẢI MẬT where nothing would stop.
    engine = ScriptedEngine([(), prose()])
    scan = replace(scan_of(paper.rgb, turn=turn), dpi_assumed=assumed)
    reading = read_page(engine, jpeg(paper.rgb), scan)
    assert (reading.secret, reading.text.words) == (secret, ())
    assert (MAY_BE_SECRET in reading.reasons) is not bool(secret)
    assert len(engine.shown) == (1 if secret else 0)


def look(drawn: Drawn, *words: Word, seen: tuple[Seen, ...] = (), is_sized: bool = True) -> Look:
    """Return a drawn page with such words on it."""
    gray = np.asarray(drawn.image.convert("L"), np.uint8)
    return Look(prepare(gray, 200, Scale(1, 1)), words, None, seen, is_sized)


def said(text: str, across: float, down: float) -> Word:
    """Return a word with its middle at so many millimetres, at 200 dpi."""
    x, y = round(across / MM * 200), round(down / MM * 200)
    return Word(text, Box(x - 33, y - 18, x + 33, y + 18), 90, y, 0)


def test_words_around_the_box_are_no_stop_and_one_in_it_is(rules: Rules) -> None:
    """Also what is no mark to the letter, where something was seen; the one in the box is found behind the other."""
    near, far = said("MẬT", 52, 58), said("MẶT", 105, 58)
    page, seen = blank_paper(200), (at(105, 58, 0.9),)
    engine = ScriptedEngine([])
    assert find_mark(engine, look(page, far), rules.secrecy) is None
    around = find_mark(engine, look(page, far, seen=seen), rules.secrecy)
    assert around is not None
    assert (around.text, around.stops) == ("MẬT", False)
    assert np.allclose(around.middle, (105 / 210, 58 / 297), atol=0.002)
    boxed = find_mark(engine, look(page, far, near, seen=seen), rules.secrecy)
    assert boxed is not None
    assert boxed.stops
    unsized = find_mark(engine, look(page, far, seen=seen, is_sized=False), rules.secrecy)
    assert unsized is not None
    assert unsized.stops


@pytest.mark.parametrize(("corner", "stops"), [((1.5, 2.0), True), ((3.3, 2.0), False), ((1.5, 4.3), False)])
def test_frames_around_the_box_are_no_stop(rules: Rules, corner: tuple[float, float], *, stops: bool) -> None:
    """The middle of a frame is measured on the page, not in the part of it that frames are looked for in."""
    page = blank_paper(200)
    add_stamp(page, "TỐI MẬT", corner, colour=(20, 20, 20))
    mark = (Word("TỐI", Box(20, 20, 80, 60), 90, 0, 0), Word("MẬT", Box(90, 20, 150, 60), 90, 0, 0))
    found = find_mark(ScriptedEngine([mark]), look(page), rules.secrecy)
    ink = np.argwhere(np.asarray(page.image.convert("L")) < 128)
    down, across = (ink.min(axis=0) + ink.max(axis=0)) / 2
    assert isinstance(found, Mark)
    assert (found.text, found.stops) == ("TỐI MẬT", stops)
    assert np.allclose(found.middle, (across / 1654, down / 2339), atol=0.002)
