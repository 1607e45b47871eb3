"""Brokers that are purged, away for a whole run, or come back empty: work goes on, and wake-ups come back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dossier.states import Step
from tests.e2e.hosts import Host, Look, frozen_worker, of_server, running, thaw
from tests.e2e.program import Program, wait_until
from tests.integration.workers.conftest import Site, purge
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis
from workers.brokers import messages_in, open_broker
from workers.queues import QUEUES

pytestmark = pytest.mark.server


@pytest.fixture(params=[pytest.param(RabbitMq, id="rabbitmq"), pytest.param(Redis, id="redis", marks=pytest.mark.long)])
def server(request: pytest.FixtureRequest) -> Iterator[RabbitMq | Redis]:
    """Give a broker of one's own that does not run yet."""
    made: RabbitMq | Redis = request.param()
    yield made
    made.close()


@pytest.fixture
def woken(server: RabbitMq | Redis, tmp_path: Path) -> Iterator[Site]:
    """Give an installation that names the broker, on SQLite."""
    home = tmp_path / "home"
    look = Look(f"sqlite:///{home / 'catalogue.db'}")
    yield Site(tmp_path, Program.initialised(home, **of_server("broker", server.url, tmp_path)), look)
    look.close()


@pytest.mark.long
def test_work_goes_on_whatever_becomes_of_the_broker(woken: Site, server: RabbitMq | Redis) -> None:
    """One pair of workers sees a broker that is not there, starts, is purged, is killed and comes back empty."""
    host = woken.host(2)
    with running(host):
        woken.deliver(2, 2)
        woken.finished()  # by polling: nothing listens on the broker's port
        server.start()
        _is_woken(woken, server, host)
        woken.deliver(6, 3)
        purge(server)
        woken.finished()
        woken.deliver(6, 3)
        server.kill()
        woken.finished()
        _forget_all(server)
        server.start()
        _is_woken(woken, server, host)
        woken.finished()
        assert host.stop() == 0
    assert woken.look.archived() > 0
    assert woken.look.rows("select id from work_item where crashes > 0") == []


def _is_woken(site: Site, server: RabbitMq | Redis, host: Host) -> None:
    """Expect that a message reaches the broker for work that waits, and that some worker takes it away again."""
    broker = open_broker(server.url.replace(f":{server.password}@", "@", 1), server.password)
    held = []
    try:
        site.deliver(2, 8)  # more than two workers can read while the command that delivers comes to its end
        held.append(frozen_worker(site.look, (host,), Step.READ)[0])
        held.append(frozen_worker(site.look, (host,), Step.READ, but=held[0])[0])  # messages stay to be seen
        wait_until(lambda: any(messages_in(broker, name) for name in QUEUES), 30)
        for pid in held:
            thaw(pid)
        wait_until(lambda: site.look.open_items() == 0)
        wait_until(lambda: not any(messages_in(broker, name) for name in QUEUES), 30)
    finally:
        for pid in held:
            thaw(pid)
        broker.close()


def _forget_all(server: RabbitMq | Redis) -> None:
    """Remove what the broker had stored, as if its disk were another."""
    for path in (server.folder / "mnesia", server.folder / "appendonlydir"):
        shutil.rmtree(path, ignore_errors=True)
