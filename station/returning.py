"""Giving back to the clerk what the server will not have: into a folder of its own, with the reason beside it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from dossier.errors import Code, HososoError
from dossier.text import nfc
from dossier.wording import advice, say
from station.claiming import Spool, put_back
from station.naming import ASIDE, NOTE
from station.paths import write_whole
from station.queue import Batch, BatchState, FileState, Item, Queue
from station.server import Server


def return_batch(batch: Batch, queue: Queue, spool: Spool, server: Server | None) -> None:
    """Give a whole batch back that is marked as `RETURNING`; done before in part: the rest is done.

    Raises:
        OSError: The hot folder is away.
    """
    for part in queue.parts(batch):
        if server is not None and part.server_id and not part.committed:
            with suppress(HososoError):  # abandoned by itself when nobody commits it
                server.abandon(part.server_id)
    items = queue.all_items(batch)
    return_items(batch, items, [item for item in items if item.state is not FileState.ASIDE], queue, spool)
    queue.set_batch(batch, BatchState.ASIDE, batch.reason, batch.subject)


def return_items(batch: Batch, items: Sequence[Item], back: Sequence[Item], queue: Queue, spool: Spool) -> None:
    """Move files to the clerk's folder, then record that; write why beside them."""
    folder = aside_folder(batch)
    folder.mkdir(parents=True, exist_ok=True)
    reasons = {item.original: item.error for item in [*items, *back] if item.error}
    if batch.reason:
        reasons[batch.subject or batch.name] = batch.reason
    write_whole(folder / NOTE, _note(batch, reasons))
    for item in back:
        put_back(item, folder.joinpath(*PurePosixPath(nfc(item.original)).parts), spool)
        queue.set_item(item, state=FileState.ASIDE, aside_as=item.original)


def aside_folder(batch: Batch) -> Path:
    """Return the folder that a batch goes back to."""
    return Path(batch.folder) / ASIDE / batch.name


def bring_again(hot_folder: Path, name: str) -> int:
    """Bring what was given back into the hot folder again; return how many files that were.

    Args:
        hot_folder: The hot folder.
        name: Of one dossier's folder; empty: all.
    """
    done = 0
    for folder in sorted(path for path in (hot_folder / ASIDE).glob("*") if path.is_dir()):
        if name and folder.name.casefold() != name.casefold():
            continue
        (folder / NOTE).unlink(missing_ok=True)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            target = hot_folder / folder.name / path.relative_to(folder)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
                done += 1
        for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
            with suppress(OSError):
                path.rmdir()
        with suppress(OSError):
            folder.rmdir()
    return done


def _note(batch: Batch, reasons: dict[str, str]) -> str:
    lines = [say("station.note", code=batch.code or batch.name), ""]
    for subject, reason in reasons.items():
        code = Code(reason) if reason in Code.__members__ else Code.REQUEST_INVALID
        told = advice(code)
        lines += [f"- {subject}: {told.cause} {told.cure} [{code}]"]
    return "\n".join([*lines, "", say("station.note_again"), ""])
