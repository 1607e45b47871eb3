"""Export: a dossier as a folder that coreutils and any PDF reader can check."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path, PurePosixPath

from catalog import Transaction, documents, events, fields, intakes, pages, renditions
from dossier.digest import of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Document, Dossier
from dossier.states import FileState
from dossier.text import visible
from pipeline.manifest import manifest_of
from pipeline.readings import readings_of
from pipeline.services import Services
from pipeline.transcripts import transcripts

_NOT_ON_WINDOWS = str.maketrans(dict.fromkeys('<>:"\\|?*', "_"))
_DEVICE = re.compile("con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9¹²³]")
_MOST_BYTES, _LONGEST_SUFFIX = 200, 10


def export(dossier: Dossier, target: Path, services: Services, forms: Collection[str] = ()) -> list[str]:
    """Write a dossier's present version into a folder and return the file names, `SHA256SUMS` last.

    `goc/` holds the files as received, `ban-ky/` the signed PDFs, `chu-ky/` what was said of their signatures when they
    were archived, `van-ban/` their text, `manifest.json`, `du-lieu.json` (kinds and fields) and `su-kien.jsonl` (the
    event chain) the records.

    Args:
        dossier: What to export.
        target: A folder that is empty, or not there yet.
        services: The archive.
        forms: Beside plain text, the words with their places in these forms (`pipeline.transcripts`), a file a page.

    Raises:
        Rejected(EXPORT_TARGET): The folder exists and is not empty.
        Unavailable: EXPORT_TARGET, DISK_FULL: the folder cannot be written.
        Rejected: OBJECT_MISSING, OBJECT_DAMAGED: the archive does not hold what it should; nothing is passed off.
    """
    with filling(target):
        return _written(dossier, target, services, forms)


@contextmanager
def filling(target: Path) -> Iterator[None]:
    """Let a folder be filled that is empty or not there yet.

    Raises:
        Rejected(EXPORT_TARGET): The folder exists and is not empty.
        Unavailable: EXPORT_TARGET, DISK_FULL: the folder cannot be written.
    """
    try:
        if target.exists() and any(target.iterdir()):
            raise Rejected(Code.EXPORT_TARGET, "folder is not empty", subject=str(target))
        yield
    except OSError as exc:
        code = Code.DISK_FULL if exc.errno in (errno.ENOSPC, errno.EDQUOT) else Code.EXPORT_TARGET
        raise Unavailable(code, exc.strerror or type(exc).__name__, subject=str(target)) from exc


def _written(dossier: Dossier, target: Path, services: Services, forms: Collection[str]) -> list[str]:
    names: list[str] = []
    with services.catalogue.read() as tx:
        for name, sha256 in objects_of(tx, dossier):
            write_object(target, name, sha256, services)
            names.append(name)
        records = ((name, text.encode()) for name, text in _records(tx, dossier, services))
        for name, data in chain(records, _transcripts(tx, dossier, forms, services)):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            names.append(name)
    sums = "".join(f"{of_file(target / name)[0]}  {name}\n" for name in names)
    (target / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return [*names, "SHA256SUMS"]


def objects_of(tx: Transaction, dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Yield path and digest of the stored objects that an export of a dossier has: as received, signed, said of it."""
    newest = next(iter(intakes.assembled(tx, dossier.id)), None)
    taken: set[str] = set()
    for file in intakes.files(tx, newest.id) if newest else []:
        if file.state is FileState.STORED:
            yield _unlike(f"goc/{_safe(file.name)}", taken), file.sha256
    for document in documents.live(tx, dossier.id):
        stored = {each.role: each.ref.sha256 for each in renditions.of_document(tx, document.id)}
        final = renditions.final(tx, document.id)
        if final is not None:
            yield f"ban-ky/{_stem(document)}.pdf", final.ref.sha256
        for role, suffix in ((renditions.REPORT, "json"), (renditions.EVIDENCE, "p7b")):
            if role in stored:
                yield f"chu-ky/{_stem(document)}.{suffix}", stored[role]


def _records(tx: Transaction, dossier: Dossier, services: Services) -> Iterator[tuple[str, str]]:
    live = documents.live(tx, dossier.id)
    for document in live:
        readings = readings_of(pages.by_ids(tx, document.page_ids), services)
        yield f"van-ban/{_stem(document)}.txt", "\f".join(reading.text.plain() for reading in readings) + "\n"
    data = [
        {
            "document": document.id,
            "kind": document.kind,
            "confirmed": document.confirmed,
            "fields": [
                {"name": value.name, "value": value.value, "confirmed": bool(value.confirmed_by)}
                for value in fields.of_document(tx, document.id)
            ],
        }
        for document in live
    ]
    yield "du-lieu.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    yield "manifest.json", json.dumps(manifest_of(tx, dossier), ensure_ascii=False, indent=1) + "\n"
    yield "su-kien.jsonl", "".join(_event_line(event) for event in events.raw_chain(tx, dossier.id))


def _transcripts(
    tx: Transaction, dossier: Dossier, forms: Collection[str], services: Services
) -> Iterator[tuple[str, bytes]]:
    for document in documents.live(tx, dossier.id):
        for name, data in transcripts(pages.by_ids(tx, document.page_ids), forms, services):
            yield f"van-ban/{_stem(document)}/{name}", data


def _event_line(event: dict[str, object]) -> str:
    return json.dumps(event, ensure_ascii=False, sort_keys=True) + "\n"


def write_object(target: Path, name: str, sha256: str, services: Services) -> None:
    """Write a stored object into a folder; raises OBJECT_MISSING, OBJECT_DAMAGED."""
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with services.store.open(sha256) as source, path.open("xb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    if of_file(path)[0] != sha256:
        path.unlink()
        raise Rejected(Code.OBJECT_DAMAGED, subject=sha256)


def _stem(document: Document) -> str:
    return f"{document.ordinal + 1:03}-{document.kind.lower().replace('_', '-')}-{document.id[:8]}"


def _safe(name: str) -> str:
    """Return a file name that stays inside the target and is good on every system."""
    return "/".join(_safe_part(part) for part in PurePosixPath(name).parts if part not in ("..", "/", "."))


def _safe_part(part: str) -> str:
    name = visible(part).translate(_NOT_ON_WINDOWS)
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    # 255 bytes is what Linux allows; room is left for a number.
    short = stem.encode()[: _MOST_BYTES - len(suffix.encode())].decode(errors="ignore")
    # Windows drops dots and spaces at the end, and takes these names for devices whatever their ending.
    whole = f"{short}{dot}{suffix}".rstrip(". ") or "_"
    return f"_{whole}" if _DEVICE.fullmatch(whole.partition(".")[0].rstrip().lower()) else whole


def _unlike(name: str, taken: set[str]) -> str:
    """Return a name that differs from those taken also where case does not count, and take it."""
    stem, dot, suffix = name.rpartition(".")
    candidates = (f"{stem}~{number}{dot}{suffix}" for number in count(2))
    while name.casefold() in taken:
        name = next(candidates)
    taken.add(name.casefold())
    return name
