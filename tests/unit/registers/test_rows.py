"""A row is imported whole, set aside or skipped, whatever its cells hold."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.codes import parse_code
from dossier.register import RegisterEntry
from registers.cells import as_text
from registers.procedures import by_name, load_procedures
from registers.reasons import RejectedRow
from registers.rows import RowReader
from registers.settings import names

ROLES = sorted(set(names().roles.values()))
COLUMNS = {role: index for index, role in enumerate(ROLES)}
PROCEDURES = by_name(load_procedures().values())
cells = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.dates()
    | st.datetimes()
    | st.from_regex(r"[0-9/.: -]{1,20}", fullmatch=True)
    | st.sampled_from(["H99.27.14-260211-0008", "11/02/2026", "Tổng cộng", "1", "Trực tiếp", "\u0660/1/2026", "='x'"])
)


@given(row=st.lists(cells, max_size=len(ROLES) + 2), number=st.integers(1, 10**6))
def test_any_row_has_one_fate(row: list[object], number: int) -> None:
    """No cell makes the import fail; an entry has a valid code, a rejected row keeps all its cells."""
    found = RowReader(COLUMNS, PROCEDURES).read(number, row)
    if isinstance(found, RegisterEntry):
        code = parse_code(found.raw_code)
        assert code is not None
        assert code.normal == found.code
        moments = (found.received_at, found.due_at, found.settled_at, found.returned_at)
        assert all(moment is None or moment.tzinfo is not None for moment in moments)
    elif found is not None:
        assert isinstance(found, RejectedRow)
        assert len(found.values) == len(row)
        assert found.row == number


@given(row=st.lists(cells, min_size=len(ROLES), max_size=len(ROLES)))
def test_a_row_with_a_code_is_never_skipped(row: list[object]) -> None:
    """A dossier is counted or named among the rejected, never silently left out."""
    row[COLUMNS["code"]] = "H99.27.14-260211-0008"
    assert RowReader(COLUMNS, PROCEDURES).read(1, row) is not None


def test_the_types_of_spreadsheet_cells_are_covered() -> None:
    """The strategy above draws what calamine gives: also plain dates and times of day."""
    row: list[object] = [None] * len(ROLES)
    row[COLUMNS["code"]] = "H99.27.14-260211-0008"
    row[COLUMNS["received"]] = date(2026, 2, 11)
    row[COLUMNS["due"]] = datetime(2026, 2, 12, 1, 1).time()  # noqa: DTZ001 - a bare time of day
    assert isinstance(RowReader(COLUMNS, PROCEDURES).read(1, row), RejectedRow)


@pytest.mark.parametrize(("cell", "text"), [("a\0b", "ab"), ("Đỗ\0 Thị", "Đỗ Thị"), ("\0", "")])
def test_a_cell_has_no_nul(cell: str, text: str) -> None:
    """PostgreSQL has no place for it, and nobody wrote it."""
    assert as_text(cell) == text
