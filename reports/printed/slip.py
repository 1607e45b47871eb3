"""Giấy tiếp nhận hồ sơ và hẹn trả kết quả: what the register and the procedure say; the rest is left to be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reports.printed.forms import FORMS_LANGUAGE, Form
from reports.printed.listing import Listing
from reports.printed.page import page, place_and_day
from reports.printed.pdf import write_pdf


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip says. Texts are empty where the data say nothing.

    `components` are the papers that the procedure asks for: how many of which sort were handed in is written by hand,
    by who takes them.
    """

    form: Form
    unit: str
    made_at: datetime
    code: str
    applicant: str
    procedure: str
    components: tuple[str, ...]
    days: str = ""
    received: str = ""
    due: str = ""
    applicant_id: str = ""
    address: str = ""
    sets: str = ""
    way: str = ""


def write_slip_pdf(slip: Slip, path: Path) -> None:
    """Write a slip as PDF/A-2b, A4 portrait.

    Raises:
        Unavailable: FONT_MISSING; EXPORT_TARGET when the file cannot be written.
    """
    write_pdf(slip_html(slip), path)


def slip_html(slip: Slip) -> str:
    """Return a slip as the HTML page that the PDF is made of."""
    rows = tuple({"component": name} for name in slip.components)
    listing = Listing(slip.form, slip.unit, slip.made_at, (), rows or ({}, {}, {}))
    return page(
        "slip.html",
        FORMS_LANGUAGE,
        slip.made_at,
        title=slip.form.title,
        unit=slip.unit,
        day=place_and_day(slip.made_at, FORMS_LANGUAGE),
        paper=slip.form.paper,
        slip=slip,
        table=listing.table,
        widths=slip.form.shares,
        signatures=slip.form.signatures,
    )
