"""Taking over: the files of a committed hand-over go to the others of their dossier, and all are delivered.

Each step may be cut off and is done again: names are decided and recorded before files move, a file that has moved is
not moved twice, and a delivery of the same bytes is none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from catalog import hand_overs, intakes
from dossier.codes import parse_code
from dossier.digest import CHUNK, of_file
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.handing_over import HandOver, HandOverState, ReceivedFile
from dossier.model import Intake, SourceFile
from dossier.states import FileState, IntakeState
from ingest.spool import full_is_told, own_file, sync_folder
from pipeline.delivery import Outcome, deliver
from pipeline.emptying import deliver_nothing
from pipeline.services import Services
from pipeline.stop import is_unfinished

_AT_ONCE = 100
_BEING_TAKEN = (IntakeState.RECEIVING, IntakeState.READING)


def take_over(hand_over_id: str, services: Services) -> HandOver | None:
    """Deliver a committed hand-over if its dossier can take it now; return what it is then.

    A dossier of which another delivery is being received or read takes nothing: the hand-over waits its turn.
    """
    with services.catalogue.read() as tx:
        own = hand_overs.find(tx, hand_over_id)
    if own is None or own.is_stack or own.state is not HandOverState.COMMITTED or own.place != services.place:
        return own  # a stack is looked at page by page first: `taking_stacks`
    try:
        with services.spool.alone_over(own.code):
            _take_over(own, replace(services, office=replace(services.office, actor=own.account_id)))
    except Unavailable as exc:
        if exc.code is not Code.FOLDER_BUSY:
            raise
    with services.catalogue.read() as tx:
        return hand_overs.find(tx, hand_over_id)


def take_over_all(services: Services) -> int:
    """Deliver what waits in the spool of this host, the oldest first; return how many that were."""
    with services.catalogue.read() as tx:
        waiting = hand_overs.to_place(tx, services.place, _AT_ONCE)
    done = 0
    first: HososoError | None = None
    for own in waiting:
        try:
            now = take_over(own.id, services)
        except HososoError as exc:  # of one dossier: the others go on
            first = first or exc
        else:
            done += now is not None and now.state is HandOverState.PLACED
    if first is not None:
        raise first
    return done


def _take_over(own: HandOver, services: Services) -> None:
    last = _free(own, services)
    if last is _TAKEN:
        return
    folder = services.spool.dossier(own.code)
    _complete(folder, last, own, services)
    for name in own.replaces:
        path = own_file(folder, name)
        if not _is_of(own, name, services):
            services.spool.set_aside(path, own.id)
    for file in _named(own, folder, services):
        target = own_file(folder, file.placed_as)
        services.spool.place(file.id, target)
    if _delivered(own, folder, last, services) is Outcome.UNDER_WAY:
        return
    with services.catalogue.write() as tx:
        newest = intakes.latest(tx, _dossier_id(own))
        hand_overs.move(tx, own, HandOverState.PLACED, newest.id if newest else "")


def _delivered(own: HandOver, folder: Path, last: Intake | None, services: Services) -> Outcome:
    """Deliver a dossier's folder, also when a hand-over without files has taken the last paper out of it."""
    with services.catalogue.read() as tx:
        brings = hand_overs.files(tx, own.id)
    if own.replaces and not brings and all(file.name in own.replaces for file in _before(last, services)):
        done = deliver_nothing(_dossier_id(own), folder, services)
        if done is not Outcome.PROBLEM:
            return done
    (looked,) = deliver(folder, services)
    return looked.outcome


_TAKEN = Intake("", "", "", "", 0, IntakeState.RECEIVING)


def _free(own: HandOver, services: Services) -> Intake | None:
    """Return the newest delivery of the dossier, `_TAKEN` while that is being received or read."""
    with services.catalogue.read() as tx:
        last = intakes.latest(tx, _dossier_id(own))
        if last is not None and (last.state in _BEING_TAKEN or is_unfinished(tx, last)):
            return _TAKEN
    return last


