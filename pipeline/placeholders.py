"""Placeholders: a leaf that cannot be scanned stands in its dossier by number and reason; it is counted, never as read.

It is an event in the chain of the dossier, and lives where that does: in the manifest, in exports, after a rebuild.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog import Transaction, events

EVENT = "leaf_placeholder"


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

    @property
    def place(self) -> tuple[str, int]:
        """Which leaf it is: said again it is the same."""
        return self.component, self.leaf


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
