"""Printed forms: dated, with the columns of the office, and texts of registers stay texts."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dossier.register import VIETNAM
from reports.printed.forms import FormKey, form, versions
from reports.printed.listing import Listing, listing_html
from reports.printed.page import place_and_day
from reports.printed.report import report_html
from reports.printed.slip import Slip, slip_html
from reports.tables import ON_BASE
from reports.view import Base
from tests.reporting import Inspected, inspected
from tests.unit.reports.test_inspection import AS_OF, FEBRUARY, PROCEDURES, at, entry

AT = datetime(2026, 2, 5, 9, tzinfo=VIETNAM)
HOSTILE = "<img src=x onerror=alert(1)> & {{ 7 * 7 }}\x1b[31m\u202egnp"
SHOWN = "&lt;img src=x onerror=alert(1)&gt; &amp; {{ 7 * 7 }}"


def listing(**values: str | int) -> Listing:
    """Return a book of two rows, the first with the given values."""
    return Listing(form(FormKey.BOOK, AT.date()), "UBND xã Đông Liễu", AT, ("Dòng đầu",), (values, {}))


@pytest.mark.parametrize("key", FormKey, ids=str)
def test_every_form_is_dated_and_whole(key: FormKey) -> None:
    """Each version has a day, a basis, an ordinal column first, keys of its own, and widths that fill the page."""
    for one in versions(key):
        assert one.valid_from <= date(2026, 1, 1)
        assert one.basis
        assert one.paper in {"landscape", "portrait"}
        assert one.columns[0].key == "ordinal"
        assert len({column.key for column in one.columns}) == len(one.columns)
        assert sum(map(float, one.shares)) == pytest.approx(100, abs=0.1)
    assert form(key, date(1999, 1, 1)) == versions(key)[0]


@pytest.mark.parametrize("key", FormKey, ids=str)
def test_what_was_not_checked_is_not_printed_as_law(key: FormKey) -> None:
    """No number of a circular stands on a form as long as nobody has compared it with the text."""
    own = form(key, AT.date())
    page = listing_html(Listing(own, "", AT, (), ({},)))
    assert own.checked or not [word for word in ("Thông tư", "Nghị định", "Mẫu số", own.basis) if word in page]


def test_the_book_has_the_columns_of_the_office() -> None:
    """The thirteen columns of sổ theo dõi, in their order; what the register lacks is left free."""
    table = listing(code="H99.27.14-260203-0001", received="03/02/2026").table
    assert len(table.columns) == 13
    assert table.columns[:3] == ("STT", "Mã hồ sơ", "Tên thủ tục hành chính")
    assert table.rows[0][:2] == (1, "H99.27.14-260203-0001")
    assert table.rows[1] == (2, *[""] * 12)
    assert table.total == ()


def test_sums_stand_under_what_is_counted() -> None:
    """Pages and documents are added up; a row without them counts nothing."""
    rows = ({"pages": 1200, "documents": 2}, {"pages": 34}, {})
    table = Listing(form(FormKey.HANDOVER, AT.date()), "", AT, (), rows).table
    assert table.total == ("", "Tổng cộng", "", 2, "", 1234, "", "")
    assert ">1.234</td>" in listing_html(Listing(form(FormKey.HANDOVER, AT.date()), "", AT, (), rows))


def test_texts_of_registers_stay_texts() -> None:
    """Markup, templates, controls and turns of direction in any value are shown, not obeyed."""
    slip = Slip(form(FormKey.SLIP, AT.date()), HOSTILE, AT, *[HOSTILE] * 3, (HOSTILE,), *[HOSTILE] * 7)
    book = Listing(form(FormKey.BOOK, AT.date()), HOSTILE, AT, (HOSTILE,), ({"note": HOSTILE},), (HOSTILE,))
    figures = inspected([entry(field=HOSTILE)], {}, PROCEDURES, period=FEBRUARY, as_of=AS_OF, unit=HOSTILE).figures
    for page in (slip_html(slip), listing_html(book), report_html(figures, "vi")):
        assert SHOWN in page
        assert "<img" not in page
        assert "\x1b" not in page
        assert "\u202e" not in page


def test_an_empty_form_can_be_filled_in_by_hand() -> None:
    """A slip of a procedure that nobody knows has rows to write in, and dots where the data are silent."""
    page = slip_html(Slip(form(FormKey.SLIP, AT.date()), "UBND", AT, "H1-260203-0001", "", "", ()))
    assert page.count('<tr><td class="number">') == 3
    assert "Tiếp nhận hồ sơ của: ...." in page


def test_days_are_written_as_offices_write_them() -> None:
    """Days below ten and the months one and two have a zero in front, other months have none."""
    assert place_and_day(AT, "vi").endswith("ngày 05 tháng 02 năm 2026")
    assert place_and_day(AT.replace(month=3, day=15), "vi").endswith("ngày 15 tháng 3 năm 2026")


def _with_base(base: Base) -> Inspected:
    settled_later = entry(2, settled_at=at(9, month_number=3), returned_at=at(9, month_number=3))
    return inspected([entry(1), settled_later], {}, PROCEDURES, period=FEBRUARY, as_of=AS_OF, base=base)


def test_the_base_stands_beside_the_rates_that_are_over_it() -> None:
    """A rate says the question's base exactly when its denominator follows the base."""
    received, settled = (_with_base(base).figures.rates for base in (Base.B1, Base.B2))
    moved = {key for key in received if received[key].denominator != settled[key].denominator}
    assert {"portal", "archival"} <= moved <= ON_BASE
    page = report_html(_with_base(Base.B2).figures, "vi")
    assert page.count("<td>B2</td>") == len(ON_BASE & received.keys())
