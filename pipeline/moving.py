"""Moving: a file that was scanned into the wrong dossier goes to the right one, before anything of it is signed.

Both chains tell of it. What is moved is a file as it was received, with all its pages: originals are not cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalog import Transaction, documents, events, intakes, pages
from dossier.codes import DossierCode
from dossier.digest import CHUNK
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Dossier, Intake, SourceFile
from dossier.people import Account
from dossier.states import DocumentState, FileState, IntakeState
from pipeline import handing_over
from pipeline.handing_over import FileWish, Wish
from pipeline.receiving_files import received_whole
from pipeline.services import Services
from pipeline.taking_over import take_over

OUT, INTO = "file_moved_out", "file_moved_in"
"""Kinds of the events in the two chains."""
_FIXED = (DocumentState.SIGNED, DocumentState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Move:
    """Which file of a dossier goes to which other dossier."""

    dossier: Dossier
    file_id: str
    to: str


def move(wish: Move, own: Account, services: Services) -> str:
    """Move a file to another dossier; return the code of that. Asked for again, it goes on where it was cut off.

    The file is added to the one before it is taken from the other: should it end in between, it is in both, and lost in
    neither.

    Raises:
        Rejected: PAGE_UNKNOWN, no such file, or another unit's dossier; PAPER_SIGNED; PAPER_NOT_ALONE, nothing would
            be left of the dossier; FOLDER_CODE_UNKNOWN.
        Unavailable(FOLDER_BUSY): The dossier is being read.
    """
    code = handing_over.checked_code(wish.to, own, services)
    if code.normal == wish.dossier.code:
        raise Rejected(Code.PAGE_UNKNOWN, "the same dossier")
    with services.catalogue.read() as tx:
        intake, file = _movable(tx, wish)
    name = file.name.rpartition("/")[2]
    into = handing_over.begin(Wish(f"move-in.{file.id}", code.normal, file.component, not_secret=True), own, services)
    taken = handing_over.add_file(into, FileWish(name, file.sha256, file.size), services)
    with services.store.open(file.sha256) as stream:
        received_whole(into, taken, iter(lambda: stream.read(CHUNK), b""), services)
    out = handing_over.begin(
        Wish(f"move-out.{file.id}", wish.dossier.code, file.component, replaces=(file.name,), not_secret=True),
        own,
        services,
    )
    acting = replace(services, office=replace(services.office, actor=own.id))
    _tell(wish.dossier.id, code, intake, file, acting)
    handing_over.commit(into, {name: file.sha256}, services)
    handing_over.commit(out, {}, services)
    for each in (into, out):
        take_over(each.id, services)
    return code.normal


def _movable(tx: Transaction, wish: Move) -> tuple[Intake, SourceFile]:
    """Return the newest delivery of the dossier with the file, where it may be moved."""
    last = intakes.latest(tx, wish.dossier.id)
    if last is None:
        raise Rejected(Code.PAGE_UNKNOWN)
    if last.state is not IntakeState.ASSEMBLED:
        raise Unavailable(Code.FOLDER_BUSY, subject=wish.dossier.code)
    files = intakes.files(tx, last.id)
    file = next((each for each in files if each.id == wish.file_id and each.state is FileState.STORED), None)
    if file is None:
        raise Rejected(Code.PAGE_UNKNOWN)
    if sum(each.state is FileState.STORED for each in files) == 1:
        raise Rejected(Code.PAPER_NOT_ALONE, subject=file.name)
    if _is_signed(tx, wish.dossier, file):
        raise Rejected(Code.PAPER_SIGNED, subject=file.name)
    return last, file


def _is_signed(tx: Transaction, dossier: Dossier, file: SourceFile) -> bool:
    """Return whether a document with a page of a file is signed: what was signed is not taken apart."""
    fixed = [each for each in documents.live(tx, dossier.id) if each.state in _FIXED]
    with_file = {page.scan_sha256 for page in pages.of_intake(tx, file.intake_id) if page.file_id == file.id}
    return any(page.scan_sha256 in with_file for each in fixed for page in pages.by_ids(tx, each.page_ids))


def _tell(source: str, code: DossierCode, intake: Intake, file: SourceFile, services: Services) -> None:
    """Write the move into both chains, once."""
    now, actor, target = services.clock(), services.office.actor, intakes.dossier_id(code)
    out = {"file": file.sha256, "intake": intake.id, "to": target}
    with services.catalogue.write() as tx:
        intakes.ensure_dossier(tx, code, code.agency, now)
        intakes.lock_dossiers(tx, [source, target])
        if events.has(tx, source, OUT, out):
            return
        events.append(tx, source, OUT, now, out, actor=actor)
        events.append(tx, target, INTO, now, {"file": file.sha256, "from": source}, actor=actor)
