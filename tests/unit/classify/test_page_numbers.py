"""Gaps, repetitions and order of printed page numbers; what must not be an alarm."""

from __future__ import annotations

import pytest

from classify.page_numbers import NumberFault, Odd, odd_numbers
from classify.printed_number import Form, PrintedNumber

_GAP, _TWICE, _ORDER = NumberFault.GAP, NumberFault.TWICE, NumberFault.ORDER


def _share(total: int, *numbers: int) -> list[PrintedNumber | None]:
    return [PrintedNumber(number, total, Form.SHARE) if number else None for number in numbers]


def _head(*numbers: int) -> list[PrintedNumber | None]:
    return [PrintedNumber(number, 0, Form.HEAD) if number else None for number in numbers]


@pytest.mark.parametrize(
    ("document", "odd"),
    [
        (_share(5, 1, 2, 4, 5), Odd(2, _GAP, "3")),
        (_share(5, 1, 5), Odd(1, _GAP, "2-4")),
        (_share(5, 1, 2, 3), Odd(2, _GAP, "4-5")),
        (_share(3, 0, 2, 2, 3), Odd(2, _TWICE, "2")),
        (_share(4, 1, 3, 2, 4), Odd(1, _ORDER, "3, 2")),
        (_share(4, 4, 3, 2, 1), Odd(1, _ORDER, "4, 3")),
        (_head(0, 2, 3, 5, 6), Odd(3, _GAP, "4")),
        (_head(0, 3, 4), Odd(1, _GAP, "2")),
        (_share(4, 2, 3, 4), Odd(0, _GAP, "1")),
        (_head(0, 2, 3, 3, 4), Odd(3, _TWICE, "3")),
        (_head(0, 4, 5, 2, 3), Odd(3, _ORDER, "5, 2")),
    ],
    ids=str,
)
def test_what_is_wrong(document: list[PrintedNumber | None], odd: Odd) -> None:
    """Told once, at the page where it shows; pages before are another document's and count."""
    assert odd_numbers([document]) == [odd]
    assert odd_numbers([[None, None], document]) == [Odd(odd.page + 2, odd.fault, odd.said)]


@pytest.mark.parametrize(
    "document",
    [
        _share(5, 1, 2, 3, 4, 5),
        _share(5, 0, 2, 3, 4, 5),
        _share(3, 1, 0, 2, 0, 3, 0),  # bare backs
        _share(2, 1, 2, 1, 2),  # two copies of a form
        _share(1, 1, 1, 1),
        [*_share(3, 1, 2, 3), *_share(2, 1, 2)],
        _share(2, 1),  # one number that may be misread
        _head(0, 2, 3, 4),
        _head(0, 2, 8, 4, 5),  # misread
        _head(0, 2, 0, 4),  # not read
        _head(0, 2, 3, 0, 2, 3),  # two copies, each with a first page without a number
        _head(57, 60),  # excerpts of a book
        _head(0, 12),
        _head(0, 2, 4),  # or 3 was misread
        _head(0, 2, 45),  # a number of something else
        _head(7),
        [*_head(0, 2), PrintedNumber(9, 0, Form.FOOT), *_head(4)],
        [None, None],
        [],
    ],
    ids=str,
)
def test_what_is_no_alarm(document: list[PrintedNumber | None]) -> None:
    """A slip, a back, a copy, a book, another document."""
    assert odd_numbers([document]) == []
