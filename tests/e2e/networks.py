"""Networks of hosts: each host behind a cable of its own that a test can pull out.

As root on Linux a host gets a network namespace with one virtual cable to the machine that the servers run on; pulling
it makes packets vanish, as at a pulled plug. Elsewhere hosts are separate process trees, and their ways to the servers
fall silent instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers.proxy import FaultProxy

_FIRST_NET = 77


@dataclass
class Cable:
    """A host's only way to the servers.

    Attributes:
        before: What a command line on this host begins with.
        address: Where the servers are, seen from the host.
        ports: Port there by port of the server.
        kind: What it is, in words.
    """

    before: tuple[str, ...]
    address: str
    ports: dict[int, int]
    kind: str
    _device: str = ""
    _proxies: list[FaultProxy] = field(default_factory=list)

    def pull(self) -> None:
        """Let nothing through any more, and end nothing."""
        if self._device:
            _ip("link", "set", self._device, "down")
        for proxy in self._proxies:
            proxy.silence()

    def plug_in(self) -> None:
        """Let everything through again."""
        if self._device:
            _ip("link", "set", self._device, "up")
        for proxy in self._proxies:
            proxy.forward()


def namespaces_work() -> bool:
    """Return whether this machine lets us make network namespaces."""
    name = f"hososo-try-{os.getpid()}"
    try:
        _ip("netns", "add", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    _ip("netns", "delete", name)
    return True


@contextmanager
def cable(number: int, server_ports: list[int]) -> Iterator[Cable]:
    """Give the cable of a host to the servers on these loopback ports."""
    with ExitStack() as stack:
        if namespaces_work():
            yield _namespace(number, server_ports, stack)
        else:
            proxies = [stack.enter_context(FaultProxy(port)) for port in server_ports]
            ports = {proxy.target_port: proxy.port for proxy in proxies}
            yield Cable((), "127.0.0.1", ports, "separate process trees", "", proxies)


def _namespace(number: int, server_ports: list[int], stack: ExitStack) -> Cable:
    name, device = f"hososo-{os.getpid()}-{number}", f"hso{os.getpid() % 100_000}n{number}"
    here, there = f"10.{_FIRST_NET + number}.{os.getpid() % 250}.1", f"10.{_FIRST_NET + number}.{os.getpid() % 250}.2"
    _ip("netns", "add", name)
    stack.callback(_ip, "netns", "delete", name)
    _ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", name)
    _ip("address", "add", f"{here}/30", "dev", device)
    _ip("link", "set", device, "up")
    for words in (
        ("address", "add", f"{there}/30", "dev", "eth0"),
        ("link", "set", "eth0", "up"),
        ("link", "set", "lo", "up"),
    ):
        _ip("-netns", name, *words)
    ports = {port: stack.enter_context(_forwarded(here, port)) for port in server_ports}
    return Cable(("ip", "netns", "exec", name), here, ports, "network namespaces", device)


def _ip(*words: str) -> None:
    subprocess.run([shutil.which("ip") or "/usr/sbin/ip", *words], check=True, capture_output=True)


@contextmanager
def _forwarded(address: str, port: int) -> Iterator[int]:
    """Let the servers, which listen on loopback only, be reached at another address of this machine."""
    listener = socket.create_server((address, 0), backlog=64)
    threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, port: int) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # the listener is closed
            return
        threading.Thread(target=_join, args=(client, port), daemon=True).start()


def _join(client: socket.socket, port: int) -> None:
    """Carry bytes both ways until both sides have ended; a server that is away ends the client's side at once."""
    with client, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=_carry, args=(server, client), daemon=True)
        back.start()
        _carry(client, server)
        back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    for side in (source, target):
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
