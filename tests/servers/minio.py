"""A MinIO of one's own, the second judge of what the archive asks of S3 servers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.servers.process import free_port
from tests.servers.s3 import S3Server


class MinioServer(S3Server):
    """One MinIO process with one folder as its disk.

    Args:
        binary: The server's program, as `tests/judge/minio/run.sh` builds it.
    """

    def __init__(self, binary: Path) -> None:
        super().__init__("minio")
        self._binary = binary.resolve()  # it starts in a folder of its own
        self._console = free_port()
        (self.folder / "data").mkdir()

    def command(self) -> list[str]:
        """Return the server in the foreground."""
        addresses = [f"--address=127.0.0.1:{self.port}", f"--console-address=127.0.0.1:{self._console}"]
        return [str(self._binary), "server", *addresses, str(self.folder / "data")]

    def environment(self) -> Mapping[str, str]:
        """Return the administrator's account; and that it shall look for no newer self."""
        return {
            "MINIO_ROOT_USER": self.access_key,
            "MINIO_ROOT_PASSWORD": self.secret_key,
            "MINIO_UPDATE": "off",
        }
