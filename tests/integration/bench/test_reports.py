"""The bench of reports on a small province: what is measured counts what was made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.province import fill
from bench.reports import asked, make_lines
from catalog import Catalogue

_DOSSIERS = 600


def test_every_question_counts_the_province(tmp_path: Path) -> None:
    """Reports, tables and pages answer over all dossiers that were made."""
    url = f"sqlite:///{tmp_path / 'province.db'}"
    fill(url, _DOSSIERS)
    catalogue = Catalogue(url)
    assert make_lines(catalogue) == _DOSSIERS
    answers = asked(catalogue)
    report = answers["report B1"]
    assert report.total.received + report.total.carried_over + 50 == pytest.approx(_DOSSIERS, abs=50)
    assert sum(line.load.handled for line in answers["table by unit"]) == report.total.handled
    assert len(answers["page received"]) == min(100, len(answers["page received"])) > 0
    boxes, single = answers["work list viec-theo-hop"], answers["work list viec-theo-ho-so"]
    assert single.total == replace(boxes.total, pages=single.total.pages, desk_minutes=single.total.desk_minutes)
    assert single.total.pages == pytest.approx(boxes.total.pages)
    assert boxes.total.dossiers == report.rates["archival"].denominator
    assert boxes.total.counted == report.rates["archival"].numerator
    assert len(boxes.rows) == len(single.rows) == 50
    catalogue.close()
