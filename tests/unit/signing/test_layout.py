"""The visible text says what the rule wants and stands at the top right of every kind of page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dossier.states import SignerRole
from signing import rules
from signing.layout import Block, PageFrame, lines_of, place
from signing.port import Appearance
from signing.typeface import Typeface

AT = datetime(2026, 11, 5, 20, 30, 9, 999_999, tzinfo=UTC)
RULE = rules.in_force(AT)
AGENCY = Appearance("SAO Y", "ỦY BAN NHÂN DÂN PHƯỜNG NGUYỄN THỊ MINH KHAI", development=False)
LINES = lines_of(AGENCY, RULE, AT, development=False)
CHARACTERS = sorted(set("".join(LINES)))
FACE = Typeface(b"", {char: n for n, char in enumerate(CHARACTERS)}, (600,) * len(CHARACTERS), (900, -200, 650))


def read_upright(block: Block, frame: PageFrame) -> tuple[float, float, float, float]:
    """Return distance to the right and the top edge, width and height, as a reader of the turned page sees them."""
    left, bottom, right, top = block.rect
    edges = {
        "left": left - frame.box[0],
        "bottom": bottom - frame.box[1],
        "right": frame.box[2] - right,
        "top": frame.box[3] - top,
    }
    order = ("right", "top", "left", "bottom")  # a clockwise quarter turn brings the top to the right
    turns = frame.rotate // 90
    upper = order[(order.index("top") + turns) % 4]
    beside = order[(order.index("right") + turns) % 4]
    width, height = right - left, top - bottom
    return (edges[beside], edges[upper], *((height, width) if turns % 2 else (width, height)))


def test_lines_give_the_time_to_the_second_in_vietnam() -> None:
    """20:30 UTC is 03:30 of the next day at +07:00."""
    lines = lines_of(AGENCY, RULE, AT, development=False)
    assert lines == ("SAO Y", AGENCY.agency, "Thời gian ký: 2026-11-06T03:30:09+07:00")


def test_a_development_signature_says_so() -> None:
    """The warning is part of the text and does not depend on the caller."""
    text = " ".join(lines_of(AGENCY, RULE, AT, development=True))
    assert "Chữ ký thử nghiệm, không có giá trị pháp lý" in text


def test_an_empty_form_leaves_no_empty_line() -> None:
    """A form of copy may be missing."""
    assert all(lines_of(Appearance(" ", "UBND", development=False), RULE, AT, development=False))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [(0, 0, 595, 842), (-100, 50, 400, 900), (10.5, 20.25, 852, 615)])
def test_the_block_is_at_the_top_right_as_read(rotate: int, box: tuple[float, float, float, float]) -> None:
    """Whatever the rotation and the corner of the visible box."""
    frame = PageFrame(box, rotate, 1.0)
    block = place(LINES, FACE, RULE, frame)
    beside, above, width, height = read_upright(block, frame)
    assert beside == pytest.approx(RULE.margin_right_mm / 25.4 * 72)
    assert above == pytest.approx(RULE.margin_top_mm / 25.4 * 72)
    assert (width, height) == pytest.approx((block.width, block.height))
    assert block.size == RULE.font_points


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_block_shrinks_into_a_small_page(rotate: int) -> None:
    """It never leaves the page."""
    frame = PageFrame((0, 0, 90, 40), rotate, 1.0)
    block = place(LINES, FACE, RULE, frame)
    assert 0 <= block.rect[0] < block.rect[2] <= 90
    assert 0 <= block.rect[1] < block.rect[3] <= 40
    assert 0 < block.size < RULE.font_points


def test_user_units_do_not_change_the_printed_size() -> None:
    """Ten points are ten points on a page whose unit is two points."""
    block = place(LINES, FACE, RULE, PageFrame((0, 0, 300, 421), 0, 2.0))
    assert block.size == RULE.font_points / 2


def test_lines_are_wrapped_evenly() -> None:
    """No last line of one orphaned word when the words can be shared out."""
    block = place((AGENCY.agency,), FACE, RULE, PageFrame((0, 0, 595, 842), 0, 1.0))
    assert block.lines == ("ỦY BAN NHÂN DÂN PHƯỜNG", "NGUYỄN THỊ MINH KHAI")


def test_a_word_longer_than_the_line_stays_whole() -> None:
    """It is not cut, the block gets smaller where it must."""
    long = "N" * 200
    block = place((long,), FACE, RULE, PageFrame((0, 0, 595, 842), 0, 1.0))
    assert block.lines == (long,)
    assert block.rect[0] >= 0


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_second_signature_stands_below_the_first(rotate: int) -> None:
    """In reading direction, without touching it."""
    empty = PageFrame((0, 0, 595, 842), rotate, 1.0)
    first = place(LINES, FACE, RULE, empty)
    second = place(LINES, FACE, RULE, PageFrame(empty.box, rotate, 1.0, (first.rect,)))
    assert read_upright(second, empty)[1] == pytest.approx(read_upright(first, empty)[1] + first.height)
    assert read_upright(second, empty)[0] == pytest.approx(read_upright(first, empty)[0])


def test_a_page_full_of_fields_still_gets_its_text() -> None:
    """At the top, where people look."""
    box = (0.0, 0.0, 595.0, 842.0)
    assert place(LINES, FACE, RULE, PageFrame(box, 0, 1.0, (box,))) == place(LINES, FACE, RULE, PageFrame(box, 0, 1.0))


def test_no_rule_before_the_decree() -> None:
    """A time without a rule is refused, not guessed."""
    with pytest.raises(LookupError):
        rules.in_force(datetime(2019, 1, 1, tzinfo=UTC))


def test_every_rule_names_its_basis_and_a_digest_that_is_not_weak() -> None:
    """Whatever is added to rules.toml."""
    assert RULE.basis
    assert RULE.digest in {"sha256", "sha384", "sha512"}
    assert RULE.font_points == 10


def test_the_officer_who_compared_shows_what_the_rule_says() -> None:
    """Nothing by the rule in force, not even that a key is for development; a name where a rule has lines."""
    officer = replace(AGENCY, role=SignerRole.OFFICER)
    assert lines_of(officer, RULE, AT, development=True, signer="Lê Thị A") == ()
    speaking = replace(RULE, officer_lines=("Người đối chiếu: {signer}",))
    lines = lines_of(officer, speaking, AT, development=True, signer="Lê Thị A")
    assert lines == ("Người đối chiếu: Lê Thị A", *RULE.development_lines)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_officers_lines_stand_at_the_bottom(rotate: int) -> None:
    """The top right is left to the agency."""
    frame = PageFrame((0, 0, 595, 842), rotate, 1.0)
    above, below = place(LINES, FACE, RULE, frame), place(LINES, FACE, RULE, frame, low=True)
    length = 595 if rotate in (90, 270) else 842
    (right, top, width, height), (low_right, low_top, *size) = read_upright(above, frame), read_upright(below, frame)
    assert (low_right, *size) == pytest.approx((right, width, height))
    assert low_top == pytest.approx(length - top - height)
