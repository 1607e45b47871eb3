"""Questions to one scanner: every one bounded in time and size, every failure a code that a clerk understands."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dossier.errors import Code, Rejected, Unavailable
from station.escl import answers
from station.escl.answers import Capabilities, Status

_MOST_PAGE = 512 << 20
_PIECE = 1 << 16
_PAGE_SECONDS = 300.0
_OK, _CREATED = 200, 201
_BUSY, _CONFLICT = 503, 409


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and headers of an answer, its body where that was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Scanner:
    """One scanner.

    Attributes:
        url: Where it speaks eSCL, as `http://10.0.0.9/eSCL`. Scanners stand in the office's own network and most have
            no certificate that anybody knows; `https://` is verified.
        seconds: For how long it may be silent.
    """

    url: str
    seconds: float = 60.0

    def capabilities(self) -> Capabilities:
        """Return what it can do.

        Raises:
            Unavailable: SCANNER_UNREACHABLE; SCANNER_SLOW; SCANNER_FAULT.
        """
        return answers.capabilities(self._xml("ScannerCapabilities"))

    def status(self) -> Status:
        """Return how it is; errors as `capabilities`."""
        return answers.status(self._xml("ScannerStatus"))

    def begin(self, settings: bytes) -> str:
        """Begin a job; return its path.

        Raises:
            Unavailable: As `capabilities`; SCANNER_BUSY.
            Rejected(SCANNER_UNFIT): It cannot scan so.
        """
        reply = self._ask("POST", f"{self._base}/ScanJobs", settings, answers.LONGEST)
        if reply.status == _BUSY:
            raise Unavailable(Code.SCANNER_BUSY, "503 to a new job")
        if reply.status == _CONFLICT:
            raise Rejected(Code.SCANNER_UNFIT, "409 to a new job")
        path = urlsplit(reply.headers.get("location", "")).path  # another host that it names is not asked
        if reply.status != _CREATED or not path.startswith("/") or not path.isascii() or not path.isprintable():
            raise Unavailable(Code.SCANNER_FAULT, f"status {reply.status} to a new job")
        return path.rstrip("/")

    def next_page(self, job: str, target: Path) -> int:
        """Write the next page into a file; return the status: 200 with a page, 404 or 410 without, 503 not yet.

        Raises:
            Unavailable: As `capabilities`; SCANNER_CUT, it ends before its end.
        """
        return self._ask("GET", f"{job}/NextDocument", b"", _MOST_PAGE, target).status

    def delete(self, job: str) -> None:
        """End a job; a scanner that does not answer has none."""
        with suppress(Unavailable):
            self._ask("DELETE", job, b"", answers.LONGEST)

    @property
    def _base(self) -> str:
        return urlsplit(self.url).path.rstrip("/") or "/eSCL"

    def _xml(self, name: str) -> bytes:
        reply = self._ask("GET", f"{self._base}/{name}", b"", answers.LONGEST + 1)
        if reply.status != _OK:
            code = Code.SCANNER_BUSY if reply.status == _BUSY else Code.SCANNER_FAULT
            raise Unavailable(code, f"status {reply.status}")
        return reply.body

    def _ask(self, method: str, path: str, data: bytes, most: int, target: Path | None = None) -> Reply:
        connection = self._connection()
        try:
            connection.request(method, path, data or None, {"Content-Type": "text/xml", "Accept": "*/*"})
            with connection.getresponse() as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                if target is not None and response.status == _OK:
                    _write(response, target, most)
                    return Reply(response.status, headers)
                return Reply(response.status, headers, response.read(most))
        except TimeoutError as exc:
            raise Unavailable(Code.SCANNER_SLOW, "silent") from exc
        except http.client.IncompleteRead as exc:
            raise Unavailable(Code.SCANNER_CUT, "ended early") from exc
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise Unavailable(Code.SCANNER_UNREACHABLE, type(exc).__name__) from exc
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname or "", parts.port
        except ValueError as exc:
            raise Rejected(Code.SETTINGS_INVALID, "no address", subject="scanner") from exc
        if parts.scheme == "https" and host:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self.seconds, context=context)
        if parts.scheme == "http" and host:
            return http.client.HTTPConnection(host, port, timeout=self.seconds)
        raise Rejected(Code.SETTINGS_INVALID, "http:// or https:// is wanted", subject="scanner")


def _write(response: http.client.HTTPResponse, target: Path, most: int) -> None:
    """Write a body as it comes.

    Raises:
        http.client.IncompleteRead: It ends before its end.
        Unavailable: SCANNER_FAULT, it does not end; SCANNER_SLOW, it drips.
    """
    stated, written, until = response.length, 0, time.monotonic() + _PAGE_SECONDS
    with target.open("wb") as stream:
        while piece := response.read(_PIECE):
            written += len(piece)
            if written > most:
                raise Unavailable(Code.SCANNER_FAULT, "a page without end")
            if time.monotonic() > until:
                raise Unavailable(Code.SCANNER_SLOW, "drips")
            stream.write(piece)
    if stated is not None and written < stated:
        raise http.client.IncompleteRead(b"", stated - written)
