"""Leaves as people write them, and what does not fit together about them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Rejected
from dossier.leaves import Leaves, Stock, leaves_of, runs_through

_NUMBERS = st.sets(st.integers(1, 40), max_size=20)


def _of(numbers: set[int]) -> Leaves:
    return leaves_of(", ".join(map(str, numbers)))


def _said(**stock: object) -> list[tuple[str, str, str]]:
    return [(each.fault.value, each.component, each.said) for each in Stock(**stock).doubts()]  # type: ignore[arg-type] - named as there


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1-12, 14", "1-12, 14"),
        ("14; 1–12", "1-12, 14"),
        ("Từ tờ 1 đến tờ 12", "1-12"),
        ("từ tờ số 01 đến tờ số 12", "1-12"),
        ("tờ 3", "3"),
        ("Bút lục 5-9 và 11", "5-9, 11"),
        ("BL 5 - BL 9", "5-9"),
        ("1-3, 4-6", "1-6"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_as_people_write_them(text: str, found: str) -> None:
    """With words, dashes of all kinds, in any order; what is stored is read as the same again."""
    assert leaves_of(text).text == found
    assert leaves_of(found).text == found


@pytest.mark.parametrize(
    "text",
    [
        "12-1", "0", "0-3", "1-100001", "1-12, 12", "3, 3", "1,,2", "1-", "-3", "a", "12a", "1-2-3", "²", "٣", "1 2",
        "1-12; DROP", "," * 50, ", ".join(map(str, range(1, 130, 2))), " " * 1500 + "1", "1\x00", "tờ",
    ],
)  # fmt: skip
def test_nothing_else(text: str) -> None:
    """Refused, at once: what names a leaf twice, runs backwards, is too long, or is no number."""
    start = time.process_time()
    with pytest.raises(Rejected, match="LEAVES_INVALID"):
        leaves_of(text)
    assert time.process_time() - start < 1


@given(_NUMBERS, _NUMBERS)
def test_they_are_sets(one: set[int], other: set[int]) -> None:
    """Together, in common, without, and what lies between: as with sets of numbers."""
    mine, theirs = _of(one), _of(other)
    assert mine.plus(theirs) == _of(one | other)
    assert mine.both(theirs) == _of(one & other)
    assert mine.minus(theirs) == _of(one - other)
    assert mine.holes == _of(set(range(min(one, default=1), max(one, default=0))) - one)
    assert (mine.count, bool(mine)) == (len(one), bool(one))
    assert all((number in mine) is (number in one) for number in range(42))


def test_a_leaf_has_one_or_two_sides() -> None:
    """Twelve leaves are twelve to twenty-four pages; a placeholder stands for one that cannot be scanned."""
    twelve = {"a": leaves_of("1-12")}
    assert _said(declared=twelve, came={"a": 12}) == _said(declared=twelve, came={"a": 24}) == []
    assert _said(declared=twelve, came={"a": 11}) == [("LEAVES_MISSING", "a", "11/12")]
    assert _said(declared=twelve, came={"a": 11}, lost=leaves_of("7")) == []
    assert _said(declared=twelve, came={"a": 25}) == [("LEAVES_OVER", "a", "25/12")]
    assert _said(declared=twelve, came={"b": 12}) == [("LEAVES_MISSING", "a", "0/12")]
    assert _said(declared=twelve, came={"a": 12}, lost=leaves_of("15")) == [("LEAVES_OVER", "", "15")]


def test_components_of_a_dossier() -> None:
    """Gaps between them, leaves that two of them have, leaves beyond those of the dossier, and those that none has."""
    a, b = leaves_of("1-3"), leaves_of("5-6")
    came = {"a": 3, "b": 2}
    assert _said(declared={"a": a, "b": b}, came=came) == [("LEAVES_GAP", "", "4")]
    assert _said(declared={"a": a, "b": b}, came=came, lost=leaves_of("4")) == []
    assert _said(declared={"a": a, "b": leaves_of("3-4")}, came=came) == [("LEAVES_TWICE", "", "3 (a, b)")]
    whole = leaves_of("1-5")
    assert _said(declared={"": whole, "a": a, "b": leaves_of("4-6")}, came={"a": 3, "b": 3}) == [
        ("LEAVES_OVER", "", "6")
    ]
    assert _said(declared={"": whole, "a": a}, came={"a": 5}) == [("LEAVES_GAP", "", "4-5")]
    assert _said(declared={"": whole, "a": a}, came={"a": 3, "b": 2}) == []  # of b nobody has said anything
    assert _said(declared={"": whole}, came={"": 4}) == [("LEAVES_MISSING", "", "4/5")]
    assert _said(declared={}, came={"": 4}) == []


def test_dossiers_of_a_box() -> None:
    """Leaves that two of them have, and leaves between them that none has, where numbers run through the box."""
    mine, first, last = leaves_of("10-20"), leaves_of("1-8"), leaves_of("20-30")
    came = {"": 11}
    assert _said(declared={"": mine}, came=came, box={"A": first, "C": last}) == [("LEAVES_TWICE", "", "20 (C)")]
    assert _said(declared={"": mine}, came=came, box={"A": first}, box_is_whole=True) == [("LEAVES_GAP", "", "9")]
    assert _said(declared={"": mine}, came=came, box={"A": first, "B": leaves_of("9")}, box_is_whole=True) == []
    assert _said(declared={"": leaves_of("1-3, 6-13")}, came=came, box={"B": leaves_of("4-5")}) == []
    assert runs_through([first, mine, last])
    assert not runs_through([first, leaves_of("1-20")])


def test_what_is_said_is_short() -> None:
    """However much does not fit."""
    many = leaves_of(", ".join(str(number) for number in range(1, 100, 2)))
    parts = {f"thanh-phan-{number}": many for number in range(60)}
    start = time.process_time()
    said = _said(declared=parts, came=dict.fromkeys(parts, 50))
    assert time.process_time() - start < 2
    assert {fault for fault, _, _ in said} == {"LEAVES_GAP", "LEAVES_TWICE"}
    assert all(len(text) < 700 for _, _, text in said)
