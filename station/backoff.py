"""When to try again: later each time, never all stations at once, by a clock that only runs forward."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_SHORTEST = 1.0
_LONGEST = 300.0
_MOST_DOUBLINGS = 16


@dataclass(slots=True)
class Backoff:
    """Waits of several things by name. A restart forgets them: the first try comes at once then."""

    clock: Callable[[], float] = time.monotonic
    shortest: float = _SHORTEST
    longest: float = _LONGEST
    chance: random.Random = field(default_factory=random.SystemRandom)
    _tries: dict[str, tuple[int, float]] = field(default_factory=dict)

    def is_due(self, name: str) -> bool:
        """Return whether it is time for a try."""
        return self.clock() >= self._tries.get(name, (0, 0.0))[1]

    def failed(self, name: str) -> float:
        """Note that a try has failed; return for how many seconds nothing is tried."""
        tries = self._tries.get(name, (0, 0.0))[0]
        whole = min(self.longest, self.shortest * 2 ** min(tries, _MOST_DOUBLINGS))
        wait: float = whole * self.chance.uniform(0.5, 1.0)
        self._tries[name] = tries + 1, self.clock() + wait
        return wait

    def done(self, name: str) -> None:
        """Note that it is over."""
        self._tries.pop(name, None)
