"""The measuring program of the web pages measures: a short form over the real site."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.web import Measured, crowded, prepared, quantile, report, served, turned


@pytest.mark.long
def test_a_few_people_over_a_short_document(tmp_path: Path) -> None:
    """Every page turned, pictures drawn, people at work; nobody is sent away."""
    installation = prepared(tmp_path, 3, others=False)
    with served(installation) as port:
        turning, crowd = turned(port, 3), crowded(port, users=4, seconds=3, think=0.3)
    assert turning.errors == crowd.errors == []
    assert len(turning.seconds["page, words marked"]) == len(turning.seconds["picture, new"]) == 3
    assert {"search", "document", "picture"} <= crowd.seconds.keys()
    assert "target < 1 s, none: met" in "\n".join(report(3, 4, turning, crowd))


def test_quantiles_are_values_that_were_seen() -> None:
    """The smallest that the share does not exceed."""
    found = [float(number) for number in range(1, 101)]
    assert [quantile(found, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([7.0], 0.5) == 7
    assert list(Measured().lines()) == []
