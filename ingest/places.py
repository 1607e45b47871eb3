"""Where the holding area's bytes lie: a few operations on small whole files, so that a folder or a bucket will do.

A place knows nothing of keys or contents: what it is given is sealed already. `tests/contract/test_holding.py` runs
every sentence of the protocol on each place.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from dossier.errors import Code, Rejected, Unavailable


class Place(Protocol):
    """Files by batch and name. A name is a word without dots, or a folder and a word: `key`, `data/0f3a`.

    A file is there whole or not at all. Every change is durable when the call returns and may be repeated. Any number
    of processes may work on one place, on any number of hosts if it is a bucket. Errors: Unavailable(DISK_FULL)
    without room, Unavailable(STORE_UNAVAILABLE) when the place fails otherwise; a Rejected or Unavailable of the
    caller's own pieces passes through, and nothing is put then.
    """

    def put_new(self, batch: str, name: str, data: bytes) -> bool:
        """Put a file unless the name is taken; return whether it was put. Of several callers one wins."""

    def put(self, batch: str, name: str, pieces: Iterable[bytes]) -> None:
        """Put a file of any size in bounded memory; it replaces an older one as a whole.

        Raises:
            Rejected: OBJECT_MISSING, where a place can tell that nothing was put into the batch by `put_new`.
        """

    def open(self, batch: str, name: str) -> AbstractContextManager[BinaryIO]:
        """Give a file for reading from its start to its end; `read(n)` gives fewer bytes than n only at the end.

        Raises:
            Rejected: OBJECT_MISSING when there is no such file.
        """

    def exists(self, batch: str, name: str) -> bool:
        """Return whether there is such a file."""

    def names(self, batch: str) -> list[str]:
        """Return the names of the whole files in a batch, in no promised order; none when there is no such batch."""

    def delete(self, batch: str, name: str) -> None:
        """Remove a file; nothing happens when it is not there."""

    def shred(self, batch: str, name: str) -> None:
        """Overwrite a small file with noise of its size, then remove it; nothing happens when it is not there."""

    def batches(self) -> list[str]:
        """Return the names at the top: batches of which anything is left, unfinished removals among them.

        One whose last file was deleted by itself may still be named until it is removed.
        """

    def remove(self, batch: str) -> None:
        """Remove all files of a batch, and what a killed `put` left in it."""


class FolderPlace:
    """A folder of this machine: `<root>/<batch>/<name>`, for its owner only.

    Args:
        root: The folder; made with mode 0700 when it is missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        with _translated():
            root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put_new(self, batch: str, name: str, data: bytes) -> bool:
        """See `Place`. The file is written aside and linked into its name, which never replaces."""
        path = self._root / batch / name
        with _translated():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._root / batch).chmod(0o700)
            draft = _draft(path)
            try:
                _write_new(draft, [data])
                os.link(draft, path)
            except FileExistsError:
                return False
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(path.parent)
            _sync_folder(self._root)
        return True

    def put(self, batch: str, name: str, pieces: Iterable[bytes]) -> None:
        """See `Place`."""
        path = self._root / batch / name
        draft = _draft(path)
        with _translated():
            try:
                self._make_parent(path)
                _write_new(draft, pieces)
                draft.replace(path)
            except FileNotFoundError as exc:
                raise Rejected(Code.OBJECT_MISSING, "the batch is gone") from exc
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(path.parent)

    @contextmanager
    def open(self, batch: str, name: str) -> Iterator[BinaryIO]:
        """See `Place`."""
        with _translated():
            try:
                stream = (self._root / batch / name).open("rb")
            except FileNotFoundError as exc:
                raise Rejected(Code.OBJECT_MISSING, "not in the holding area") from exc
        with stream:
            yield stream

    def exists(self, batch: str, name: str) -> bool:
        """See `Place`."""
        with _translated():
            return (self._root / batch / name).exists()

    def names(self, batch: str) -> list[str]:
        """See `Place`. A dot in the name makes a draft, which may be another process's work in progress."""
        folder = self._root / batch
        with _translated():
            found = [path for path in folder.rglob("*") if path.is_file() and not path.suffix]
        return [str(path.relative_to(folder)) for path in found]

    def delete(self, batch: str, name: str) -> None:
        """See `Place`."""
        path = self._root / batch / name
        with _translated(), suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def shred(self, batch: str, name: str) -> None:
        """See `Place`. On flash and copy-on-write media the old block may live on; an encrypted volume covers it."""
        path = self._root / batch / name
        with _translated(), suppress(FileNotFoundError):
            with path.open("r+b") as stream:
                stream.write(secrets.token_bytes(path.stat().st_size))
                stream.flush()
                os.fsync(stream.fileno())
            path.unlink()
            _sync_folder(path.parent)

    def batches(self) -> list[str]:
        """See `Place`."""
        with _translated():
            return [entry.name for entry in self._root.iterdir()]

    def remove(self, batch: str) -> None:
        """See `Place`."""
        folder = self._root / batch
        with _translated():
            while folder.exists():
                with suppress(FileNotFoundError):  # another process removes it too
                    shutil.rmtree(folder)
            _sync_folder(self._root)

    def _make_parent(self, path: Path) -> None:
        """Make the folder of a name inside a batch that is there: a late `put` must not bring a batch back."""
        with suppress(FileExistsError):
            path.parent.mkdir(mode=0o700)
            _sync_folder(path.parent.parent)


def _draft(path: Path) -> Path:
    return path.with_name(f"{path.name}.{secrets.token_hex(8)}")


def _write_new(path: Path, pieces: Iterable[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        full = exc.errno in {errno.ENOSPC, errno.EDQUOT}
        code = Code.DISK_FULL if full else Code.STORE_UNAVAILABLE
        raise Unavailable(code, f"holding area: {exc.strerror}") from exc
