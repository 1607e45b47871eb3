"""An archive store in front of another that misbehaves on purpose, through the public door."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import BinaryIO

from dossier.errors import Code, Unavailable
from dossier.model import ObjectRef
from storage.port import Capabilities, Lock, LockMode, ObjectStore


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong on the n-th call of a method, counted from 1.

    Attributes:
        call: Which call of the method; 0 means every call.
        error: Raised instead of the answer; with `after`, raised although the work was done (a lost answer).
        after: See `error`.
        truncate_to: For `open` and `read`: the answer ends after so many bytes, without any error.
    """

    call: int = 1
    error: Exception | None = None
    after: bool = False
    truncate_to: int | None = None


def disk_full(call: int = 1) -> Fault:
    """Return the fault of a full disk."""
    return Fault(call, Unavailable(Code.DISK_FULL, "ENOSPC"))


def unreachable(call: int = 1, *, after: bool = False) -> Fault:
    """Return the fault of a store that does not answer; `after`: the work was done, the answer got lost."""
    return Fault(call, Unavailable(Code.STORE_UNAVAILABLE, "ETIMEDOUT"), after=after)


class FaultyStore:
    """An `ObjectStore` that passes every call on, except where a fault is planned for its method's name."""

    def __init__(self, inner: ObjectStore, faults: Mapping[str, Fault]) -> None:
        self.inner = inner
        self.calls: Counter[str] = Counter()
        self._faults = dict(faults)

    def put(self, source: BinaryIO, media_type: str) -> ObjectRef:
        """Put, or fail as planned; on a planned failure before the work the source has been read to its end."""
        fault = self._due("put")
        if fault and fault.error and not fault.after:
            source.read()
            raise fault.error
        ref = self.inner.put(source, media_type)
        _raise_late(fault)
        return ref

    def mend(self, sha256: str, source: BinaryIO) -> ObjectRef:
        """Mend."""
        fault = self._start("mend")
        ref = self.inner.mend(sha256, source)
        _raise_late(fault)
        return ref

    def open(self, sha256: str) -> BinaryIO:
        """Open, possibly truncated."""
        fault = self._start("open")
        stream = self.inner.open(sha256)
        if fault is None or fault.truncate_to is None:
            return stream
        with stream:
            return io.BytesIO(stream.read(fault.truncate_to))

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> bytes:
        """Read, possibly truncated."""
        fault = self._start("read")
        data = self.inner.read(sha256, start, length)
        return data if fault is None or fault.truncate_to is None else data[: fault.truncate_to]

    def stat(self, sha256: str) -> ObjectRef | None:
        """Look up."""
        self._start("stat")
        return self.inner.stat(sha256)

    def list(self) -> Iterator[ObjectRef]:
        """List."""
        self._start("list")
        return self.inner.list()

    def verify(self, sha256: str) -> None:
        """Verify."""
        self._start("verify")
        self.inner.verify(sha256)

    def retain(self, sha256: str, until: date, mode: LockMode) -> Lock:
        """Retain."""
        fault = self._start("retain")
        lock = self.inner.retain(sha256, until, mode)
        _raise_late(fault)
        return lock

    def hold(self, sha256: str, *, on: bool) -> Lock:
        """Hold or lift the hold."""
        fault = self._start("hold")
        lock = self.inner.hold(sha256, on=on)
        _raise_late(fault)
        return lock

    def remove(self, sha256: str) -> None:
        """Remove."""
        fault = self._start("remove")
        self.inner.remove(sha256)
        _raise_late(fault)

    def sweep_temporaries(self, older_than: timedelta) -> int:
        """Sweep."""
        self._start("sweep_temporaries")
        return self.inner.sweep_temporaries(older_than)

    def capabilities(self) -> Capabilities:
        """Tell what the store behind guarantees."""
        return self.inner.capabilities()

    def _due(self, method: str) -> Fault | None:
        self.calls[method] += 1
        fault = self._faults.get(method)
        return fault if fault and fault.call in (0, self.calls[method]) else None

    def _start(self, method: str) -> Fault | None:
        fault = self._due(method)
        if fault and fault.error and not fault.after:
            raise fault.error
        return fault


def _raise_late(fault: Fault | None) -> None:
    if fault and fault.error and fault.after:
        raise fault.error
