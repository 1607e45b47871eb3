"""Placeholders: a leaf that cannot be scanned stands in its dossier by number and reason; it is counted, never as read.

It is an event in the chain of the dossier, and lives where that does: in the manifest, in exports, after a rebuild.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog import Transaction, events, intakes
from dossier.codes import DossierCode
from dossier.errors import Code, Rejected
from dossier.handing_over import checked_component
from pipeline.closing import close_when_archived
from pipeline.services import Services

EVENT = "leaf_placeholder"
_MOST_LEAF = 100_000


class LeafReason(StrEnum):
    """Why a leaf cannot be scanned; the values are stored."""

    TORN = "torn"
    STUCK = "stuck"  # to others, or under a seal
    FADED = "faded"
    EATEN = "eaten"  # by insects, mould, water
    TOO_LARGE = "too_large"  # for the scanners at hand
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One leaf (tờ): of which component, which number, why; who said so and when, once it is recorded."""

    component: str
    leaf: int
    reason: LeafReason
    actor: str = ""
    at: datetime | None = None


def state_placeholder(code: DossierCode, said: Placeholder, actor: str, services: Services) -> None:
    """Record that a leaf cannot be scanned; the same again changes nothing.

    Raises:
        Rejected: REQUEST_INVALID, no number of a leaf; COMPONENT_UNKNOWN.
    """
    if not 0 < said.leaf <= _MOST_LEAF:
        raise Rejected(Code.REQUEST_INVALID, "no number of a leaf", subject="leaf")
    payload = {"component": checked_component(said.component), "leaf": said.leaf, "reason": said.reason.value}
    with services.catalogue.write() as tx:
        now = services.clock()
        dossier_id = intakes.ensure_dossier(tx, code, code.agency, now)
        intakes.lock_dossiers(tx, [dossier_id])
        if any(_key(each) == _key(said) for each in placeholders(tx, dossier_id)):
            return
        events.append(tx, dossier_id, EVENT, now, payload, actor=actor)
        close_when_archived(tx, dossier_id, services)


def placeholders(tx: Transaction, dossier_id: str) -> list[Placeholder]:
    """Return the leaves of a dossier that could not be scanned, in the order in which that was said."""
    return [
        Placeholder(
            str(each.payload["component"]),
            int(str(each.payload["leaf"])),
            LeafReason(str(each.payload["reason"])),
            each.actor,
            each.at,
        )
        for each in events.chain(tx, dossier_id)
        if each.kind == EVENT
    ]


def _key(own: Placeholder) -> tuple[str, int]:
    return own.component, own.leaf
