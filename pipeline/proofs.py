"""Proofs: what the catalogue notes of a document time stamp, so that its renewal is not forgotten."""

from __future__ import annotations

from dataclasses import replace

from catalog.renditions import SignatureFacts
from catalog.schema import stamp
from signing.port import ExtensionRecord


def with_proof(facts: SignatureFacts, proof: ExtensionRecord) -> SignatureFacts:
    """Return the facts about a file that has been extended."""
    until = stamp(proof.authority_until) if proof.authority_until else ""
    return replace(facts, level=proof.level, stamp_until=until, stamp_digest=proof.digest, stamp_key=proof.key)
