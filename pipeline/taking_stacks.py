"""Taking stacks that were handed over: by stations, by programs, by the page of stacks.

The files of a committed hand-over are laid into one folder, which is then taken as any folder of a stack is. Each step
may be cut off and is done again: a file that has moved is not moved twice, and the same files are the same stack.
"""

from __future__ import annotations

import shutil

from catalog import accounts, hand_overs
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.handing_over import HandOver, HandOverState
from ingest.spool import own_file
from pipeline.collating import Pile
from pipeline.handing_stacks import HandedOver, hand_over_parts
from pipeline.services import Services
from pipeline.stacks import take_stack

_AT_ONCE = 100


def take_stacks(services: Services) -> HandedOver:
    """Take every stack of this host that was handed over, the oldest first, and hand over what is certain.

    Raises:
        Unavailable: The world is at fault; what was not taken is, the next time.
    """
    with services.catalogue.read() as tx:
        waiting = hand_overs.to_place(tx, services.place, _AT_ONCE, stacks=True)
    done, first = HandedOver(), None
    for own in waiting:
        try:
            take_handed_over(own, services)
        except HososoError as exc:  # of one stack: the others go on
            first = first or exc
        else:  # what is certain of it goes on before the next one is looked at: that may take minutes
            some = hand_over_parts(services)
            done = HandedOver(done.done + some.done, done.put_off + some.put_off)
    some = hand_over_parts(services)
    if first is not None:
        raise first
    return HandedOver(done.done + some.done, done.put_off + some.put_off)


def take_handed_over(own: HandOver, services: Services) -> None:
    """Take one stack that was handed over; where somebody else of this host is at it, nothing happens.

    Raises:
        Unavailable: The world is at fault.
    """
    try:
        with services.spool.alone_over(own.id):
            _take(own, services)
    except Unavailable as exc:
        if exc.code is not Code.FOLDER_BUSY:
            raise


def _take(own: HandOver, services: Services) -> None:
    with services.catalogue.read() as tx:
        present = hand_overs.find(tx, own.id)
        files = hand_overs.files(tx, own.id)
        account = accounts.by_id(tx, own.account_id)
    if present is None or present.state is not HandOverState.COMMITTED or account is None:
        return
    folder = services.spool.scanned(own.id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files:
        services.spool.place(file.id, own_file(folder, file.name))
    try:
        pile = Pile(own.collation, own.pages)
        stack, _ = take_stack(folder, account, services, not_secret=True, pile=pile)
    except Rejected as exc:
        said, is_kept = exc.code.value, False
    else:
        said, is_kept = stack.id, stack.folder == str(folder.resolve())
    with services.catalogue.write() as tx:
        hand_overs.move(tx, present, HandOverState.PLACED, said)
    if not is_kept:  # whoever sent it has it; or the same stack was taken before
        shutil.rmtree(folder, ignore_errors=True)
