"""A file whose large parts are lent instead of copied, so that judging holds no more memory for a larger file."""

from __future__ import annotations

import gc
import io
import mmap
from pathlib import Path
from typing import Any, cast

from pyhanko.pdf_utils.generic import StreamObject

_LARGE = 1 << 16


_read_data = StreamObject.read_data


def _read_copied(stream: Any, *args: Any, **keywords: Any) -> bytes:  # noqa: ANN401 - pyHanko's own
    if isinstance(stream._encoded_data, memoryview):  # noqa: SLF001 - decoders and asn1crypto want bytes
        stream._encoded_data = bytes(stream._encoded_data)  # noqa: SLF001
    return _read_data(stream, *args, **keywords)


StreamObject.read_data = _read_copied  # type: ignore[method-assign, assignment]


class LendingFile(io.BufferedReader):
    """A file opened for reading; what it is asked to read in one go beyond 64 KiB is a view of the file itself.

    pyHanko keeps the bytes of every stream it comes across, whether anybody looks into them or not: for a paper of
    hundreds of scanned pages that is the file once more. A view costs nothing until it is looked at.

    Args:
        path: The file; it must not shrink while it is open.

    Raises:
        OSError: It cannot be opened.
        MemoryError: It is larger than the address space that this process may use.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self._view = memoryview(_mapped(self.fileno()) if path.stat().st_size else b"")

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to `size` bytes; a large part comes as a view, which its reader uses like bytes."""
        if size is None or size < _LARGE:
            return super().read(size)
        start = self.tell()
        part = self._view[start : start + size]
        self.seek(start + len(part))
        return cast("bytes", part)


def _mapped(number: int) -> mmap.mmap:
    try:
        return mmap.mmap(number, 0, access=mmap.ACCESS_READ)
    except OSError:
        gc.collect()  # earlier files may be mapped still: pyHanko's readers are cycles
    try:
        return mmap.mmap(number, 0, access=mmap.ACCESS_READ)
    except OSError as exc:
        raise MemoryError("larger than the limit on memory") from exc
