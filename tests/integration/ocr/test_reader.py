"""Real Tesseract in the real confined child, on drawn papers."""

from __future__ import annotations

import os
import signal
import statistics
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.drawings import cadastral_map, halftone, photograph
from bench.paper import Paper, add_seal, add_stamp, blank_paper, jpeg, scanned, skewed, typed_paper
from bench.processes import peak_memory
from bench.reading import wrong_letters
from dossier.errors import Code, Rejected, Unavailable
from dossier.page import PageReading, Verdict
from dossier.scan import Encoding, PageScan
from ocr.engines.choice import start_engine
from ocr.page import read_page
from ocr.reader import BoundedReader, ReaderSettings

SAMPLES = Path(__file__).parents[2] / "sample_documents"
LETTER = "10_cong_van_day_manh_so_hoa.txt"
PERMIT = "08_giay_phep_xay_dung.txt"


def sample(name: str) -> str:
    """Return the text of a sample paper."""
    return (SAMPLES / name).read_text(encoding="utf-8")


def scan_of(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], dpi: float = 300) -> PageScan:
    """Return the record of a JPEG of these pixels."""
    return PageScan(Encoding.JPEG, pixels.shape[1], pixels.shape[0], dpi, dpi, 3 if pixels.ndim == 3 else 1)


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    """One reader for the tests that leave its child alone."""
    with BoundedReader() as reader:
        yield reader


@pytest.fixture(scope="module")
def permit() -> Paper:
    """A building permit, drawn once."""
    return typed_paper(sample(PERMIT))


def error_rate(paper: Paper, reading: PageReading) -> float:
    """Return the share of wrong letters."""
    wrong, letters = wrong_letters(paper.text, reading.text.plain())
    return wrong / letters


@pytest.mark.parametrize(("turns", "lean"), [(0, 0.0), (0, 2.6), (0, -1.4), (1, 0.0), (2, 1.0), (3, -0.7)])
def test_words_lie_on_their_ink(reader: BoundedReader, permit: Paper, turns: int, lean: float) -> None:
    """However the page lay on the glass: good text, and each word's box within three pixels of its ink."""
    rgb = np.ascontiguousarray(np.rot90(scanned(skewed(permit.rgb, lean)), turns))
    reading = reader.read(jpeg(rgb), scan_of(rgb))
    assert reading.verdict is Verdict.GOOD
    assert reading.transform.turn == turns * 90
    assert reading.transform.skew == pytest.approx(lean, abs=0.15)
    assert error_rate(permit, reading) < 0.02
    offsets = [abs(offset) for offset in _offsets(reading, permit, turns, lean)]
    assert len(offsets) > 300
    assert statistics.median(offsets) <= 1.5
    assert statistics.quantiles(offsets, n=20)[-1] <= 3.0


def _offsets(reading: PageReading, paper: Paper, turns: int, lean: float) -> Iterator[float]:
    """Yield, for words that occur once, how far their box's middle on the scan is from where they were drawn."""
    texts = [text for text, _ in paper.words]
    gray = np.asarray(paper.image.convert("L"))
    for word in reading.text.words:
        if texts.count(word.text) != 1 or len(word.text) < 2:
            continue
        left, top, right, bottom = paper.words[texts.index(word.text)][1]
        ink = np.argwhere(gray[top:bottom, left:right] < 128)
        (y0, x0), (y1, x1) = ink.min(axis=0), ink.max(axis=0)
        wanted = _moved(left + (x0 + x1) / 2, top + (y0 + y1) / 2, paper, turns, lean)
        quad = reading.transform.quad(word.box)
        yield from (sum(point[axis] for point in quad) / 4 - 0.5 - wanted[axis] for axis in (0, 1))


def _moved(x: float, y: float, paper: Paper, turns: int, lean: float) -> tuple[float, float]:
    """Return where the test's own moves (lean, then quarter turns) put a pixel's centre."""
    width, height = paper.image.size
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -lean, 1.0)
    x, y = matrix @ (x, y, 1.0)
    for _ in range(turns):
        x, y, width, height = y, width - 1 - x, height, width
    return float(x), float(y)


def test_a_seal_and_leaders_do_not_spoil_the_text(reader: BoundedReader) -> None:
    """A form with dotted lines under a seal reads as well as a plain one."""
    paper = typed_paper("Họ và tên: " + "." * 60 + "\nNgày sinh: " + "." * 30 + "\n" + sample(LETTER))
    add_seal(paper, (2.0, 1.2))
    rgb = scanned(paper.rgb)
    reading = reader.read(jpeg(rgb), scan_of(rgb))
    wrong, letters = wrong_letters(paper.text, reading.text.plain())
    assert wrong / letters < 0.02
    assert {"drop_red", "drop_leaders"} <= set(reading.transform.operations)


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@pytest.mark.parametrize("gray", [False, True])
def test_a_secrecy_stamp_stops_the_page(reader: BoundedReader, mark: str, gray: bool) -> None:  # noqa: FBT001
    """Red in a colour scan, dark in a gray one: the mark is named and no word gets out."""
    paper = typed_paper(sample(LETTER).replace("V/v", "\n\n\nV/v"))
    add_stamp(paper, mark, (1.5, 2.0))
    rgb = scanned(paper.rgb)
    pixels = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8) if gray else rgb
    reading = reader.read(jpeg(pixels), scan_of(pixels))
    assert (reading.secret, reading.text.words) == (mark, ())


