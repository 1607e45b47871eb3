"""A PDF file written front to back: objects as they come, the cross-reference table at the end."""

from __future__ import annotations

import errno
import hashlib
import zlib
from typing import BinaryIO

from dossier.errors import Code, Rejected, Unavailable
from rendition import syntax

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_OFFSET_LIMIT = 10**10  # a classic cross-reference entry has ten digits
_FULL = {errno.ENOSPC, errno.EDQUOT}


class PdfSink:
    """Writes indirect objects in any order to a stream that is never read nor moved.

    Attributes:
        size: Bytes written so far.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._offsets: list[int] = []
        self._digest = hashlib.sha256()
        self.size = 0
        self._write(_HEADER)

    def reserve(self) -> int:
        """Return the number of an object that will be written later."""
        self._offsets.append(0)
        return len(self._offsets)

    def put(self, body: bytes, obj: int | None = None) -> int:
        """Write an object, reserved or new, and return its number."""
        obj = self._begin(obj)
        self._write(body + b"\nendobj\n")
        return obj

    def stream(self, data: bytes, **entries: bytes) -> int:
        """Write a stream as it is, with the dictionary entries given, and return its number."""
        obj = self._begin(None)
        self._write(syntax.dictionary(**entries, Length=b"%d" % len(data)) + b"\nstream\n")
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return obj

    def deflated(self, data: bytes, **entries: bytes) -> int:
        """Write a compressed stream and return its number."""
        return self.stream(zlib.compress(data), **entries, Filter=b"/FlateDecode")

    def close(self, root: int, info: int) -> str:
        """Write table and trailer and return the hex SHA-256 of the file.

        The file identifier is taken from all bytes before the table: the same pages and metadata give the same file.
        """
        identifier = b"<" + self._digest.hexdigest()[:32].encode() + b">"
        start = self.size
        entries = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        count = len(self._offsets) + 1
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count + entries)
        trailer = syntax.dictionary(
            Size=b"%d" % count,
            Root=syntax.reference(root),
            Info=syntax.reference(info),
            ID=b"[" + identifier + identifier + b"]",
        )
        self._write(b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start)
        return self._digest.hexdigest()

    def _begin(self, obj: int | None) -> int:
        obj = self.reserve() if obj is None else obj
        if self.size >= _OFFSET_LIMIT:
            raise Rejected(Code.RENDITION_TOO_LARGE, f"more than {_OFFSET_LIMIT} bytes")
        self._offsets[obj - 1] = self.size
        self._write(b"%d 0 obj\n" % obj)
        return obj

    def _write(self, data: bytes) -> None:
        try:
            self._target.write(data)
        except OSError as exc:
            if exc.errno in _FULL:
                raise Unavailable(Code.DISK_FULL, "no space for the rendition") from exc
            raise
        self._digest.update(data)
        self.size += len(data)
