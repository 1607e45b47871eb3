"""A SeaweedFS of one's own: a real S3 server with versioning and object lock."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

from tests.servers.process import free_port
from tests.servers.s3 import S3Server

READER = ("reader", "a-secret-that-opens-little")
_OTHER_PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port.grpc", "s3.port.grpc")
_WEED = Path(sys.executable).with_name("weed")


class Seaweed(S3Server):
    """Master, volume server, filer and S3 gateway in one process on loopback, hardened as an office must do it.

    The filer's HTTP port would remove locked versions for anybody who asks; the signing keys shut it.

    Args:
        volumes: How many volumes there may be; each bucket takes several.
        megabytes: How large a volume may grow.
    """

    def __init__(self, volumes: int = 1000, megabytes: int = 64) -> None:
        super().__init__("seaweed")
        self.filer_port = free_port()
        self._volumes, self._megabytes = volumes, megabytes
        self._ports = {"s3.port": self.port, "filer.port": self.filer_port}
        self._ports |= {name: free_port() for name in _OTHER_PORTS}
        (self.folder / "data").mkdir()
        self._write("security.toml", _security())
        self._write("master.toml", "[master.volume_growth]\ncopy_1 = 1\n")  # volumes that a new bucket begins with
        self._write("s3.json", json.dumps({"identities": [self._administrator(), _reader()]}))

    def command(self) -> list[str]:
        """Return all servers in one process in the foreground."""
        flags: dict[str, object] = {
            "dir": self.folder / "data",
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.volumeSizeLimitMB": self._megabytes,
            "master.telemetry": "false",
            # The usual 10 s are for masters that look for each other; a lone one waits them out after each kill.
            "master.electionTimeout": "1s",
            "master.heartbeatInterval": "100ms",
            "volume.max": self._volumes,
            "volume.minFreeSpace": "1",
            "volume.preStopSeconds": 1,
            "filer": "true",
            "filer.localSocket": self.folder / "filer.sock",
            "s3": "true",
            "s3.config": self.folder / "s3.json",
            "s3.localSocket": self.folder / "s3.sock",
            "s3.autoCreateBucket": "false",
            "s3.allowDeleteBucketNotEmpty": "false",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
        }
        given = [f"-{name}={value}" for name, value in (flags | self._ports).items()]
        return [str(_WEED), "-logtostderr=true", "server", *given]

    def close(self) -> None:
        """Kill the server and remove all that it stored, also the sockets that it puts where no flag reaches."""
        super().close()
        for port in self._ports.values():
            for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 - the server's choice
                path.unlink(missing_ok=True)

    def _administrator(self) -> dict[str, object]:
        keys = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        return {"name": "tester", "credentials": keys, "actions": ["Admin"]}

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)


def _reader() -> dict[str, object]:
    access_key, secret_key = READER
    return {
        "name": "reader",
        "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
        "actions": ["Read", "List"],
    }


def _security() -> str:
    tables = ("jwt.signing", "jwt.filer_signing", "jwt.filer_signing.read")
    return "".join(f'[{table}]\nkey = "{secrets.token_hex(32)}"\n' for table in tables)
