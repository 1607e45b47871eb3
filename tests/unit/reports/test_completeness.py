"""What the register should have and has not."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reports.completeness import difference, gaps

DAY = "H99.27.14-260211-"


def test_numbers_that_nobody_has_are_missing() -> None:
    """Of each agency and day by itself, up to the highest; old codes and present ones alike."""
    codes = [f"{DAY}0001", f"{DAY}0004", f"{DAY}0006", "000.00.15.H40-180601-0002", "H99.27.14-260212-0001", "không mã"]
    old, present = gaps(codes)
    assert (old.agency, old.day, old.missing, old.missing_count) == ("000.00.15.H40", date(2018, 6, 1), (1,), 1)
    assert (present.day, present.highest, present.known) == (date(2026, 2, 11), 6, 3)
    assert (present.missing, present.missing_count) == ((2, 3, 5), 3)


def test_one_odd_number_does_not_fill_the_page() -> None:
    """A typing error in a serial is told by the count; a thousand numbers are enough to find it."""
    (gap,) = gaps([f"{DAY}0001", f"{DAY}9999999"])
    assert (gap.missing_count, len(gap.missing)) == (9_999_997, 1000)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_known_and_missing_make_the_whole(serials: set[int]) -> None:
    """Each number up to the highest is one or the other."""
    found = gaps(f"{DAY}{serial:04}" for serial in serials)
    missing = set(found[0].missing) if found else set()
    assert missing | serials == set(range(1, max(serials) + 1))
    assert not missing & serials


def test_sources_are_compared_where_both_speak() -> None:
    """A book of one day says nothing of another; a code that both have is there, whatever it looks like."""
    register = [f"{DAY}0001", f"{DAY}0002", "H99.27.14-260212-0001", "SỔ CŨ 7"]
    book = [f"{DAY}0002", f"{DAY}0003", "SỔ CŨ 7"]
    found = difference(register, book)
    assert (found.both, found.only_register, found.only_other) == (2, (f"{DAY}0001",), (f"{DAY}0003",))
