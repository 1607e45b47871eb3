"""A worker whose host has a wrong clock claims nothing: its leases would be over at once, or hold for hours."""

from __future__ import annotations

import pytest

from catalog import Catalogue, intakes
from dossier.states import IntakeState
from tests.fakes.office import PaperOffice
from workers import clocks
from workers.hand import Hand


@pytest.mark.parametrize("skew", [-60.0, 60.0])
def test_a_wrong_clock_claims_nothing(office: PaperOffice, skew: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back or forward; once it is right again the work goes on by itself."""
    office.page("1.jpg", 10)
    office.deliver()
    monkeypatch.setattr(clocks, "_EVERY_SECONDS", 0.0)
    hand = Hand(office.services, "run", lambda: False)
    with monkeypatch.context() as wrong:
        wrong.setattr(Catalogue, "clock_skew", lambda _: skew)
        assert not hand.take()
    assert _state(office) is IntakeState.RECEIVING
    monkeypatch.setattr(Catalogue, "clock_skew", lambda _: 0.0)
    assert hand.take()
    assert _state(office) is IntakeState.READING


def _state(office: PaperOffice) -> IntakeState | None:
    with office.services.catalogue.read() as tx:
        newest = intakes.latest(tx, office.dossier().id)
    return newest.state if newest else None
