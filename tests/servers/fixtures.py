"""Servers that tests share. A test that kills, pauses or restarts a server starts one of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import Catalogue
from tests.servers.minio import MinioServer
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis
from tests.servers.s3 import S3Server
from tests.servers.seaweed import Seaweed

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.server))
SERVERS = {"postgres", "redis_server", "rabbitmq", "seaweed", "s3_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a shared server, so that nobody forgets to."""
    for item in items:
        if SERVERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a PostgreSQL; ask it for a database of one's own."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """Give a Redis; use names of one's own."""
    with Redis() as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMq]:
    """Give a RabbitMQ; use queues of one's own."""
    with RabbitMq() as server:
        yield server


@pytest.fixture(scope="session")
def seaweed() -> Iterator[Seaweed]:
    """Give a SeaweedFS; ask it for a bucket of one's own."""
    with Seaweed() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file at this program's version, to be copied: migrating each time would be slow."""
    path = tmp_path_factory.mktemp("catalogue") / "template.db"
    made = Catalogue(f"sqlite:///{path}")
    made.upgrade()
    made.close()
    return path


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Return the kind of database that the test runs on."""
    return str(request.param)


@pytest.fixture
def catalogue_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty catalogue at this program's version, on each database that it runs on."""
    if database == "postgresql":
        return str(request.getfixturevalue("postgres").wiped_database())
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "catalogue.db")
    return f"sqlite:///{tmp_path / 'catalogue.db'}"


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    """Give an empty catalogue at this program's version, on each database that it runs on."""
    opened = Catalogue(catalogue_url)
    yield opened
    opened.close()


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database without a schema, on each that the catalogue runs on."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.empty_database()
    yield url
    server.drop_database(url)


@pytest.fixture(scope="session")
def s3_server(request: pytest.FixtureRequest) -> Iterator[S3Server]:
    """Give the S3 server to be judged by: the MinIO that HOSOSO_S3_JUDGE names, or else the shared SeaweedFS."""
    judge = os.environ.get("HOSOSO_S3_JUDGE")
    if judge:
        with MinioServer(Path(judge)) as server:
            yield server
    else:
        yield request.getfixturevalue("seaweed")
