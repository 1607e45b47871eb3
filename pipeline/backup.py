"""Backup: the catalogue as it is at one moment, and every object that it knows, into a folder; while others work.

Objects are content-addressed there as in the archive, so a further backup copies only what is new, and the folder can
serve as the second copy from which damaged objects are mended. Never copied: the holding area, and keys.
"""

from __future__ import annotations

import fcntl
import heapq
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import rmtree

from catalog import chores, objects, portable
from dossier.errors import Code, HososoError, Rejected, Unavailable
from pipeline.backup_parts import (
    CATALOGUES,
    backups,
    new_manifest,
    remove_unfinished,
    rows_of,
    write_manifest,
    write_parts,
)
from pipeline.copying import Copied, copy_all
from pipeline.installation import Installation
from storage.disk import translated
from storage.port import ObjectStore

_HOLDER = "backup"
_NAME = "%Y%m%dT%H%M%S.%fZ"


@dataclass
class BackedUp:
    """What came of a backup.

    Attributes:
        name: Of this backup, by its time.
        rows: In all tables.
        objects: Known to the catalogue, `bytes` long in all; `copied` of them were not in the folder before.
        absent: Objects that went with their last claim while the backup was being made: nobody misses them.
        faults: Digest and code of the objects that could not be copied.
        removed: How many earlier backups were removed, and `objects_removed` how many objects only they had.
    """

    name: str
    rows: int
    objects: int
    bytes: int
    copied: int = 0
    absent: list[str] = field(default_factory=list)
    faults: dict[str, Code] = field(default_factory=dict)
    removed: int = 0
    objects_removed: int = 0


def backup(
    source: Installation, target: Path, copies: ObjectStore, keep: int | None, tell: Callable[[int, int], None]
) -> BackedUp:
    """Make a backup in a folder that may hold earlier ones.

    Args:
        source: What is backed up.
        target: The folder.
        copies: The objects in that folder.
        keep: How many backups to keep, this one among them; None: all.
        tell: Is told how many objects of how many have been looked at.

    Raises:
        Unavailable: DISK_FULL, STORE_UNAVAILABLE, CATALOGUE_BUSY: there is no new backup, the earlier ones stand;
            FOLDER_BUSY when another backup is being made there.
    """
    with _alone(target):
        remove_unfinished(target)
        folder = target / CATALOGUES / source.clock().strftime(_NAME)
        try:
            done = _make(source, folder, copies, tell)
        except HososoError:
            with suppress(OSError):  # the next backup removes what is left
                rmtree(folder)
            raise
        if keep is not None:
            done.removed, done.objects_removed = _keep_only(keep, target, copies)
        return done


def _make(source: Installation, folder: Path, copies: ObjectStore, tell: Callable[[int, int], None]) -> BackedUp:
    """Write the tables first: what they name is claimed, and stays while it is copied."""
    parts = write_parts(source.catalogue, folder)
    manifest = new_manifest(parts, folder)
    done = BackedUp(folder.name, sum(part.rows for part in parts.values()), manifest.objects, manifest.bytes)
    named = ((row["sha256"], row["size"]) for row in rows_of(folder, portable.OBJECTS))
    for count, (digest, outcome) in enumerate(copy_all(named, source.store, copies, check=False), start=1):
        tell(count, manifest.objects)
        if isinstance(outcome, Code):
            _note_fault(digest, outcome, source, done)
        elif outcome is Copied.NOW:
            done.copied += 1
    faults = {digest: code.value for digest, code in done.faults.items()}
    write_manifest(folder, replace(manifest, absent=done.absent, faults=faults))
    if not faults:
        _note_done(source)
    return done


def _note_done(source: Installation) -> None:
    """Note when the last whole backup was made: whoever watches the installation is told when it was long ago."""
    with source.catalogue.write() as tx:
        chores.take(tx, "backup", _HOLDER, source.clock(), every=0, lease=0)
        chores.done(tx, "backup", _HOLDER, source.clock())


def _note_fault(digest: str, code: Code, source: Installation, done: BackedUp) -> None:
    if code is Code.OBJECT_MISSING:
        with source.catalogue.read() as tx:
            if objects.find(tx, digest) is None:
                done.absent.append(digest)
                return
    done.faults[digest] = code


def _keep_only(keep: int, target: Path, copies: ObjectStore) -> tuple[int, int]:
    """Remove all but the newest backups, and the objects that no backup names any more; return how many of each."""
    every = backups(target)
    old = every[:-keep]
    with translated():
        for folder in old:
            rmtree(folder)
    if not old:
        return 0, 0
    return len(old), _remove_unnamed(backups(target), copies)


def _remove_unnamed(kept: list[Path], copies: ObjectStore) -> int:
    """Remove objects that no backup names: both lists are in order of digest, so neither is ever held whole."""
    named = heapq.merge(*(_digests(folder) for folder in kept))
    needed = next(named, "")
    removed = 0
    for ref in copies.list():
        while needed and needed < ref.sha256:
            needed = next(named, "")
        if needed != ref.sha256:
            removed += _removed(ref.sha256, copies)
    return removed


def _removed(digest: str, copies: ObjectStore) -> bool:
    try:
        copies.remove(digest)
    except Rejected as exc:
        if exc.code is not Code.OBJECT_LOCKED:
            raise
        return False
    return True


def _digests(folder: Path) -> Iterator[str]:
    yield from (row["sha256"] for row in rows_of(folder, portable.OBJECTS))


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the lock of a backup's folder.

    Raises:
        Unavailable(FOLDER_BUSY): Another backup is being made there.
    """
    with translated():
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        (target / CATALOGUES).mkdir(exist_ok=True, mode=0o700)
        descriptor = os.open(target / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as exc:
        raise Unavailable(Code.FOLDER_BUSY, subject=target.name) from exc
    finally:
        os.close(descriptor)
