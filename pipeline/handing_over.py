"""Hand-overs: begun, filled with files, committed as a whole; nothing of them is seen before that.

Every step may be repeated, by a client that did not get its answer and by a server that was killed: the key of a
hand-over and the names of its files decide what is the same. Bytes count as received when they are on the disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from catalog import Transaction, access, hand_overs, intakes
from dossier.codes import DossierCode, parse_code
from dossier.collation import Collation
from dossier.errors import Code, Rejected, Unavailable
from dossier.handing_over import (
    HandOver,
    HandOverState,
    ReceivedFile,
    checked_component,
    checked_key,
    checked_name,
    checked_replaced,
)
from dossier.leaves import leaves_of
from dossier.people import Account
from pipeline.leaves import declare_more
from pipeline.scope import may_see
from pipeline.services import Services

_MOST_UNPLACED = 200
_DIGEST_LETTERS = set("0123456789abcdef")
_MOST_PAGES = 100_000
_STACK = "stack"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hand over; see `HandOver`.

    `not_secret` says that a person has looked at every paper: none carries a state-secret marking. A `stack` has papers
    of several dossiers: neither code nor component, nothing replaced; its pages are counted only where they are to be
    collated, fronts and backs together. `leaves` says which leaves of the component these papers are.
    """

    key: str
    code: str
    component: str = ""
    pages: int | None = None
    replaces: tuple[str, ...] = ()
    not_secret: bool = False
    stack: bool = False
    collate: Collation = Collation.NONE
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class FileWish:
    """A file that is to come."""

    name: str
    sha256: str
    size: int


def begin(wish: Wish, own: Account, services: Services) -> HandOver:
    """Begin a hand-over; the same wish again gives the same one.

    Raises:
        Rejected: FOLDER_CODE_UNKNOWN, no mã hồ sơ; PAGE_UNKNOWN, of a unit that the account does not see;
            SECRECY_UNANSWERED; COMPONENT_UNKNOWN; NAME_UNUSABLE, of a file that is replaced; REQUEST_INVALID;
            LEAVES_INVALID;
            HAND_OVER_CONFLICT, the key was used for another.
        Unavailable(SPOOL_FULL): Too many hand-overs of the account are not placed yet.
    """
    _check_stack(wish)
    code = "" if wish.stack else checked_code(wish.code, own, services).normal
    if not wish.not_secret:
        raise Rejected(Code.SECRECY_UNANSWERED, subject=code)
    now = services.clock()
    made = HandOver(
        id=secrets.token_hex(12),
        account_id=own.id,
        key=checked_key(wish.key),
        code=code,
        component=wish.collate.value if wish.stack else checked_component(wish.component),
        pages=_checked_pages(wish.pages),
        replaces=checked_replaced(wish.replaces),
        state=HandOverState.OPEN,
        created_at=now,
        expires_at=now + timedelta(days=services.spool.days),
        place=services.place,
        leaves=leaves_of(wish.leaves).text,
    )
    with services.catalogue.write() as tx:
        known = hand_overs.begin(tx, made)
        if not known.says_the_same(made):
            raise Rejected(Code.HAND_OVER_CONFLICT, "the key was used for another", subject=wish.key[:64])
        if known.id == made.id:
            if hand_overs.open_count(tx, own.id) > _MOST_UNPLACED:
                raise Unavailable(Code.SPOOL_FULL, f"more than {_MOST_UNPLACED} hand-overs")
            access.note(tx, now, own.id, "hand_over.begin", known.id, code or _STACK)
        return known


def _check_stack(wish: Wish) -> None:
    """Make sure that a stack is asked for as one, and that nothing else is to be collated."""
    if wish.collate and not wish.stack:
        raise Rejected(Code.REQUEST_INVALID, "only a stack is collated", subject="collate")
    counted = wish.pages is not None and not wish.collate
    if wish.stack and (wish.code or wish.component or wish.replaces or wish.leaves or counted):
        raise Rejected(Code.REQUEST_INVALID, "a stack has no code, component or count", subject="stack")


def checked_code(raw: str, own: Account, services: Services) -> DossierCode:
    """Return a mã hồ sơ as typed or read from paper, of a unit that the account sees.

    Raises:
        Rejected: FOLDER_CODE_UNKNOWN; PAGE_UNKNOWN, the unit is not the account's.
    """
    code = parse_code(raw.strip()[:200])
    if code is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=raw.strip()[:60])
    with services.catalogue.read() as tx:
        unit = unit_of(tx, code)
    if not may_see(own, unit, services):
        raise Rejected(Code.PAGE_UNKNOWN)
    return code


def unit_of(tx: Transaction, code: DossierCode) -> str:
    """Return the unit that a dossier belongs to, or will when it comes in."""
    known = intakes.find_dossier(tx, code.normal)
    return known.unit if known is not None else code.agency


def add_file(own: HandOver, wish: FileWish, services: Services) -> ReceivedFile:
    """State that a file will come; the same again gives the same one.

    Raises:
        Rejected: HAND_OVER_CONFLICT, it is not open, or has another file of the name; NAME_UNUSABLE; REQUEST_INVALID,
            no SHA-256; FILE_EMPTY; FILE_TOO_LARGE; TOO_MANY_PAGES, too many files.
        Unavailable(SPOOL_FULL): The account's share, or the disk.
    """
    made = ReceivedFile(secrets.token_hex(12), own.id, 0, checked_name(wish.name), wish.sha256, wish.size)
    _check_file(wish, services)
    services.spool.check_room(wish.size)
    with services.catalogue.write() as tx:
        _still_open(tx, own)
        there = hand_overs.files(tx, own.id)
        if len(there) >= services.limits.max_files_per_dossier:
            raise Rejected(Code.TOO_MANY_PAGES, f"{len(there)} files", subject=own.code)
        position = max((file.position for file in there), default=0) + 1
        known = hand_overs.add_file(tx, replace(made, position=position))
        if (known.sha256, known.size) != (made.sha256, made.size):
            raise Rejected(Code.HAND_OVER_CONFLICT, "another file of this name", subject=made.name)
        if hand_overs.held(tx, own.account_id) > services.spool.quota:
            raise Unavailable(Code.SPOOL_FULL, "the share of the account")
        return replace(known, received=_on_disk(known, services))


