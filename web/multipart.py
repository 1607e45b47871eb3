"""Files that a browser sends with a form: written to the spool as they come, bounded, gone when the page is done."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from dossier.errors import Code, Rejected
from ingest.spool import Spool, full_is_told

FORM = "multipart/form-data"
_MOST_PARTS, _MOST_FIELD, _MOST_NAME = 300, 16 << 10, 2000
_SILENT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form.

    Attributes:
        name: As the browser calls it; whatever somebody likes.
        path: Where its bytes are until the page is done.
        sha256: Their digest.
        size: Their number.
    """

    name: str
    path: Path
    sha256: str
    size: int


@dataclass
class _Taking:
    """Takes a form apart as it comes."""

    spool: Spool
    largest: int
    fields: dict[str, str] = field(default_factory=dict)
    files: list[FormFile] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _said: dict[bytes, bytes] = field(default_factory=dict)
    _name: str = ""
    _value: bytearray = field(default_factory=bytearray)
    _stream: BinaryIO | None = None
    _file: str = ""
    _digest: Any = None
    _size: int = 0
    _parts: int = 0
    is_whole: bool = False

    def on_part_begin(self) -> None:
        """Begin a part."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise Rejected(Code.TOO_MANY_PAGES, f"more than {_MOST_PARTS} parts")
        self._said, self._value = {}, bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """Take the name of a header."""
        self._header[0].extend(data[start:end])

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """Take the value of a header."""
        self._header[1].extend(data[start:end])

    def on_header_end(self) -> None:
        """Take a header."""
        self._said[bytes(self._header[0]).lower()] = bytes(self._header[1])
        self._header = (bytearray(), bytearray())

    def on_headers_finished(self) -> None:
        """See what kind of part it is."""
        _kind, options = parse_options_header(self._said.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode(errors="replace")
        given = options.get(b"filename")
        if given is None:
            return
        self._file = given.decode(errors="replace")[:_MOST_NAME]
        path = self.spool.part(secrets.token_hex(12))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.paths.append(path)
        self._stream, self._digest, self._size = path.open("xb"), hashlib.sha256(), 0
        path.chmod(0o600)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take some of a part."""
        if self._stream is None:
            self._value.extend(data[start:end])
            if len(self._value) > _MOST_FIELD:
                raise Rejected(Code.REQUEST_INVALID, "too long")
            return
        self._size += end - start
        if self._size > self.largest:
            raise Rejected(Code.FILE_TOO_LARGE, f"more than {self.largest} bytes", subject=self._file[:60])
        self._stream.write(data[start:end])
        self._digest.update(data[start:end])

    def on_part_end(self) -> None:
        """End a part; a file field that nobody has filled has neither name nor bytes."""
        if self._stream is None:
            self.fields[self._name] = self._value.decode(errors="replace")
            return
        self._stream.close()
        self._stream = None
        if self._file:
            self.files.append(FormFile(self._file, self.paths[-1], self._digest.hexdigest(), self._size))

    def on_end(self) -> None:
        """See that nothing is missing."""
        self.is_whole = True

    def clear(self) -> None:
        """Remove what was written."""
        if self._stream is not None:
            self._stream.close()
        for path in self.paths:
            path.unlink(missing_ok=True)


@asynccontextmanager
async def form_of(
    request: Request, spool: Spool, largest: int
) -> AsyncIterator[tuple[dict[str, str], tuple[FormFile, ...]]]:
    """Give the fields and files of a form; the files are gone afterwards.

    Raises:
        Rejected: REQUEST_INVALID, no form, cut off or too long; FILE_TOO_LARGE; TOO_MANY_PAGES.
        Unavailable(SPOOL_FULL): The disk has no room for it.
    """
    _kind, options = parse_options_header(request.headers.get("content-type", ""))
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > spool.quota:
        raise Rejected(Code.FILE_TOO_LARGE, f"more than {spool.quota} bytes")
    spool.check_room(int(length))
    taking = _Taking(spool, largest)
    try:
        await _take(request, taking, options.get(b"boundary", b""))
        yield taking.fields, tuple(taking.files)
    finally:
        await run_in_threadpool(taking.clear)


async def _take(request: Request, taking: _Taking, boundary: bytes) -> None:
    names = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end", "headers_finished")
    callbacks: Any = {f"on_{name}": getattr(taking, f"on_{name}") for name in (*names, "end")}
    stream = request.stream()
    try:
        parser = MultipartParser(boundary, callbacks)
        while chunk := await asyncio.wait_for(anext(stream, b""), _SILENT_SECONDS):
            with full_is_told():
                await run_in_threadpool(parser.write, chunk)
    except (FormParserError, ClientDisconnect, TimeoutError, UnicodeError) as exc:
        raise Rejected(Code.REQUEST_INVALID, "no form") from exc
    if not taking.is_whole:
        raise Rejected(Code.REQUEST_INVALID, "cut off")
