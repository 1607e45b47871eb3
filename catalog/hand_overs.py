"""Hand-overs of stations and counters, and the files that they have received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, false, func, or_, select, update

from catalog.catalogue import Transaction
from catalog.columns import moment, stamp
from catalog.hand_over_tables import hand_over, received_file
from catalog.inserting import insert_into
from dossier.handing_over import HandOver, HandOverState, ReceivedFile

_SAID = ("id", "account_id", "key", "code", "component", "pages", "place", "leaves")
_UNPLACED = (HandOverState.OPEN.value, HandOverState.COMMITTED.value)


def begin(tx: Transaction, own: HandOver) -> HandOver:
    """Record a hand-over, unless its account has one of the same key; return what is recorded then."""
    values = {
        **{name: getattr(own, name) for name in _SAID},
        "replaces": list(own.replaces),
        "state": own.state.value,
        "created_at": stamp(own.created_at),
        "expires_at": stamp(own.expires_at),
    }
    tx.execute(insert_into(tx, hand_over).values(**values).on_conflict_do_nothing())
    same = (hand_over.c.account_id == own.account_id) & (hand_over.c.key == own.key)
    return _read(tx.execute(select(hand_over).where(same)).one())


def find(tx: Transaction, hand_over_id: str) -> HandOver | None:
    """Return a hand-over, or None."""
    row = tx.execute(select(hand_over).where(hand_over.c.id == hand_over_id)).first()
    return _read(row) if row is not None else None


def move(tx: Transaction, own: HandOver, state: HandOverState, intake_id: str = "") -> bool:
    """Bring a hand-over from the state that it was read in to another; False when it is not in that state any more."""
    same = (hand_over.c.id == own.id) & (hand_over.c.state == own.state.value)
    return tx.execute(update(hand_over).where(same).values(state=state.value, intake_id=intake_id)).rowcount == 1


def to_place(tx: Transaction, place: str, most: int, *, stacks: bool = False) -> list[HandOver]:
    """Return committed hand-overs of one host's spool, the oldest first: those of dossiers, or the stacks."""
    own = (hand_over.c.state == HandOverState.COMMITTED.value) & (hand_over.c.place == place)
    own &= hand_over.c.code == "" if stacks else hand_over.c.code != ""
    return [_read(row) for row in tx.execute(select(hand_over).where(own).order_by(hand_over.c.created_at).limit(most))]


def of_intake(tx: Transaction, intake_id: str) -> HandOver | None:
    """Return the hand-over that became a delivery; None where it came another way."""
    row = tx.execute(select(hand_over).where(hand_over.c.intake_id == intake_id)).first()
    return None if row is None else _read(row)


def expired(tx: Transaction, place: str, now: datetime) -> list[HandOver]:
    """Return hand-overs that nobody has committed in time."""
    late = (hand_over.c.state == HandOverState.OPEN.value) & (hand_over.c.expires_at < stamp(now))
    return [_read(row) for row in tx.execute(select(hand_over).where(late, hand_over.c.place == place))]


def newest(tx: Transaction, units: Iterable[str] | None, most: int) -> list[HandOver]:
    """Return the newest hand-overs for dossiers whose code begins with one of some agencies' codes; None: all."""
    query = select(hand_over).where(hand_over.c.state != HandOverState.ABANDONED.value, hand_over.c.code != "")
    if units is not None:
        query = query.where(or_(false(), *(hand_over.c.code.startswith(f"{unit}-", autoescape=True) for unit in units)))
    return [_read(row) for row in tx.execute(query.order_by(hand_over.c.created_at.desc()).limit(most))]


def placed_after(tx: Transaction, own: HandOver) -> list[HandOver]:
    """Return the hand-overs of the same dossier that were begun later and are placed, the newest first."""
    later = (hand_over.c.code == own.code) & (hand_over.c.created_at > stamp(own.created_at))
    query = select(hand_over).where(later, hand_over.c.state == HandOverState.PLACED.value)
    return [_read(row) for row in tx.execute(query.order_by(hand_over.c.created_at.desc()))]


