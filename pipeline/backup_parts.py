"""The catalogue part of a backup: one file a table and, written last, the manifest without which it is none.

Layout of a backup's folder, which several backups share: `objects/` as any local archive store has them;
`catalogues/<time>/<table>.jsonl.gz`, one row a line; `catalogues/<time>/backup.json`, the manifest.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from catalog import Catalogue, portable
from catalog.catalogue import SCHEMA_VERSION
from dossier.digest import of_file
from dossier.errors import Code, Rejected
from storage.disk import sync_folder, translated

CATALOGUES = "catalogues"
_MANIFEST, _SUFFIX = "backup.json", ".jsonl.gz"
_MARK = "hososo-backup 1"
_LEVEL = 3  # of compression: the disk is faster than a higher one


@dataclass(frozen=True, slots=True)
class Part:
    """One table: how many rows its file has, and its digest."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        schema: Version of the catalogue's schema.
        parts: By name of the table, referred to before referring.
        objects: How many objects it knows, and how many bytes these are.
        absent: Objects that had gone from the archive with their last claim before they could be copied.
        faults: Objects that could not be copied, by digest, with the error's code: the backup is not whole.
    """

    schema: str
    parts: dict[str, Part]
    objects: int
    bytes: int
    absent: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def write_parts(catalogue: Catalogue, folder: Path) -> dict[str, Part]:
    """Write every table as it is at this moment, while others go on writing."""
    with translated():
        folder.mkdir(parents=True, mode=0o700)
    with catalogue.read() as tx:
        return {name: _write_part(folder / f"{name}{_SUFFIX}", portable.dump(tx, name)) for name in portable.tables()}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make a backup one that is believed, at once and durably."""
    value = {"#": _MARK, **asdict(manifest)}
    part = folder / f"{_MANIFEST}.part"
    with translated():
        with part.open("w", encoding="utf-8") as sink:
            json.dump(value, sink, indent=1, sort_keys=False)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(folder / _MANIFEST)
        sync_folder(folder)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)


def backups(target: Path) -> list[Path]:
    """Return the folders of the backups that came to their end, oldest first."""
    with translated():
        return sorted(path.parent for path in (target / CATALOGUES).glob(f"*/{_MANIFEST}"))


def remove_unfinished(target: Path) -> None:
    """Remove what backups that were killed have left."""
    finished = set(backups(target))
    with translated():
        for folder in (target / CATALOGUES).glob("*"):
            if folder not in finished:
                shutil.rmtree(folder)


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        Rejected(BACKUP_INVALID): It is no backup of this program.
    """
    try:
        value = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        mark = value.pop("#")
        parts = {name: Part(**part) for name, part in value.pop("parts").items()}
        found = Manifest(parts=parts, **value)
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as exc:
        raise Rejected(Code.BACKUP_INVALID, type(exc).__name__, subject=folder.name) from exc
    if mark != _MARK:
        raise Rejected(Code.BACKUP_INVALID, "of another format", subject=folder.name)
    return found


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Check every table's file against its digest, before any of it is believed.

    Raises:
        Rejected(BACKUP_INVALID): One is missing or damaged; the subject names it.
    """
    for name, part in manifest.parts.items():
        path = folder / f"{name}{_SUFFIX}"
        try:
            sound = of_file(path)[0] == part.sha256
        except OSError:
            sound = False
        if not sound:
            raise Rejected(Code.BACKUP_INVALID, "missing or damaged", subject=f"{folder.name}/{path.name}")


def rows_of(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table's file."""
    with translated(), gzip.open(folder / f"{name}{_SUFFIX}", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def new_manifest(parts: dict[str, Part], folder: Path) -> Manifest:
    """Return the manifest of a backup whose objects are still to be copied."""
    count = size = 0
    for row in rows_of(folder, portable.OBJECTS):
        count, size = count + 1, size + row["size"]
    return Manifest(SCHEMA_VERSION, parts, count, size)


def _write_part(path: Path, rows: Iterator[dict[str, Any]]) -> Part:
    with translated(), path.open("xb") as sink, closing(rows):  # type: ignore[type-var] # a generator
        with gzip.GzipFile("", "wb", _LEVEL, sink, mtime=0) as packed:
            count = _write_lines(packed, rows)
        sink.flush()
        os.fsync(sink.fileno())
    return Part(count, of_file(path)[0])


def _write_lines(sink: gzip.GzipFile, rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    for row in rows:
        sink.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count
