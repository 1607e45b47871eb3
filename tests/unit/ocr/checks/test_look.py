"""A first look at a page: each fault is told, what only looks like one is not. Pages of 200 dpi, to be quick."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest

from bench.paper import Pixels, add_seal, jpeg, skewed, typed_paper
from dossier.page import Verdict
from dossier.page_look import PageLook
from dossier.scan import Encoding, PageScan
from ocr.checks.fingerprint import difference
from ocr.checks.look import Looked, look_at
from ocr.rules import Rules, rules_on

_DPI = 200
_TEXT = (
    "Căn cứ Luật Tổ chức chính quyền địa phương và Nghị định về công tác văn thư, Ủy ban nhân dân phường xác nhận "
    "ông Nguyễn Văn Bình đã nộp đủ hồ sơ đăng ký đất đai theo quy định của pháp luật hiện hành."
)
_PLACES = {
    "top_left": (0, 0),
    "top_right": (1, 0),
    "bottom_right": (1, 1),
    "bottom_left": (0, 1),
}


def _page(text: str = _TEXT) -> Pixels:
    lines = "\n".join([*(f"Điều {at}. {text}" for at in range(1, 9)), "Nơi nhận: như trên", "Chủ tịch Lê Thị Hà"])
    return typed_paper(lines, _DPI).rgb


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Return the rules of a day."""
    return rules_on(date(2026, 11, 23))


@pytest.fixture(scope="module")
def page() -> Pixels:
    """Return a page of text, not yet scanned."""
    return _page()


