"""Each step of the recipe acts where it should and leaves alone what it should."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.paper import Paper, add_seal, skewed, typed_paper
from ocr.arrays import Gray
from ocr.preparation.contrast import positive, stretch
from ocr.preparation.illumination import even_light, paper_brightness, unevenness
from ocr.preparation.leaders import drop_leaders
from ocr.preparation.marks import marks_of
from ocr.preparation.red import drop_red_soft, red_excess, red_mask
from ocr.preparation.scale import reading_dpi
from ocr.preparation.skew import is_leaning, level, line_angle
from ocr.preparation.specks import drop_specks, specks_per_megapixel


@pytest.mark.parametrize("lean", [-6.0, -2.7, -0.4, 0.0, 0.3, 1.9, 5.0])
def test_the_lean_of_the_lines_is_measured(paper: Paper, lean: float) -> None:
    """A page laid on the glass at an angle shows that angle to a tenth of a degree."""
    gray = cv2.cvtColor(skewed(paper.rgb, lean), cv2.COLOR_RGB2GRAY)
    assert line_angle(gray, 200) == pytest.approx(lean, abs=0.1)


def test_levelling_undoes_the_lean(paper: Paper) -> None:
    """After levelling nothing worth turning is left."""
    gray = cv2.cvtColor(skewed(paper.rgb, 2.5), cv2.COLOR_RGB2GRAY)
    assert not is_leaning(line_angle(level(gray, line_angle(gray, 200)), 200))


def test_a_page_without_lines_does_not_lean() -> None:
    """Two strokes of a drawing are no lines of text."""
    page = np.full((2000, 1400), 255, np.uint8)
    cv2.line(page, (100, 100), (1300, 400), 0, 3)
    assert line_angle(page, 200) == 0.0


def test_leaders_go_and_print_stays() -> None:
    """The dots between label and edge are erased, the words and the full stops are not."""
    text = "Họ và tên:" + "." * 40 + "\nThửa đất số 1.250.000, tờ bản đồ số 36. Hết."
    gray = np.asarray(typed_paper(text, 200).image.convert("L"), np.uint8)
    plain = np.asarray(typed_paper(text.replace("." * 40, ""), 200).image.convert("L"), np.uint8)
    clean, left = drop_leaders(gray, marks_of(gray), 200)
    assert np.count_nonzero(clean < 128) == pytest.approx(np.count_nonzero(plain < 128), rel=0.01)
    assert len(left.left) == pytest.approx(len(marks_of(plain).left), abs=3)


def _erased(text: str) -> int:
    """Return how many dark pixels of a page go with its leaders."""
    gray = np.asarray(typed_paper(text, 200).image.convert("L"), np.uint8)
    return int(np.count_nonzero(gray < 128) - np.count_nonzero(drop_leaders(gray, marks_of(gray), 200)[0] < 128))


def test_the_ends_of_leaders_go_with_them() -> None:
    """Three dots behind a short value go on a form with such leaders; the dots of letters below print stay."""
    form = "Họ và tên:" + "." * 40 + "\nvào lúc 04 {}  giờ, mẹ lạ lạ lạ, iii"
    assert _erased(form.format("...")) > 1.05 * _erased(form.format("   "))
    assert _erased(form.format("   ")) == pytest.approx(_erased("Họ và tên:" + "." * 40), rel=0.02)
    assert _erased("vào lúc 04 ...  giờ") == 0


def test_dashes_of_a_leader_go_and_those_of_a_text_stay() -> None:
    """A row of equal dashes is a leader; dashes between words and numbers are none."""
    page = np.asarray(
        typed_paper("Họ và tên: A\n1 - 2 - 3 - 4 - 5 - 6 - 7 - 8 - 9 - 10 - 11", 200).image.convert("L"), np.uint8
    )
    leader = page.copy()
    for x in range(700, 1400, 20):
        leader[300:302, x : x + 9] = 0
    assert np.array_equal(drop_leaders(leader, marks_of(leader), 200)[0], page)
    assert drop_leaders(page, marks_of(page), 200)[0] is page


def test_marks_below_letters_stay_where_a_leader_runs_under_them() -> None:
    """A mark between two dots of the leader, and one that grew together with a dot, are no dots of it."""
    page = np.full((400, 900), 255, np.uint8)
    for x in range(100, 800, 10):
        page[300:303, x : x + 3] = 0
    page[300:303, 405:408] = 0
    page[299:305, 600:606] = 0
    clean = drop_leaders(page, marks_of(page), 200)[0]
    assert np.flatnonzero((clean < 128).any(axis=0)).tolist() == [*range(405, 408), *range(600, 606)]


def test_a_thin_rule_is_no_row_of_specks(gray: Gray) -> None:
    """Among many specks the median goes over everything but rules, which it would wipe."""
    noisy = gray.copy()
    noisy[np.random.default_rng(1).random(gray.shape) < 0.004] = 0
    noisy[1000, 200:1400] = 60
    clean, acted = drop_specks(noisy, 200)
    assert acted
    assert np.all(clean[1000, 210:1390] == noisy[1000, 210:1390])


def test_a_page_without_leaders_is_left_alone(gray: Gray) -> None:
    """Nothing is copied when there is nothing to erase."""
    assert drop_leaders(gray, marks_of(gray), 200)[0] is gray


def test_a_seal_goes_and_the_print_under_it_stays(paper: Paper) -> None:
    """Red ink becomes paper, black letters keep their ink."""
    sealed = Paper(paper.image.copy(), paper.dpi)
    add_seal(sealed, (3.0, 2.0))
    bgr = np.ascontiguousarray(sealed.rgb[:, :, ::-1])
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    clean = drop_red_soft(bgr, gray, red_excess(bgr), red_mask(red_excess(bgr)))
    black = np.asarray(paper.image.convert("L")) < 100
    assert np.count_nonzero(clean < 100) == pytest.approx(np.count_nonzero(black), rel=0.02)
    assert np.count_nonzero(gray < 100) > 1.05 * np.count_nonzero(black)


def test_shade_goes(gray: Gray) -> None:
    """Under light that falls off to one side the paper comes out even; even light is left alone."""
    fall = np.linspace(0.55, 1.0, gray.shape[1])
    shaded = (gray * fall).astype(np.uint8)
    even, acted = even_light(shaded)
    assert acted
    assert unevenness(paper_brightness(even)) < 4 < unevenness(paper_brightness(shaded))
    assert even_light(gray) == (gray, False)


def test_specks_are_counted_and_taken_off_only_in_number(gray: Gray) -> None:
    """Salt calls the median; the dots of Vietnamese print do not."""
    noisy = gray.copy()
    spots = np.random.default_rng(1).random(gray.shape) < 0.004
    noisy[spots] = 0
    clean, acted = drop_specks(noisy, 200)
    assert acted
    assert specks_per_megapixel(clean) < 100
    assert specks_per_megapixel(noisy) > 700
    assert drop_specks(gray, 200)[1] is False


def test_weak_ink_is_spread_and_show_through_is_not(gray: Gray) -> None:
    """Ink 80 levels under the paper becomes black; 40 levels are taken for the other side of the sheet."""
    weak = (230 - (255 - gray.astype(np.int16)) * 80 // 255).astype(np.uint8)
    faint = (230 - (255 - gray.astype(np.int16)) * 40 // 255).astype(np.uint8)
    assert stretch(weak)[0].min() == 0
    assert stretch(faint) == (faint, False)


def test_a_negative_is_turned_over(gray: Gray) -> None:
    """White print on black, as from microfilm, becomes black on white; a positive stays the same object."""
    page, turned_over = positive(255 - gray)
    assert turned_over
    assert np.array_equal(page, gray)
    assert positive(gray)[0] is gray


@pytest.mark.parametrize(
    ("points", "contrast", "dpi", "expected"),
    [(12.5, 1.0, 300, 200), (7, 1.0, 300, 300), (12.5, 0.4, 300, 300), (12.5, 1.0, 240, 240), (12.5, 1.0, 100, 300)],
)
def test_the_size_to_read_at_follows_the_content(points: float, contrast: float, dpi: int, expected: int) -> None:
    """Good print is read at 200 dpi; small or faded print keeps its pixels; coarse scans are scaled up."""
    drawn = typed_paper("Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền\n" * 45, dpi, points)
    gray = np.asarray(drawn.image.convert("L"))
    assert reading_dpi((255 - (255 - gray) * contrast).astype(np.uint8), dpi) == expected


def test_the_second_try_reads_small(gray: Gray) -> None:
    """The cheap attempt takes 150 dpi whatever the page looks like."""
    assert reading_dpi(gray, 300, cheap=True) == 150
