"""One whole installation on private servers: its hosts, the ways between them, and a desk to give commands at."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from tests.architecture.sources import ROOT
from tests.chaos.hosts import Host, SmallDisk
from tests.e2e.program import PROGRAM
from tests.servers.postgres import Postgres
from tests.servers.process import Server
from tests.servers.proxy import FaultProxy
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis
from tests.servers.seaweed import Seaweed

ARCHIVE, HOLDING = "archive", "holding"
_LAST_SWEEP = """
from hososo.settings import load_settings
from hososo.wiring import services
from pipeline.sweeping import sweep
with services(load_settings(None)) as ready:
    sweep(ready)
"""
_DISK_MEGABYTES, _WHOLE_DISK_MEGABYTES = 48, 512
_COMMAND_SECONDS = 180
_AnyServer = TypeVar("_AnyServer", bound=Server)
_BROKERS: dict[str, type[RabbitMq | Redis]] = {"rabbitmq": RabbitMq, "redis": Redis}


@dataclass(frozen=True, slots=True)
class Shape:
    """What an installation is made of.

    Attributes:
        database: `sqlite` or `postgresql`.
        broker: `none`, `rabbitmq` or `redis`.
        store: `folder` or `s3`.
        hosts: How many hosts; more than one need `postgresql` and `s3`.
        processes: Worker processes of each host.
    """

    database: str = "postgresql"
    broker: str = "rabbitmq"
    store: str = "s3"
    hosts: int = 2
    processes: int = 2

    def __post_init__(self) -> None:
        """Refuse hosts that share nothing."""
        assert self.hosts == 1 or (self.database, self.store) == ("postgresql", "s3"), "hosts must share all"

    def __str__(self) -> str:
        return f"{self.database}+{self.broker}+{self.store}, hosts {self.hosts}, processes {self.processes} each"


class Installation:
    """Servers, hosts and homes under one folder. Commands are given at a desk that no fault reaches.

    Args:
        folder: Where the homes lie; kept.
        shape: What it is made of.
    """

    def __init__(self, folder: Path, shape: Shape) -> None:
        self.folder, self.shape = folder, shape
        self.servers: dict[str, Server] = {}
        self.hosts: list[Host] = []
        self.links: dict[tuple[str, str], FaultProxy] = {}
        self.disks: dict[str, SmallDisk] = {}
        self._stack = ExitStack()
        self._archive: Seaweed | None = None
        self._database = ""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._start_servers()
            self._make_homes()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for host in self.hosts:
            host.close()
        for server in self.servers.values():
            server.resume()
        self._keep_logs()
        self._stack.close()

    @property
    def desk(self) -> Mapping[str, str]:
        """The environment at the desk."""
        return self._environment(self._desk_home, "")

    @property
    def home(self) -> Path:
        """The home of the only host, where the archive and the catalogue may be."""
        return self.hosts[0].home

    def start(self, *words: object) -> subprocess.Popen[bytes]:
        """Start a command at the desk and do not wait for it."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            [str(PROGRAM), *map(str, words)],
            env=dict(self.desk),
            cwd=self.folder,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,
        )

    def run(self, *words: object) -> tuple[int, str, str]:
        """Run a command at the desk to its end; return exit status, output and errors."""
        done = subprocess.run(
            [str(PROGRAM), *map(str, words)],
            env=dict(self.desk),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def json(self, *words: object) -> tuple[int, Any]:
        """Run a command with `--json`; return exit status and the parsed answer."""
        code, out, err = self.run("--json", *words)
        assert out.strip(), f"hososo {words} ended with {code} and said nothing: {err}"
        return code, json.loads(out)

    def sweep_without_patience(self) -> list[str]:
        """Sweep knowing that no other sweep is alive, which the program waits some time for; return its errors."""
        call = [sys.executable, "-c", _LAST_SWEEP]
        done = subprocess.run(call, env=dict(self.desk), cwd=ROOT, capture_output=True, text=True, check=False)
        return [done.stderr[-600:]] if done.returncode else []

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query over the catalogue finds, past every proxy."""
        server = self.servers.get("database")
        if isinstance(server, Postgres):
            return server.execute(query, self._database)
        where = f"file:{self.home / 'catalogue.db'}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=30)) as catalogue:
            return catalogue.execute(query).fetchall()

    @property
    def seaweed(self) -> Seaweed | None:
        """The object store's server, if it has one."""
        return self._archive

    def close_disks_to_faults(self) -> None:
        """Let everything pass again and give all room back: what a campaign that was cut short may have left."""
        for link in self.links.values():
            link.forward()
        for disk in self.disks.values():
            disk.free()

    def _start_servers(self) -> None:
        if self.shape.database == "postgresql":
            database = self._add("database", Postgres())
            self._database = database.empty_database().rpartition("/")[2]
        if self.shape.broker != "none":
            self._add("broker", _BROKERS[self.shape.broker]())
        if self.shape.store == "s3":
            self._archive = self._add("store", Seaweed())
            self._archive.make_bucket(ARCHIVE, locked=True)
            self._archive.make_bucket(HOLDING, locked=False)

    def _add(self, part: str, server: _AnyServer) -> _AnyServer:
        self._stack.callback(server.close)
        self.servers[part] = server
        server.start()
        return server

    def _make_homes(self) -> None:
        for number in range(1, self.shape.hosts + 1):
            name = f"host-{number}"
            for part, server in self.servers.items():
                link = FaultProxy(server.port)  # type: ignore[attr-defined]  # every server of ours has a port
                self.links[name, part] = self._stack.enter_context(link)
            self._add_host(name)
        if self.servers:
            self._init(self.folder / "desk", "")
        for host in self.hosts:
            if self.servers:
                shutil.copytree(self._desk_home / "development-pki", host.home / "development-pki")
            self._init(host.home, "")

    def _add_host(self, name: str) -> None:
        home = self.folder / name
        if os.geteuid() == 0:
            shared = self.shape.database == "postgresql" and self.shape.store == "s3"
            self.disks[name] = SmallDisk(home, _DISK_MEGABYTES if shared else _WHOLE_DISK_MEGABYTES)
            self._stack.callback(self.disks[name].close)
        else:
            home.mkdir(mode=0o700)
        self.hosts.append(Host(name, home, self._environment(home, name), self.shape.processes))

    @property
    def _desk_home(self) -> Path:
        return self.folder / "desk" if self.servers else self.home

    def _init(self, home: Path, host: str) -> None:
        environment = dict(self._environment(home, host))
        done = subprocess.run([PROGRAM, "init"], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def _environment(self, home: Path, host: str) -> dict[str, str]:
        """Return the environment of a host, through its proxies; without a host, past them."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOSOSO_")}
        own: dict[str, object] = {"HOME": home, "GRACE": 20}
        if isinstance(database := self.servers.get("database"), Postgres):
            own["DATABASE_URL"] = (
                f"postgresql+psycopg://hososo@127.0.0.1:{self._port(host, 'database')}/{self._database}"
            )
            own["DATABASE_PASSWORD_FILE"] = self._secret("database", database.password)
        if isinstance(broker := self.servers.get("broker"), RabbitMq | Redis):
            url = urlsplit(broker.url)
            user = f"{url.username}@" if url.username else ""
            own["BROKER_URL"] = f"{url.scheme}://{user}127.0.0.1:{self._port(host, 'broker')}{url.path}"
            own["BROKER_PASSWORD_FILE"] = self._secret("broker", broker.password)
        if self._archive is not None:
            own |= {"S3_ENDPOINT": f"http://127.0.0.1:{self._port(host, 'store')}", "S3_BUCKET": ARCHIVE}
            own |= {"S3_HOLDING_BUCKET": HOLDING, "S3_ACCESS_KEY_FILE": self._secret("key", self._archive.access_key)}
            own["S3_SECRET_KEY_FILE"] = self._secret("secret", self._archive.secret_key)
        return clean | {f"HOSOSO_{name}": str(value) for name, value in own.items()}

    def _port(self, host: str, part: str) -> int:
        server = self.servers[part]
        return self.links[host, part].port if host else int(server.port)  # type: ignore[attr-defined]

    def _secret(self, name: str, value: str) -> Path:
        path = self.folder / f"{name}.secret"
        path.write_text(value, encoding="ascii")
        path.chmod(0o600)
        return path

    def _keep_logs(self) -> None:
        """Copy what the hosts logged to where it outlives their disks."""
        for host in self.hosts:
            log = host.home / "log" / "hososo.log"
            if log.is_file():
                shutil.copyfile(log, self.folder / f"{host.name}.log")
        for part, server in self.servers.items():
            shutil.copyfile(server.log, self.folder / f"{part}.log")
