"""Whether a PIN may be tried: a wrong one is tried once, and then no more until a person has acted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from dossier.errors import Code, Unavailable

SHUTTING = (Code.PIN_WRONG, Code.TOKEN_SILENT)
"""What shuts: a PIN that was refused, and a login of which nobody knows how it ended."""


class PinGuard(Protocol):
    """Remembers, for all who use a token, that its PIN was refused."""

    def trying(self, serial: str, stamp: str) -> AbstractContextManager[None]:
        """Return a context in which a PIN may be tried, by one at a time; an error in `SHUTTING` is remembered.

        Args:
            serial: The token's serial number.
            stamp: See `PinSource.stamp`: a refusal counts for this stamp only.

        Raises:
            Unavailable(PIN_WRONG): It was refused before; nothing was tried now.
        """
        ...


class OneTry:
    """A `PinGuard` for one process, where a person is asked for the PIN."""

    def __init__(self) -> None:
        self._shut: set[tuple[str, str]] = set()

    @contextmanager
    def trying(self, serial: str, stamp: str) -> Iterator[None]:
        """See `PinGuard`."""
        if (serial, stamp) in self._shut:
            raise Unavailable(Code.PIN_WRONG, "refused before, not tried again")
        try:
            yield
        except Unavailable as exc:
            if exc.code in SHUTTING:
                self._shut.add((serial, stamp))
            raise