def _noisy(rgb: Pixels, seed: int) -> Pixels:
    """Return a page on paper that is not quite white, with grain that repeats, which is quick and does not show."""
    tile = np.random.default_rng(seed).integers(0, 12, (128, 128, 3), np.uint8)
    height, width = rgb.shape[:2]
    grain = np.tile(tile, (height // 128 + 1, width // 128 + 1, 1))[:height, :width]
    soft = cv2.convertScaleAbs(cv2.GaussianBlur(rgb, (0, 0), 0.6), alpha=0.94)
    return np.asarray(cv2.subtract(soft, grain), np.uint8)


def _looked(rgb: Pixels, rules: Rules, seed: int = 1, dpi: int = _DPI) -> Looked:
    height, width = rgb.shape[:2]
    channels = 3 if rgb.ndim == 3 else 1
    noisy = _noisy(rgb, seed) if channels == 3 else rgb
    return look_at(jpeg(noisy, 85), PageScan(Encoding.JPEG, width, height, dpi, dpi, channels), 3, rules)


def _look(rgb: Pixels, rules: Rules) -> PageLook:
    return _looked(rgb, rules).look


def test_an_ordinary_page_is_good(page: Pixels, rules: Rules) -> None:
    """Also with a seal, and with a sheet's dark bed around it."""
    assert _look(page, rules).verdict is Verdict.GOOD
    sealed = typed_paper(_TEXT * 4, _DPI)
    add_seal(sealed, (8.2, 5.0))
    assert _look(sealed.rgb, rules).verdict is Verdict.GOOD
    bed = cv2.copyMakeBorder(page, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(20, 20, 22))
    found = _look(np.asarray(bed, np.uint8), rules)
    assert (found.verdict, found.reasons, found.number) == (Verdict.GOOD, (), 3)


@pytest.mark.parametrize("corner", _PLACES)
def test_a_corner_that_is_not_there_is_named(page: Pixels, rules: Rules, corner: str) -> None:
    """From 10 mm on, whatever lies behind it; a hole and a staple there are no missing corner."""
    height, width = page.shape[:2]
    across, down = _PLACES[corner]
    x, y = across * (width - 1), down * (height - 1)
    reach = round(15 / 25.4 * _DPI)
    ends = [(x, y), (x + reach * (1 - 2 * across), y), (x, y + reach * (1 - 2 * down))]
    bent = page.copy()
    cv2.fillPoly(bent, [np.asarray(ends, np.int32)], (70, 72, 70))
    found = _look(bent, rules)
    assert found.verdict is Verdict.RESCAN
    assert found.reasons == (f"corner_{corner}",)
    holed = page.copy()
    at = (x + 60 * (1 - 2 * across), y + 60 * (1 - 2 * down))
    cv2.circle(holed, at, 22, (40, 40, 40), -1)
    assert _look(holed, rules).verdict is Verdict.GOOD


@pytest.mark.parametrize("side", ["left", "right"])
def test_print_that_runs_off_is_told(page: Pixels, rules: Rules, side: str) -> None:
    """Where the scan ends within the lines; a frame up to the edge and a seal over it are no print."""
    ink = np.flatnonzero((page.min(axis=2) < 128).sum(axis=0) > 5)
    cut = page[:, ink[0] + 70 :] if side == "left" else page[:, : ink[-1] - 150]
    found = _look(np.ascontiguousarray(cut), rules)
    assert found.reasons == (f"cut_{side}",)
    assert found.verdict is Verdict.RESCAN
    framed = page.copy()
    cv2.rectangle(framed, (0, 0), (page.shape[1] - 1, page.shape[0] - 1), (0, 0, 0), 5)
    assert _look(framed, rules).verdict is Verdict.GOOD


def test_focus_and_light(page: Pixels, rules: Rules) -> None:
    """Out of focus, dark, pale, too much light: told with what they are; weak ink alone is not."""
    soft = np.asarray(cv2.GaussianBlur(page, (0, 0), 3.0), np.uint8)
    assert _look(soft, rules).reasons == ("blurred",)
    dark = (page * 0.25).astype(np.uint8)
    assert _look(dark, rules).reasons == ("too_dark",)
    pale = (235 - (255 - page.astype(np.float32)) * 0.16).astype(np.uint8)
    assert _look(pale, rules).reasons == ("too_pale",)
    flare = np.clip(200 + page.astype(np.float32) * 0.9, 0, 255).astype(np.uint8)
    height, width = flare.shape[:2]
    bright = look_at(jpeg(flare), PageScan(Encoding.JPEG, width, height, _DPI, _DPI, 3), 1, rules)
    assert bright.look.reasons == ("blown",)
    weak = (240 - (255 - page.astype(np.float32)) * 0.5).astype(np.uint8)
    assert _look(weak, rules).verdict is Verdict.GOOD


def test_lean_and_way_up(page: Pixels, rules: Rules) -> None:
    """A lean of ten degrees is scanned again; what the machine puts right itself is said and asks nobody."""
    leaning = _look(skewed(page, 10), rules)
    assert "skewed" in leaning.reasons
    assert leaning.verdict is Verdict.RESCAN
    assert _look(skewed(page, 2), rules).verdict is Verdict.GOOD
    over = _look(np.ascontiguousarray(page[::-1, ::-1]), rules)
    assert (over.verdict, over.reasons) == (Verdict.GOOD, ("upside_down",))
    beside = _look(np.ascontiguousarray(np.rot90(page)), rules)
    assert (beside.verdict, beside.reasons) == (Verdict.GOOD, ("sideways",))


def test_settings_of_the_scanner(page: Pixels, rules: Rules) -> None:
    """Too few dots: again. Gray: a person looks. Odd size: a person looks. Empty: told as empty."""
    assert _looked(page, rules, dpi=150).look.reasons[0] == "low_resolution"
    gray = np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)
    assert (_look(gray, rules).verdict, _look(gray, rules).reasons) == (Verdict.LOOK, ("not_colour",))
    assert "odd_size" in _look(np.ascontiguousarray(page[200:600, 200:600]), rules).reasons
    empty = _look(np.full_like(page, 255), rules)
    assert (empty.verdict, empty.reasons) == (Verdict.BLANK, ())


def test_a_sheet_is_known_again(page: Pixels, rules: Rules) -> None:
    """With other noise, light and lean; other words in the same form are another sheet."""
    most = rules.checks.same_sheet
    first = _looked(page, rules).fingerprint
    darker = np.clip(skewed(page, 0.6).astype(np.float32) * 0.85, 0, 255).astype(np.uint8)
    again = _looked(np.roll(darker, (25, -18), (0, 1)), rules, seed=9).fingerprint
    other = _looked(_page(_TEXT.replace("Nguyễn Văn Bình", "Trần Thị Khánh Hạnh")), rules, seed=5).fingerprint
    assert first is not None
    assert again is not None
    assert other is not None
    assert difference(first, again) < most
    assert difference(first, other) > most


def test_thresholds_count(page: Pixels, rules: Rules) -> None:
    """They are read from the rules of the day, not written into the checks."""
    strict = replace(rules, checks=replace(rules.checks, look_edge=0.0001, rescan_edge=0.0002))
    assert _looked(page, strict).look.verdict is Verdict.RESCAN
