"""Whether a file is finished: by its name, its quiet, its end, and whether somebody writes it.

Quiet is measured with this machine's own clock that only runs forward. The time that a share gives a file says only
whether it is another one than before: clocks of shares differ.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dossier.digest import of_file
from station.endings import Ending, ending


class Finished(StrEnum):
    """What a look at a file says; the values are words of the catalogue."""

    YES = "yes"
    WRITING = "writing"  # it has changed lately, or is open
    CUT = "cut"  # quiet, and without its end
    GONE = "gone"


@dataclass(slots=True)
class _Sight:
    size: int
    mtime_ns: int
    since: float
    ending: Ending | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One file as it lies in a hot folder; `name` is relative to the folder of its dossier, with `/`."""

    path: Path
    name: str
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Watch:
    """What was seen of each file so far, in this process."""

    stable_seconds: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, _Sight] = field(default_factory=dict)

    def quiet(self, file: Found) -> float:
        """Return for how many seconds a file has not changed."""
        return self.clock() - self._sight(file).since

    def finished(self, file: Found) -> Finished:
        """Return whether a file is finished."""
        sight = self._sight(file)
        if self.clock() - sight.since < self.stable_seconds:
            return Finished.WRITING
        try:
            if sight.ending is None:
                sight.ending = ending(file.path)
            if sight.ending is Ending.CUT or file.size == 0:
                return Finished.CUT
            return Finished.WRITING if is_open_elsewhere(file.path) else Finished.YES
        except FileNotFoundError:
            return Finished.GONE
        except OSError:  # in use, on Windows
            return Finished.WRITING

    def has_digest(self, file: Found, sha256: str) -> bool:
        """Return whether the bytes of a file are the ones that a manifest states: finished then, whatever else."""
        sight = self._sight(file)
        try:
            sight.sha256 = sight.sha256 or of_file(file.path)[0]
        except OSError:
            return False
        return sight.sha256 == sha256

    def forget_all_but(self, paths: Collection[str]) -> None:
        """Forget files that are no longer there."""
        self._seen = {path: sight for path, sight in self._seen.items() if path in paths}

    def _sight(self, file: Found) -> _Sight:
        known = self._seen.get(str(file.path))
        if known is None or (known.size, known.mtime_ns) != (file.size, file.mtime_ns):
            known = self._seen[str(file.path)] = _Sight(file.size, file.mtime_ns, self.clock())
        return known


def is_open_elsewhere(path: Path) -> bool:
    """Return whether a process of this machine has a file open for writing, as far as the system tells.

    Linux tells by refusing a lease; other file systems than its own know none. Windows refuses to rename what is open,
    which claiming meets.
    """
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - this system only

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as exc:
        return exc.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
