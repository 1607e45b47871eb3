"""A server with its API on loopback, a proxy that spoils the way to it, and a station before that."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from catalog import Catalogue, hand_overs
from dossier.handing_over import HandOverState
from dossier.people import Role
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from pipeline import station_tokens
from pipeline.single_looks import SingleLooks
from pipeline.taking_over import take_over_all
from registers.reference_data import of_files
from signing.development_pki import ensure_development_pki
from signing.verify import Verifier
from station.agent import Agent
from station.queue import Queue
from station.settings import StationSettings, settings_of
from station.telling import Standing
from tests.fakes.office import Children, PaperOffice, paper_office
from tests.integration.site.conftest import account
from tests.servers.proxy import FaultProxy
from web.api.application import api
from web.house import House
from web.server import listen_at


@dataclass
class Site:
    """A server with a spoiled way to it, and a token for it."""

    office: PaperOffice
    proxy: FaultProxy
    token: str

    def digitise(self) -> None:
        """Do what the workers do."""
        while take_over_all(self.office.services) + len(self.office.drain()):
            pass

    def received(self, code: str) -> dict[str, str]:
        """Return the digests of the files of a dossier that are handed over as a whole, by component and name."""
        with self.office.services.catalogue.read() as tx:
            own = [each for each in hand_overs.newest(tx, None, 10_000) if each.code == code]
            whole = [each for each in own if each.state is not HandOverState.OPEN]
            files = [(each.component, file) for each in whole for file in hand_overs.files(tx, each.id)]
        assert len({file.sha256 for _, file in files}) == len(files), "a page twice"
        return {"/".join(filter(None, (component, file.name))): file.sha256 for component, file in files}


@dataclass
class Desk:
    """A station with one hot folder."""

    agent: Agent
    hot: Path

    def put(self, name: str, data: bytes) -> Path:
        """Put a file into the hot folder."""
        path = self.hot / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def until(self, what: str, passes: int = 100) -> Standing:
        """Work until the newest batch is in a state."""
        for _ in range(passes):
            standing = self.agent.once()
            if standing.batches and standing.batches[0]["state"] == what:
                return standing
        raise AssertionError(standing)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the API of an office."""
    folder = tmp_path_factory.mktemp("server")
    pki = ensure_development_pki(folder / "pki", algorithm="ecdsa")
    catalogue = Catalogue(f"sqlite:///{folder / 'catalogue.db'}")
    catalogue.upgrade()
    with (
        closing(catalogue),
        BoundedTaker(Limits()) as taker,
        Verifier() as verifier,
        paper_office(folder, catalogue, pki, Children(taker, verifier)) as office,
    ):
        looks = SingleLooks(Limits())
        office.services = replace(office.services, reference=of_files(None, None), single_looks=looks)
        house = House(office.services, "ỦY BAN NHÂN DÂN THỬ", demo=True, secure=False)
        own = account(office, "tram.1", Role.RECEIVER, units=frozenset({"H99.27.14"}))
        until = office.services.clock() + timedelta(days=300)
        _made, token = station_tokens.issue(own, "Quầy 1", until, "test", office.services)
        with listen_at("127.0.0.1:0") as listening, FaultProxy(listening.getsockname()[1]) as proxy:
            config = uvicorn.Config(api(house), http="h11", lifespan="off", log_config=None, ws="none")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            yield Site(office, proxy, token)
            server.should_exit = True
            thread.join()
        looks.close()
        house.pictures.close()
        house.copier.close()


def settings(hot: Path, port: int, **folder: Any) -> StationSettings:  # noqa: ANN401 - what TOML holds
    """Return settings that wait for nothing."""
    own = {"path": str(hot), "quiet_seconds": 0.0, "not_secret": "folder", **folder}
    said = {"server": f"http://127.0.0.1:{port}", "stable_seconds": 0.0, "poll_seconds": 0.05, "folder": [own]}
    return settings_of(said, hot.parent)


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Iterator[Desk]:
    """Give a station before the server."""
    site.proxy.forward()
    hot = tmp_path / "quet"
    hot.mkdir()
    own = settings(hot, site.proxy.port)
    own.state.mkdir()
    with closing(Queue(own.state / "hang-doi.db")) as queue:
        agent = Agent(own, queue, lambda: site.token, look_seconds=0.0)
        agent.backoff.shortest = 0.01
        yield Desk(agent, hot)
    site.proxy.forward()
