"""The servers of an office for measuring: PostgreSQL, RabbitMQ and an S3 store, private, on the same machine."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from bench.installation import Installation
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMq
from tests.servers.seaweed import Seaweed


class OfficeServers:
    """PostgreSQL that waits for its disk, RabbitMQ and SeaweedFS; each installation has its own part of them."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._postgres = self._stack.enter_context(Postgres(fsync=True))
        self._rabbitmq = self._stack.enter_context(RabbitMq())
        self._store = self._stack.enter_context(Seaweed())
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def pids(self) -> list[int]:
        """The servers' root processes."""
        return [self._postgres.pid, self._rabbitmq.pid, self._store.pid]

    def installation(self, home: Path, **settings: str) -> Installation:
        """Return an installation with a database and buckets of its own; nothing is initialised yet."""
        home.mkdir(mode=0o700, parents=True)
        archive = self._store.make_bucket(locked=True)
        holding = self._store.make_bucket(locked=False)
        named = {
            **_server("database", self._postgres.empty_database(), home),
            **_server("broker", self._rabbitmq.url, home),
            "s3_endpoint": archive.endpoint,
            "s3_bucket": archive.bucket,
            "s3_holding_bucket": holding.bucket,
            "s3_access_key_file": _secret(home, "s3-access", archive.access_key),
            "s3_secret_key_file": _secret(home, "s3-secret", archive.secret_key),
        }
        return Installation(home, {**named, **settings})


def database_of(server: Postgres, home: Path) -> Installation:
    """Return an installation with a database of its own on a server, and folders for all else."""
    home.mkdir(mode=0o700, parents=True)
    return Installation(home, _server("database", server.empty_database(), home))


def _server(name: str, url: str, home: Path) -> dict[str, str]:
    password = urlsplit(url).password or ""
    address = url.replace(f":{password}@", "@", 1)
    return {f"{name}_url": address, f"{name}_password_file": _secret(home, f"{name}-password", password)}


def _secret(home: Path, name: str, value: str) -> str:
    path = home / name
    path.write_text(value, encoding="utf-8")
    path.chmod(0o600)
    return str(path)
