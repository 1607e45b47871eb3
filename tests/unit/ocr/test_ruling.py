"""Rules go, print stays: also where they cross, where the rule is worn, and where ink only looks like rules."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.paper import serif
from ocr.arrays import Gray
from ocr.preparation.marks import marks_of
from ocr.preparation.ruling import drop_rules, ruling_of, without_drawings

DPI = 200


def white(width: int = 1200, height: int = 600) -> Gray:
    """Return paper without print."""
    return np.full((height, width), 255, np.uint8)


def printed(text: str, place: tuple[int, int], points: float = 13, *, bold: bool = False) -> Gray:
    """Return paper with one line of print."""
    picture = Image.fromarray(white())
    ImageDraw.Draw(picture).text(place, text, font=serif(points, DPI, bold=bold), fill=0)
    return np.array(picture, np.uint8)


def dark(gray: Gray) -> int:
    """Return how many pixels are ink."""
    return int(np.count_nonzero(gray < 128))


def grid(columns: int, rows: int, step: int) -> Gray:
    """Return paper with a frame of square cells."""
    page = white(columns * step + 101, rows * step + 101)
    for place in range(50, columns * step + 51, step):
        cv2.line(page, (place, 50), (place, rows * step + 50), 0, 2)
    for place in range(50, rows * step + 51, step):
        cv2.line(page, (50, place), (columns * step + 50, place), 0, 2)
    return page


def test_the_frame_of_a_table_goes() -> None:
    """Level and upright rules are found as such, and nothing as large as a letter is left of them."""
    page = grid(4, 3, 120)
    ruling = ruling_of(page, DPI)
    assert cv2.connectedComponents(ruling.across)[0] - 1 == 4
    assert cv2.connectedComponents(ruling.down)[0] - 1 == 5
    left = marks_of(drop_rules(page, ruling))
    assert max(left.width.max(initial=0), left.height.max(initial=0)) <= 4


def test_the_page_that_was_given_is_left_as_it_is() -> None:
    """The rules are wiped on a copy: the frame of a stamp is looked for on the page with its rules."""
    page = grid(2, 2, 150)
    before = page.copy()
    drop_rules(page, ruling_of(page, DPI))
    assert np.array_equal(page, before)


def test_strokes_that_cross_a_rule_stay() -> None:
    """A stroke from above to below a rule is whole after the rule has gone."""
    page = white()
    cv2.rectangle(page, (100, 300), (1000, 302), 0, cv2.FILLED)
    cv2.rectangle(page, (500, 280), (503, 330), 0, cv2.FILLED)
    clean = drop_rules(page, ruling_of(page, DPI))
    assert np.all(clean[280:331, 500:504] == 0)
    assert dark(clean[:, 110:490]) + dark(clean[:, 514:]) == 0


def test_strokes_that_cross_an_upright_rule_stay() -> None:
    """The same holds of the page seen from its side."""
    page = white()
    cv2.rectangle(page, (500, 100), (502, 500), 0, cv2.FILLED)
    cv2.rectangle(page, (480, 300), (525, 303), 0, cv2.FILLED)
    clean = drop_rules(page, ruling_of(page, DPI))
    assert np.all(clean[300:304, 480:526] == 0)
    assert dark(clean[110:290]) + dark(clean[314:]) == 0


def test_letters_that_hang_through_an_underline_keep_their_ink() -> None:
    """Of the tails of g, y and p through the line nearly all ink is still there; the line beside them is gone."""
    plain = printed("gypgyp gypgyp", (200, 250), 16)
    ruled = plain.copy()
    cv2.rectangle(ruled, (150, 293), (1000, 294), 0, cv2.FILLED)
    clean = drop_rules(ruled, ruling_of(ruled, DPI))
    lost = int(np.count_nonzero((plain < 128) & (clean >= 128)))
    assert lost < 0.06 * dark(plain)
    assert dark(clean[:, 700:]) == 0


@pytest.mark.parametrize("text", ["HHIIHHIIMMHIIHHIIHMM", "TỔ DÂN PHỐ SỐ HAI MƯƠI", "miiinniimnniimmmnni"])
@pytest.mark.parametrize("points", [10, 14, 18])
def test_the_feet_of_bold_letters_are_no_rule(text: str, points: float) -> None:
    """Serifs that touch or nearly touch each other along a bold line are print."""
    assert ruling_of(printed(text, (100, 250), points, bold=True), DPI).is_empty


def test_print_above_a_rule_is_left_as_it_is() -> None:
    """A heading loses no pixel of ink to the line a few points below it."""
    plain = printed("CỘNG HÒA XÃ HỘI CHỦ NGHĨA", (150, 240), bold=True)
    ruled = plain.copy()
    cv2.rectangle(ruled, (100, 300), (1100, 302), 0, cv2.FILLED)
    clean = drop_rules(ruled, ruling_of(ruled, DPI))
    assert np.array_equal(clean[:295], plain[:295])
    assert dark(clean[295:, 110:]) == 0


def worn(page: Gray, row: int, left: int, right: int) -> Gray:
    """Return the page with a rule of which no piece is a fifth of an inch long."""
    page = page.copy()
    for begin in range(left, right, 30):
        cv2.rectangle(page, (begin, row), (min(begin + 23, right), row + 2), 0, cv2.FILLED)
    return page


def test_a_worn_rule_is_found() -> None:
    """Pieces shorter than letters make a rule where they stand in one row for inches."""
    page = worn(white(), 300, 100, 1100)
    assert dark(drop_rules(page, ruling_of(page, DPI))) < 0.05 * dark(page)


def test_letters_at_the_end_of_a_worn_rule_are_left_alone() -> None:
    """Words above the end of the rule, and on its level beyond it, keep all their ink."""
    plain = printed("số 45", (1010, 245))
    picture = Image.fromarray(plain)
    ImageDraw.Draw(picture).text((920, 285), "ngày 12", font=serif(13, DPI), fill=0)
    plain = np.array(picture, np.uint8)
    page = worn(plain, 305, 60, 880)
    clean = drop_rules(page, ruling_of(page, DPI))
    assert dark(clean[:, 900:]) == dark(plain[:, 900:])
    assert dark(clean[:, :800]) < 0.05 * dark(page[:, :800])


def test_letters_in_line_with_a_worn_upright_rule_are_left_alone() -> None:
    """Lines of print above a table keep the strokes that stand over its rules."""
    page = white(600, 1200)
    for number in range(8):
        picture = Image.fromarray(page)
        ImageDraw.Draw(picture).text((260, 100 + 45 * number), "HIỆNHIỆNHIỆN", font=serif(13, DPI), fill=0)
        page = np.array(picture, np.uint8)
    ruled = page.copy()
    for top in range(480, 1100, 30):
        cv2.rectangle(ruled, (400, top), (402, top + 26), 0, cv2.FILLED)
    clean = drop_rules(ruled, ruling_of(ruled, DPI))
    assert np.array_equal(clean[:470], page[:470])
    assert dark(clean[520:1060]) == 0


@pytest.mark.parametrize("shade", [190, 200])
def test_a_rule_thinner_than_a_pixel_is_found(shade: int) -> None:
    """A hairline on the border of two pixels is pale on both."""
    page = white()
    page[300:302, 100:1100] = shade
    assert np.all(drop_rules(page, ruling_of(page, DPI)) == 255)


def test_the_other_side_s_rules_are_not_found() -> None:
    """Rules that shine through are as pale, but blurred."""
    page = white()
    page[298:304, 100:1100] = 200
    assert ruling_of(page, DPI).is_empty


def test_a_line_of_hyphens_in_prose_is_no_worn_rule(gray: Gray) -> None:
    """A page of print without rules has none."""
    assert ruling_of(gray, DPI).is_empty


@pytest.mark.parametrize("thick", [16, 30, 120])
def test_a_bar_is_no_rule(thick: int) -> None:
    """What is thick is a bar, a picture or the border of the scan."""
    page = white()
    cv2.rectangle(page, (100, 200), (1000, 199 + thick), 0, cv2.FILLED)
    assert ruling_of(page, DPI).is_empty


def test_a_raster_is_no_ruling() -> None:
    """Hatching has more lines than any form, and stays; a form with many rows does not."""
    hatched = white(800, 2000)
    hatched[20:1980:10, 100:700] = 0
    form = white(800, 2000)
    form[20:1980:40, 100:700] = 0
    assert ruling_of(hatched, DPI).is_empty
    assert dark(drop_rules(form, ruling_of(form, DPI))[:, 110:]) == 0


def test_a_strip_with_few_pixels_has_no_rules() -> None:
    """A scan smaller than the reach of the search is no error."""
    assert ruling_of(np.full((3, 5), 255, np.uint8), DPI).is_empty


def test_a_sketch_keeps_its_lines_and_a_form_line_beside_it_does_not() -> None:
    """Boundaries of a parcel hang together and are no table's: they stay, the line to write on goes."""
    page = white(1200, 1200)
    cv2.polylines(
        page,
        [np.array([(100, 100), (700, 100), (900, 600), (100, 600)], np.int32)],
        isClosed=True,
        color=0,
        thickness=2,
    )
    page[900:903, 100:1000] = 0
    clean = drop_rules(page, without_drawings(ruling_of(page, DPI), page, [], DPI))
    assert dark(clean[:800]) > 0.97 * dark(page[:800])
    assert dark(clean[800:, 110:]) == 0
