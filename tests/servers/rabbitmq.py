"""A RabbitMQ of one's own."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pika
from pika.adapters.blocking_connection import BlockingConnection
from pika.exceptions import AMQPError

from tests.servers.process import Server, answers, free_port, keeper

_PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # the one in the path insists on root or its own account
_CONFIGURATION = """\
listeners.tcp.default = 127.0.0.1:{port}
default_user = hososo
default_pass = {password}
# What the machine has is no measure: tests run in containers beside other things.
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = warning
log.file = false
"""


class RabbitMq(Server):
    """One RabbitMQ node on loopback, with a user `hososo` who needs a password, and a port mapper of its own."""

    def __init__(self) -> None:
        super().__init__("rabbitmq")
        self.port, self._epmd_port, self._dist_port = free_port(), free_port(), free_port()
        self.password = secrets.token_hex(16)
        configuration = self.folder / "rabbitmq.conf"
        configuration.write_text(_CONFIGURATION.format(port=self.port, password=self.password), encoding="utf-8")
        configuration.chmod(0o600)
        (self.folder / "enabled_plugins").write_text("[].\n", encoding="ascii")
        self._port_mapper: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the virtual host `/`, with the password."""
        return f"amqp://hososo:{self.password}@127.0.0.1:{self.port}/%2F"

    def command(self) -> list[str]:
        """Return the Erlang server in the foreground."""
        return [_PROGRAM]

    def environment(self) -> Mapping[str, str]:
        """Return where everything of this node is."""
        return {
            **self._mapped(),
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the server instead of waiting for it
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "none.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2",
        }

    def start(self, seconds: float = 60) -> None:
        """Start the port mapper when it does not run, then the node."""
        if self._port_mapper is None:
            call = ["epmd", "-address", "127.0.0.1", "-port", str(self._epmd_port)]
            self._port_mapper = subprocess.Popen(call, stdin=subprocess.DEVNULL, start_new_session=True)
            self._mapper_keeper = keeper(self._port_mapper.pid, self.folder)
        super().start(seconds)

    def serves(self) -> bool:
        """Return whether a client can log in and open a channel."""
        if not answers(self.port):
            return False
        try:
            connection = self.connect()
            connection.channel()
            connection.close()
        except (AMQPError, OSError):
            return False
        return True

    def connect(self) -> BlockingConnection:
        """Return a connection, to be closed by the caller."""
        parameters = pika.URLParameters(self.url)
        parameters.socket_timeout = parameters.blocked_connection_timeout = 5
        return BlockingConnection(parameters)

    def control(self, *words: str) -> str:
        """Run `rabbitmqctl` against this node and return what it prints; it takes a second or two."""
        folder = Path(_PROGRAM).parent
        call = [str(folder / "rabbitmqctl"), "--node", self._node, "--quiet", *words]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), **self._mapped()}
        return subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        """End the node and its port mapper and remove all that they stored."""
        super().close()
        if self._port_mapper is not None:
            for process in (self._mapper_keeper, self._port_mapper):
                process.kill()
                process.communicate()

    @property
    def _node(self) -> str:
        return f"hososo{self.port}@localhost"

    def _mapped(self) -> dict[str, str]:
        return {"ERL_EPMD_PORT": str(self._epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
