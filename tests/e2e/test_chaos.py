"""The short form of `make chaos`: every server real, faults by a seed, and every page counted afterwards.

Here it is one storm of two faults at once over PostgreSQL, RabbitMQ and S3; `make chaos` has 205, in storms of one to
three, on three kinds of installation.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.campaign import Campaign
from tests.chaos.installation import Installation, Shape

FAULTS = int(os.environ.get("HOSOSO_FAULTS", "3"))
SEED = int(os.environ.get("HOSOSO_FAULT_SEED", "2027"))


@pytest.mark.server
@pytest.mark.timeout(900)
def test_pulled_plugs_lose_and_double_nothing(tmp_path: Path) -> None:
    """Two hosts over PostgreSQL, RabbitMQ and S3 archive every page once, whatever is killed, paused or cut off."""
    told: list[str] = []
    with Installation(tmp_path / "office", Shape(processes=1)) as installation:
        outcome = Campaign(installation, SEED, told.append, together=(3,)).run(FAULTS)
    assert outcome.findings == [], "\n".join([f"seed {SEED}", *told, outcome.table()])
    assert outcome.faults == FAULTS
