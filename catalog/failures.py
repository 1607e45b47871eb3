"""What the database says when it cannot: told as what a person or a worker can do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from dossier.errors import Code, Unavailable

# SQLSTATE codes of PostgreSQL and their classes (PostgreSQL documentation, appendix A).
_DISK_FULL = ("53100",)
_REFUSED = ("28", "3D000", "42501")  # who we are, which database, what we may
_BUSY = (
    "08",  # connection lost or never made
    "25P03",  # stood still in a transaction
    "25006",  # a standby
    "40",  # deadlock, serialisation
    "53",  # out of connections or memory
    "55P03",  # waited too long for a lock
    "57",  # shut down, starting up, took too long
    "58",  # its disks
)
# A connection that is refused has no SQLSTATE; a server that answers in another language is taken for a busy one.
_TOLD_REFUSED = ("authentication failed", "no password", "does not exist", "no pg_hba.conf entry", "permission denied")
_TOLD_FULL = ("disk is full", "disk I/O")
_TOLD_BUSY = ("locked", "busy", "unable to open")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database raises into errors of ours; what is a bug stays what it is, without its values."""
    try:
        yield
    except NoConnectionFreeError as exc:
        raise Unavailable(Code.CATALOGUE_BUSY, "no connection free") from exc
    except DBAPIError as exc:
        found = _unavailable(exc)
        if found is None:
            _forget_values(exc)
            raise
        raise found from None


def _unavailable(exc: DBAPIError) -> Unavailable | None:
    state = getattr(exc.orig, "sqlstate", None)
    code = _by_state(state) if state else _by_words(exc)
    if code is None:
        return None
    # The driver's own words quote what was to be stored; only those about a connection are harmless.
    told = f"{type(exc.orig).__name__} {state}" if state else str(exc.orig).rpartition("failed: ")[2].partition("\n")[0]
    return Unavailable(code, told)


def _by_state(state: str) -> Code | None:
    for code, states in (
        (Code.DISK_FULL, _DISK_FULL),
        (Code.CATALOGUE_REFUSED, _REFUSED),
        (Code.CATALOGUE_BUSY, _BUSY),
    ):
        if state.startswith(states):
            return code
    return None


def _by_words(exc: DBAPIError) -> Code | None:
    told = str(exc.orig)
    if any(words in told for words in _TOLD_FULL):
        return Code.DISK_FULL
    if type(exc.orig).__module__.startswith("sqlite3"):
        return Code.CATALOGUE_BUSY if any(words in told for words in _TOLD_BUSY) else None
    if not exc.connection_invalidated and not isinstance(exc, OperationalError | InterfaceError):
        return None
    return Code.CATALOGUE_REFUSED if any(words in told for words in _TOLD_REFUSED) else Code.CATALOGUE_BUSY


def _forget_values(exc: DBAPIError) -> None:
    """Cut off the lines of a message that quote stored values: they would end in the log with the traceback."""
    exc.args = tuple(str(each).partition("\n")[0] for each in exc.args)
    if exc.orig is not None:
        exc.orig.args = tuple(str(each).partition("\n")[0] for each in exc.orig.args)
