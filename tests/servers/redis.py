"""A Redis of one's own."""

from __future__ import annotations

import secrets

import redis

from tests.servers.process import Server, free_port


class Redis(Server):
    """A Redis on loopback that needs a password and appends every command to a file, synced every second."""

    def __init__(self) -> None:
        super().__init__("redis")
        self.port = free_port()
        self.password = secrets.token_hex(16)
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": self.folder,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "daemonize": "no",
        }
        self._configuration = self.folder / "redis.conf"
        self._configuration.write_text("".join(f"{name} {value}\n" for name, value in lines.items()), encoding="utf-8")
        self._configuration.chmod(0o600)

    @property
    def url(self) -> str:
        """Address of database 0, with the password."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return the server in the foreground."""
        return ["redis-server", str(self._configuration)]

    def serves(self) -> bool:
        """Return whether a client that knows the password is answered; not while the file is being read back."""
        try:
            with self.connect() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def connect(self) -> redis.Redis:
        """Return a client, to be closed by the caller."""
        return redis.Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=1)
