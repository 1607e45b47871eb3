"""What the object store holds and who needs it: every stored object is claimed by its referrers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, insert, select, union_all

from catalog.catalogue import Transaction, take_turn
from catalog.inserting import insert_into, insert_missing
from catalog.schema import (
    claim,
    condemned,
    document,
    intake,
    intent,
    page,
    source_file,
    stamp,
    stored_object,
    work_item,
)
from dossier.errors import Code, Unavailable
from dossier.model import ObjectRef, WorkItem

_SWEEP = "sweep"
_AT_ONCE = 1000  # objects a statement
_LONGEST_BY_HAND = 86_400.0  # seconds that something outside a work item may take from storing to claiming


@dataclass(frozen=True, slots=True)
class Need:
    """A stored object, and who needs it for what."""

    ref: ObjectRef
    referrer: str
    reason: str


def record(tx: Transaction, ref: ObjectRef, referrer: str, reason: str, at: datetime) -> None:
    """Record a stored object and one referrer's claim on it. Safe to run again."""
    record_all(tx, [Need(ref, referrer, reason)], at)


def record_all(tx: Transaction, needs: Iterable[Need], at: datetime) -> None:
    """Record stored objects and the claims on them. Safe to run again.

    All that a transaction records goes into one call: objects are locked in order of digest, as different dossiers
    may need the same ones (the words of a blank page).
    """
    ordered = sorted(needs, key=lambda need: need.ref.sha256)
    found = {need.ref.sha256: _object_row(need.ref, at) for need in ordered}
    claims = [{"sha256": need.ref.sha256, "referrer": need.referrer, "reason": need.reason} for need in ordered]
    for start in range(0, len(found), _AT_ONCE):
        _hold(tx, list(found.values())[start : start + _AT_ONCE])
    insert_missing(tx, claim, claims)


def _object_row(ref: ObjectRef, at: datetime) -> dict[str, object]:
    return {
        "sha256": ref.sha256,
        "key": ref.key,
        "size": ref.size,
        "media_type": ref.media_type,
        "created_at": stamp(at),
    }


def _hold(tx: Transaction, rows: list[dict[str, object]]) -> None:
    """Make sure that objects are recorded, and stay so until this transaction ends."""
    missing = rows
    while missing:
        insert_missing(tx, stored_object, missing)
        wanted = [row["sha256"] for row in missing]
        there = select(stored_object.c.sha256).where(stored_object.c.sha256.in_(wanted))
        kept = set(
            tx.execute(there.order_by(stored_object.c.sha256).with_for_update(read=True, key_share=True)).scalars()
        )
        missing = [row for row in missing if row["sha256"] not in kept]  # its last claim was dropped between the two


def intend(tx: Transaction, digests: Iterable[str], item: WorkItem | None, now: datetime) -> None:
    """Say which objects a work item is about to store, so that no sweep takes them away before they are claimed.

    Raises:
        Unavailable(STORE_UNAVAILABLE): One of them is being removed at this moment: try again when it is gone.
    """
    wanted = sorted(set(digests))
    take_turn(tx, _SWEEP, shared=True)
    doomed = tx.execute(select(condemned.c.sha256).where(condemned.c.sha256.in_(wanted))).first()
    if doomed is not None:
        raise Unavailable(Code.STORE_UNAVAILABLE, "the same bytes are being removed", subject=doomed.sha256)
    item_id, token = (item.id, item.token) if item else (0, 0)
    rows = [{"sha256": each, "item_id": item_id, "token": token, "at": now.timestamp()} for each in wanted]
    if rows:  # in one order: several people may import the same file at the same moment
        new = insert_into(tx, intent)
        last = {"token": new.excluded.token, "at": new.excluded.at}
        tx.execute(new.on_conflict_do_update(index_elements=["sha256", "item_id"], set_=last), rows)


def drop_intents(tx: Transaction, item: WorkItem) -> None:
    """Forget what an item was about to store: it is claimed by now, or it never will be."""
    take_turn(tx, _SWEEP, shared=True)
    tx.execute(delete(intent).where(intent.c.item_id == item.id))


