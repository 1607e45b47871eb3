"""Packages for the one-stop software: which were made of each dossier, handed over, accepted, refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, insert, literal_column, select, update

from catalog.catalogue import Transaction
from catalog.schema import dossier, dossier_fact, fact_profile, moment, portal_package, stamp
from dossier.facts import Facts
from dossier.portal import Answer, Package, PackageFile, PackageState, files_of
from dossier.status import Cause

NEVER = 9e15
"""When a package is sent again that waits for an answer which comes by itself: seconds since 1970."""
_OPEN = portal_package.c.state.in_([literal_column("'due'"), literal_column("'sent'")])
_READY = dossier.c.portal_due & ~dossier.c.facts_due
_NOT_TAKEN = (PackageState.DUE.value, PackageState.SENT.value, PackageState.REFUSED.value)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many dossiers' newest packages are in a state, and since when the oldest of them."""

    count: int
    since: datetime | None


def note_counted(tx: Transaction, codes: Sequence[str]) -> None:
    """Note that dossiers which have no package yet have become archived: theirs is due."""
    none = ~exists().where(portal_package.c.dossier_id == dossier.c.id)
    wanted = (dossier.c.code.in_(codes), ~dossier.c.portal_due, none)
    found = select(dossier.c.id).where(*wanted).order_by(dossier.c.id).with_for_update(key_share=True)
    fresh = list(tx.execute(found).scalars()) if codes else []
    if fresh:
        tx.execute(update(dossier).where(dossier.c.id.in_(fresh)).values(portal_due=True))


def flagged(tx: Transaction, limit: int) -> list[str]:
    """Return ids of dossiers whose package may be due, with their lines of facts up to date."""
    query = select(dossier.c.id).where(_READY).order_by(dossier.c.code).limit(limit)
    return list(tx.execute(query).scalars())


def take_flags(tx: Transaction, dossier_ids: Sequence[str]) -> dict[str, str]:
    """Note that it is looked whether the packages of these dossiers are due; return their codes by id.

    They have to be locked. Those about which something was written since they were found are left out: their lines of
    facts tell of the time before.
    """
    query = select(dossier.c.id, dossier.c.code).where(dossier.c.id.in_(dossier_ids), _READY).order_by(dossier.c.id)
    found = {row.id: row.code for row in tx.execute(query)}
    tx.execute(update(dossier).where(dossier.c.id.in_(found)).values(portal_due=False))
    return found


def counted(tx: Transaction, codes: Sequence[str]) -> set[str]:
    """Return which of some dossiers are digitised to archival standard, by lines of facts that are up to date."""
    query = (
        select(dossier_fact.c.code, fact_profile.c.facts)
        .join(fact_profile, fact_profile.c.id == dossier_fact.c.profile)
        .join(dossier, dossier.c.code == dossier_fact.c.code)
        .where(dossier_fact.c.code.in_(codes), ~dossier.c.facts_due)
    )
    return {row.code for row in tx.execute(query) if _is_counted(row.facts)}


def newest(tx: Transaction, dossier_id: str) -> Package | None:
    """Return the newest package of a dossier."""
    query = _packages().where(portal_package.c.dossier_id == dossier_id)
    row = tx.execute(query.order_by(portal_package.c.version.desc()).limit(1)).first()
    return _package(row) if row else None


def of_dossier(tx: Transaction, dossier_id: str) -> list[Package]:
    """Return all packages of a dossier, oldest first."""
    query = _packages().where(portal_package.c.dossier_id == dossier_id)
    return [_package(row) for row in tx.execute(query.order_by(portal_package.c.version))]


def find(tx: Transaction, key: str) -> Package | None:
    """Return a package by its key."""
    row = tx.execute(_packages().where(portal_package.c.key == key)).first()
    return _package(row) if row else None


def add(tx: Transaction, package: Package) -> None:
    """Record a new package; those before it that were not accepted are replaced by it."""
    before = (portal_package.c.dossier_id == package.dossier_id, portal_package.c.state.in_(_NOT_TAKEN))
    tx.execute(update(portal_package).where(*before).values(state=PackageState.REPLACED.value))
    values = {
        "key": package.key,
        "dossier_id": package.dossier_id,
        "version": package.version,
        "content": package.content,
        "state": package.state.value,
        "files": [asdict(file) for file in package.files],
        "made_at": stamp(package.made_at),
        "links_until": stamp(package.links_until) if package.links_until else "",
    }
    tx.execute(insert(portal_package).values(**values))


def next_open(tx: Transaction, now: datetime, limit: int) -> list[Package]:
    """Return packages that are to be sent now, those that waited longest first."""
    query = _packages().where(_OPEN, portal_package.c.next_at <= now.timestamp())
    ordered = query.order_by(portal_package.c.next_at, portal_package.c.made_at, portal_package.c.key)
    return [_package(row) for row in tx.execute(ordered.limit(limit))]


