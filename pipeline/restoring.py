"""Restore: an installation out of a backup, into an empty place; everything is checked before it is believed.

Objects come first, then the whole catalogue in one transaction, then chains and seals are checked. A restore that was
killed leaves objects and an empty catalogue, and is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from catalog import Transaction, events, filling, fixity, intakes, portable, renditions, rows, work
from dossier.errors import Code, Rejected
from pipeline.abandoning import abandon
from pipeline.access_checking import check_access_log
from pipeline.backup_parts import Manifest, backups, check_parts, read_manifest, rows_of
from pipeline.closing import close_at
from pipeline.copying import copy_all
from pipeline.installation import Installation
from pipeline.sealing import check_seals
from storage.port import ObjectStore


@dataclass
class Restored:
    """What came of a restore.

    Attributes:
        name: Of the backup.
        dossiers, objects: How many there are now.
        faults: Objects that the backup does not have, or not as they were, with the error's code.
        abandoned: Codes of dossiers whose delivery was under way and has to be digitised again.
        broken: Codes (or ids) of dossiers whose chain of events is not sound, and `seals` what is wrong with the seals,
            `access_log` with the access log.
    """

    name: str
    dossiers: int = 0
    objects: int = 0
    faults: dict[str, Code] = field(default_factory=dict)
    abandoned: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seals: str = ""
    access_log: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything that was archived is there and sound."""
        return not (self.faults or self.broken or self.seals or self.access_log)


def restore(
    source: Path, copies: ObjectStore, into: Installation, name: str, tell: Callable[[int, int], None]
) -> Restored:
    """Restore a backup into an installation that has never been used.

    Args:
        source: The folder of the backups.
        copies: The objects in that folder.
        into: Where to.
        name: Which backup; empty: the newest.
        tell: Is told how many objects of how many have been looked at.

    Raises:
        Rejected: BACKUP_INVALID (nothing was restored), CATALOGUE_IN_USE, CATALOGUE_VERSION.
        Unavailable: DISK_FULL, STORE_UNAVAILABLE, CATALOGUE_BUSY: run it again.
    """
    folder = _chosen(source, name)
    manifest = read_manifest(folder)
    check_parts(folder, manifest)
    _check_unused(into, copies)
    done = Restored(folder.name, objects=manifest.objects)
    done.faults = _copy_objects(folder, manifest, copies, into, tell)
    with filling.filled_anew(into.catalogue, manifest.schema) as tx:
        for table, part in manifest.parts.items():
            if portable.load(tx, table, rows_of(folder, table)) != part.rows:
                raise Rejected(Code.BACKUP_INVALID, "rows are missing", subject=f"{folder.name}/{table}")
        filling.bring_up(tx)
        done.abandoned = _settle(tx, set(manifest.absent), done.faults, into)
    _check(into, done)
    return done


def _chosen(source: Path, name: str) -> Path:
    found = [folder for folder in backups(source) if name in ("", folder.name)]
    if not found:
        raise Rejected(Code.BACKUP_INVALID, "no whole backup", subject=name or source.name)
    return found[-1]


def _check_unused(into: Installation, copies: ObjectStore) -> None:
    """Refuse an installation in use. What a restore that was killed has left is welcome: it is in the backup too."""
    with into.catalogue.read() as tx:
        fresh = filling.is_fresh(tx)
    if not fresh or any(copies.stat(ref.sha256) is None for ref in into.store.list()):
        raise Rejected(Code.CATALOGUE_IN_USE)


def _copy_objects(
    folder: Path, manifest: Manifest, copies: ObjectStore, into: Installation, tell: Callable[[int, int], None]
) -> dict[str, Code]:
    absent = set(manifest.absent)
    named = ((row["sha256"], row["size"]) for row in rows_of(folder, portable.OBJECTS) if row["sha256"] not in absent)
    faults: dict[str, Code] = {}
    for count, (digest, outcome) in enumerate(copy_all(named, copies, into.store, check=True), start=1):
        tell(count, manifest.objects)
        if isinstance(outcome, Code):
            faults[digest] = outcome
    return faults


def _settle(tx: Transaction, absent: set[str], faults: dict[str, Code], into: Installation) -> list[str]:
    """Bring the catalogue of then to what there is now: no workers, no held pages, no objects that were going."""
    now = into.clock()
    for digest, code in faults.items():
        fixity.set_fault(tx, digest, code, None)
    for digest in absent:
        _forget(tx, digest, into)
    work.release(tx, "", now, crashed=False)
    work.hasten(tx)
    return abandon(tx, lambda digest: digest not in absent and digest not in faults, now)


def _forget(tx: Transaction, digest: str, into: Installation) -> None:
    """Forget an object that was about to go when the backup was made: an unsigned rendition, a replaced manifest."""
    for referrer in portable.forget_object(tx, digest):
        kind, _, own = referrer.partition(":")
        if kind in (renditions.UNSIGNED, renditions.COMPARED):
            renditions.remove(tx, own, kind)
        elif kind == "manifest":
            close_at(tx, intakes.get(tx, own).dossier_id, into.clock())


def _check(into: Installation, done: Restored) -> None:
    with into.catalogue.read() as tx:
        for dossier_id in rows.ids(tx):
            done.dossiers += 1
            try:
                events.check_chain(tx, dossier_id)
            except Rejected:
                done.broken.append(dossier_id)
        try:
            check_seals(tx)
        except Rejected as exc:
            done.seals = f"{exc.code} {exc.subject}"
        faults = check_access_log(tx, into.store).faults
        done.access_log = f"{faults[0].code} {faults[0].subject}" if faults else ""
