"""Words of a line share its height, whatever specks and rules stand in it."""

from __future__ import annotations

from dossier.page import Box, PageText, Word
from rendition.lines import placed_words


def _word(text: str, left: int, top: int, right: int, bottom: int, line: int = 0) -> Word:
    return Word(text, Box(left, top, right, bottom), 90.0, line, 0)


def _placed(*words: Word) -> list[tuple[Box, int]]:
    return [(box, gap) for _, box, gap in placed_words(PageText(words, "none", "none"))]


def test_words_take_the_height_of_their_line_and_keep_their_edges() -> None:
    """A word without tall letters and a dash stand as high as the line; left and right stay."""
    placed = _placed(_word("ao", 0, 20, 30, 40), _word("-", 40, 29, 46, 31), _word("Ộp", 54, 4, 84, 46))
    assert [box for box, _ in placed] == [Box(0, 4, 30, 46), Box(40, 4, 46, 46), Box(54, 4, 84, 46)]


def test_the_gap_reaches_the_next_word_and_is_never_nothing() -> None:
    """The space fills the gap; touching words still have one; the last word of a line has none."""
    placed = _placed(_word("a", 0, 0, 30, 40), _word("b", 36, 0, 60, 40), _word("c", 58, 0, 70, 40))
    assert [gap for _, gap in placed] == [7, 2, 0]


def test_a_word_gives_way_by_a_hair_to_one_that_is_close() -> None:
    """A gap too small to be seen as one is widened by what is missing, at most two pixels of usual print."""
    near = _placed(_word("a", 0, 0, 100, 60), _word("b", 109, 0, 200, 60))
    nearer = _placed(_word("a", 0, 0, 100, 60), _word("b", 104, 0, 200, 60))
    assert [(box.right, gap) for box, gap in near] == [(99, 10), (200, 0)]
    assert [(box.right, gap) for box, gap in nearer] == [(98, 6), (200, 0)]


def test_a_table_rule_read_as_a_letter_keeps_its_own_height() -> None:
    """A tall speck does not make its line tall."""
    letters = [_word("chữ", 100 * place, 0, 100 * place + 60, 40) for place in range(5)]
    placed = _placed(*letters, _word("|", 600, -200, 604, 300))
    assert {(box.top, box.bottom) for box, _ in placed[:5]} == {(0, 40)}
    assert placed[5][0] == Box(600, -200, 604, 300)


def test_a_word_off_its_line_keeps_its_own_height() -> None:
    """A small word far from the line it was counted to is not moved there."""
    placed = _placed(_word("chữ", 0, 0, 60, 40), _word("x", 80, 90, 90, 100))
    assert placed[1][0] == Box(80, 90, 90, 100)


def test_lines_do_not_share_heights_and_boxes_have_a_size() -> None:
    """Each line has its own height; a box without area gets a pixel."""
    placed = _placed(_word("a", 0, 0, 30, 40), _word("b", 5, 100, 5, 100, line=1))
    assert [box for box, _ in placed] == [Box(0, 0, 30, 40), Box(5, 100, 6, 101)]


def test_no_words_give_nothing() -> None:
    """A blank page has nothing to place."""
    assert _placed() == []
