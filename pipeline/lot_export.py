"""Export of a lot: manifest, minutes, and every file the manifest names, so that `sha256sum -c` says it is all."""

from __future__ import annotations

from pathlib import Path

from dossier.errors import Code, Rejected
from dossier.lots import Lot
from pipeline.export import filling, write_object
from pipeline.lot_manifest import objects_in
from pipeline.lot_minutes import print_minutes, stored_minutes
from pipeline.services import Services

MANIFEST_NAME, MINUTES_NAME = "DANH-MUC.sha256", "bien-ban.pdf"


def export_lot(lot: Lot, target: Path, services: Services) -> int:
    """Write a lot that was counted into a folder, as it was then; return how many files its manifest names.

    Args:
        lot: The lot.
        target: A folder that is empty, or not there yet.
        services: The archive.

    Raises:
        Rejected: LOT_STATE, it was not counted; EXPORT_TARGET, the folder is not empty; OBJECT_MISSING, OBJECT_DAMAGED.
        Unavailable: EXPORT_TARGET, DISK_FULL; FONT_MISSING, PRINT_LIBRARIES_MISSING.
    """
    if lot.counting is None:
        raise Rejected(Code.LOT_STATE, lot.state.value, subject=lot.id)
    data = services.store.read(lot.counting.manifest)
    named = list(objects_in(data))
    with filling(target):
        target.mkdir(parents=True, exist_ok=True)
        (target / MANIFEST_NAME).write_bytes(data)
        (target / MINUTES_NAME).write_bytes(minutes_of(lot, services))
        for name, sha256 in named:
            write_object(target, name, sha256, services)
    return len(named)


def minutes_of(lot: Lot, services: Services) -> bytes:
    """Return the minutes of a lot: as they were signed, or a print of how it stands."""
    if not lot.minutes:
        return print_minutes(lot, services)
    with stored_minutes(lot, services) as file:
        return file.read_bytes()
