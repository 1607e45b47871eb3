"""Separator sheets from the pages: for a day of the register, for one dossier, read again as what they say."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pypdfium2 as pdfium
import pytest

from catalog.separator_key import separator_key
from dossier.people import Role
from dossier.register import VIETNAM
from dossier.separators import parse_separator
from ocr.codes import codes_on
from pipeline.separating import is_believed
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN


def _said(data: bytes) -> list[set[str]]:
    """Return what the codes of each page say."""
    document = pdfium.PdfDocument(data)
    try:
        return [
            {
                code.text
                for code in codes_on(np.asarray(page.render(scale=2, grayscale=True).to_pil().convert("L")), 144).found
            }
            for page in document
        ]
    finally:
        document.close()


def test_a_dossiers_sheets(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """One sheet that says the dossier, believed by its check; another unit's are not given."""
    reply = visitors[Role.RECEIVER].get(f"/counter/{CODE}/separators.pdf?component=to-khai")
    assert reply.headers["content-type"] == "application/pdf"
    ((text,),) = _said(reply.body)
    read = parse_separator(text)
    assert read is not None
    assert (read.separator.subject, read.separator.component) == (CODE, "to-khai")
    with office.services.catalogue.read() as tx:
        key = separator_key(tx)
        assert key is not None
        assert read.confirmed_by(key)
        assert is_believed(tx, read)
    assert visitors[Role.RECEIVER].get(f"/counter/{FOREIGN}/separators.pdf").status == 404


def test_a_days_register(visitors: dict[Role | None, Visitor]) -> None:
    """The page counts the dossiers of a day; a day that is none is told as that."""
    receiver = visitors[Role.RECEIVER]
    today = datetime.now(VIETNAM).date().isoformat()
    assert receiver.get("/separators").status == 200
    assert receiver.get(f"/separators/day.pdf?day={today}").headers["content-type"].startswith("text/html")
    assert receiver.get("/separators?day=2026-02-31").status == 422


@pytest.mark.parametrize("component", ["../x", "a" * 80])
def test_an_odd_component_is_refused(component: str, visitors: dict[Role | None, Visitor]) -> None:
    """Nothing is printed that could not be read again."""
    assert visitors[Role.RECEIVER].get(f"/counter/{CODE}/separators.pdf?component={component}").status == 422
