"""Claiming: a whole dossier leaves its hot folder for the spool, file by file, and each step may be cut off.

What will be taken is recorded first; a claim that was cut off is undone. A file goes by a rename, which one of several
stations wins; to another volume it is renamed where it is, copied, compared, and only then removed there.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dossier.digest import of_file
from station.gathering import NotWhole, Plan, PlannedPart, Wait
from station.naming import sendable
from station.paths import DRAFT, copy_whole, is_other_volume, sync_folder
from station.queue import Batch, BatchState, FileState, Item, Part, Queue, now
from station.watching import Found


class Lost(Exception):  # noqa: N818 - reads as what happened
    """A file was taken by somebody else, or has changed, between the look and the claim."""


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder of files that were taken, each under its own id."""

    root: Path

    def path(self, item: Item) -> Path:
        """Return where a file is kept."""
        return self.root / item.id


def claim(plan: Plan, folder: Path, queue: Queue, spool: Spool) -> Batch:
    """Take a whole dossier into the spool; return its batch, ready to be sent.

    Raises:
        NotWhole: Its bytes are not those of its manifest; everything is back where it was.
        Lost: Somebody else took some of it, or it has changed: what was taken is back where it was.
        OSError: The spool or the folder cannot be used: `recover` undoes what was done.
    """
    batch, parts = _recorded(plan, folder)
    queue.add(batch, parts)
    stated = {str(file.found.path): file for part in plan.parts for file in part.files}
    try:
        for item in (item for _, items in parts for item in items):
            found = stated[item.source].found
            sha256 = _checked(item, _taken(item, found, spool))
            queue.set_item(item, state=FileState.CLAIMED, sha256=sha256)
    except FileNotFoundError as exc:
        _undo(batch, queue, spool)
        raise Lost(str(exc.filename)) from exc
    except (Lost, NotWhole):
        _undo(batch, queue, spool)
        raise
    sync_folder(spool.root)
    queue.set_batch(batch, BatchState.SENDING)
    _tidy(batch, queue)
    return replace(batch, state=BatchState.SENDING)


def recover(queue: Queue, spool: Spool) -> None:
    """Undo the claims that were cut off, and finish tidying up after those that were not.

    Raises:
        OSError: A share is away: asked again later.
    """
    for batch in queue.batches(BatchState.CLAIMING):
        _undo(batch, queue, spool)
    for draft in spool.root.glob(f"{DRAFT}*.part"):
        draft.unlink()
    for batch in queue.batches(BatchState.SENDING, BatchState.FOLLOWED):
        if batch.tidy:
            _tidy(batch, queue)


def put_back(item: Item, target: Path, spool: Spool) -> None:
    """Bring one file from the spool, or from where it is claimed, to a name of its own; done before: nothing happens.

    Whatever has the name by now keeps it, unless it has the very bytes.
    """
    for place in (spool.path(item), _hidden(item)):
        if place.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _bring(place, _free(target, place))


def _recorded(plan: Plan, folder: Path) -> tuple[Batch, list[tuple[Part, list[Item]]]]:
    own, batch_id = plan.delivery, secrets.token_hex(12)
    sheets = [(str(each.path), each.size, each.mtime_ns) for each in (own.manifest, own.marker) if each]
    parents = {str(file.path.parent) for file in own.files} | {str(own.path)} if own.path != folder else set()
    tidy = json.dumps({"sheets": sheets, "folders": sorted(parents, key=len, reverse=True)})
    batch = Batch(batch_id, plan.code, str(folder), own.name, BatchState.CLAIMING, "", "", "", tidy, now(), now())
    parts = []
    for number, part in enumerate(plan.parts, 1):
        part_id = f"{batch_id}.{number}"
        made = Part(
            part_id,
            batch_id,
            part.component,
            part.pages,
            part.replaces,
            1,
            "",
            committed=False,
            stage="",
            leaves=part.leaves,
        )
        parts.append((made, list(_items(part_id, part))))
    return batch, parts


def _items(part_id: str, part: PlannedPart) -> Iterator[Item]:
    taken: set[str] = set()
    for file in part.files:
        found, item_id = file.found, secrets.token_hex(12)
        name = sendable(file.name or found.path.name, taken)
        taken.add(name.casefold())
        source = str(found.path)
        yield Item(item_id, part_id, source, found.name, name, file.sha256, found.size, FileState.CLAIMING)


def _taken(item: Item, found: Found, spool: Spool) -> str:
    """Bring one file into the spool; return the digest of what is there."""
    source, target = found.path, spool.path(item)
    if _seen(source) != (found.size, found.mtime_ns):
        raise Lost(item.original)
    try:
        source.rename(target)
    except OSError as exc:
        if not is_other_volume(exc):
            raise
        source.rename(_hidden(item))
        return _copied(item, spool)
    with suppress(OSError), target.open("r+b") as written:  # suppressed: a file that is read-only
        os.fsync(written.fileno())
    before = _seen(target)
    sha256, size = of_file(target)
    if _seen(target) != before or size != found.size:  # whoever had it open has gone on writing
        raise Lost(item.original)
    return sha256


def _checked(item: Item, sha256: str) -> str:
    if item.sha256 not in ("", sha256):
        raise NotWhole(Wait.DIGEST, item.original)
    return sha256


def _copied(item: Item, spool: Spool) -> str:
    hidden, target = _hidden(item), spool.path(item)
    before = of_file(hidden)
    copy_whole(hidden, target)
    if not before == of_file(target) == of_file(hidden) or before[1] != item.size:
        target.unlink()
        raise Lost(item.original)
    hidden.unlink()
    return before[0]


def _hidden(item: Item) -> Path:
    """Return the name under which a file is claimed where it lies, on another volume than the spool."""
    return Path(item.source).with_name(f"{DRAFT}{item.id}")


def _seen(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _undo(batch: Batch, queue: Queue, spool: Spool) -> None:
    """Put back what was taken of a batch, and forget it."""
    for item in queue.all_items(batch):
        put_back(item, Path(item.source), spool)
    queue.drop(batch)


def _free(target: Path, place: Path) -> Path:
    """Return a name that no other file has, beside the one that is wanted."""
    tried, number = target, 1
    while tried.exists() and of_file(tried) != of_file(place):
        number += 1
        tried = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return tried


def _bring(place: Path, target: Path) -> None:
    if not target.exists():
        try:
            place.rename(target)
        except OSError as exc:
            if not is_other_volume(exc):
                raise
            copy_whole(place, target)
        else:
            return
    place.unlink()


def _tidy(batch: Batch, queue: Queue) -> None:
    """Remove sheet, mark and empty folders of what was taken; what is another by now, or in use, stays."""
    said = json.loads(batch.tidy)
    for path, size, mtime_ns in said["sheets"]:
        with suppress(OSError):
            if _seen(Path(path)) == (size, mtime_ns):
                Path(path).unlink()
    for folder in said["folders"]:
        with suppress(OSError):
            os.rmdir(folder)  # noqa: PTH106 - only when nothing is in it
    queue.tidied(batch)
