"""Close: store the manifest of a dossier once nothing of it is on the way, and again after every later change."""

from __future__ import annotations

from datetime import datetime

from catalog import Transaction, documents, events, intakes, objects, work
from dossier.errors import Code, Unavailable
from dossier.states import Step
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.manifest import MANIFEST_TYPE, Closing, manifest
from pipeline.services import Services
from pipeline.sweeping import discard

_TRIES = 5


class _Outdated(Exception):  # noqa: N818 - reads as what happened
    """The dossier changed while its manifest was being stored."""


def close_when_archived(tx: Transaction, dossier_id: str, services: Services) -> None:
    """Have the newest delivery with documents closed, anew if need be, when none of them is on the way or set aside.

    A later delivery that was rejected, stopped or is still being read does not keep this one open. To be called after
    the event that tells of the change: a closing that is running sees by it that it must take one more look.
    """
    close_at(tx, dossier_id, services.clock())


def close_at(tx: Transaction, dossier_id: str, now: datetime) -> None:
    """Do what `close_when_archived` does, where there are no services."""
    newest = next(iter(intakes.assembled(tx, dossier_id)), None)
    if newest is not None and not documents.unarchived(tx, dossier_id):
        work.enqueue(tx, Step.CLOSE, [newest.id], newest.id, now)
        work.again(tx, Step.CLOSE, newest.id, now)


def close(intake_id: str, services: Services) -> None:
    """Store the manifest of a delivery whose documents are all archived, and clear the holding areas up to it.

    A delivery that a later one has overtaken gets no manifest: the later one's covers the dossier. A manifest that
    a newer one replaces is claimed no more.

    Raises:
        Unavailable(CATALOGUE_BUSY): The dossier was changed again and again meanwhile.
    """
    for _ in range(_TRIES):
        try:
            _close(intake_id, services)
        except _Outdated:
            continue
        return
    raise Unavailable(Code.CATALOGUE_BUSY, "the dossier is being changed", subject=intake_id)


def _close(intake_id: str, services: Services) -> None:
    closing = Closing(intake_id, services.clock(), services.office.actor)
    with services.catalogue.read() as tx:
        intake = intakes.get(tx, intake_id)
        deliveries = intakes.assembled(tx, intake.dossier_id)
        overtaken = deliveries[0].id != intake_id or documents.unarchived(tx, intake.dossier_id) > 0
        head = events.head(tx, intake.dossier_id)
        data = b"" if overtaken else manifest(tx, intake, closing)
        belonging = objects.of_dossier(tx, intake.dossier_id)
    if overtaken:
        with services.commit() as tx:
            _check_unchanged(tx, intake.dossier_id, head)
            return
    ref = keep_bytes(data, MANIFEST_TYPE, services)
    services.store.verify(ref.sha256)
    lock((ref.sha256, *belonging), services)
    for delivery in deliveries:
        services.holding.purge(delivery.id)
    with services.commit() as tx:
        _check_unchanged(tx, intake.dossier_id, head)
        replaced = [
            earlier
            for earlier in objects.claimed_as(tx, closing.referrer)
            if objects.drop_claim(tx, earlier, closing.referrer)
        ]
        closing.record(tx, ref)
        events.append(tx, intake.dossier_id, "closed", closing.at, closing.payload(ref), actor=closing.actor)
    if replaced:
        discard(replaced, services)


def _check_unchanged(tx: Transaction, dossier_id: str, head: str) -> None:
    intakes.lock_dossiers(tx, [dossier_id])
    if events.head(tx, dossier_id) != head:
        raise _Outdated
