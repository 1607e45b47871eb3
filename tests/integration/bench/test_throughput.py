"""The measuring programs of queues, scaling and backlogs measure: short forms, every figure there, every page whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.backlog import report, work_off
from bench.enqueue import figures
from bench.installation import Installation
from bench.register import MOST_MEMORY, cost, write_xlsx


@pytest.mark.long
def test_a_small_backlog_goes_through_two_restarts(tmp_path: Path) -> None:
    """60 cards in six boxes: killed twice, each page archived once and in order, boxes about in turn."""
    outcome = work_off(tmp_path, boxes=6, pages=60, processes=2)
    assert outcome.faults == []
    assert outcome.commands == 6 + 3
    # Dossiers that are under way together may end in any order: one for each process, and one for each process that
    # was killed with its dossier still leased.
    assert max(outcome.early) <= 2 + 2
    assert "every page archived once" in "\n".join(report(outcome, 2))


def test_importing_a_register_is_measured(tmp_path: Path) -> None:
    """The real command over a workbook: every row is there, and what it cost is known."""
    installation = Installation(tmp_path / "home", {})
    installation.home.mkdir()
    installation.run("init")
    write_xlsx(tmp_path / "so.xlsx", 3_000)
    spent = cost(installation, tmp_path / "so.xlsx")
    assert spent.printed["added"] == 3_000
    assert spent.printed["rejected"] == []
    assert 0 < spent.cpu < 60
    assert 20 < spent.memory < MOST_MEMORY


@pytest.mark.long
def test_enqueueing_is_measured(tmp_path: Path) -> None:
    """Ten times as many page tasks take no more memory worth the name."""
    installation = Installation(tmp_path / "home", {})
    installation.home.mkdir()
    installation.run("init")
    few, many = (figures(installation.home, count) for count in (2_000, 20_000))
    assert many["peak"] - few["peak"] < 10
    assert many["seconds"] < 60
    assert many["claims"] > 0
    assert many["looks"] > 0
