"""One agent at a time over one queue, on both systems; the lock ends with the process, however that ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dossier.errors import Code, Unavailable


@contextmanager
def alone_over(state: Path) -> Iterator[None]:
    """Be the only agent of a station while this lasts.

    Raises:
        Unavailable(STATION_BUSY): Another one runs.
    """
    with (state / "tram.lock").open("ab") as stream:
        try:
            _lock(stream)
        except OSError as exc:
            raise Unavailable(Code.STATION_BUSY, type(exc).__name__, subject=str(state)) from exc
        yield


def is_alone(state: Path) -> bool:
    """Return whether no agent runs."""
    try:
        with alone_over(state):
            return True
    except Unavailable:
        return False


def _lock(stream: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - this system only

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
