"""An office as compose.yaml describes it, of processes instead of containers.

What is started is read from compose.yaml: commands, environment, secrets, configuration and health checks. What has to
be another is what stands in for it outside of containers, all of it in `Office.native`: paths of a container become
paths below one folder, names of hosts and their ports become loopback and free ports. PostgreSQL and RabbitMQ are those
of this machine, started as in all tests; the account, the limits and the rights that they are given are the office's.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.architecture.deployment import OFFICE, composed, filled
from tests.architecture.sources import ROOT
from tests.e2e.program import PROGRAM
from tests.servers.postgres import Postgres
from tests.servers.process import Server, free_port
from tests.servers.rabbitmq import RabbitMq

_ACCOUNT = "office"  # the test's PostgreSQL has a superuser of the program's name
_STORE_PORTS = ("master.port", "volume.port", "filer.port", "s3.port")


class Office:
    """Secrets, ports and processes of one office.

    Args:
        folder: Where everything of it lies.
        postgres: The server that its catalogue is put into.
    """

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.web_port, self.metrics_port = free_port(), free_port()
        subprocess.run([ROOT / "deploy" / "secrets.sh", "--own", folder / "secrets"], check=True, capture_output=True)
        given = {"HOSOSO_AGENCY": "ỦY BAN NHÂN DÂN XÃ THỬ", "HOSOSO_PROFILE": "demo", "HOSOSO_WORKERS": "1"}
        self.services: dict[str, dict[str, Any]] = filled(composed(OFFICE)["services"], **given)
        self._secrets = {name: Path(each["file"]).name for name, each in composed(OFFICE)["secrets"].items()}
        self._postgres = postgres
        self.database = f"office_{secrets.token_hex(4)}"
        self.broker = OfficeBroker(self)
        self.store = OfficeStore(self)

    def secret(self, name: str) -> Path:
        """Return the file of a secret of compose.yaml."""
        return self.folder / "secrets" / self._secrets[name]

    def native(self, text: str) -> str:
        """Return a word of compose.yaml as it has to be outside of containers."""
        if text.startswith("/run/secrets/") and text.removeprefix("/run/secrets/") in self._secrets:
            return str(self.secret(text.removeprefix("/run/secrets/")))
        names = {
            "hososo@postgres:5432/hososo": f"{_ACCOUNT}@127.0.0.1:{self._postgres.port}/{self.database}",
            "rabbitmq:5672": f"127.0.0.1:{self.broker.port}",
            "store:8333": f"127.0.0.1:{self.store.port}",
            "0.0.0.0:8080": f"127.0.0.1:{self.web_port}",
            "0.0.0.0:9108": f"127.0.0.1:{self.metrics_port}",
            "/var/lib/hososo": str(self.folder / "home"),
            "/inbox": str(self.inbox),
        }
        for name, mine in names.items():
            text = text.replace(name, mine)
        return text

    def environment(self, service: str) -> dict[str, str]:
        """Return the environment of a service, beside what any process of this machine has."""
        own = {name: self.native(str(value)) for name, value in self.services[service]["environment"].items()}
        return {name: value for name, value in os.environ.items() if not name.startswith("HOSOSO_")} | own

    def start(self, service: str) -> subprocess.Popen[bytes]:
        """Start a service of the program."""
        log = (self.folder / f"{service}.log").open("ab")
        with log:
            return subprocess.Popen(
                [PROGRAM, *map(self.native, self.services[service]["command"])],
                env=self.environment(service),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, service: str, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command of the program where a service runs, as `docker compose exec` would; return what it prints."""
        done = subprocess.run(
            [PROGRAM, *map(self.native, words)],
            env=self.environment(service),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in codes, f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def healthy(self, service: str) -> bool:
        """Return whether the health check of a service finds it well."""
        _, program, *words = self.services[service]["healthcheck"]["test"]
        assert program == "hososo"
        call = [PROGRAM, *words]
        environment = self.environment(service)
        return subprocess.run(call, env=environment, cwd=self.folder, capture_output=True, check=False).returncode == 0

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask the web service."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def parts(self) -> dict[str, Any]:
        """Return what `/readyz` says of each part."""
        return dict(json.loads(self.get("/readyz")[1])["parts"])

    def make_account(self) -> None:
        """Give the program its account and its database as the image of PostgreSQL does, with the office's script."""
        script = (ROOT / "deploy" / "postgres" / "account.sql").read_text(encoding="utf-8")
        script = script.replace("/run/secrets/postgres_hososo_password", str(self.secret("postgres_hososo_password")))
        for statement in ("ROLE ", "OWNER "):
            script = script.replace(f"{statement}hososo", statement + _ACCOUNT)
        script = script.replace("DATABASE hososo", f"DATABASE {self.database}")
        psql = shutil.which("psql")
        assert psql, "psql is missing: run install/system.sh test"
        where = ("--host=127.0.0.1", f"--port={self._postgres.port}", "--username=hososo", "postgres")
        subprocess.run(
            [psql, "--set=ON_ERROR_STOP=1", "--no-psqlrc", *where],
            env={**os.environ, "PGPASSWORD": self._postgres.password},
            input=script,
            text=True,
            check=True,
            capture_output=True,
        )

    def remove_account(self) -> None:
        """Take account and database out of the server, which other tests share."""
        self._postgres.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._postgres.execute("GRANT ALL ON DATABASE postgres TO PUBLIC")
        self._postgres.execute(f"DROP ROLE IF EXISTS {_ACCOUNT}")


class OfficeBroker(RabbitMq):
    """RabbitMQ with the account and the limits that an office's has."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.password = office.secret("broker_password").read_text(encoding="ascii")
        limits = (ROOT / "deploy" / "rabbitmq" / "limits.conf").read_text(encoding="utf-8")
        account = office.secret("rabbitmq_account").read_text(encoding="ascii")
        listening = f"listeners.tcp.default = 127.0.0.1:{self.port}\n"
        (self.folder / "rabbitmq.conf").write_text(listening + limits + account, encoding="utf-8")


class OfficeStore(Server):
    """SeaweedFS with the very command, keys and rights of compose.yaml; only ports and paths are others."""

    def __init__(self, office: Office) -> None:
        super().__init__("store")
        self._office = office
        self.ports = {name: free_port() for name in _STORE_PORTS}
        self._grpc = {name: free_port() for name in _STORE_PORTS}
        (self.folder / "archive").mkdir()
        (self.folder / "tmp").mkdir()
        for each in office.services["store"]["secrets"]:
            shutil.copyfile(office.secret(each["source"]), self.folder / Path(each["target"]).name)

    @property
    def port(self) -> int:
        """Where S3 is."""
        return self.ports["s3.port"]

    def command(self) -> list[str]:
        """Return the command of compose.yaml."""
        words = []
        for word in self._office.services["store"]["command"]:
            name = word.lstrip("-").partition("=")[0]
            if name in self.ports:
                words += [f"-{name}={self.ports[name]}", f"-{name}.grpc={self._grpc[name]}"]
            else:
                words.append("-s3.ip.bind=127.0.0.1" if name == "s3.ip.bind" else self._path(word))
        return [str(Path(sys.executable).with_name("weed")), *words]

    def serves(self) -> bool:
        """Ask what the health check asks."""
        try:
            return _status(self.port, "GET", "/healthz") == http.client.OK
        except OSError:
            return False

    def filer(self, method: str, path: str) -> int:
        """Return the answer of the filer's own port, which no request should get past."""
        return _status(self.ports["filer.port"], method, path)

    def set_up(self, *, archive: str = "", holding: str = "") -> subprocess.CompletedProcess[str]:
        """Run the service `store-setup`, with other names of buckets where given; return how it ended."""
        words = self._office.services["store-setup"]["command"]
        return self._script("setup.sh", archive or words[0], holding or words[1], words[2])

    def vacuum(self) -> subprocess.CompletedProcess[str]:
        """Do once what the service `store-vacuum` does daily; return how it ended."""
        return self._script("vacuum.sh", "--once", *self._office.services["store-vacuum"]["command"])

    def vacuumed(self) -> bool:
        """Ask what the health check of `store-vacuum` asks."""
        return self._script("vacuum.sh", "--ask").returncode == 0

    def _script(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(ROOT / "deploy" / "store" / name), *words],
            env=self._administration(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def _administration(self) -> Mapping[str, str]:
        def address(name: str) -> str:
            return f"127.0.0.1:{self.ports[name]}.{self._grpc[name]}"

        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        own = {"MASTER": address("master.port"), "FILER": address("filer.port"), "CONFIG_DIR": str(self.folder)}
        own["SIGN"] = str(self.folder / "vacuumed")
        return {**os.environ, "PATH": path, **own}

    def _path(self, word: str) -> str:
        flag, _, value = word.partition("=")
        if value.startswith("/run/secrets/seaweedfs"):
            return f"{flag}={self.folder}{value.removeprefix('/run/secrets/seaweedfs')}"
        return f"{flag}={self.folder}{value}" if value.startswith("/") else word


def _status(port: int, method: str, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    finally:
        connection.close()
