"""What is outlined on a page: words found, and apart from them words that may have been misread."""

from __future__ import annotations

import pytest

from search.highlights import found_words, near_words_of
from search.query import parse_query

PRINTED = ["GIẤY", "KHAJ", "SINH", "Nguyển", "Văn", "Thử", "099175004461"]


@pytest.mark.parametrize(
    ("asked", "found", "near"),
    [
        ("giấy khai sinh", [0, 2], [1]),
        ("nguyen", [3], []),
        ("giay khaj", [0, 1], []),
        ('"khai sinh"', [], []),
        ("kha*", [1], []),
        ("099175004462", [], []),
        ("hộ tịch", [], []),
    ],
)
def test_only_what_the_page_does_not_have_is_looked_for_among_its_words(
    asked: str, found: list[int], near: list[int]
) -> None:
    """Whole words of letters alone: no phrase, no beginning, no number; what is found is not near as well."""
    query = parse_query(asked)
    assert found_words(PRINTED, query) == found
    assert near_words_of(PRINTED, query) == near
