"""Retention and holds of the local store: one small JSON record per locked object, beside the tree of bytes.

The record is kept by convention: it stops this product, not the owner of the files and not root. Real write-once
storage is an object-lock bucket. The record fails closed: one that cannot be understood counts as a lock.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from dossier.digest import canonical
from dossier.errors import Code, Rejected
from storage.disk import make_folder, replace_durably, translated
from storage.keys import fanned
from storage.port import Lock, LockMode


class LockRecords:
    """The lock records below one folder; changes of all processes on this machine take turns."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self._root = root
        self._scratch = scratch

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the one right to change locks or remove objects; the system frees it when the process dies."""
        with translated():
            descriptor = os.open(self._root / "turn", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            with translated():
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def get(self, sha256: str) -> Lock:
        """Return the lock of an object; the empty lock when it has no record.

        Raises:
            Rejected: OBJECT_LOCKED; the record is damaged, a person has to look at it.
        """
        with translated():
            try:
                data = self._path(sha256).read_bytes()
            except FileNotFoundError:
                return Lock()
        try:
            return _parsed(json.loads(data))
        except (ValueError, TypeError, KeyError) as exc:
            raise Rejected(Code.OBJECT_LOCKED, "the lock record cannot be understood", subject=sha256) from exc

    def set(self, sha256: str, lock: Lock) -> Lock:
        """Store and return a lock."""
        path = self._path(sha256)
        with translated():
            make_folder(path.parent, self._root)
        until = lock.until.isoformat() if lock.until else ""
        record = {"held": lock.held, "mode": lock.mode.value, "until": until}
        replace_durably(path, canonical(record), self._scratch)
        return lock

    def drop(self, sha256: str) -> None:
        """Forget the lock of an object that is gone."""
        with translated():
            self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._root / f"{fanned(sha256)}.json"


def _parsed(record: dict[str, object]) -> Lock:
    until, held = str(record["until"]), record["held"]
    if not isinstance(held, bool):
        raise TypeError("held is true or false")
    return Lock(date.fromisoformat(until) if until else None, LockMode(str(record["mode"])), held)
