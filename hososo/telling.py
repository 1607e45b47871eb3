"""Telling how far a long command is: a line now and then, nothing for programs."""

from __future__ import annotations

import time
from collections.abc import Callable

from hososo.console import Console

_SECONDS = 10.0


def now_and_then(console: Console, key: str) -> Callable[[int, int], None]:
    """Return the function that a long command tells how many things of how many it has done."""
    due = time.monotonic() + _SECONDS

    def tell(done: int, total: int) -> None:
        """Print a line, unless the last one was a moment ago."""
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _SECONDS
            console.say(key, done=done, total=total)

    return tell