def placed_of(tx: Transaction, code: str) -> list[HandOver]:
    """Return the hand-overs of a dossier that are placed, the newest first."""
    own = (hand_over.c.code == code) & (hand_over.c.state == HandOverState.PLACED.value)
    query = select(hand_over).where(own).order_by(hand_over.c.created_at.desc(), hand_over.c.id)
    return [_read(row) for row in tx.execute(query)]


def of_key(tx: Transaction, account_id: str, key: str) -> HandOver | None:
    """Return the hand-over of an account that has a key, or None."""
    same = (hand_over.c.account_id == account_id) & (hand_over.c.key == key)
    row = tx.execute(select(hand_over).where(same)).first()
    return _read(row) if row is not None else None


def held(tx: Transaction, account_id: str) -> int:
    """Return how many bytes an account's hand-overs have, or may still get, in the spool."""
    own = (hand_over.c.account_id == account_id) & hand_over.c.state.in_(_UNPLACED)
    joined = received_file.join(hand_over, hand_over.c.id == received_file.c.hand_over_id)
    total = select(func.coalesce(func.sum(received_file.c.size), 0)).select_from(joined).where(own)
    return int(tx.execute(total).scalar_one())


def open_count(tx: Transaction, account_id: str) -> int:
    """Return how many hand-overs an account has that are not placed yet."""
    own = (hand_over.c.account_id == account_id) & hand_over.c.state.in_(_UNPLACED)
    return int(tx.execute(select(func.count()).select_from(hand_over).where(own)).scalar_one())


def add_file(tx: Transaction, file: ReceivedFile) -> ReceivedFile:
    """Record a file that will come, unless the hand-over has one of the name; return what is recorded then."""
    fields = ("id", "hand_over_id", "position", "name", "sha256", "size", "received", "is_whole")
    values = {name: getattr(file, name) for name in fields}
    tx.execute(insert_into(tx, received_file).values(**values).on_conflict_do_nothing())
    same = (received_file.c.hand_over_id == file.hand_over_id) & (received_file.c.name == file.name)
    return _file(tx.execute(select(received_file).where(same)).one())


def files(tx: Transaction, hand_over_id: str) -> list[ReceivedFile]:
    """Return the files of a hand-over in order."""
    own = select(received_file).where(received_file.c.hand_over_id == hand_over_id)
    return [_file(row) for row in tx.execute(own.order_by(received_file.c.position, received_file.c.id))]


def file(tx: Transaction, hand_over_id: str, file_id: str) -> ReceivedFile | None:
    """Return one file of a hand-over, or None."""
    own = (received_file.c.hand_over_id == hand_over_id) & (received_file.c.id == file_id)
    row = tx.execute(select(received_file).where(own)).first()
    return _file(row) if row is not None else None


def known_files(tx: Transaction, file_ids: Iterable[str]) -> set[str]:
    """Return those of some ids that files have."""
    return set(tx.execute(select(received_file.c.id).where(received_file.c.id.in_(list(file_ids)))).scalars())


def set_received(tx: Transaction, file_id: str, received: int, *, is_whole: bool) -> None:
    """Record how much of a file is on the disk for certain."""
    own = received_file.c.id == file_id
    tx.execute(update(received_file).where(own).values(received=received, is_whole=is_whole))


def set_placed(tx: Transaction, file_id: str, name: str) -> None:
    """Record under which name a file goes to the others of its dossier."""
    tx.execute(update(received_file).where(received_file.c.id == file_id).values(placed_as=name))


def remove_file(tx: Transaction, file_id: str) -> None:
    """Forget a file."""
    tx.execute(delete(received_file).where(received_file.c.id == file_id))


def _read(row: Row[Any]) -> HandOver:
    return HandOver(
        **{name: getattr(row, name) for name in (*_SAID, "intake_id")},
        replaces=tuple(row.replaces),
        state=HandOverState(row.state),
        created_at=moment(row.created_at),
        expires_at=moment(row.expires_at),
    )


def _file(row: Row[Any]) -> ReceivedFile:
    names = ("id", "hand_over_id", "position", "name", "sha256", "size", "received", "is_whole", "placed_as")
    return ReceivedFile(**{name: getattr(row, name) for name in names})
