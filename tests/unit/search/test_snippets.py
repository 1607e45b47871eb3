"""The line that is shown of a hit: as printed, marked, short, whatever the text is."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.text import fold, nfc, tokens
from search import parse_query
from search.snippets import CLOSING, MOST_WORDS, OPENING, Snippet, snippet


def shown(text: str, typed: str) -> Snippet:
    """Return the snippet of one text."""
    return snippet((text,), parse_query(typed))


@pytest.mark.parametrize(
    ("text", "typed", "line"),
    [
        ("Đơn đề nghị", "don", "«Đơn» đề nghị"),
        ("Số: 123/2024/QĐ-UBND", "123/2024/qd-ubnd", "Số: «123/2024/QĐ-UBND»"),
        ("Số: 123/2024/QĐ-UBND", "ubnd", "Số: 123/2024/QĐ-«UBND»"),
        ("ban bản bạn", "bản", "ban «bản» bạn"),
        ("ban bản bạn", "ban", "«ban» «bản» «bạn»"),
        ("ngư dân ngủ", "ngu*", "«ngư» dân «ngủ»"),
        ("nghỉ ngư nguyện", "nguy*", "nghỉ ngư «nguyện»"),
        ("một\n\n hai\tba", "hai", "một «hai» ba"),
        ("nói «đất» là", "là", "nói “đất” «là»"),
        ("ủy ban xã, ủy ban nhân dân", '"ủy ban nhân"', "ủy ban xã, «ủy» «ban» «nhân» dân"),
        ("không có gì", "đất", "không có gì"),
        ("", "đất", ""),
    ],
)
def test_lines(text: str, typed: str, line: str) -> None:
    """Words are marked as printed: whole symbols, the exact spelling if the page has it, phrases only as phrases."""
    assert shown(text, typed).line == line


def test_decomposed_text_is_shown_composed() -> None:
    """Text in NFD is marked in the right places."""
    assert shown(unicodedata.normalize("NFD", "cấp đổi giấy"), "doi").line == "cấp «đổi» giấy"


def test_a_long_text_is_cut_at_words_around_the_find() -> None:
    """The line holds the find, is cut at spaces, and says by dots that the text goes on."""
    text = "trước " * 200 + "thửa đất số 12 " + "sau " * 200
    line = shown(text, "dat").line
    assert "thửa «đất» số 12" in line
    assert line.startswith("… trước")
    assert line.endswith("sau …")
    assert len(line) < 260


def test_the_line_shows_most_terms() -> None:
    """Among several places the one with more of the terms is shown."""
    text = "đất " + "chữ " * 100 + "quyền sử dụng đất"
    assert "«quyền» sử dụng «đất»" in shown(text, "đất quyền").line


def test_words_come_from_every_text_and_the_line_from_the_first_that_has_one() -> None:
    """Where only title or fields match, they are shown."""
    result = snippet(("không", "Giấy khai sinh", "KHAI"), parse_query("khai"))
    assert result == Snippet("Giấy «khai» sinh", ("khai", "KHAI"))


def test_hostile_texts_cost_little() -> None:
    """A text without spaces, or one that is all finds, gives a bounded line in bounded time."""
    started = time.monotonic()
    for text in ("a" * 400_000 + " đất", "đất " * 100_000, "đất-" * 100_000):
        result = shown(text, "đất")
        assert len(result.line) < 2_000
        assert len(result.words) <= MOST_WORDS
    assert time.monotonic() - started < 10


VIETNAMESE = st.text(alphabet="aăâbdđeêghiklmnoôơpqrstuưvxyáàảãạấếốớứýĐƠƯ 12/-.,\n«»", max_size=120)


@given(VIETNAMESE, st.data())
def test_every_word_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    """Fold and search round trip: any word, folded or not, is found where it stands and shown as printed."""
    words = [word for word in tokens(text) if len(word) > 1]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    for typed in (word, fold(word), unicodedata.normalize("NFD", word).upper()):
        result = shown(text, typed)
        assert fold(word) in {fold(found) for found in result.words}
        assert OPENING in result.line


@given(VIETNAMESE)
def test_unmarked_the_line_is_the_text(text: str) -> None:
    """Marking changes nothing but adds the marks."""
    line = shown(text + " đất", "đất").line
    if not line.startswith("…"):
        plain = line.replace(OPENING, "").replace(CLOSING, "")
        own = nfc(text).replace("«", "“").replace("»", "”")
        assert plain == " ".join(f"{own} đất".split())
