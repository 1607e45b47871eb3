"""The memory of refused PINs, shared by all worker processes of a host and kept over restarts."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import Code, Unavailable
from signing.pin_guard import SHUTTING


@dataclass(frozen=True, slots=True)
class FilePinGuard:
    """A `signing.pin_guard.PinGuard` over a folder: one file a token, which is there while its PIN counts as refused.

    A host has several worker processes, and a token allows few tries: without a common memory each worker would use
    one up. The file holds the stamp of the PIN's source, so that a corrected PIN file is tried again by itself.
    """

    folder: Path

    @contextmanager
    def trying(self, serial: str, stamp: str) -> Iterator[None]:
        """See `PinGuard`."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / hashlib.sha256(serial.encode()).hexdigest()[:16]
        with self._alone():
            if path.exists() and path.read_text(encoding="ascii") == stamp:
                raise Unavailable(Code.PIN_WRONG, "refused before, not tried again")
            try:
                yield
            except Unavailable as exc:
                if exc.code in SHUTTING:
                    path.write_text(stamp, encoding="ascii")
                raise
            path.unlink(missing_ok=True)

    def forgive(self) -> int:
        """Forget all refusals, because a person has corrected the PIN; return how many there were."""
        found = [path for path in self.folder.glob("*") if path.name != "lock"]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