def begin_try(tx: Transaction, key: str, next_at: datetime) -> None:
    """Note that a package is about to be sent, and when again if nothing is heard of it."""
    _set(tx, key, tries=portal_package.c.tries + 1, next_at=next_at.timestamp())


def set_trouble(tx: Transaction, key: str, code: str) -> None:
    """Note what kept a package from being handed over."""
    _set(tx, key, trouble=code)


def hand_over(tx: Transaction, key: str, at: datetime, *, ask_again: bool) -> None:
    """Note that a package was handed over: its answer is asked for when the next try is due, or comes by itself."""
    values = {} if ask_again else {"next_at": NEVER}
    _set(tx, key, state=PackageState.SENT.value, sent_at=stamp(at), trouble="", **values)


def settle(tx: Transaction, package: Package, state: PackageState, answer: Answer, at: datetime) -> None:
    """Record a final answer; what was accepted before it has its links revoked by an acceptance."""
    values = {"receipt": answer.receipt, "refusal": answer.refusal, "reason": answer.reason, "trouble": ""}
    sent_at = stamp(package.sent_at or at)
    _set(tx, package.key, state=state.value, sent_at=sent_at, answered_at=stamp(at), **values)
    if state is PackageState.ACCEPTED:
        earlier = portal_package.c.version < package.version
        _revoke(tx, at, earlier & (portal_package.c.dossier_id == package.dossier_id))


def revoke(tx: Transaction, dossier_id: str, at: datetime) -> int:
    """Revoke the links of all packages of a dossier; return of how many."""
    return _revoke(tx, at, portal_package.c.dossier_id == dossier_id)


def send_at_once(tx: Transaction, *, ask_again: bool) -> int:
    """Let no package wait for its next try, with `ask_again` nor one for its answer; return how many those are."""
    which = _OPEN if ask_again else _OPEN & (portal_package.c.state == PackageState.DUE.value)
    return tx.execute(update(portal_package).where(which).values(next_at=0)).rowcount


def prolong(tx: Transaction, key: str, until: datetime) -> None:
    """Let the links of a package last until a later moment."""
    _set(tx, key, links_until=stamp(until))


def taken(tx: Transaction, codes: Sequence[str]) -> Mapping[str, tuple[PackageFile, ...]]:
    """Return what was accepted last of each of some dossiers, by code."""
    query = _packages().where(dossier.c.code.in_(codes), portal_package.c.state == PackageState.ACCEPTED.value)
    return {row.code: files_of(row.files) for row in tx.execute(query.order_by(portal_package.c.version))}


def standing(tx: Transaction) -> Mapping[PackageState, Waiting]:
    """Return how many packages are in each state, and since when."""
    query = select(portal_package.c.state, func.count().label("packages"), func.min(portal_package.c.made_at))
    rows = tx.execute(query.group_by(portal_package.c.state))
    return {PackageState(state): Waiting(count, moment(since)) for state, count, since in rows}


def listed(tx: Transaction, states: Sequence[PackageState], limit: int) -> list[Package]:
    """Return packages in some states, the oldest first."""
    query = _packages().where(portal_package.c.state.in_([state.value for state in states]))
    ordered = query.order_by(portal_package.c.made_at, portal_package.c.key)
    return [_package(row) for row in tx.execute(ordered.limit(limit))]


def _revoke(tx: Transaction, at: datetime, which: Any) -> int:  # noqa: ANN401 - a condition
    wanted = and_(which, portal_package.c.revoked_at == "", portal_package.c.links_until != "")
    return tx.execute(update(portal_package).where(wanted).values(revoked_at=stamp(at))).rowcount


def _set(tx: Transaction, key: str, **values: Any) -> None:  # noqa: ANN401 - whatever a column holds
    tx.execute(update(portal_package).where(portal_package.c.key == key).values(**values))


def _packages() -> Select[Any]:
    return select(portal_package, dossier.c.code).join(dossier, dossier.c.id == portal_package.c.dossier_id)


@lru_cache(maxsize=1 << 16)
def _is_counted(facts: str) -> bool:
    return Facts.of_text(facts).archival is Cause.COUNTED


def _package(row: Row[Any]) -> Package:
    return Package(
        key=row.key,
        dossier_id=row.dossier_id,
        code=row.code,
        version=row.version,
        content=row.content,
        state=PackageState(row.state),
        files=files_of(row.files),
        made_at=moment(row.made_at),
        sent_at=moment(row.sent_at) if row.sent_at else None,
        answered_at=moment(row.answered_at) if row.answered_at else None,
        receipt=row.receipt,
        refusal=row.refusal,
        reason=row.reason,
        links_until=moment(row.links_until) if row.links_until else None,
        revoked_at=moment(row.revoked_at) if row.revoked_at else None,
        tries=row.tries,
        trouble=row.trouble,
    )
