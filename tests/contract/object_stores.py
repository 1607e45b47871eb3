"""The archive stores that keep the contract of `storage/port.py`. A new store is one more entry in STORES."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import ObjectStore
from storage.keys import object_key
from storage.local import LocalObjectStore
from storage.memory import MemoryObjectStore
from storage.s3 import S3ObjectStore
from tests.fakes.faulty_store import FaultyStore

TODAY = datetime.now(UTC).date()  # a server has the real clock
STORES: dict[str, Callable[[pytest.FixtureRequest, Path], ObjectStore]] = {
    "memory": lambda *_: MemoryObjectStore(today=lambda: TODAY),
    "local": lambda _, folder: LocalObjectStore(folder / "store", today=lambda: TODAY),
    "faultless fake": lambda *_: FaultyStore(MemoryObjectStore(today=lambda: TODAY), {}),
    "s3": lambda request, folder: S3ObjectStore(
        request.getfixturevalue("s3_server").make_bucket(locked=True), folder / "scratch"
    ),
}
KINDS = [pytest.param(kind, marks=pytest.mark.server if kind == "s3" else ()) for kind in STORES]


def damage(store: ObjectStore, digest: str) -> None:
    """Change the bytes of an object behind the store's back."""
    if isinstance(store, FaultyStore):
        damage(store.inner, digest)
    elif isinstance(store, MemoryObjectStore):
        store._objects[digest] = b"the pagf"
    elif isinstance(store, LocalObjectStore):
        path = store._root / object_key(digest)
        path.chmod(0o600)
        path.write_bytes(b"the pagf")
    elif isinstance(store, S3ObjectStore):
        md5 = base64.b64encode(hashlib.md5(b"the pagf", usedforsecurity=False).digest()).decode()
        assert store.client.put(object_key(digest), b"the pagf", md5, if_absent=False)
    else:
        raise NotImplementedError(type(store))
