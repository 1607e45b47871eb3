"""Writing a file that gets its name only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dossier.errors import Code, Unavailable


@contextlib.contextmanager
def new_file(target: Path) -> Iterator[BinaryIO]:
    """Give an empty file, open for writing and reading, that becomes `target` at the end of the block, durably.

    Where the block raises there is no target, or the older one.

    Raises:
        Unavailable(DISK_FULL): There is no room.
    """
    descriptor, name = tempfile.mkstemp(prefix=".signing-", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            yield out
            out.flush()
            os.fsync(descriptor)
        draft.replace(target)
        _sync_folder(target.parent)
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(Code.DISK_FULL, "no room for the signed file") from exc
        raise
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and the rename is durable by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