@pytest.mark.parametrize("text", ["ĐẾN", "HỎA TỐC", "BẢN CHÍNH", "BẢO MẬT", "MẬT ĐỘ"])
def test_other_stamps_do_not_stop_it(reader: BoundedReader, text: str) -> None:
    """Received, urgent and copy stamps stand in the same place, in red frames too."""
    paper = typed_paper(sample(LETTER).replace("V/v", "\n\n\nV/v"))
    add_stamp(paper, text, (1.5, 2.0))
    rgb = scanned(paper.rgb)
    assert reader.read(jpeg(rgb), scan_of(rgb)).secret == ""


def test_building_density_is_no_secret(reader: BoundedReader, permit: Paper) -> None:
    """The permit speaks of "Mật độ xây dựng" and is read."""
    rgb = scanned(permit.rgb)
    reading = reader.read(jpeg(rgb), scan_of(rgb))
    assert reading.secret == ""
    assert "Mật độ xây dựng: 78%" in reading.text.plain()


def test_lines_that_the_engine_passes_over_come_back(reader: BoundedReader) -> None:
    """Tesseract's layout drops a clean line of this letter; the reading has it, in its place."""
    paper = typed_paper("Họ và tên: " + "." * 60 + "\nNgày sinh: " + "." * 30 + "\n" + sample(LETTER))
    rgb = scanned(paper.rgb)
    reading = reader.read(jpeg(rgb), scan_of(rgb))
    assert "cải cách\nhành chính ngày 05 tháng 5 năm 2026" in reading.text.plain()


def test_a_noisy_blank_page_is_blank(reader: BoundedReader) -> None:
    """Grain is no text."""
    rgb = scanned(blank_paper().rgb, noise=8)
    assert reader.read(jpeg(rgb), scan_of(rgb)).verdict is Verdict.BLANK


def test_a_coarse_scan_is_read_and_named(reader: BoundedReader) -> None:
    """100 dpi is under the least that the rules allow: read, but a person must look."""
    paper = typed_paper(sample(LETTER), dpi=100)
    reading = reader.read(jpeg(scanned(paper.rgb, noise=2, blur=0.4), 90), scan_of(paper.rgb, 100))
    assert "low_resolution" in reading.reasons
    assert reading.verdict is not Verdict.GOOD
    assert error_rate(paper, reading) < 0.1


