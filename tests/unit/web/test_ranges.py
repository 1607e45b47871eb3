"""Which part of a file a request asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.ranges import Span, span_of


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", (0, 10)),
        ("bytes=0-", (0, 10)),
        ("bytes=2-4", (2, 5)),
        ("bytes=2-99", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=9-9", (9, 10)),
        ("bytes=10-", None),
        ("bytes=-0", None),
        ("bytes=5-2", (0, 10)),
        ("bytes=0-1,4-5", (0, 10)),
        ("pages=1-2", (0, 10)),
        ("bytes=-", (0, 10)),
        ("bytes=99999999999999999999-", (0, 10)),
    ],
)
def test_ranges(asked: str, found: tuple[int, int] | None) -> None:
    """One range is given, none that is not there; what is no range is ignored."""
    assert span_of(asked, 10) == (Span(*found, 10) if found else None)


@given(asked=st.one_of(st.text(max_size=20), st.from_regex(r"bytes=\d{0,4}-\d{0,4}")), size=st.integers(1, 2000))
def test_a_part_lies_in_its_file(asked: str, size: int) -> None:
    """Whatever is asked for."""
    found = span_of(asked, size)
    assert found is None or 0 <= found.start < found.end <= size == found.size
