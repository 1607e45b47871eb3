"""Every archive store takes the right bytes in the place of wrong ones, and loosens no lock by it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from storage import Lock, LockMode, ObjectStore, put_bytes
from tests.contract.object_stores import KINDS, STORES, TODAY, damage

ABSENT = of_bytes(b"never stored")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """A new, empty store of each kind."""
    return STORES[request.param](request, tmp_path)


@pytest.mark.parametrize("state", ["missing", "damaged", "whole"])
def test_mending(store: ObjectStore, state: str) -> None:
    """Whatever is there, afterwards the right bytes are, once."""
    digest = of_bytes(b"the page")
    if state != "missing":
        put_bytes(store, b"the page", "")
    if state == "damaged":
        damage(store, digest)
        with pytest.raises(Rejected):
            store.verify(digest)
    ref = store.mend(digest, io.BytesIO(b"the page"))
    assert ref == store.stat(digest)
    store.verify(digest)
    assert [found.sha256 for found in store.list()] == [digest]


def test_mending_takes_only_the_bytes_of_the_name(store: ObjectStore) -> None:
    """Bytes with another digest change nothing; a name that is no digest is no object."""
    digest = put_bytes(store, b"the page", "").sha256
    for name in (digest, ABSENT):
        with pytest.raises(Rejected) as told:
            store.mend(name, io.BytesIO(b"another page"))
        assert told.value.code is Code.OBJECT_DAMAGED
    assert store.read(digest) == b"the page"
    assert store.stat(ABSENT) is None
    with pytest.raises(Rejected) as told:
        store.mend("../../etc/passwd", io.BytesIO(b"another page"))
    assert told.value.code is Code.OBJECT_MISSING


@pytest.mark.parametrize("damaged", [False, True])
def test_mending_keeps_the_lock(store: ObjectStore, *, damaged: bool) -> None:
    """A mended object is retained and held as before, and goes when both are over and not earlier."""
    digest = put_bytes(store, b"the page", "").sha256
    store.retain(digest, TODAY + timedelta(days=9), LockMode.COMPLIANCE)
    store.hold(digest, on=True)
    if damaged:
        damage(store, digest)
    store.mend(digest, io.BytesIO(b"the page"))
    assert store.retain(digest, TODAY, LockMode.GOVERNANCE) == Lock(
        TODAY + timedelta(days=9), LockMode.COMPLIANCE, held=True
    )
    assert store.hold(digest, on=False).held is False
    with pytest.raises(Rejected) as told:
        store.remove(digest)
    assert told.value.code is Code.OBJECT_LOCKED


def test_a_mended_object_can_be_removed(store: ObjectStore) -> None:
    """Nothing of a mended object stays behind when it is removed, not the damaged bytes either."""
    digest = put_bytes(store, b"the page", "").sha256
    store.hold(digest, on=True)
    damage(store, digest)
    store.mend(digest, io.BytesIO(b"the page"))
    store.hold(digest, on=False)
    store.remove(digest)
    assert store.stat(digest) is None
    assert list(store.list()) == []