def test_unequal_resolutions_keep_their_boxes(reader: BoundedReader) -> None:
    """A fax with half as many rows as columns is read, and its boxes stay within the scan."""
    paper = typed_paper(sample(LETTER))
    squat = np.asarray(cv2.resize(paper.rgb, None, fx=1.0, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    scan = replace(scan_of(squat), dpi_y=150)
    reading = reader.read(jpeg(squat, 90), scan)
    assert error_rate(paper, reading) < 0.1
    boxes = [reading.transform.scan_box(word.box) for word in reading.text.words]
    assert max(box.bottom for box in boxes) <= scan.height
    assert max(box.bottom for box in boxes) > scan.height * 0.6


def test_the_cheap_attempt_reads_too(reader: BoundedReader, permit: Paper) -> None:
    """The second try gives usable text of an ordinary page."""
    rgb = scanned(permit.rgb)
    assert error_rate(permit, reader.read(jpeg(rgb), scan_of(rgb), effort="low")) < 0.1


@pytest.mark.parametrize(("number", "told"), [(signal.SIGKILL, False), (signal.SIGSEGV, True)])
def test_a_dead_child_is_replaced(permit: Paper, number: int, told: bool) -> None:  # noqa: FBT001
    """Kill -9 from outside is not the page's fault: it is asked again. A crash of its own is told."""
    rgb = scanned(permit.rgb)
    with BoundedReader() as reader:
        reader.read(jpeg(rgb), scan_of(rgb))
        pid = reader.pid
        assert pid is not None
        killer = threading.Timer(0.15, os.kill, (pid, number))
        killer.start()
        if told:
            with pytest.raises(Rejected) as caught:
                reader.read(jpeg(rgb), scan_of(rgb))
            assert caught.value.code is Code.READ_CRASHED
        else:
            assert reader.read(jpeg(rgb), scan_of(rgb)).verdict is Verdict.GOOD
            assert reader.pid != pid
        killer.join()
        assert reader.read(jpeg(rgb), scan_of(rgb)).verdict is Verdict.GOOD


def test_time_and_memory_are_bounded(permit: Paper) -> None:
    """A page that takes too long or too much is rejected with the cause."""
    rgb = scanned(permit.rgb)
    huge = cv2.imencode(".png", np.full((12000, 12000, 3), 255, np.uint8))[1].tobytes()
    slow = replace(scan_of(rgb))
    with BoundedReader(ReaderSettings(wall_seconds=0.02)) as reader, pytest.raises(Rejected) as caught:
        reader.read(jpeg(rgb), slow)
    assert caught.value.code is Code.READ_TIMEOUT
    with BoundedReader(ReaderSettings(memory_bytes=700 << 20)) as reader:
        with pytest.raises(Rejected) as caught:
            reader.read(huge, PageScan(Encoding.PNG, 12000, 12000, 300, 300, 3))
        assert caught.value.code is Code.READ_MEMORY
        assert reader.read(jpeg(rgb), slow).verdict is Verdict.GOOD


def test_the_child_stays_small(permit: Paper) -> None:
    """An A4 page at 300 dpi in colour stays under 300 MiB of resident memory."""
    rgb = scanned(permit.rgb)
    with BoundedReader() as reader:
        for _ in range(3):
            reader.read(jpeg(rgb), scan_of(rgb))
        status = Path(f"/proc/{reader.pid}/status").read_text(encoding="ascii")
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    assert peak < 300 * 1024


def test_a_drawing_of_a0_is_read_within_bounds() -> None:
    """9,933 x 14,043 pixels in colour: read at half size, in a fraction of the 1.4 GB that the whole would take."""
    sheet = np.full((14043, 9933, 3), 255, np.uint8)
    corner = typed_paper(sample(PERMIT)).rgb
    sheet[-corner.shape[0] :, -corner.shape[1] :] = corner
    data = jpeg(sheet)
    with BoundedReader() as reader:
        reading = reader.read(data, scan_of(sheet))
        assert reader.pid is not None
        assert peak_memory(reader.pid) < 550
    assert "Mật độ xây dựng" in reading.text.plain()
    boxes = [reading.transform.scan_box(word.box) for word in reading.text.words]
    assert min(box.left for box in boxes) > 9933 - corner.shape[1]
    assert max(box.bottom for box in boxes) > 14043 - corner.shape[0] // 2


def test_a_map_keeps_its_title_block_and_nothing_is_made_up(reader: BoundedReader) -> None:
    """Of some 130 numbers most are read; no more than 14 words are neither a number of the map nor of its title."""
    paper = cadastral_map()
    rgb = scanned(paper.rgb)
    reading = reader.read(jpeg(rgb), scan_of(rgb))
    text = reading.text.plain()
    assert paper.lines[0] in text
    written = {text for text, _ in paper.words} | set(paper.text.split())
    made_up = [word.text for word in reading.text.words if word.text not in written]
    assert len(reading.text.words) > 110
    assert len(made_up) <= 14


def test_no_word_comes_out_of_photographs(reader: BoundedReader) -> None:
    """Light and shade, and the dots that print them, are no text."""
    for rgb in (photograph(200, seed=3), halftone(200)):
        assert reader.read(jpeg(scanned(rgb)), scan_of(rgb, 200)).text.words == ()


def test_a_missing_model_is_told(tmp_path: Path, permit: Paper) -> None:
    """Without Vietnamese there is no reading, and nothing is lost by waiting."""
    with BoundedReader(ReaderSettings(tessdata=tmp_path)) as reader, pytest.raises(Unavailable) as caught:
        reader.read(jpeg(permit.rgb), scan_of(permit.rgb))
    assert caught.value.code is Code.MODEL_MISSING


@pytest.mark.parametrize("name", [pytest.param("tesserocr", marks=pytest.mark.long), "pytesseract"])
def test_both_engines_read_alike(name: str, permit: Paper) -> None:
    """The program reads what the library reads, finds the same turn, and both name engine and model."""
    rgb = np.ascontiguousarray(np.rot90(scanned(permit.rgb), 1))
    engine = start_engine(name)
    reading = read_page(engine, jpeg(rgb), scan_of(rgb))
    again = read_page(engine, jpeg(rgb), scan_of(rgb))
    engine.close()
    assert reading == again
    assert reading.transform.turn == 90
    assert error_rate(permit, reading) < 0.02
    assert reading.text.engine.startswith("tesseract 5")
    assert "sha256:" in reading.text.model


@pytest.mark.parametrize("name", ["tesserocr", "pytesseract"])
def test_no_engine_lays_a_page_on_the_disk(
    name: str, permit: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that may yet prove a state secret goes to the engine through memory: there is no place for a file."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    engine = start_engine(name)
    reading = read_page(engine, jpeg(permit.rgb), scan_of(permit.rgb))
    engine.close()
    assert error_rate(permit, reading) < 0.02
