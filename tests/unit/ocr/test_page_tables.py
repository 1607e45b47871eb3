"""How one page goes through the reader when there are rules, tables, colour and badly read lines on it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.paper import Paper, Pixels, add_stamp, blank_paper, jpeg, typed_paper
from dossier.page import Box, Verdict, Word
from dossier.scan import Encoding, PageScan
from ocr.arrays import Gray
from ocr.engines.port import Layout
from ocr.page import read_page
from ocr.preparation.marks import marks_of
from tests.unit.ocr.conftest import TEXT, ScriptedEngine

DPI = 200


def scan_of(rgb: Pixels) -> PageScan:
    """Return the record of a JPEG of these pixels."""
    return PageScan(Encoding.JPEG, rgb.shape[1], rgb.shape[0], DPI, DPI, 3)


def word(text: str, left: int, top: int, line: int, confidence: float = 95) -> Word:
    """Return a word of 60 x 30 pixels."""
    return Word(text, Box(left, top, left + 60, top + 30), confidence, line, 0)


def prose(paper: Paper) -> tuple[Word, ...]:
    """Return the words as they are printed, each printed line a line."""
    numbers = [number for number, line in enumerate(paper.lines) for _ in line.split()]
    return tuple(Word(text, Box(*box), 95, line, 0) for (text, box), line in zip(paper.words, numbers, strict=True))


def with_table() -> Pixels:
    """Return a page of prose with a table of two rows and two columns below, a digit in two of the cells."""
    rgb = typed_paper(TEXT, dpi=DPI).rgb.copy()
    for x in (300, 700, 1300):
        cv2.line(rgb, (x, 1600), (x, 1900), (0, 0, 0), 3)
    for y in (1600, 1750, 1900):
        cv2.line(rgb, (300, y), (1300, y), (0, 0, 0), 3)
    for x in (400, 800):
        cv2.putText(rgb, "7", (x, 1700), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 4)
    return rgb


class ListeningEngine(ScriptedEngine):
    """A scripted engine that notes as what it was shown each page."""

    def __init__(self, readings: list[tuple[Word, ...]]) -> None:
        super().__init__(readings)
        self.layouts: list[Layout] = []

    def read(self, gray: Pixels, dpi: int, layout: Layout = Layout.PAGE, _signs: str = "") -> tuple[Word, ...]:
        """Give the next reading of the script."""
        self.layouts.append(layout)
        return super().read(gray, dpi, layout)


def digits_on(sheet: Gray) -> tuple[Word, ...]:
    """Return a word for each mark as large as a digit, from top to bottom."""
    marks = marks_of(sheet)
    tall = marks.chosen(marks.height >= 15)
    places = sorted(zip(tall.top, tall.left, tall.width, tall.height, strict=True))
    return tuple(
        Word("7", Box(int(x), int(y), int(x + w), int(y + h)), 95, line, 0) for line, (y, x, w, h) in enumerate(places)
    )


def test_a_table_is_taken_off_the_page_and_read_by_itself() -> None:
    """The engine sees the page without the table and then its cells on one sheet."""
    rgb = with_table()
    words = prose(typed_paper(TEXT, dpi=DPI))
    sight = ListeningEngine([words])
    read_page(sight, jpeg(rgb, 95), scan_of(rgb))
    engine = ListeningEngine([words, digits_on(sight.shown[1])])
    reading = read_page(engine, jpeg(rgb, 95), scan_of(rgb))
    page, cells = engine.shown[:2]
    assert engine.layouts[:2] == [Layout.PAGE, Layout.BLOCK]
    assert page[1610:1890, 310:1290].min() > 200
    assert cells.shape[1] < 1000
    assert "drop_rules" in reading.transform.operations
    assert [each.text for each in reading.text.words][-2:] == ["7", "7"]
    left, right = reading.text.words[-2:]
    assert 300 < left.box.left < 700 < right.box.left < 1300
    assert 1600 < left.box.top < 1750
    assert reading.verdict is Verdict.GOOD


def test_a_hasty_reading_reads_the_table_too_but_takes_no_second_look() -> None:
    """The second attempt on a page that ran out of time reads the page and its cells once, however badly."""
    rgb = with_table()
    engine = ListeningEngine([(word("Bmh", 100, 100, 0, 20),), ()])
    read_page(engine, jpeg(rgb, 95), scan_of(rgb), "low")
    assert engine.layouts == [Layout.PAGE, Layout.BLOCK]


def test_a_badly_read_line_is_looked_at_again(paper: Paper) -> None:
    """Of a page that is good but for one line, that line alone is shown again."""
    words = prose(paper)
    bad = [Word("Nguyen", each.box, 30, each.line, 0) if at == 0 else each for at, each in enumerate(words)]
    line = [each for each in bad if each.line == bad[0].line]
    again = tuple(Word(each.text, Box(60 + 90 * at, 55, 140 + 90 * at, 95), 96, 0, 0) for at, each in enumerate(line))
    engine = ListeningEngine([tuple(bad), (Word("Nguyễn", again[0].box, 96, 0, 0), *again[1:])])
    reading = read_page(engine, jpeg(paper.rgb, 95), scan_of(paper.rgb))
    assert engine.layouts == [Layout.PAGE, Layout.BLOCK]
    assert engine.shown[1].shape[0] < 200
    assert reading.text.words[0].text == "Nguyễn"
    assert len(reading.text.words) == len(words)


def test_lines_come_in_reading_order(paper: Paper) -> None:
    """What the engine gives from bottom to top is read from the top."""
    words = prose(paper)
    last = max(each.line for each in words)
    turned = [Word(each.text, each.box, 95, last - each.line, 0) for each in reversed(words)]
    reading = read_page(ScriptedEngine([tuple(turned)]), jpeg(paper.rgb, 95), scan_of(paper.rgb))
    tops = [each.box.top for each in reading.text.words]
    firsts = [top for top, before in zip(tops[1:], tops, strict=False) if abs(top - before) > 20]
    assert firsts == sorted(firsts)
    assert reading.text.words[0].line == 0


def test_a_black_stamp_of_secrecy_is_found_though_its_frame_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipe takes the frame for rules; the stamp is still cut out of the page as it was and read.

    The network that sees letters is blind here: it would stop the page before.
    """
    monkeypatch.setattr("ocr.secrecy.seen_on", lambda *_: [])
    paper = typed_paper("\n" * 12 + TEXT, dpi=DPI)
    add_stamp(paper, "TỐI MẬT", (1.3, 1.6), colour=(20, 20, 20))
    rgb = paper.rgb.copy()
    cv2.line(rgb, (200, 620), (900, 620), (0, 0, 0), 3)
    mark = (word("TỐI", 20, 20, 0), word("MẬT", 90, 20, 0))
    engine = ListeningEngine([prose(paper), (), (), (), ()])
    read_page(engine, jpeg(rgb, 95), scan_of(rgb))
    stamp = next(at for at, shown in enumerate(engine.shown) if at and 1.2 < shown.shape[1] / shown.shape[0] < 8)
    again = ListeningEngine([prose(paper), *[()] * (stamp - 1), mark])
    reading = read_page(again, jpeg(rgb, 95), scan_of(rgb))
    assert "drop_rules" in reading.transform.operations
    assert again.layouts[stamp] is Layout.BLOCK
    found = reading.secret
    assert found == "TỐI MẬT"
    assert reading.text.words == ()


def test_ballpoint_is_not_shown_to_the_engine(paper: Paper) -> None:
    """A blue line across the print is off the page before it is read."""
    rgb = paper.rgb.copy()
    cv2.line(rgb, (300, 1700), (1300, 1900), (40, 60, 170), 5)
    engine = ScriptedEngine([prose(paper)])
    read_page(engine, jpeg(rgb, 95), scan_of(rgb))
    assert np.count_nonzero(engine.shown[0][1650:1950] < 150) < 20


def test_a_page_of_rules_alone_has_no_words() -> None:
    """Lines to write on, nothing written: the engine has nothing to read."""
    rgb = blank_paper(DPI).rgb.copy()
    for y in range(400, 2000, 100):
        cv2.line(rgb, (200, y), (1400, y), (0, 0, 0), 3)
    engine = ScriptedEngine([])
    reading = read_page(engine, jpeg(rgb, 95), scan_of(rgb))
    assert reading.text.words == ()
    assert all(np.count_nonzero(shown[:, 220:] < 128) == 0 for shown in engine.shown)