def condemn(tx: Transaction, digests: Iterable[str], now: datetime) -> list[str]:
    """Mark those of some objects for removal that nobody claims or is about to store; return them.

    From then on nobody may begin to store them until `forget` is called for them.
    """
    take_turn(tx, _SWEEP)
    wanted = set(digests)
    # Asked for each of the few intents: there may be a million open items, and everybody waits for us meanwhile.
    is_open = exists().where(work_item.c.id == intent.c.item_id, work_item.c.state.in_(("ready", "claimed")))
    by_hand = (intent.c.item_id == 0) & (intent.c.at > now.timestamp() - _LONGEST_BY_HAND)
    tx.execute(delete(intent).where(~is_open, ~by_hand))
    # Intents first: a step that claims what it intended drops the intent with the same commit.
    spared = _sought(tx, intent.c.sha256, wanted)
    spared |= _sought(tx, claim.c.sha256, wanted) | _sought(tx, condemned.c.sha256, wanted)
    chosen = sorted(wanted - spared)
    if chosen:
        tx.execute(insert(condemned), [{"sha256": each, "at": now.timestamp()} for each in chosen])
    return chosen


def condemned_before(tx: Transaction, moment: float) -> list[str]:
    """Return what a sweep that did not come to its end had marked before a time (seconds since the epoch)."""
    return list(tx.execute(select(condemned.c.sha256).where(condemned.c.at <= moment)).scalars())


def forget(tx: Transaction, sha256: str) -> None:
    """Note that a condemned object is gone, or that it has to stay."""
    tx.execute(delete(condemned).where(condemned.c.sha256 == sha256))


def drop_claim(tx: Transaction, sha256: str, referrer: str) -> bool:
    """Remove a referrer's claim; return True when it was the last one, and the object may go."""
    tx.execute(select(stored_object.c.sha256).where(stored_object.c.sha256 == sha256).with_for_update())
    tx.execute(delete(claim).where(claim.c.sha256 == sha256, claim.c.referrer == referrer))
    if tx.execute(select(claim.c.referrer).where(claim.c.sha256 == sha256)).first() is not None:
        return False
    tx.execute(delete(stored_object).where(stored_object.c.sha256 == sha256))
    return True


def claimed_as(tx: Transaction, referrer: str) -> list[str]:
    """Return the digests that a referrer claims."""
    return list(tx.execute(select(claim.c.sha256).where(claim.c.referrer == referrer)).scalars())


def drop_claims_like(tx: Transaction, beginning: str) -> int:
    """Remove the claims of all referrers that begin like this, and the records of what nobody else claims."""
    like = claim.c.referrer.startswith(beginning, autoescape=True)
    digests = list(tx.execute(select(claim.c.sha256).where(like)).scalars())
    tx.execute(delete(claim).where(like))
    claimed = select(claim.c.sha256)
    tx.execute(delete(stored_object).where(stored_object.c.sha256.in_(digests), stored_object.c.sha256.not_in(claimed)))
    return len(digests)


def find(tx: Transaction, sha256: str) -> ObjectRef | None:
    """Return a stored object's record, or None."""
    row = tx.execute(select(stored_object).where(stored_object.c.sha256 == sha256)).first()
    return ObjectRef(row.key, row.sha256, row.size, row.media_type) if row else None


def claimed_digests(tx: Transaction) -> set[str]:
    """Return the digests that somebody claims."""
    return set(tx.execute(select(claim.c.sha256).distinct()).scalars())


def of_dossier(tx: Transaction, dossier_id: str) -> list[str]:
    """Return the digests of everything that a dossier claims: files, words, renditions, manifests, all versions."""
    own_intakes = select(intake.c.id).where(intake.c.dossier_id == dossier_id)
    own_documents = select(document.c.id).where(document.c.dossier_id == dossier_id)
    referrers = [
        select("file:" + source_file.c.id).where(source_file.c.intake_id.in_(own_intakes)),
        select("page:" + page.c.id).where(page.c.intake_id.in_(own_intakes)),
        select("manifest:" + intake.c.id).where(intake.c.dossier_id == dossier_id),
        select("signed:" + document.c.id).where(document.c.id.in_(own_documents)),
        select("unsigned:" + document.c.id).where(document.c.id.in_(own_documents)),
        select("compared:" + document.c.id).where(document.c.id.in_(own_documents)),
        select("report:" + document.c.id).where(document.c.id.in_(own_documents)),
    ]
    rows = tx.execute(
        select(claim.c.sha256).where(claim.c.referrer.in_(union_all(*referrers))).distinct().order_by(claim.c.sha256)
    )
    return list(rows.scalars())


def _sought(tx: Transaction, column: ColumnElement[str], digests: set[str]) -> set[str]:
    return set(tx.execute(select(column).where(column.in_(digests)).distinct()).scalars())
