"""Sweeping the spool: what nobody committed, what lies there without a record, what the archive has."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from catalog import Transaction, documents, hand_overs, intakes, stacks
from dossier.codes import parse_code
from dossier.errors import HososoError
from dossier.stacks import PartState
from dossier.states import DocumentState, FileState, IntakeState
from pipeline.hand_over_progress import progress
from pipeline.handing_over import abandon
from pipeline.services import Services

_DAY = 86_400.0
_ASIDE_DAYS = 30
_LOOK_DAYS = 7
_FINISHED = (DocumentState.ARCHIVED, DocumentState.WITHDRAWN)


def sweep_spool(services: Services) -> int:
    """Remove from this host's spool what is over; return how many files and folders that were.

    Hand-overs that nobody committed in time are abandoned. A dossier's folder goes once the archive has all of it:
    should more of it be handed over, it is made again from there.
    """
    removed = 0
    with services.catalogue.read() as tx:
        late = hand_overs.expired(tx, services.place, services.clock())
    for own in late:
        abandon(own, services)
        removed += 1
    looks = sum(_gone(path) for path in (services.spool.root / "looks").glob("*") if _age(path) > _LOOK_DAYS * _DAY)
    removed += looks + _parts(services) + _stacks(services) + _scanned(services)
    return removed + _aside(services) + _dossiers(services)


def _parts(services: Services) -> int:
    """Remove files that belong to no hand-over; they are left a day, for one may just be about to be recorded."""
    old = [path for path in (services.spool.root / "parts").glob("*") if _age(path) > _DAY]
    with services.catalogue.read() as tx:
        known = hand_overs.known_files(tx, [path.name for path in old])
    return sum(_gone(path) for path in old if path.name not in known)


def _stacks(services: Services) -> int:
    """Remove what is left of stacks: folders that are empty by now, and those of runs that were cut off."""
    removed = 0
    for folder in (services.spool.root / "stacks").glob("*"):
        with services.catalogue.read() as tx:
            known = stacks.find(tx, folder.name) is not None
        over = not any(folder.iterdir()) if known else _age(folder) > _DAY
        removed += over and _gone(folder)
    return removed


def _scanned(services: Services) -> int:
    """Remove stacks as they were handed over, once all is over; where a person discarded pages, some time later."""
    removed = 0
    for folder in (services.spool.root / "scanned").glob("*"):
        with services.catalogue.read() as tx:
            own = hand_overs.find(tx, folder.name)
            over = own is None or progress(tx, own).is_over
            parts = stacks.parts(tx, own.intake_id) if own is not None and over else []
        days = _ASIDE_DAYS if any(each.state is PartState.DISCARDED for each in parts) else 1
        removed += over and _age(folder) > days * _DAY and _gone(folder)
    return removed


def _aside(services: Services) -> int:
    return sum(_gone(path) for path in (services.spool.root / "aside").glob("*") if _age(path) > _ASIDE_DAYS * _DAY)


def _dossiers(services: Services) -> int:
    removed = 0
    for folder in (services.spool.root / "dossiers").glob("[!.]*"):
        try:
            with services.spool.alone_over(folder.name):
                removed += _is_archived(folder, services) and _gone(folder)
        except HososoError:  # somebody is at it
            continue
    return removed


def _is_archived(folder: Path, services: Services) -> bool:
    """Return whether the archive has all that a folder has, and no hand-over waits to add to it."""
    code = parse_code(folder.name)
    if code is None:
        return False
    with services.catalogue.read() as tx:
        last = intakes.latest(tx, intakes.dossier_id(code))
        if last is None or last.state is not IntakeState.ASSEMBLED or last.folder != str(folder.resolve()):
            return False
        waiting = any(own.code == code.normal for own in hand_overs.to_place(tx, services.place, 10_000))
        return not waiting and _is_finished(tx, last.id, last.dossier_id)


def _is_finished(tx: Transaction, intake_id: str, dossier_id: str) -> bool:
    stored = all(file.state is FileState.STORED for file in intakes.files(tx, intake_id))
    return stored and all(each.state in _FINISHED for each in documents.live(tx, dossier_id))


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _gone(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return True
