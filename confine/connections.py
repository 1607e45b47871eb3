"""Connections to servers of others: TLS is verified, and each is cut when its time is over, whatever is waited for."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

OWN = ("127.0.0.1", "::1", "localhost")
"""Names of this machine: what never leaves it needs no TLS."""
FAULTS = (OSError, http.client.HTTPException, ValueError, AttributeError)
"""What a broken or cut connection raises.

AttributeError: it was cut while the standard library was about to use its socket.
"""
_CUT_AGAIN = 0.1


def connection_to(url: str, authorities: Path | None, seconds: float) -> http.client.HTTPConnection:
    """Return a connection, not yet opened, to the server of an address.

    Args:
        url: `https://…`; `http://` for this machine only.
        authorities: PEM file of the authorities to believe; None: those of the system.
        seconds: Longest wait for one answer of the network.

    Raises:
        ValueError: The address is none that may be talked to.
        OSError: The file of authorities cannot be read, or is none.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https" and host:
        context = ssl.create_default_context(cafile=str(authorities) if authorities else None)
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    if parts.scheme == "http" and host in OWN:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    raise ValueError("https:// is wanted")


def target_of(url: str) -> str:
    """Return what is asked for on a connection: path and query of an address."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@contextmanager
def bounded(connection: http.client.HTTPConnection, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Open a connection and give it; it is cut when the time is over, and closed at the end."""
    ended, sockets = threading.Event(), list[socket.socket]()

    def cut() -> None:
        if ended.wait(seconds):
            return
        while not ended.wait(_CUT_AGAIN):  # while TLS is being agreed upon, the socket changes hands
            for each in (*sockets, connection.sock):
                if each is not None:
                    with suppress(OSError):
                        socket.socket.shutdown(each, socket.SHUT_RDWR)  # whoever waits for it is told so

    threading.Thread(target=cut, name="cutter", daemon=True).start()
    try:
        connection.connect()
        sockets.append(connection.sock)  # the connection forgets it before the answer is read
        yield connection
    finally:
        ended.set()
        connection.close()
