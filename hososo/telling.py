"""Telling how far a long command is: a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable

_SECONDS = 10.0


def now_and_then(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Return a function that tells how many things of how many are done, unless it has told so a moment ago."""
    due = time.monotonic() + _SECONDS

    def throttled(done: int, total: int) -> None:
        """Tell, or not."""
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _SECONDS
            tell(done, total)

    return throttled
