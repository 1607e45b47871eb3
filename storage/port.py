"""What the product asks of an archive store; `tests/contract/test_object_store.py` executes every sentence here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import BinaryIO, Protocol

from dossier.model import ObjectRef


class LockMode(StrEnum):
    """How hard a retention is: GOVERNANCE may be lifted by a store administrator, COMPLIANCE by nobody."""

    GOVERNANCE = "governance"
    COMPLIANCE = "compliance"


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock in force on one object. `until` is the last day of retention (UTC day); None = no retention."""

    until: date | None = None
    mode: LockMode = LockMode.GOVERNANCE
    held: bool = False

    def forbids_removal(self, today: date) -> bool:
        """Return whether the object may not be removed today."""
        return self.held or (self.until is not None and today <= self.until)

    def extended(self, until: date, mode: LockMode) -> Lock:
        """Return the lock with the later day and the stricter mode of both: a retention is never shortened."""
        strict = LockMode.COMPLIANCE in (mode, self.mode) if self.until else mode is LockMode.COMPLIANCE
        longest = until if self.until is None else max(until, self.until)
        return Lock(longest, LockMode.COMPLIANCE if strict else LockMode.GOVERNANCE, self.held)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a store really guarantees, for `doctor` and for reports.

    Attributes:
        name: Kind of store: `local`, `memory`, `s3`.
        enforces_locks: True only where the store itself refuses its own administrators (object lock). Where it is
            False, objects are write-once by convention and damage is evident by digest, no more than that.
        durable: An acknowledged put survives the loss of power.
    """

    name: str
    enforces_locks: bool
    durable: bool


class ObjectStore(Protocol):
    """Content-addressed bytes under `objects/ab/cd/<sha256>`.

    Idempotence: every call may be repeated, also by another process and also after a crash in the middle of it;
    the outcome is that of one call. Atomicity: an object is there whole or not at all; only `mend` replaces one, and
    only by the bytes of its own name.
    Errors: `Unavailable(DISK_FULL)` no room, nothing half-written is visible; `Unavailable(STORE_UNAVAILABLE)` the
    store cannot be reached, try later; `Unavailable` with STORE_REFUSED, BUCKET_MISSING or CLOCK_SKEW: a person has to
    set something right, then what waits goes on; `Rejected(OBJECT_MISSING)` no such object (also for a name that is no
    digest); `Rejected(OBJECT_DAMAGED)` the bytes are not those of the name; `Rejected(OBJECT_LOCKED)` the object is
    retained or held; `Rejected(FILE_TOO_LARGE)` more than this kind of store takes. What the caller's own `source`
    raises passes through unchanged.

    A store knows bytes, not their meaning: `ObjectRef.media_type` is what the caller gave in the answer of `put`
    and empty in the answers of `stat` and `list`; the catalogue keeps it.
    """

    def put(self, source: BinaryIO, media_type: str) -> ObjectRef:
        """Stream `source` from where it stands to its end into the store and return its name.

        The same bytes twice are one object: the second put writes nothing, and raises `Rejected(OBJECT_DAMAGED)`
        when the object that is there has another size. When it returns, the object is as durable as
        `capabilities()` says.
        """

    def mend(self, sha256: str, source: BinaryIO) -> ObjectRef:
        """Put the bytes of `source` in the place of an object that is damaged or missing, and return its name.

        They must be the bytes of that name: with any other digest nothing is changed and `Rejected(OBJECT_DAMAGED)`
        is raised. Readers see the old bytes or the new. The lock in force stays in force, without a gap.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Return the object as a seekable stream that the caller closes. Plain bytes: not verified on the way."""

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> bytes:
        """Return `length` bytes from `start`, fewer at the end, none beyond it; all from `start` without length.

        Raises:
            ValueError: `start` or `length` is negative.
        """

    def stat(self, sha256: str) -> ObjectRef | None:
        """Return name and size of an object, or None when there is none."""

    def list(self) -> Iterator[ObjectRef]:
        """Yield every object in no promised order, in constant memory; objects that come or go meanwhile may miss."""

    def verify(self, sha256: str) -> None:
        """Read the whole object and raise `Rejected(OBJECT_DAMAGED)` unless its bytes have its digest."""

    def retain(self, sha256: str, until: date, mode: LockMode) -> Lock:
        """Retain the object up to and including the day `until`; return the lock in force.

        Never shortens and never softens: the later day and the stricter mode win, so calls commute. A day that is
        over locks nothing; a store may tell it in locks or leave it out.
        """

    def hold(self, sha256: str, *, on: bool) -> Lock:
        """Put the object on hold, or lift the hold; return the lock in force. A hold has no end of its own."""

    def remove(self, sha256: str) -> None:
        """Remove the object and its lock record; nothing happens when it is not there.

        Whether anything still refers to the object is the catalogue's to know: bytes go with the last claim.
        """

    def sweep_temporaries(self, older_than: timedelta) -> int:
        """Remove what killed puts left behind, untouched for `older_than`; return how many pieces.

        What a living process still writes stays, whatever `older_than` is: a sweep may run beside puts.
        """

    def capabilities(self) -> Capabilities:
        """Return what this store guarantees."""


def put_bytes(store: ObjectStore, data: bytes, media_type: str) -> ObjectRef:
    """Put bytes that are already in memory."""
    return store.put(io.BytesIO(data), media_type)
