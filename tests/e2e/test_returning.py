"""The short form of `make return-campaign`: the real program, real HTTP, a killed sender, and both sides counted."""

from __future__ import annotations

from pathlib import Path

from catalog import Catalogue
from tests.fakes.archived import codes
from tests.fakes.portal import Portal, portal_server
from tests.returning.campaign import Campaign
from tests.returning.judge import judge


def test_both_sides_have_the_same_set(tmp_path: Path) -> None:
    """Whatever the portal does, and whenever the sender is killed: all taken once, no refusal left."""
    portal = Portal(seed=5, refuses=5)
    with portal_server(portal):
        result = Campaign(tmp_path, portal, seed=5, dossiers=24, tell=lambda _: None).run(kills=1, trouble=1)
    assert result.findings == []
    assert result.kills == 1
    assert len(portal.taken) == 24
    _the_judge_sees(tmp_path / "home" / "catalogue.db", portal)


def _the_judge_sees(database: Path, portal: Portal) -> None:
    """Hold the judge against a portal that lost a dossier, took one twice, and has one of somebody else."""
    catalogue, some = Catalogue(f"sqlite:///{database}"), codes(24)
    portal.taken.pop(some[3])
    portal.taken["H99.27.14-260401-0001"] = (1, "0" * 64)
    portal.takes.append(portal.takes[0])
    found = judge(catalogue, portal, some)
    catalogue.close()
    assert [one.partition(":")[0] for one in found] == [
        "sets differ",
        "the portal has what is none of ours",
        "taken twice",
    ]