def _complete(folder: Path, last: Intake | None, own: HandOver, services: Services) -> None:
    """Have a dossier's folder hold what was delivered before from elsewhere, or was removed when it was archived.

    A delivery stands for the whole dossier: what it lacks counts as taken out.
    """
    before = [file for file in _before(last, services) if file.name not in own.replaces]
    if folder.is_dir():
        if last is not None and _was_turned_down(last):
            _take_back(folder, before, own, services)
        if last is not None and last.folder != str(folder.resolve()):
            _restore(folder, before, services)
        return
    draft = folder.with_name(f".{folder.name}")
    draft.mkdir(mode=0o700, parents=True, exist_ok=True)
    _restore(draft, before, services)
    draft.rename(folder)
    sync_folder(folder.parent)


def _was_turned_down(last: Intake) -> bool:
    return last.state is IntakeState.REJECTED and last.error == Code.REPLACEMENT_NOT_APPROVED


def _take_back(folder: Path, before: Sequence[SourceFile], own: HandOver, services: Services) -> None:
    """Have a folder hold what is in force again: what a leader turned down does not come in with the next papers."""
    with services.catalogue.read() as tx:
        if any(file.placed_as for file in hand_overs.files(tx, own.id)):
            return  # it was done, and then this hand-over was cut off
    in_force = {file.name: file.sha256 for file in before}
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if in_force.get(str(path.relative_to(folder))) != of_file(path)[0]:
            services.spool.set_aside(path, own.id)
    _restore(folder, before, services)


def _restore(folder: Path, files: Sequence[SourceFile], services: Services) -> None:
    for file in files:
        path = own_file(folder, file.name)
        if path.exists():
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        with full_is_told(), services.store.open(file.sha256) as source, draft.open("wb") as sink:
            shutil.copyfileobj(source, sink, CHUNK)
        draft.rename(path)


def _before(last: Intake | None, services: Services) -> list[SourceFile]:
    """Return the files of the newest delivery that became documents, as far as the archive has them."""
    if last is None:
        return []
    with services.catalogue.read() as tx:
        made = next(iter(intakes.assembled(tx, last.dossier_id)), None)
        files = intakes.files(tx, made.id) if made is not None else []
    return [file for file in files if file.state is FileState.STORED]


def _is_of(own: HandOver, name: str, services: Services) -> bool:
    """Return whether a name is that of a file of this very hand-over: it was placed before we were cut off."""
    with services.catalogue.read() as tx:
        return any(file.placed_as == name for file in hand_overs.files(tx, own.id))


def _named(own: HandOver, folder: Path, services: Services) -> list[ReceivedFile]:
    """Return the files of a hand-over, each with its name among those of the dossier."""
    with services.catalogue.read() as tx:
        files = hand_overs.files(tx, own.id)
    if all(file.placed_as for file in files):
        return files
    there = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    taken = {name.casefold() for name in there}
    named: list[ReceivedFile] = []
    for file in files:
        same = _same(file, [*there.values()], folder) or next(
            (other.placed_as for other in named if other.sha256 == file.sha256), ""
        )
        name = file.placed_as or same or next(_free_names(own, file, taken))
        taken.add(name.casefold())
        named.append(replace(file, placed_as=name))
    with services.catalogue.write() as tx:
        for file in named:
            hand_overs.set_placed(tx, file.id, file.placed_as)
    return named


def _same(file: ReceivedFile, there: Sequence[Path], folder: Path) -> str:
    """Return the name of a file with the same bytes: the same page is not in a dossier twice."""
    alike = (path for path in there if path.stat().st_size == file.size)
    return next((str(path.relative_to(folder)) for path in alike if of_file(path)[0] == file.sha256), "")


def _free_names(own: HandOver, file: ReceivedFile, taken: set[str]) -> Iterator[str]:
    """Yield names that no other file has: the file's own, then with numbers."""
    stem, dot, ending = file.name.rpartition(".")
    number = 1
    while True:
        name = file.name if number == 1 else f"{stem}-{number}{dot}{ending}"
        whole = f"{own.component}/{name}" if own.component else name
        if whole.casefold() not in taken:
            yield whole
        number += 1


def _dossier_id(own: HandOver) -> str:
    code = parse_code(own.code)
    if code is None:  # a table that was damaged
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=own.code)
    return intakes.dossier_id(code)
