"""Stacks through the hot folder: taken apart by the server; the station forgets them when all of it is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from catalog import accounts, hand_overs, stacks
from dossier.collation import Collation
from dossier.stacks import DiscardReason, Doubt, PartState
from pipeline.handing_stacks import discard, waiting
from pipeline.spool_sweeping import sweep_spool
from pipeline.taking_stacks import take_stacks
from station import telling
from station.agent import Agent
from station.queue import Queue
from tests.fakes.stacks import paper, pdf, sheet, sheet_code
from tests.integration.station.conftest import Desk, Site, settings

_CODE, _OTHER = "H99.27.14-260311-7001", "H99.27.14-260311-7002"


@pytest.fixture
def stack_desk(site: Site, tmp_path: Path) -> Iterator[Desk]:
    """Give a station whose hot folder is one of stacks."""
    site.proxy.forward()
    hot = tmp_path / "xap"
    hot.mkdir()
    own = settings(hot, site.proxy.port, stacks=True)
    own.state.mkdir()
    with closing(Queue(own.state / "hang-doi.db")) as queue:
        agent = Agent(own, queue, lambda: site.token, look_seconds=0.0)
        agent.backoff.shortest = agent.looks.longest = 0.01
        yield Desk(agent, hot)
    site.proxy.forward()


def test_a_stack_goes_through_the_hot_folder(site: Site, stack_desk: Desk) -> None:
    """Its pages to two dossiers, what comes before the first sheet to a person; then it is gone from the station."""
    said = [sheet(sheet_code(site.office, code)) for code in (_CODE, _OTHER)]
    data = pdf([paper(1), said[0], paper(2), paper(3), said[1], paper(4)])
    stack_desk.put("sang thứ hai.pdf", data)
    stack_desk.until("followed")
    services = site.office.services
    assert take_stacks(services).done == 2
    site.digitise()
    assert take_stacks(services).done == 0
    standing = stack_desk.agent.once()
    (told,) = standing.batches
    assert (told["code"], told["name"], told["stages"]) == ("", "sang thứ hai.pdf", ["unassigned"])
    (line,) = [each for each in telling.lines(standing.as_json()) if "thứ hai" in each]
    assert "Xấp chờ chia" in line
    ((_, left),) = [each for each in waiting(services) if each[1].part.doubt is Doubt.NO_SEPARATOR]
    kept = list((services.spool.root / "scanned").rglob("*.pdf"))
    assert [path.read_bytes() for path in kept] == [data]
    with services.catalogue.read() as tx:
        account = accounts.find(tx, "tram.1")
    assert account is not None
    done = discard(left.stack_id, left.position, DiscardReason.TEST_SCAN, account, services)
    assert done.state is PartState.DISCARDED
    stack_desk.until("done")
    assert not list(stack_desk.hot.glob("*.pdf"))
    sweep_spool(services)
    assert kept[0].exists(), "what was discarded can be looked up for a while"
    with services.catalogue.read() as tx:
        (own,) = [each for each in stacks.parts(tx, left.stack_id) if each.state is PartState.DISCARDED]
        assert own.part.component == "test_scan"


def test_the_same_stack_again(site: Site, stack_desk: Desk) -> None:
    """Scanned into the folder twice: nothing is there twice."""
    data = pdf([sheet(sheet_code(site.office, _CODE)), paper(5)])
    for name in ("1.pdf", "2.pdf"):
        stack_desk.put(name, data)
        stack_desk.until("followed")
        take_stacks(site.office.services)
        site.digitise()
        stack_desk.until("done")
    with site.office.services.catalogue.read() as tx:
        assert len({each.intake_id for each in hand_overs.newest(tx, None, 10_000) if each.code == _CODE}) <= 2
    assert len(list((site.office.services.spool.root / "scanned").iterdir())) <= 2


def test_a_pile_says_how_its_backs_come(site: Site, tmp_path: Path) -> None:
    """As the folder's settings say; the server is told, and puts the sheets together."""
    site.proxy.forward()
    hot = tmp_path / "mot-mat"
    hot.mkdir()
    own = settings(hot, site.proxy.port, stacks=True, collate=Collation.TURNED)
    own.state.mkdir()
    with closing(Queue(own.state / "hang-doi.db")) as queue:
        agent = Agent(own, queue, lambda: site.token, look_seconds=0.0)
        agent.backoff.shortest = agent.looks.longest = 0.01
        desk = Desk(agent, hot)
        desk.put("xap/1.pdf", pdf([sheet(sheet_code(site.office, _CODE.replace("7001", "7003"))), paper(31)]))
        desk.put("xap/2.pdf", pdf([paper(32), paper(33)]))
        desk.until("followed")
        with site.office.services.catalogue.read() as tx:
            (given,) = hand_overs.to_place(tx, site.office.services.place, 9, stacks=True)
    assert (given.collation, given.pages) == (Collation.TURNED, None)
    assert take_stacks(site.office.services).done == 1
