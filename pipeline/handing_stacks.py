"""Handing over the parts of stacks: what was decided goes to its dossier as any hand-over does, once.

The key of a part's hand-over is made of stack and position: whatever is cut off is done again and is the same. Each
dossier's chain of events says from which files and pages its papers came, and which separator stood before them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from catalog import Transaction, access, accounts, events, intakes, stacks
from catalog.stacks import Stack, StackPart
from dossier.codes import parse_code
from dossier.digest import CHUNK, of_file
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.handing_over import HandOver, HandOverState, checked_component
from dossier.people import Account
from dossier.stacks import DiscardReason, Doubt, PartState, StackPage
from pipeline import handing_over
from pipeline.handing_over import FileWish, Wish
from pipeline.receiving_files import received_whole
from pipeline.scope import may_see_stack
from pipeline.services import Services
from pipeline.stack_sources import STACK_KEY
from pipeline.taking_over import take_over

EVENT = "stack_part_taken"
_AT_ONCE = 1000
_MOST_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many parts were handed over, and how many now wait for a person because their dossier took them not."""

    done: int = 0
    put_off: int = 0


def hand_over_parts(services: Services) -> HandedOver:
    """Hand over all parts of this host's stacks that are decided.

    Raises:
        Unavailable: The world is at fault; what was not handed over is, the next time.
    """
    with services.catalogue.read() as tx:
        decided = stacks.in_state(tx, PartState.DECIDED, services.place, _AT_ONCE)
    done = put_off = 0
    for own in decided:
        try:
            handed = _hand_over(own, services)
        except Unavailable as exc:
            if exc.code is not Code.SPOOL_FULL:
                raise
            break  # as much as there is room for; the rest follows when some of it is placed
        done += handed
        put_off += not handed
    return HandedOver(done, put_off)


def waiting(services: Services) -> list[tuple[Stack, StackPart]]:
    """Return the parts of this host's stacks that wait for a person, the oldest stacks first."""
    with services.catalogue.read() as tx:
        listed = stacks.in_state(tx, PartState.WAITING, services.place, _AT_ONCE)
        found = [(stacks.find(tx, own.stack_id), own) for own in listed]
    return [(stack, own) for stack, own in found if stack is not None]


def waiting_for(own: Account, services: Services) -> list[tuple[Stack, StackPart]]:
    """Return those of the waiting parts that an account may see."""
    found = waiting(services)
    seen = {each: may_see_stack(own, each, services) for each in {stack.account_id for stack, _ in found}}
    return [(stack, part) for stack, part in found if seen[stack.account_id]]


def assign(stack_id: str, position: int, code: str, component: str, account: Account, services: Services) -> StackPart:
    """Record where a person says that a part belongs, and hand it over.

    Raises:
        Rejected: FOLDER_CODE_UNKNOWN, PAGE_UNKNOWN, COMPONENT_UNKNOWN as `handing_over.begin`; REQUEST_INVALID, no such
            part waits.
    """
    parsed = handing_over.checked_code(code, account, services)
    component = checked_component(component)
    with services.catalogue.write() as tx:
        own = waiting_part(tx, stack_id, position)
        if own is None or not stacks.decide(tx, own, parsed.normal, component, account.id):
            raise Rejected(Code.REQUEST_INVALID, "no part that waits", subject=f"{stack_id[:24]} {position}")
    hand_over_parts(services)
    with services.catalogue.read() as tx:
        return next(each for each in stacks.parts(tx, stack_id) if each.position == position)


def discard(stack_id: str, position: int, reason: DiscardReason, account: Account, services: Services) -> StackPart:
    """Record that a waiting part belongs to no dossier; the stack's own file stays where it lies.

    Raises:
        Rejected(REQUEST_INVALID): No such part waits.
    """
    with services.catalogue.write() as tx:
        own = waiting_part(tx, stack_id, position)
        if own is None or not stacks.discard(tx, own, reason, account.id):
            raise Rejected(Code.REQUEST_INVALID, "no part that waits", subject=f"{stack_id[:24]} {position}")
        access.note(tx, services.clock(), account.id, "stack.discard", stack_id, f"part={position} reason={reason}")
    shutil.rmtree(services.spool.stack(stack_id) / str(position), ignore_errors=True)
    with services.catalogue.read() as tx:
        return next(each for each in stacks.parts(tx, stack_id) if each.position == position)


