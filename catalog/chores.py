"""Chores: what one process of all does now and then (seal, sweep, scrub); and the switches of the installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update

from catalog.catalogue import Transaction, take_turn
from catalog.schema import chore, stamp, switch, tally

_DRAINING = "draining"


def take(tx: Transaction, name: str, holder: str, now: datetime, *, every: float, lease: float) -> bool:
    """Take a chore that is due and that nobody else is doing; return whether it is ours.

    Args:
        tx: The transaction, which should end at once: others wait for it.
        name: Which chore.
        holder: Who does it; whoever held it before may go on.
        now: The time.
        every: Seconds from the end of one round to the next; 0: always due, also where `put_off` says later.
        lease: Seconds after which another may take it over, unless `keep` prolongs it.
    """
    take_turn(tx, f"chore {name}")
    if tx.execute(select(chore.c.name).where(chore.c.name == name)).first() is None:
        tx.execute(insert(chore).values(name=name))
    free = or_(chore.c.until < now.timestamp(), chore.c.holder == holder)
    taken = tx.execute(
        update(chore)
        .where(
            chore.c.name == name,
            free if every else or_(free, chore.c.holder == ""),
            chore.c.done_at <= now.timestamp() - every,
        )
        .values(holder=holder, until=now.timestamp() + lease)
    )
    return taken.rowcount == 1


def keep(tx: Transaction, name: str, holder: str, now: datetime, lease: float) -> bool:
    """Prolong a chore that is under way; False when somebody else has taken it over."""
    kept = tx.execute(
        update(chore).where(chore.c.name == name, chore.c.holder == holder).values(until=now.timestamp() + lease)
    )
    return kept.rowcount == 1


def done(tx: Transaction, name: str, holder: str, now: datetime) -> None:
    """Note that a chore was done; nothing happens when somebody else has taken it over."""
    tx.execute(
        update(chore)
        .where(chore.c.name == name, chore.c.holder == holder)
        .values(holder="", until=0, done_at=now.timestamp())
    )


def put_off(tx: Transaction, name: str, holder: str, until: datetime) -> None:
    """Let a chore go that failed: nobody takes it before a time, and it does not count as done."""
    tx.execute(
        update(chore).where(chore.c.name == name, chore.c.holder == holder).values(holder="", until=until.timestamp())
    )


def release(tx: Transaction, name: str, holder: str) -> None:
    """Let a chore go that is not done: whoever comes next may go on at once."""
    tx.execute(update(chore).where(chore.c.name == name, chore.c.holder == holder).values(holder="", until=0))


def last_done(tx: Transaction, name: str) -> float:
    """Return when a chore was done last, in seconds since the epoch; 0 for never."""
    return float(tx.execute(select(chore.c.done_at).where(chore.c.name == name)).scalar() or 0)


def set_draining(tx: Transaction, now: datetime, *, on: bool) -> None:
    """Keep workers from claiming anything new, or let them again."""
    take_turn(tx, f"switch {_DRAINING}")
    tx.execute(delete(switch).where(switch.c.name == _DRAINING))
    if on:
        tx.execute(insert(switch).values(name=_DRAINING, value="on", changed_at=stamp(now)))


def draining(tx: Transaction) -> bool:
    """Return whether workers may not claim anything new."""
    return tx.execute(_SWITCH).first() is not None


def count(tx: Transaction, name: str, more: int = 1) -> None:
    """Add to the count of a rare thing."""
    if tx.execute(update(tally).where(tally.c.name == name).values(count=tally.c.count + more)).rowcount == 0:
        take_turn(tx, f"tally {name}")
        known = tx.execute(select(func.count()).where(tally.c.name == name)).scalar_one()
        if known:
            tx.execute(update(tally).where(tally.c.name == name).values(count=tally.c.count + more))
        else:
            tx.execute(insert(tally).values(name=name, count=more))


def counted(tx: Transaction) -> dict[str, int]:
    """Return the counts of rare things by name."""
    return {name: int(number) for name, number in tx.execute(select(tally.c.name, tally.c["count"]))}


_SWITCH = select(switch.c.name).where(switch.c.name == _DRAINING)
