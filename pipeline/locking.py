"""Locking: what is archived is protected against deletion for a time, where the installation says so.

The lock is applied when a document is archived and when its dossier is closed, never before: what is still on its way
may have to be destroyed. It is a protection, not the legal period of retention, which only ever makes it longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pipeline.services import Services


def lock(digests: Iterable[str], services: Services) -> None:
    """Lock stored objects from today on for the days of the policy; nothing without a policy. Safe to run again.

    Raises:
        Rejected(OBJECT_MISSING): One of them is not stored.
        Unavailable: The store does not answer.
    """
    policy = services.lock_policy
    if policy is None:
        return
    until = services.clock().date() + timedelta(days=policy.days)
    for digest in digests:
        services.store.retain(digest, until, policy.mode)
