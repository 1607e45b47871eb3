"""The servers that other tests rely on do what their names say."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from pika import BasicProperties

from tests.servers.postgres import Postgres
from tests.servers.process import NotServingError, Server, answers
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis

pytestmark = pytest.mark.server


class Sleeper(Server):
    """A shell with a child in a session of its own, which never serves."""

    def command(self) -> list[str]:
        """Return the shell."""
        return ["sh", "-c", "setsid sleep 300 & echo hello; wait"]

    def serves(self) -> bool:
        """Return False."""
        return False


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """Give a PostgreSQL that may be hurt."""
    with Postgres() as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """Give a Redis that may be hurt."""
    with Redis() as server:
        yield server


@pytest.fixture
def own_rabbitmq() -> Iterator[RabbitMq]:
    """Give a RabbitMQ that may be hurt."""
    with RabbitMq() as server:
        yield server


def test_a_server_that_does_not_serve_is_ended_with_its_children() -> None:
    """The error ends with what the server said, and nothing of it stays."""
    server = Sleeper("sleeper")
    try:
        with pytest.raises(NotServingError, match="hello"):
            server.start(seconds=0.5)
        assert not server.running
        assert not _alive(str(server.folder))
    finally:
        server.close()


def test_a_server_does_not_outlive_the_tests() -> None:
    """Killed tests cannot clean up; the server and its folder go all the same."""
    script = "import os; from tests.servers.redis import Redis; s = Redis(); s.start(); print(s.folder, flush=True)"
    killed = subprocess.run(
        [sys.executable, "-c", f"{script}; os.kill(os.getpid(), 9)"],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    folder = Path(killed.stdout.strip())
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()
    assert not _alive(str(folder))


def test_postgres_keeps_what_was_committed_when_it_is_killed(own_postgres: Postgres) -> None:
    """A killed PostgreSQL serves its old rows after a start, under the same address."""
    own_postgres.execute("CREATE TABLE kept AS SELECT 7 AS n")
    own_postgres.kill()
    assert not answers(own_postgres.port)
    assert not _alive(str(own_postgres.folder))
    own_postgres.start()
    assert own_postgres.execute("SELECT n FROM kept") == [(7,)]
    own_postgres.stop()
    assert not own_postgres.running


def test_a_paused_postgres_answers_later(own_postgres: Postgres) -> None:
    """A query waits while every process stands still, the one that serves it too."""
    with own_postgres.connect() as connection, ThreadPoolExecutor() as pool:
        own_postgres.pause()
        asked = pool.submit(lambda: connection.execute("SELECT 1").fetchall())
        time.sleep(0.3)
        assert not asked.done()
        own_postgres.resume()
        assert asked.result(10) == [(1,)]


def test_each_database_is_one_s_own(postgres: Postgres) -> None:
    """A copy of the template has the schema, and dropping it leaves others alone."""
    one, other = postgres.new_database(), postgres.new_database()
    assert one != other
    postgres.drop_database(one)
    assert postgres.execute("SELECT count(*) FROM dossier", other.rpartition("/")[2]) == [(0,)]
    postgres.drop_database(other)


def test_postgres_asks_for_the_password(postgres: Postgres) -> None:
    """Nobody comes in without it."""
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host=127.0.0.1 port={postgres.port} user=hososo password=wrong dbname=postgres")


def test_redis_keeps_what_it_appended_when_it_is_killed(own_redis: Redis) -> None:
    """A second after it was written, a value outlives a kill; a pause ends nothing."""
    with own_redis.connect() as client:
        client.set("kept", "7")
        time.sleep(1.5)
        own_redis.pause()
        own_redis.resume()
        assert client.get("kept") == b"7"
    own_redis.kill()
    own_redis.start()
    with own_redis.connect() as client:
        assert client.get("kept") == b"7"


def test_rabbitmq_keeps_durable_messages_when_it_is_killed(own_rabbitmq: RabbitMq) -> None:
    """What was confirmed outlives a kill, where its queue is older than a few seconds."""
    connection = own_rabbitmq.connect()
    channel = connection.channel()
    channel.confirm_delivery()
    channel.queue_declare("kept", durable=True)
    channel.basic_publish("", "kept", b"7", BasicProperties(delivery_mode=2))
    connection.close()
    time.sleep(3)  # RabbitMQ writes down a new queue later than it confirms what is put into it
    own_rabbitmq.kill()
    assert not answers(own_rabbitmq.port)
    own_rabbitmq.start()
    connection = own_rabbitmq.connect()
    assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"7"
    connection.close()
    own_rabbitmq.stop()
    assert not own_rabbitmq.running


def _alive(word: str) -> list[str]:
    """Return the processes that have a word in their command line."""
    found = []
    for pid in (entry for entry in os.listdir("/proc") if entry.isdigit()):  # noqa: PTH208 - names are enough
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line:  # noqa: PTH123
                words = line.read().decode(errors="replace")
        except OSError:
            continue
        if word in words:
            found.append(words)
    return found
