"""Prepared batches: a person chooses, with the papers before them, what the token is to sign next.

A batch names each document with the digest of the file that was shown. What has changed since is refused, when the
batch is prepared and when a session takes it; the rest of the batch goes on.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from catalog import Transaction, batches, documents, signing_list
from catalog.batches import Batch, Item
from catalog.signing_list import RequestState, Waiting, Wanted
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.states import ON_SIGNING_LIST, DocumentState, SignerRole
from pipeline.services import Services
from pipeline.turns import turn_of


class Fate(StrEnum):
    """What became of a document of a batch."""

    WAITING = "waiting"  # no session has taken it
    OFFERED = "offered"  # a session has its digest
    RETURNED = "returned"  # the signature came back, a worker puts it in
    SIGNED = "signed"
    FAILED = "failed"  # the session brought none, or one that is none; it is on the list again
    CHANGED = "changed"  # another file waits by now: not what was chosen
    LEFT = "left"  # not reached in time; it is on the list again


@dataclass(frozen=True, slots=True)
class Result:
    """A document of a batch and what became of it; `code` says why it failed."""

    document: Document
    fate: Fate
    code: str = ""


def choosable(services: Services, role: SignerRole, units: frozenset[str] | None, most: int) -> list[Waiting]:
    """Return what may be put into a batch: what waits for a role and is in no session and no open batch."""
    wanted = Wanted(role, services.officer_first, units=units, unprepared=True)
    with services.catalogue.read() as tx:
        return signing_list.waiting(tx, services.clock(), most, wanted)


def prepare(
    chosen: Sequence[tuple[str, str]],
    account_id: str,
    role: SignerRole,
    units: frozenset[str] | None,
    services: Services,
) -> tuple[Batch | None, int]:
    """Record a batch for the token.

    Args:
        chosen: Ids of documents, each with the digest of the file that was shown.
        account_id: Who has chosen.
        role: In whose name they are to be signed.
        units: Only of dossiers that these units received; None: of all.
        services: Of this process.

    Returns:
        The batch, None where nothing of what was chosen still waits as it was shown; and how many documents were
        left out for that.

    Raises:
        Rejected(SETTINGS_INVALID): Nobody may sign from elsewhere in this role.
        Rejected(REQUEST_INVALID): Nothing was chosen, or more than a session may have.
    """
    policy = services.desk
    if policy is None or not policy.keys_of(role):
        raise Rejected(Code.SETTINGS_INVALID, "nobody may sign from elsewhere", subject="signing_certificates")
    if not 1 <= len(chosen) <= policy.most:
        raise Rejected(Code.REQUEST_INVALID, "how many")
    now = services.clock()
    wanted = Wanted(role, services.officer_first, units=units, unprepared=True)
    with services.catalogue.write() as tx:
        signing_list.take_list_turn(tx)
        free = {
            (each.document_id, each.unsigned)
            for each in signing_list.waiting(tx, now, len(chosen), wanted, [each for each, _ in chosen])
        }
        kept = [Item(*each) for each in dict.fromkeys(chosen) if each in free]
        if not kept:
            return None, len(chosen)
        batch = Batch(secrets.token_hex(4), account_id, role, now, now + timedelta(seconds=policy.seconds))
        batches.add(tx, batch, kept)
    return batch, len(chosen) - len(kept)


def results(batch: Batch, services: Services) -> list[Result]:
    """Return what became of the documents of a batch, in their order."""
    now = services.clock()
    with services.catalogue.read() as tx:
        over = batch.closed or (not batch.session_id and now >= batch.expires_at)
        if batch.session_id:
            over = signing_list.session(tx, batch.session_id, now) is None
        found = []
        for item in batches.items(tx, batch):
            document = documents.find(tx, item.document_id)
            if document is not None:
                found.append(Result(document, _fate(tx, item, document, batch, services, over=over), item.code))
        return found


def count(found: Collection[Result]) -> dict[Fate, int]:
    """Return how many documents had which fate, without those that none had."""
    counted = {fate: sum(each.fate is fate for each in found) for fate in Fate}
    return {fate: many for fate, many in counted.items() if many}


def is_over(batch: Batch, now: datetime, found: Collection[Result]) -> bool:
    """Return whether nothing more will become of a batch."""
    under_way = (Fate.WAITING, Fate.OFFERED, Fate.RETURNED)
    return not batch.open_at(now) and not any(each.fate in under_way for each in found)


_SAID = {
    RequestState.OFFERED: Fate.OFFERED,
    RequestState.COLLECTED: Fate.RETURNED,
    RequestState.FAILED: Fate.FAILED,
}


def _fate(tx: Transaction, item: Item, document: Document, batch: Batch, services: Services, *, over: bool) -> Fate:
    turn = turn_of(tx, document.id, services)
    if document.state in (DocumentState.SIGNED, DocumentState.ARCHIVED):
        return Fate.SIGNED
    rendered = turn.rendered if turn is not None and batch.role is SignerRole.OFFICER else None
    if rendered is not None and rendered.sha256 == item.unsigned:
        return Fate.SIGNED
    if document.state not in ON_SIGNING_LIST or turn is None or turn.source.sha256 != item.unsigned:
        return Fate.CHANGED
    if item.state is None:
        return Fate.LEFT if over else Fate.WAITING
    said = _SAID[item.state]
    return Fate.LEFT if said is Fate.OFFERED and over else said
