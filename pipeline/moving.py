"""Moving: a file that was scanned into the wrong dossier goes to the right one, before anything of it is signed.

Both chains tell of it. Pages of a file may go alone: what goes and what stays are then two files with the same images,
and the file as it was received stays in the archive store beside them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from catalog import Transaction, documents, events, intakes, pages
from dossier.codes import DossierCode
from dossier.digest import CHUNK, canonical, of_bytes, of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.handing_over import HandOver, HandOverState
from dossier.model import Dossier, Intake, SourceFile
from dossier.people import Account
from dossier.states import FileState, IntakeState
from ingest.spool import full_is_told
from pipeline import handing_over
from pipeline.cutting import cut_out
from pipeline.emptying import FIXED
from pipeline.handing_over import FileWish, Wish
from pipeline.receiving_files import received_whole
from pipeline.services import Services
from pipeline.taking_over import take_over

OUT, INTO = "file_moved_out", "file_moved_in"
"""Kinds of the events in the two chains."""


@dataclass(frozen=True, slots=True)
class Move:
    """Which file of a dossier goes to which other dossier; `pages`, from 1, where not all of it does."""

    dossier: Dossier
    file_id: str
    to: str
    pages: tuple[int, ...] = ()


def move(wish: Move, own: Account, services: Services) -> str:
    """Move a file to another dossier; return the code of that. Asked for again, it goes on where it was cut off.

    The file is added to the one before it is taken from the other: should it end in between, it is in both, and lost in
    neither.

    The only file may go too: the dossier has no papers then, until others come.

    Raises:
        Rejected: PAGE_UNKNOWN, no such file, or another unit's dossier; PAPER_SIGNED; FOLDER_CODE_UNKNOWN.
        Unavailable(FOLDER_BUSY): The dossier is being read.
    """
    code = handing_over.checked_code(wish.to, own, services)
    if code.normal == wish.dossier.code:
        raise Rejected(Code.PAGE_UNKNOWN, "the same dossier")
    with services.catalogue.read() as tx:
        intake, file = movable(tx, wish.dossier, wish.file_id)
    with tempfile.TemporaryDirectory(dir=services.scratch) as folder:
        goes, stays = _parted(Path(folder), file, wish.pages, services)
        key = f"{file.id}.{of_bytes(canonical({'pages': sorted(wish.pages)}))[:12]}" if stays else file.id
        into = Wish(f"move-in.{key}", code.normal, file.component, not_secret=True)
        out = Wish(f"move-out.{key}", wish.dossier.code, file.component, replaces=(file.name,), not_secret=True)
        begun = [
            begun_with(each, some, own, services) for each, some in ((into, [goes]), (out, [stays] if stays else []))
        ]
    acting = replace(services, office=replace(services.office, actor=own.login))
    _tell(wish, code, intake, file, acting)
    for made, sent in begun:
        handing_over.commit(made, sent, services)
    for made, _ in begun:
        take_over(made.id, services)
    return code.normal


def begun_with(wish: Wish, files: Sequence[Path], own: Account, services: Services) -> tuple[HandOver, dict[str, str]]:
    """Return a hand-over with its files received, and these by name and digest."""
    made = handing_over.begin(wish, own, services)
    sent: dict[str, str] = {}
    for path in files:
        sent[path.name], size = of_file(path)
        if made.state is HandOverState.OPEN:
            taken = handing_over.add_file(made, FileWish(path.name, sent[path.name], size), services)
            with path.open("rb") as stream:
                received_whole(made, taken, iter(partial(stream.read, CHUNK), b""), services)
    return made, sent


def _parted(folder: Path, file: SourceFile, pages: tuple[int, ...], services: Services) -> tuple[Path, Path | None]:
    """Return what goes and what stays (None: nothing) as files in a folder.

    Raises:
        Rejected(REQUEST_INVALID): The file has no such pages, or they are no scans.
    """
    whole = fetched(folder, file, services)
    every = range(1, services.taker.inspect(whole).pages + 1)
    if not pages or set(pages) == set(every):
        return whole, None
    if not set(pages) <= set(every):
        raise Rejected(Code.REQUEST_INVALID, f"the file has pages 1 to {len(every)}", subject="pages")
    if any(page.scan.resampled for page in services.taker.pages(whole)):
        raise Rejected(
            Code.REQUEST_INVALID, "the pages are no scans: only the whole file can be moved", subject="pages"
        )
    rest = [number for number in every if number not in pages]
    found = [folder / f"{whole.stem}-tr{_named(some)}.pdf" for some in (sorted(pages), rest)]
    for target, some in zip(found, (sorted(pages), rest), strict=True):
        cut_out(whole, some, target, services)
    return found[0], found[1]


def fetched(folder: Path, file: SourceFile, services: Services) -> Path:
    """Return a file of the archive store as one in a folder, under its own name."""
    whole = folder / file.name.rpartition("/")[2]
    with full_is_told(), services.store.open(file.sha256) as source, whole.open("wb") as sink:
        shutil.copyfileobj(source, sink, CHUNK)
    return whole


def _named(pages: Sequence[int]) -> str:
    """Return pages for the name of a file: the first, and how many where they are more."""
    return f"{pages[0]}" if len(pages) == 1 else f"{pages[0]}-{len(pages)}tr"


def movable(tx: Transaction, dossier: Dossier, file_id: str) -> tuple[Intake, SourceFile]:
    """Return the newest delivery of a dossier with a file of it that may be moved or taken apart.

    Raises:
        Rejected: PAGE_UNKNOWN, it has no such file; PAPER_SIGNED.
        Unavailable(FOLDER_BUSY): It is being read.
    """
    last = intakes.latest(tx, dossier.id)
    if last is None:
        raise Rejected(Code.PAGE_UNKNOWN)
    if last.state is not IntakeState.ASSEMBLED:
        raise Unavailable(Code.FOLDER_BUSY, subject=dossier.code)
    files = intakes.files(tx, last.id)
    file = next((each for each in files if each.id == file_id and each.state is FileState.STORED), None)
    if file is None:
        raise Rejected(Code.PAGE_UNKNOWN)
    if _is_signed(tx, dossier, file):
        raise Rejected(Code.PAPER_SIGNED, subject=file.name)
    return last, file


def _is_signed(tx: Transaction, dossier: Dossier, file: SourceFile) -> bool:
    """Return whether a document with a page of a file is signed: what was signed is not taken apart."""
    fixed = [each for each in documents.live(tx, dossier.id) if each.state in FIXED]
    with_file = {page.scan_sha256 for page in pages.of_intake(tx, file.intake_id) if page.file_id == file.id}
    return any(page.scan_sha256 in with_file for each in fixed for page in pages.by_ids(tx, each.page_ids))


def _tell(wish: Move, code: DossierCode, intake: Intake, file: SourceFile, services: Services) -> None:
    """Write the move into both chains, once."""
    now, actor, target = services.clock(), services.office.actor, intakes.dossier_id(code)
    source, what = wish.dossier.id, {"file": file.sha256, **({"moved_pages": list(wish.pages)} if wish.pages else {})}
    out = {**what, "intake": intake.id, "to": target}
    with services.catalogue.write() as tx:
        intakes.ensure_dossier(tx, code, code.agency, now)
        intakes.lock_dossiers(tx, [source, target])
        if events.has(tx, source, OUT, out):
            return
        events.append(tx, source, OUT, now, out, actor=actor)
        events.append(tx, target, INTO, now, {**what, "from": source}, actor=actor)