def remove_file(own: HandOver, file: ReceivedFile, services: Services) -> None:
    """Take a file back.

    Raises:
        Rejected(HAND_OVER_CONFLICT): The hand-over is committed.
    """
    with services.catalogue.write() as tx:
        _still_open(tx, own)
        hand_overs.remove_file(tx, file.id)
    services.spool.drop(file.id)


def found_file(own: HandOver, file_id: str, services: Services) -> ReceivedFile:
    """Return a file of a hand-over, with as much as is really there.

    Raises:
        Rejected(PAGE_UNKNOWN): There is none.
    """
    with services.catalogue.read() as tx:
        file = hand_overs.file(tx, own.id, file_id)
    if file is None:
        raise Rejected(Code.PAGE_UNKNOWN)
    return replace(file, received=_on_disk(file, services))


def abandon(own: HandOver, services: Services) -> None:
    """Take a hand-over back; nothing of it is left. Done before: nothing happens.

    Raises:
        Rejected(HAND_OVER_CONFLICT): It is committed.
    """
    with services.catalogue.write() as tx:
        present = hand_overs.find(tx, own.id)
        if present is None or present.state is HandOverState.ABANDONED:
            return
        if not hand_overs.move(tx, replace(present, state=HandOverState.OPEN), HandOverState.ABANDONED):
            raise Rejected(Code.HAND_OVER_CONFLICT, present.state.value, subject=own.id)
        files = hand_overs.files(tx, own.id)
        access.note(tx, services.clock(), own.account_id, "hand_over.abandon", own.id, own.code)
    for file in files:
        services.spool.drop(file.id)


def commit(own: HandOver, listed: Mapping[str, str], services: Services) -> HandOver:
    """Commit a hand-over: what it has is whole, and will be digitised. Committed before: nothing happens.

    Args:
        own: The hand-over.
        listed: Digests of all its files by name, as the client has them: what it may forget later.
        services: Of this process.

    Raises:
        Rejected: HAND_OVER_INCOMPLETE, files are missing or not the ones that are listed; HAND_OVER_CONFLICT, it was
            abandoned, or committed with other files; LEAVES_INVALID, more leaves than a dossier can have.
    """
    with services.catalogue.write() as tx:
        present = hand_overs.find(tx, own.id)
        files = hand_overs.files(tx, own.id)
        if present is None or present.state is HandOverState.ABANDONED:
            raise Rejected(Code.HAND_OVER_CONFLICT, "abandoned", subject=own.id)
        lacking = _lacking(files, listed)
        if present.state is not HandOverState.OPEN:
            if lacking:
                raise Rejected(Code.HAND_OVER_CONFLICT, "committed with other files", subject=own.id)
            return present
        if lacking or not (files or present.replaces):
            raise Rejected(Code.HAND_OVER_INCOMPLETE, ", ".join(lacking[:5]), subject=own.id)
        hand_overs.move(tx, present, HandOverState.COMMITTED)
        code = parse_code(present.code) if present.leaves else None
        if code is not None:
            declare_more(tx, code, present.component, present.leaves, own.account_id, services)
        access.note(tx, services.clock(), own.account_id, "hand_over.commit", own.id, own.code)
        return replace(present, state=HandOverState.COMMITTED)


def _lacking(files: Sequence[ReceivedFile], listed: Mapping[str, str]) -> list[str]:
    """Return names that are listed and not there as a whole, or there and not listed."""
    there = {file.name: file.sha256 for file in files if file.is_whole}
    names = {*listed, *(file.name for file in files)}
    return sorted(name for name in names if name not in there or there[name] != listed.get(name))


def _still_open(tx: Transaction, own: HandOver) -> None:
    present = hand_overs.find(tx, own.id)
    if present is None or present.state is not HandOverState.OPEN:
        raise Rejected(Code.HAND_OVER_CONFLICT, "not open", subject=own.id)


def _on_disk(file: ReceivedFile, services: Services) -> int:
    """Return how much of a file is there: no more than was made durable, no more than the disk has."""
    return file.received if file.is_whole else min(file.received, services.spool.received(file.id))


def _check_file(wish: FileWish, services: Services) -> None:
    if len(wish.sha256) != 64 or not set(wish.sha256) <= _DIGEST_LETTERS:  # noqa: PLR2004
        raise Rejected(Code.REQUEST_INVALID, "a SHA-256 has 64 lower-case hexadecimal digits", subject="sha256")
    if wish.size <= 0:
        raise Rejected(Code.FILE_EMPTY, subject=wish.name[:60])
    if wish.size > services.limits.max_file_bytes:
        raise Rejected(Code.FILE_TOO_LARGE, f"{wish.size} bytes", subject=wish.name[:60])


def _checked_pages(pages: int | None) -> int | None:
    if pages is not None and not 0 < pages <= _MOST_PAGES:
        raise Rejected(Code.REQUEST_INVALID, "no number of pages", subject="pages")
    return pages
