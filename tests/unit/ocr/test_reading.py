"""The way of one page with an engine that follows a script."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.paper import Paper, blank_paper, jpeg, skewed
from confine import Died, OutOfMemory, TimedOut
from dossier.errors import Code, Rejected, Unavailable
from dossier.page import Box, Verdict, Word
from dossier.scan import Encoding, PageScan
from ocr.engines.choice import start_engine
from ocr.engines.models import find_model
from ocr.frame import Scale, believed_dpi
from ocr.page import read_page
from ocr.reader import BoundedReader, ReaderSettings
from tests.unit.ocr.conftest import TEXT, ScriptedEngine


def scan_of(rgb: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], dpi: float = 200, turn: int = 0) -> PageScan:
    """Return the record of a JPEG of these pixels."""
    return PageScan(Encoding.JPEG, rgb.shape[1], rgb.shape[0], dpi, dpi, 3, turn=turn)


def prose(confidence: float = 95) -> tuple[Word, ...]:
    """Return the words of the drawn page, each as large as the page."""
    texts = TEXT.split()
    return tuple(Word(text, Box(0, 0, 1600, 1590), confidence, 0, 0) for text in texts)


def test_a_page_that_reads_well_is_read_once(paper: Paper) -> None:
    """Good prose over all ink is good and asks for no second look."""
    engine = ScriptedEngine([prose()])
    reading = read_page(engine, jpeg(paper.rgb), scan_of(paper.rgb))
    assert reading.verdict is Verdict.GOOD
    assert len(engine.shown) == 1
    assert (reading.text.engine, reading.text.model) == ("scripted 1", "none")


def test_a_page_on_its_head_is_turned_when_that_reads_better(paper: Paper) -> None:
    """Junk first, prose after half a turn: the turn is kept and told."""
    junk = (Word("uẹp", Box(0, 0, 1600, 1590), 40, 0, 0),)
    data = jpeg(np.ascontiguousarray(np.rot90(paper.rgb, 2)))
    reading = read_page(ScriptedEngine([junk, prose()], turn=180), data, scan_of(paper.rgb))
    assert reading.transform.turn == 180
    assert "upside_down" in reading.reasons


def test_a_wrong_answer_on_orientation_does_no_harm(paper: Paper) -> None:
    """When the turned page reads worse the first look stands."""
    weak = prose(confidence=60)
    junk = (Word("uẹp", Box(0, 0, 1600, 1590), 40, 0, 0),)
    reading = read_page(ScriptedEngine([weak, junk], turn=90), jpeg(paper.rgb), scan_of(paper.rgb))
    assert reading.transform.turn == 0
    assert len(reading.text.words) == len(weak)


def test_the_hint_of_the_source_is_tried_first(paper: Paper) -> None:
    """A page that a viewer is asked to turn is shown to the engine upright at once."""
    sideways = np.ascontiguousarray(np.rot90(paper.rgb, 1))
    engine = ScriptedEngine([prose()])
    reading = read_page(engine, jpeg(sideways), scan_of(sideways, turn=90))
    assert reading.transform.turn == 90
    assert engine.shown[0].shape == paper.rgb.shape[:2]
    assert "sideways" not in reading.reasons


def test_a_blank_page_is_not_shown_to_the_engine() -> None:
    """Nothing on it is nothing to read."""
    engine = ScriptedEngine([prose()])
    white = blank_paper(200).rgb
    reading = read_page(engine, jpeg(white), scan_of(white))
    assert reading.verdict is Verdict.BLANK
    assert reading.text.words == ()
    assert engine.shown == []


def test_a_stamp_leaves_no_words(paper: Paper) -> None:
    """The marking is named, and nothing else of the page gets out, in no attribute."""
    mark = Word("MẬT", Box(250, 400, 330, 440), 90, 500, 0)
    elsewhere = tuple(replace(word, box=Box(0, 1800, 1600, 2300)) for word in prose())
    reading = read_page(ScriptedEngine([(*elsewhere, mark)]), jpeg(paper.rgb), scan_of(paper.rgb))
    assert (reading.secret, reading.text.words) == ("MẬT", ())
    assert b"Nguy" not in pickle.dumps(reading)


def test_boxes_go_back_to_the_scan(paper: Paper) -> None:
    """A box found on the engine's level, smaller page lies on the scan's ink."""
    lean = skewed(paper.rgb, 2.0)
    scan = scan_of(lean)
    engine = ScriptedEngine([prose()])
    read_page(engine, jpeg(lean, 95), scan)
    ink = engine.shown[0] < 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    found = Word("x", box, 90, 0, 0)
    reading = read_page(ScriptedEngine([(found, *prose())]), jpeg(lean, 95), scan)
    corners = [reading.transform.to_scan(*point) for point in _corners(reading.text.words[0].box)]
    wanted = cv2.getRotationMatrix2D((scan.width / 2, scan.height / 2), -2.0, 1.0)
    left, top, right, bottom = _extent(paper)
    for (x, y), source in zip(corners, ((left, top), (right, bottom)), strict=True):
        assert (x, y) == pytest.approx(wanted @ (*source, 1), abs=2.5)


def _corners(box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    return (box.left, box.top), (box.right, box.bottom)


def _extent(paper: Paper) -> tuple[int, int, int, int]:
    ink = np.asarray(paper.image.convert("L")) < 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def test_scaled_boxes_stay_on_the_page() -> None:
    """Rounding never puts a box outside the reading frame."""
    words = Scale(2 / 3, 2 / 3).to_reading((Word("x", Box(0, 0, 101, 67), 90, 0, 0),), (150, 100))
    assert words[0].box == Box(0, 0, 150, 100)


def test_resolution_that_cannot_be_is_guessed_from_a4() -> None:
    """Phones write 72 dpi; a source without resolution gets A4; a true large plan is believed."""
    phone = PageScan(Encoding.JPEG, 3000, 4000, 72, 72, 3)
    assert believed_dpi(phone)[0] == pytest.approx(342, abs=1)
    assert believed_dpi(replace(phone, dpi_x=300, dpi_y=300)) == (300, 300)
    assert believed_dpi(replace(phone, dpi_x=300, dpi_y=300, dpi_assumed=True))[0] == pytest.approx(342, abs=1)


def test_the_named_folder_is_the_only_one(tmp_path: Path) -> None:
    """A missing model is told, and no other one slips in; a present one is named by its digest."""
    with pytest.raises(Unavailable) as caught:
        find_model("vie", tmp_path)
    assert caught.value.code is Code.MODEL_MISSING
    (tmp_path / "vie.traineddata").write_bytes(b"abc")
    assert find_model("vie", tmp_path).label.startswith("vie.traineddata sha256:ba7816bf")


def test_the_prefix_of_the_environment_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TESSDATA_PREFIX may name the folder or its parent."""
    (tmp_path / "tessdata").mkdir()
    (tmp_path / "tessdata" / "xyz.traineddata").write_bytes(b"abc")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert find_model("xyz").folder == tmp_path / "tessdata"


def test_an_unknown_engine_is_a_matter_of_settings(tmp_path: Path) -> None:
    """The name is checked before anything is loaded."""
    (tmp_path / "vie.traineddata").write_bytes(b"abc")
    with pytest.raises(Unavailable) as caught:
        start_engine("abbyy", "vie", tmp_path)
    assert caught.value.code is Code.SETTINGS_INVALID


@pytest.mark.parametrize(
    ("failure", "code"),
    [(TimedOut("x"), Code.READ_TIMEOUT), (OutOfMemory("x"), Code.READ_MEMORY), (Died(11), Code.READ_CRASHED)],
)
def test_each_way_to_die_has_its_code(failure: Exception, code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened to the child becomes a verdict on the page."""

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("confine.Confined.call", fail)
    with BoundedReader(ReaderSettings()) as reader, pytest.raises(Rejected) as caught:
        reader.read(b"", PageScan(Encoding.PNG, 100, 100, 200, 200, 1))
    assert caught.value.code is code
