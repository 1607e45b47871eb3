"""A sign of life of this host's supervisor, for whoever watches it from outside: an engine of containers, systemd."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dossier.digest import of_bytes
from hososo.home import Home

_EVERY_SECONDS = 5.0
MOST_SECONDS = 60.0
"""A supervisor looks around five times a second; one that has not for so long hangs, or its disk is full."""


@dataclass(slots=True)
class Heartbeat:
    """The time of a file in the home, which hosts and containers may share: each has a file of its own."""

    home: Home
    _next: float = field(default=0.0)

    def beat(self) -> None:
        """Say that the supervisor lives; costs nothing when it was said a moment ago."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY_SECONDS
        with suppress(OSError):  # a full disk must not end the workers; whoever watches sees that the sign is old
            self._path.touch()

    def stop(self) -> None:
        """Say that the supervisor has ended in order."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def fresh(self) -> bool:
        """Return whether a supervisor of this host has given its sign within the last minute."""
        try:
            age = time.time() - self._path.stat().st_mtime
        except OSError:
            return False
        return age < MOST_SECONDS

    @property
    def _path(self) -> Path:
        return self.home.root / "locks" / f"worker-{of_bytes(socket.gethostname().encode())[:16]}"
