"""Parting: a person says where the documents of a file begin, before anything of it is signed. What was said stays.

The file is replaced by one file for each document, with the same images; the file as it was received stays in the
archive store. The chain names the files that are one document each: no machine parts or joins them again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from catalog import Transaction, events, intakes
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Dossier, SourceFile
from dossier.people import Account
from pipeline import handing_over
from pipeline.cutting import cut_out
from pipeline.handing_over import Wish
from pipeline.moving import begun_with, fetched, movable
from pipeline.services import Services
from pipeline.taking_over import take_over

EVENT = "file_parted"


@dataclass(frozen=True, slots=True)
class Parting:
    """A file of a dossier and the pages, from 1, with which its documents begin."""

    dossier: Dossier
    file_id: str
    starts: tuple[int, ...]


def part_anew(wish: Parting, own: Account, services: Services) -> None:
    """Replace a file by one file for each of its documents. Asked for again, it goes on where it was cut off.

    Raises:
        Rejected: PAGE_UNKNOWN, no such file; PAPER_SIGNED; REQUEST_INVALID, the file has no such pages, or they are no
            scans.
        Unavailable(FOLDER_BUSY): The dossier is being read.
    """
    code, starts = wish.dossier.code, tuple(sorted({1, *wish.starts}))
    with services.catalogue.read() as tx:
        intake, file = movable(tx, wish.dossier, wish.file_id)
    key = f"part.{file.id}.{of_bytes(canonical({'starts': list(starts)}))[:12]}"
    with tempfile.TemporaryDirectory(dir=services.scratch) as folder:
        pieces = _pieces(Path(folder), file, starts, services)
        asked = Wish(key, code, file.component, replaces=(file.name,), not_secret=True)
        made, sent = begun_with(asked, pieces, own, services)
    acting = replace(services, office=replace(services.office, actor=own.login))
    _tell(wish, {"intake": intake.id, "file": file.sha256, "parts": sorted(sent.values())}, acting)
    handing_over.commit(made, sent, services)
    take_over(made.id, services)


def parted_files(tx: Transaction, dossier_id: str) -> frozenset[str]:
    """Return the digests of the files of a dossier of which a person said that each is one document."""
    parts = (each.payload["parts"] for each in events.chain(tx, dossier_id) if each.kind == EVENT)
    return frozenset(str(digest) for some in parts if isinstance(some, list) for digest in some)


def _pieces(folder: Path, file: SourceFile, starts: Sequence[int], services: Services) -> list[Path]:
    whole = fetched(folder, file, services)
    count = services.taker.inspect(whole).pages
    if starts[0] < 1 or starts[-1] > count:
        raise Rejected(Code.REQUEST_INVALID, f"the file has pages 1 to {count}", subject="starts")
    if any(page.scan.resampled for page in services.taker.pages(whole)):
        raise Rejected(Code.REQUEST_INVALID, "the pages are no scans", subject="starts")
    pieces = []
    for number, (first, after) in enumerate(pairwise((*starts, count + 1)), 1):
        pieces.append(folder / f"{whole.stem}-tl{number:02}.pdf")
        cut_out(whole, range(first, after), pieces[-1], services)
    return pieces


def _tell(wish: Parting, said: dict[str, object], services: Services) -> None:
    """Write into the chain what was said, once."""
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [wish.dossier.id])
        if not events.has(tx, wish.dossier.id, EVENT, said):
            events.append(tx, wish.dossier.id, EVENT, services.clock(), said, actor=services.office.actor)
