"""Records: the objects in the archive store that tell of the others, found by how they begin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.access_log import ACCESS_MARK
from pipeline.manifest import MANIFEST_MARK
from pipeline.registering import IMPORT_MARK, OLD_IMPORT_MARK
from pipeline.sealing import SEAL_MARK
from pipeline.statements import STATEMENT_MARKS
from storage.port import ObjectStore

_BEGINNING = 64  # bytes
_THREADS, _AT_ONCE = 8, 256  # a store across a network answers slowly, but to several at once
_ALL = (MANIFEST_MARK, SEAL_MARK, ACCESS_MARK, IMPORT_MARK, OLD_IMPORT_MARK, *STATEMENT_MARKS)
_MARKS = {f'{{"#":"{mark}",'.encode(): mark for mark in _ALL}

_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


def records(store: ObjectStore) -> Iterator[tuple[str, ObjectRef]]:
    """Yield every object of a store with its mark; the mark is empty for what is no record. Constant memory."""
    for ref, mark in ask(store.list(), lambda ref: mark_of(ref.sha256, store)):
        yield mark, ref


def mark_of(sha256: str, store: ObjectStore) -> str:
    """Return which record an object is by its first bytes; empty when it is none, or is no longer there."""
    try:
        beginning = store.read(sha256, 0, _BEGINNING)
    except Rejected as exc:
        if exc.code is not Code.OBJECT_MISSING:
            raise
        return ""
    return next((mark for prefix, mark in _MARKS.items() if beginning.startswith(prefix)), "")


def read_record(sha256: str, store: ObjectStore) -> dict[str, Any]:
    """Return what a record says.

    Raises:
        Rejected(OBJECT_DAMAGED): Its bytes are not those of its name.
    """
    data = store.read(sha256)
    if of_bytes(data) != sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=sha256)
    value: dict[str, Any] = json.loads(data)
    return value


def ask(things: Iterable[_Asked], question: Callable[[_Asked], _Told]) -> Iterator[tuple[_Asked, _Told]]:
    """Yield things with the answer to a question about each, several asked at once, in their order."""
    rest = iter(things)
    with ThreadPoolExecutor(_THREADS) as pool:
        while some := list(islice(rest, _AT_ONCE)):
            yield from zip(some, pool.map(question, some), strict=True)
