"""The store that misbehaves does so as planned, or tests that rely on it prove nothing."""

from __future__ import annotations

import pytest

from dossier.errors import Code, Unavailable
from storage import put_bytes
from storage.memory import MemoryObjectStore
from tests.fakes.faulty_store import Fault, FaultyStore, disk_full, unreachable


def test_the_planned_call_fails_and_the_others_work() -> None:
    """The second put meets a full disk; the first and the third do not."""
    store = FaultyStore(MemoryObjectStore(), {"put": disk_full(2)})
    put_bytes(store, b"one", "")
    with pytest.raises(Unavailable) as told:
        put_bytes(store, b"two", "")
    assert told.value.code is Code.DISK_FULL
    put_bytes(store, b"three", "")
    assert {ref.size for ref in store.list()} == {3, 5}


def test_an_answer_that_got_lost_has_done_its_work() -> None:
    """The put fails for its caller although the object is there; the repeated put heals it."""
    store = FaultyStore(MemoryObjectStore(), {"put": unreachable(after=True)})
    with pytest.raises(Unavailable):
        put_bytes(store, b"one", "")
    assert len(list(store.list())) == 1
    assert put_bytes(store, b"one", "").size == 3


def test_truncated_reads() -> None:
    """Bytes that end early, without any error."""
    store = FaultyStore(MemoryObjectStore(), {"read": Fault(truncate_to=2), "open": Fault(call=0, truncate_to=1)})
    ref = put_bytes(store, b"scan", "")
    assert store.read(ref.sha256) == b"sc"
    assert store.read(ref.sha256) == b"scan"
    with store.open(ref.sha256) as stream:
        assert stream.read() == b"s"