def waiting_part(tx: Transaction, stack_id: str, position: int) -> StackPart | None:
    """Return a part that waits for a person, None where there is none."""
    parts = (each for each in stacks.parts(tx, stack_id) if each.position == position)
    return next((each for each in parts if each.state is PartState.WAITING), None)


def _hand_over(own: StackPart, services: Services) -> bool:
    with services.catalogue.read() as tx:
        stack = stacks.find(tx, own.stack_id)
        account = accounts.by_id(tx, stack.account_id) if stack is not None else None
    try:
        made = _handed_over(own, account, services) if account is not None else None
    except Rejected:
        made = None
    if made is None or stack is None:
        with services.catalogue.write() as tx:
            stacks.put_off(tx, own, Doubt.NOT_TAKEN)
        return False
    _record(own, stack, made, services)
    shutil.rmtree(services.spool.stack(own.stack_id) / str(own.position), ignore_errors=True)
    with suppress(HososoError):  # it is committed: its turn comes again as that of any hand-over
        take_over(made.id, services)
    return True


def _handed_over(own: StackPart, account: Account, services: Services) -> HandOver:
    """Begin, fill and commit the hand-over of a part; done before: the same one."""
    made = _begun(own, account, services)
    if made.state is not HandOverState.OPEN:
        return made
    folder = services.spool.stack(own.stack_id) / str(own.position)
    sent: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        name = f"xap-{own.stack_id[:8]}-{own.position:03}-{path.name}"
        sent[name], size = of_file(path)
        file = handing_over.add_file(made, FileWish(name, sent[name], size), services)
        received_whole(made, file, _bytes(path), services)
    return handing_over.commit(made, sent, services)


def _begun(own: StackPart, account: Account, services: Services) -> HandOver:
    """Return the hand-over of a part, begun now or before.

    One that was begun for another dossier, before a person decided anew, or that was abandoned in between, is none: it
    was never committed.
    """
    part = own.part
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        key = f"{STACK_KEY}{own.stack_id}.{own.position}.{attempt}"
        try:
            made = handing_over.begin(Wish(key, part.code, part.component, not_secret=True), account, services)
        except Rejected as exc:
            if exc.code is not Code.HAND_OVER_CONFLICT:
                raise
            continue
        if made.state is not HandOverState.ABANDONED:
            return made
    raise Rejected(Code.HAND_OVER_CONFLICT, f"{_MOST_ATTEMPTS} attempts", subject=own.stack_id)


def _record(own: StackPart, stack: Stack, made: HandOver, services: Services) -> None:
    code = parse_code(own.part.code)
    if code is None:  # a table that was damaged
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=own.part.code)
    payload = {
        "stack": own.stack_id,
        "pages": _places(own.part.pages, stack),
        "separators": _places(own.part.separators, stack),
        "doubt": own.part.doubt.value,
    }
    how = next((file.collated for file in stack.files if file.collated), "")
    if how:  # `pages` have the order of the sheets, not that of the file
        payload["collated"] = how
    with services.catalogue.write() as tx:
        if not stacks.hand_over(tx, own, made.id):
            return
        dossier_id = intakes.ensure_dossier(tx, code, code.agency, services.clock())
        intakes.lock_dossiers(tx, [dossier_id])
        events.append(tx, dossier_id, EVENT, services.clock(), payload, actor=stack.account_id)


def _places(pages: tuple[StackPage, ...], stack: Stack) -> list[list[object]]:
    """Return pages as events name them: digest of the file as it was received, number; 0 for all of a file."""
    return [[stack.files[page.file].sha256, page.number] for page in pages]


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
