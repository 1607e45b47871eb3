"""What the server tells of pages: put together, the worse counts; odd answers do no harm."""

from __future__ import annotations

import pytest

from station.page_telling import leaf_lines, leaves_told, page_lines, pages_of

_FOLDED = {"number": 3, "verdict": "rescan", "reasons": ["corner_top_right"], "like": None}


def test_the_worse_of_two_looks_counts() -> None:
    """A first look and reading are told together, a good page is not told at all."""
    good = {"number": 1, "verdict": "good", "reasons": [], "like": None}
    read = {"number": 3, "read": True, "verdict": "look", "reasons": ["low_confidence"]}
    (found,) = pages_of({"looks": [good, _FOLDED], "pages": [{**good, "read": True}, read]})
    assert found == {"number": 3, "verdict": "rescan", "reasons": ["low_confidence", "corner_top_right"], "like": None}


def test_a_persons_word_outweighs_a_first_look() -> None:
    """Who let a page stand is not told of it again as one to scan again."""
    (found,) = pages_of({"looks": [_FOLDED], "pages": [{"number": 3, "verdict": "look", "reasons": ["page_stands"]}]})
    assert found["verdict"] == "look"


def test_leaves_in_words() -> None:
    """What does not fit, once for each thing that is understood."""
    said = {"code": "LEAVES_MISSING", "subject": "H99.27.14-260310-0001/to-khai", "said": "2/4"}
    odd = [{"code": "BUG"}, {"code": ["LEAVES_GAP"]}, "x", None, {}]
    found = leaves_told({"leaves": [*odd, said]})
    assert found == [said]
    (line,) = leaf_lines(found)
    assert line.startswith("H99.27.14-260310-0001/to-khai (2/4): Thiếu tờ")
    assert leaves_told({"leaves": "x"}) == leaves_told({}) == []
    assert len(leaves_told({"leaves": [said] * 1000})) == 20


def test_in_words() -> None:
    """In the words of a clerk: which page, what to do, why."""
    like = {
        "number": 2,
        "verdict": "look",
        "reasons": ["same_sheet", "unheard_of"],
        "like": {"name": "1.jpg", "number": 1},
    }
    first, second = page_lines(pages_of({"looks": [like, _FOLDED]}))
    assert first.startswith("trang 2: cần xem lại: có vẻ là tờ đã quét rồi")
    assert first.endswith("giống 1.jpg, trang 1")
    assert second == "trang 3: phải quét lại: góc trên bên phải bị gập hoặc rách: vuốt phẳng, quét lại"


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"looks": None, "pages": 3},
        {"looks": [None, 1, {"number": "1"}], "pages": {}},
        {"looks": [{"number": 1, "verdict": ["rescan"], "reasons": "so", "like": "so"}]},
        {"looks": [{"number": 1, "verdict": "never", "reasons": [1, None], "like": {"name": 3}}]},
    ],
)
def test_odd_answers_tell_nothing(odd: dict[str, object]) -> None:
    """A server of another version, or none of ours."""
    assert pages_of(odd) == []
