"""One print of every sort, for tests and for the judge: the report with charts, a long list, a slip."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

from dossier.facts import cells
from dossier.register import VIETNAM
from registers.procedures import load_procedures
from registers.reading import read_register
from reports.charts.series import finished_months, rates_over_time
from reports.grouping import axis_of
from reports.period import free_range
from reports.printed.forms import FormKey, form
from reports.printed.listing import Listing, listing_html
from reports.printed.pdf import as_pdf
from reports.printed.report import History, report_html
from reports.printed.slip import Slip, slip_html
from tests.published.make_registers import huyen_tung
from tests.reporting import Inspected, inspected

AT = datetime(2026, 2, 5, 9, tzinfo=VIETNAM)
STRANGE = "NGUYỄN VĂN 你好 😀"
"""A name with characters that the typeface lacks."""


def huyen_tung_figures(folder: Path) -> Inspected:
    """Return the figures of the Huyền Tụng register, which is written into a folder."""
    register = read_register(huyen_tung(folder))
    period = free_range(date(2019, 1, 1), date(2019, 7, 31))
    as_of = datetime(2019, 8, 1, tzinfo=VIETNAM)
    unit = "UBND phường Huyền Tụng"
    return inspected(register.entries, {}, load_procedures(), period=period, as_of=as_of, unit=unit)


def history(found: Inspected) -> History:
    """Return the digitised rate month by month."""
    question = found.figures.question
    months = finished_months(question)
    counted = cells(found.rows, axis_of(months, question.as_of, question.base), ("unit",))
    return History("portal", months, rates_over_time(counted, months, question, "portal", lambda c: c.unit, str))


def book() -> Listing:
    """Return a register book that is longer than a page, with a formula and a name that does not end."""
    rows = tuple({"code": f"H99.27.14-260203-{n:04}", "note": "=1+1", "applicant": "A" * 300} for n in range(14))
    return Listing(form(FormKey.BOOK, AT.date()), "UBND", AT, ("Kỳ",), rows)


def slip() -> Slip:
    """Return a slip of somebody whose name the typeface cannot write."""
    own = form(FormKey.SLIP, AT.date())
    return Slip(own, "UBND", AT, "H1-260203-0001", STRANGE, "Khai sinh", ("Tờ khai",), days="05")


def every_print() -> dict[str, bytes]:
    """Return each print as PDF by name."""
    with tempfile.TemporaryDirectory() as folder:
        found = huyen_tung_figures(Path(folder))
    pages = {
        "report": report_html(found.figures, "vi", [history(found)]),
        "book": listing_html(book()),
        "slip": slip_html(slip()),
    }
    return {name: as_pdf(html) for name, html in pages.items()}
