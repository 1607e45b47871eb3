"""Installations of the real program over each kind of catalogue and broker, on servers that tests share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pika.exceptions
import pytest
from _pytest.mark import ParameterSet

from bench.cards import CardDossier, make_box
from tests.e2e.hosts import Host, Look, of_server
from tests.e2e.program import Program, wait_until
from tests.integration.pipeline.conftest import children, office, pki
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis
from workers.queues import QUEUES

__all__ = ["children", "office", "pki"]  # the fixtures of an office in one process

KINDS = (
    pytest.param(("sqlite", "none"), id="sqlite-polling"),
    pytest.param(("postgresql", "none"), id="postgresql-polling", marks=pytest.mark.server),
    pytest.param(("postgresql", "rabbitmq"), id="postgresql-rabbitmq", marks=pytest.mark.server),
    pytest.param(("postgresql", "redis"), id="postgresql-redis", marks=pytest.mark.server),
)
BROKERS = (KINDS[0], KINDS[2], KINDS[3])


def further(kind: ParameterSet) -> ParameterSet:
    """Return a kind for the long form of a test: the others show the same in the short one."""
    return pytest.param(*kind.values, id=kind.id, marks=(*kind.marks, pytest.mark.long))


@dataclass
class Site:
    """One installation and its papers.

    Attributes:
        folder: Where home and boxes lie.
        program: The program of every host: they share the home, as over a network file system.
    """

    folder: Path
    program: Program
    look: Look
    boxes: int = 0

    def host(self, processes: int = 1) -> Host:
        """Return one more host, which does not run yet."""
        return Host(self.program, processes=processes)

    def box(self, dossiers: int = 1, pages: int = 2) -> list[CardDossier]:
        """Draw one more box of papers that are like no others."""
        self.boxes += 1
        return make_box(self.folder / "inbox", self.boxes, dossiers, pages)

    def deliver(self, dossiers: int = 1, pages: int = 2, *words: str) -> list[CardDossier]:
        """Draw and deliver a box."""
        box = self.box(dossiers, pages)
        self.program.run("deliver", box[0].folder.parent, *words)
        return box

    def finished(self, seconds: float = 90) -> None:
        """Wait until nothing is left to do and expect that nothing is there twice or set aside."""
        wait_until(lambda: self.look.open_items() == 0, seconds)
        assert self.look.doubled() == []
        assert self.look.rows("select id, error from work_item where state = 'quarantined'") == []


@contextmanager
def opened_site(folder: Path, kind: tuple[str, str], request: pytest.FixtureRequest) -> Iterator[Site]:
    """Give an installation of a kind; servers that it needs are shared ones, its database and queues are empty."""
    database, broker = kind
    home = folder / "home"
    settings = {"grace": "40"}
    url = f"sqlite:///{home / 'catalogue.db'}"
    if database == "postgresql":
        url = cast("Postgres", request.getfixturevalue("postgres")).empty_database()
        settings |= of_server("database", url, folder)
    if broker != "none":
        settings |= of_server("broker", emptied(broker, request).url, folder)
    look = Look(url)
    yield Site(folder, Program.initialised(home, **settings), look)
    look.close()


def emptied(broker: str, request: pytest.FixtureRequest) -> RabbitMq | Redis:
    """Return the shared broker of a kind, without any message of ours."""
    if broker == "redis":
        redis_server = cast("Redis", request.getfixturevalue("redis_server"))
        with redis_server.connect() as client:
            client.flushdb()
        return redis_server
    rabbitmq = cast("RabbitMq", request.getfixturevalue("rabbitmq"))
    purge(rabbitmq)
    return rabbitmq


def purge(broker: RabbitMq | Redis) -> None:
    """Remove every wake-up that waits."""
    if isinstance(broker, Redis):
        with broker.connect() as client:
            client.delete(*(client.keys("hososo*") or ["none"]))
        return
    for name in QUEUES:
        connection = broker.connect()
        with suppress(pika.exceptions.ChannelClosedByBroker):  # there is no such queue yet
            connection.channel().queue_purge(name)
        connection.close()


@pytest.fixture(scope="module", params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give an installation of each kind to the tests of a module."""
    with opened_site(tmp_path_factory.mktemp("site"), request.param, request) as made:
        yield made


@pytest.fixture
def local_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Give an installation without servers."""
    with opened_site(tmp_path, ("sqlite", "none"), request) as made:
        yield made
