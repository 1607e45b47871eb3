"""Serving an application on one address until the process is told to stop."""

from __future__ import annotations

import re
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from dossier.errors import Code, Rejected, Unavailable

_ADDRESS = re.compile(r"(?:\[(?P<inner>[0-9a-fA-F:.]+)\]|(?P<host>[\w.-]+)):(?P<port>[0-9]{1,5})")
_LAST_PORT = 0xFFFF
_CONNECTIONS = 400
_KEEP_ALIVE_SECONDS = 5
_LAST_ANSWERS_SECONDS = 10
_HEADER_BYTES = 16 << 10


def listen_at(address: str) -> socket.socket:
    """Return a listening socket.

    Args:
        address: `HOST:PORT`; an IPv6 address stands in brackets. Port 0 takes a free one.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such address.
        Unavailable(ADDRESS_IN_USE): Somebody else listens there, or the address is not this machine's.
    """
    host, port = parted(address)
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as exc:
        raise Unavailable(Code.ADDRESS_IN_USE, type(exc).__name__, subject=address) from exc


def parted(address: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such address.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None or int(found["port"]) > _LAST_PORT:
        raise Rejected(Code.SETTINGS_INVALID, "HOST:PORT is wanted", subject="listen")
    return found["inner"] or found["host"], int(found["port"])


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files of a certificate, with its issuers, and of its key."""

    certificate: Path
    key: Path


def serve(app: ASGIApp, listening: socket.socket, *, tls: Tls | None = None) -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then may end, for at most ten seconds.

    A request waits in line for no other: beyond 400 connections (browsers keep some each) the answer is 503. Headers
    beyond 16 KiB are refused.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = uvicorn.Server(config)

    def stop(_number: int, _frame: object) -> None:
        # A signal that comes before the server minds signals must not be lost. The server raises the one that
        # stopped it once more when it is done: to end in order is no failure.
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.run(sockets=[listening])
