"""Separator sheets: an A4 page for each dossier or component, its code in all four corners, and in words for people.

A torn or stained corner does no harm: each code says everything. Nothing about people is on a sheet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import segno
from markupsafe import Markup

from dossier.separators import Separator, SheetKind, payload
from reports.printed.forms import FORMS_LANGUAGE
from reports.printed.page import page
from reports.printed.pdf import as_pdf
from reports.target import write_whole
from reports.wording import word

CODE_MILLIMETRES = 36
_ERROR = "q"
MOST_SHEETS = 1000


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """One sheet: what its code says, and what of it people read.

    Attributes:
        separator: See `Separator`.
        component_name: What the component is called; empty where nobody has said so.
    """

    separator: Separator
    component_name: str = ""


def separators_pdf(sheets: Sequence[SeparatorSheet], key: bytes, made_at: datetime) -> bytes:
    """Return separator sheets as PDF/A-2b, one A4 page each.

    Args:
        sheets: In the order in which they are to come out; at most `MOST_SHEETS`.
        key: Of the installation, for the check in each code.
        made_at: The moment that the file names as its own.

    Raises:
        ValueError: There is none, or there are too many.
        Unavailable: FONT_MISSING, PRINT_LIBRARIES_MISSING.
    """
    if not 0 < len(sheets) <= MOST_SHEETS:
        raise ValueError(f"{len(sheets)} sheets")
    return as_pdf(
        page(
            "separators.html",
            FORMS_LANGUAGE,
            made_at,
            title=word("separators.title", FORMS_LANGUAGE),
            sheets=[_shown(sheet, key) for sheet in sheets],
        )
    )


def write_separators_pdf(sheets: Sequence[SeparatorSheet], key: bytes, made_at: datetime, path: Path) -> None:
    """Write separator sheets; arguments and errors as `separators_pdf`.

    Raises:
        Unavailable(EXPORT_TARGET): The file cannot be written.
    """
    write_whole(separators_pdf(sheets, key, made_at), path)


def qr_svg(text: str) -> Markup:
    """Return a text as a QR code (ISO/IEC 18004), drawn as wide as the sheet says."""
    out = io.BytesIO()
    segno.make_qr(text, error=_ERROR, boost_error=True).save(
        out, kind="svg", border=0, xmldecl=False, svgns=True, svgclass=None, lineclass=None, omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by the library, of our own text


def _shown(sheet: SeparatorSheet, key: bytes) -> dict[str, object]:
    own = sheet.separator
    return {
        "code": qr_svg(payload(own, key)),
        "heading": word(f"separators.{'box' if own.kind is SheetKind.BOX else 'dossier'}", FORMS_LANGUAGE),
        "subject": own.subject,
        "component": own.component,
        "component_name": sheet.component_name,
    }
