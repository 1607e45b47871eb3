"""Clocks: leases are told by the clocks of several hosts, so a host whose clock went wrong takes and judges nothing."""

from __future__ import annotations

import time

import structlog

from catalog import Catalogue

MOST_SKEW = 2.0
"""Seconds between the clocks of a host and the catalogue's server; a lease is five times as long."""
_EVERY_SECONDS = 2.0
_log = structlog.get_logger("hososo")


class ClockWatch:
    """Holds this host's clock against that of the catalogue's server, now and then, as long as a process runs.

    A clock that is set forward would find the lease of everybody run out; one that is set back would claim with leases
    that are over at once. Either way items would count one dead worker after the other until they are poison.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._next = 0.0
        self._right = True

    def is_right(self) -> bool:
        """Return whether the clock was right when it was looked at last, at most two seconds ago.

        Raises:
            Unavailable: The catalogue is away.
        """
        if time.monotonic() >= self._next:
            asked = time.monotonic()
            skew = self._catalogue.clock_skew()
            answered = time.monotonic()
            self._next = answered + _EVERY_SECONDS
            self._note(skew, unsure=(answered - asked) / 2)
        return self._right

    def _note(self, skew: float, *, unsure: float) -> None:
        right = abs(skew) - unsure <= MOST_SKEW  # a slow answer is no wrong clock
        if self._right and not right:
            _log.error("this host's clock is wrong, it takes nothing up", seconds=round(skew, 1))
        elif right and not self._right:
            _log.info("this host's clock is right again")
        self._right = right
