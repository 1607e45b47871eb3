"""The short form of `make return-campaign`: the real program, real HTTP, a killed sender, and both sides counted."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.portal import Portal, portal_server
from tests.returning.campaign import Campaign


def test_both_sides_have_the_same_set(tmp_path: Path) -> None:
    """Whatever the portal does, and whenever the sender is killed: all taken once, no refusal left."""
    portal = Portal(seed=5, refuses=5)
    with portal_server(portal):
        result = Campaign(tmp_path, portal, seed=5, dossiers=24, tell=lambda _: None).run(kills=1, trouble=1)
    assert result.findings == []
    assert result.kills == 1
    assert len(portal.taken) == 24
