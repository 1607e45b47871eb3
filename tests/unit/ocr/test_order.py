"""People read rows of columns, columns that do not keep step, tables cell by cell, and the left page first."""

from __future__ import annotations

from dossier.page import Box, Word
from ocr.order import extent, in_reading_order
from ocr.tables import Table


def line(number: int, text: str, left: int, top: int, width: int = 60) -> list[Word]:
    """Return a line of words 24 pixels high, side by side."""
    words = text.split()
    return [
        Word(each, Box(left + width * at, top, left + width * at + width - 10, top + 24), 90, number, number)
        for at, each in enumerate(words)
    ]


def ordered(*lines: list[Word], tables: tuple[Table, ...] = (), gutter: int | None = None) -> list[str]:
    """Return the lines in reading order, as texts."""
    words = in_reading_order(tuple(word for each in lines for word in each), tables, gutter)
    count = max((word.line for word in words), default=-1) + 1
    return [" ".join(word.text for word in words if word.line == number) for number in range(count)]


def table(left: int = 100, top: int = 300) -> Table:
    """Return a table of two rows and two columns, cells of 200 x 100 pixels."""
    ys, xs = (top, top + 100, top + 200), (left, left + 200, left + 400)
    levels = tuple((y, xs[0], xs[-1]) for y in ys)
    uprights = tuple((x, ys[0], ys[-1]) for x in xs)
    return Table(Box(xs[0], ys[0], xs[-1] + 1, ys[-1] + 1), levels, uprights)


def test_a_two_column_heading_with_aligned_rows_goes_row_by_row() -> None:
    """The engine gave the left column and then the right one; office, motto, number and date are read across."""
    assert ordered(
        line(0, "ỦY BAN", 100, 100),
        line(1, "PHƯỜNG", 100, 140),
        line(2, "Số: 12", 100, 180),
        line(3, "CỘNG HÒA", 800, 101),
        line(4, "Độc lập", 800, 138),
        line(5, "ngày 04", 800, 183),
    ) == ["ỦY BAN", "CỘNG HÒA", "PHƯỜNG", "Độc lập", "Số: 12", "ngày 04"]


def test_columns_that_do_not_keep_step_go_column_by_column() -> None:
    """A receiver list beside a signature: lines half a line apart belong to columns of their own."""
    assert ordered(
        line(0, "L1", 100, 100),
        line(1, "R1", 800, 112),
        line(2, "L2", 100, 130),
        line(3, "R2", 800, 142),
        line(4, "L3", 100, 160),
    ) == ["L1", "L2", "L3", "R1", "R2"]


def test_what_is_above_and_below_such_columns_stays_there() -> None:
    """Only the lines that stand askew are parted into columns."""
    assert ordered(
        line(0, "foot", 100, 400),
        line(1, "R1", 800, 112),
        line(2, "R2", 800, 142),
        line(3, "L1", 100, 100),
        line(4, "L2", 100, 130),
        line(5, "head", 100, 20),
    ) == ["head", "L1", "L2", "R1", "R2", "foot"]


def test_a_line_across_is_read_between_what_is_above_and_below() -> None:
    """A title over the whole width after the heading, prose after it."""
    assert ordered(
        line(0, "a", 100, 100),
        line(1, "prose one", 100, 300),
        line(2, "prose two", 100, 340),
        line(3, "b", 800, 100),
        line(4, "TITLE over all of it", 300, 200, 120),
    ) == ["a", "b", "TITLE over all of it", "prose one", "prose two"]


def test_tight_lines_that_overlap_a_little_stay_lines() -> None:
    """Tall letters and diacritics reach into the next line: less than a quarter of the height changes nothing."""
    assert ordered(line(0, "one", 100, 100), line(1, "two", 300, 120), line(2, "three", 100, 140)) == [
        "one",
        "two",
        "three",
    ]


def test_words_keep_the_order_within_their_line() -> None:
    """Nothing but the number of the line is changed."""
    words = tuple(line(5, "một hai ba", 100, 100))
    (one, two, three) = in_reading_order(words, (), None)
    assert (one.text, two.text, three.text) == ("một", "hai", "ba")
    assert {(word.line, word.block, word.confidence) for word in (one, two, three)} == {(0, 5, 90)}
    assert [word.box for word in (one, two, three)] == [word.box for word in words]


def test_no_word_is_lost_and_none_is_doubled() -> None:
    """Askew columns, a table and a gutter at once."""
    lines = [line(number, "x y z", 60 * (number % 7), 37 * number % 500, 70) for number in range(40)]
    words = tuple(word for each in lines for word in each)
    found = in_reading_order(words, (table(),), 250)
    assert sorted(word.box.left * 10_000 + word.box.top for word in found) == sorted(
        word.box.left * 10_000 + word.box.top for word in words
    )
    assert [word.line for word in found] == sorted(word.line for word in found)


def test_a_table_is_read_cell_by_cell_where_it_stands() -> None:
    """The engine read across two cells and put the table last; it belongs between the line above and that below."""
    across = line(2, "a b", 130, 330, 200)
    assert ordered(
        line(0, "above", 100, 200),
        line(1, "below", 100, 600),
        across,
        line(3, "a2", 130, 360),
        line(4, "c", 130, 430),
        line(5, "d", 330, 430),
        tables=(table(),),
    ) == ["above", "a", "a2", "b", "c", "d", "below"]


def test_a_line_that_runs_out_of_a_table_is_parted() -> None:
    """What the engine joined to the table from beside it is a line of its own."""
    assert ordered(line(0, "in out", 330, 330, 300), line(1, "next", 130, 430), tables=(table(),)) == [
        "in",
        "next",
        "out",
    ]


def test_tables_one_below_the_other_come_in_turn() -> None:
    """Each table's words are together."""
    assert ordered(
        line(0, "low", 130, 630),
        line(1, "high", 130, 330),
        line(2, "between", 130, 540),
        line(3, "right", 330, 330),
        tables=(table(), table(top=600)),
    ) == ["high", "right", "between", "low"]


def test_pages_side_by_side_are_read_one_after_the_other() -> None:
    """All of the left page comes before the right one, and a line across the gutter is parted there."""
    assert ordered(
        line(0, "left right", 100, 100, 900),
        line(1, "left2", 100, 140),
        line(2, "right2", 1000, 140),
        gutter=800,
    ) == ["left", "left2", "right", "right2"]


def test_the_same_lines_without_a_gutter_are_one_page() -> None:
    """Only where there are two pages are they parted."""
    assert ordered(line(0, "left right", 100, 100, 900), line(1, "left2", 100, 140), line(2, "right2", 1000, 140)) == [
        "left right",
        "left2",
        "right2",
    ]


def test_a_page_without_words_has_no_order() -> None:
    """Nothing in, nothing out, tables or not."""
    assert in_reading_order((), (table(),), 100) == ()


def test_the_extent_of_words_holds_all_of_them() -> None:
    """The smallest box around boxes of different height."""
    one, other = line(0, "a", 10, 50)[0], line(0, "b", 100, 20)[0]
    assert extent([one, other]) == Box(10, 20, 150, 74)
