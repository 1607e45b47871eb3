"""A proxy on loopback that stands between a client and a server and spoils the way between them on demand."""

from __future__ import annotations

import re
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.servers.process import free_port

_TICK = 0.02
_PIECE = 1 << 16
_ERROR = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>InternalError</Code><Message>on purpose</Message></Error>'


@dataclass(frozen=True, slots=True)
class Way:
    """What happens to bytes on their way. One at a time is in force, for all connections, from when it is set.

    Attributes:
        open: False: connections are reset and new ones refused.
        silent: Nothing passes in either direction and nothing ends; what was sent meanwhile passes later.
        rate: Bytes a second in each direction; None: as fast as it goes.
        answer_bytes: How many bytes of each answer pass (an answer begins after bytes of the client); None: all.
        reset: How the connection ends after that: by a reset instead of in order.
    """

    open: bool = True
    silent: bool = False
    rate: int | None = None
    answer_bytes: int | None = None
    reset: bool = False


@dataclass(slots=True)
class Reply:
    """What the proxy answers itself, without asking the server, to the next HTTP requests of a kind.

    Attributes:
        status: HTTP status; 0: no answer of our own, the request passes.
        request: A pattern that the head of the request (line and headers) must contain; an empty one fits all.
        times: To how many requests.
        body: What comes with it.
        headers: More headers of the answer, each ended by a line break.
    """

    status: int = 500
    request: str = ""
    times: int = 1
    body: bytes = _ERROR
    headers: str = ""


class _Over(Exception):  # noqa: N818 - not an error: the connection ends here
    """The connection ends; the argument says whether by a reset."""


class FaultProxy:
    """Listens on a loopback port of its own and connects each client to `target_port`.

    Any protocol over TCP passes; replies of its own only fit HTTP/1.1. Faults are exact, not random: by count of
    bytes or requests. Setting a fault returns when it is in force for every connection.

    Args:
        target_port: Where the server listens on loopback; it need not be there yet.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = free_port()
        self.requests: list[str] = []  # heads of HTTP requests seen while replies were planned
        self._way = Way()
        self._replies: list[Reply] = []
        self._turn = threading.Condition()
        self._live = 0
        self._listener: socket.socket | None = None
        self._closed = False
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._listen()
        self._acceptor.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.cut()
        self._closed = True
        self._acceptor.join()

    def forward(self) -> None:
        """Let everything pass again, on the connections that are left and on new ones."""
        self._replies.clear()
        self._set(Way())

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self._set(Way(open=False))

    def silence(self) -> None:
        """Let nothing pass and nothing end, like a cable pulled out somewhere on the way."""
        self._set(Way(silent=True))

    def slow(self, rate: int) -> None:
        """Let so many bytes a second pass in each direction of each connection."""
        self._set(Way(rate=rate))

    def truncate(self, answer_bytes: int) -> None:
        """End each connection in order after so many bytes of an answer."""
        self._set(Way(answer_bytes=answer_bytes))

    def reset(self, answer_bytes: int) -> None:
        """Reset each connection after so many bytes of an answer."""
        self._set(Way(answer_bytes=answer_bytes, reset=True))

    def reply(self, *replies: Reply) -> None:
        """Answer the next HTTP requests that fit, each by the first reply that is not used up."""
        self._replies.extend(replies)

    def let_pass(self, times: int, request: str) -> None:
        """Let the next requests of a kind through to the server, whatever replies are planned after this call."""
        self._replies.append(Reply(0, request, times))

    def _set(self, way: Way) -> None:
        self._way = way
        if way.open and self._listener is None:
            self._listen()
        with self._turn:
            if not way.open:
                self._turn.wait_for(lambda: self._live == 0 and self._listener is None)

    def _listen(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        listener.settimeout(_TICK)
        self._listener = listener

    def _accept(self) -> None:
        while not self._closed:
            listener = self._listener
            if listener is None:
                time.sleep(_TICK)
            elif not self._way.open:
                listener.close()
                with self._turn:
                    self._listener = None
                    self._turn.notify_all()
            else:
                self._greet(listener)

    def _greet(self, listener: socket.socket) -> None:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            return
        with self._turn:
            self._live += 1
        threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target_port))
        except OSError:
            _end(client, reset=True)
        else:
            reset = _Connection(self, client, server).run()
            _end(client, reset=reset)
            _end(server, reset=reset)
        with self._turn:
            self._live -= 1
            self._turn.notify_all()


class _Connection:
    """One client and its server; one thread, so that nobody closes a socket that another reads."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._answered = 0
        self._between_requests = True

    def run(self) -> bool:
        """Carry bytes until either side ends or a fault says so; return whether it ends by a reset."""
        try:
            while True:
                for side in self._ready():
                    if data := side.recv(self._piece()):
                        self._carry(side, data)
                    else:
                        return False
        except _Over as over:
            return bool(over.args[0])
        except OSError:
            return True

    def _way(self) -> Way:
        while (way := self._proxy._way).silent:
            time.sleep(_TICK)
        if not way.open:
            raise _Over(True)  # noqa: FBT003 - see _Over
        return way

    def _ready(self) -> list[socket.socket]:
        self._way()
        ready, _, _ = select.select([self._client, self._server], [], [], _TICK)
        self._way()
        return list(ready)

    def _piece(self) -> int:
        rate = self._way().rate
        return _PIECE if rate is None else max(1, min(_PIECE, int(rate * _TICK)))

    def _carry(self, side: socket.socket, data: bytes) -> None:
        way = self._way()
        if way.rate:
            time.sleep(len(data) / way.rate)
        if side is self._server:
            self._pass_answer(data, way)
        elif not (self._between_requests and self._proxy._replies and self._replied(data)):
            self._between_requests = False
            self._answered = 0
            self._send(self._server, data)

    def _pass_answer(self, data: bytes, way: Way) -> None:
        self._between_requests = True
        left = len(data) if way.answer_bytes is None else max(0, way.answer_bytes - self._answered)
        self._answered += len(data)
        self._send(self._client, data[:left])
        if left < len(data):
            raise _Over(way.reset)

    def _replied(self, data: bytes) -> bool:
        """Answer a request ourselves where a reply is planned for it; return whether that was done."""
        head = data.partition(b"\r\n\r\n")[0].decode("latin-1")
        self._proxy.requests.append(head)
        reply = next((one for one in self._proxy._replies if one.times and re.search(one.request, head)), None)
        if reply is not None:
            reply.times -= 1
        if reply is None or not reply.status:
            return False
        length = re.search(r"(?im)^content-length: *(\d+)", head)
        missing = int(length[1]) + len(head) + 4 - len(data) if length else 0
        while missing > 0 and (more := self._client.recv(_PIECE)):
            missing -= len(more)
        kind = f"HTTP/1.1 {reply.status} On purpose\r\nContent-Type: application/xml\r\n{reply.headers}"
        body = b"" if head.startswith("HEAD ") else reply.body
        self._send(self._client, f"{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return True

    def _send(self, side: socket.socket, data: bytes) -> None:
        while data:
            self._way()
            _, writable, _ = select.select([], [side], [], _TICK)
            if writable:
                data = data[side.send(data[:_PIECE]) :]


def _end(side: socket.socket, *, reset: bool) -> None:
    if reset:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side.close()
