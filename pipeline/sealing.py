"""Seal: a Merkle root over the heads of all event chains, time-stamped, so that a lost dossier shows too.

Leaves are SHA-256 over `dossier id:head digest`, in order of id; an odd leaf goes up unpaired. Each seal holds the
digest of the seal before.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from catalog import Transaction, events, seals
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected, Unavailable
from pipeline.services import Services


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf digests; 32 zero bytes for none."""
    level = list(leaves) or [bytes(32)]
    while len(level) > 1:
        paired = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def seal(services: Services) -> str:
    """Seal the present heads of all chains; return the root, hex. Without a time-stamp authority the seal says so."""
    while True:
        with services.catalogue.read() as tx:
            heads = events.heads(tx)
            last = seals.latest(tx)
        if last is not None and last.heads == heads:
            return last.root
        root = _root(heads)
        token = _token(root, services)
        with services.catalogue.write() as tx:
            if seals.latest(tx) == last:  # else another run has sealed meanwhile: two heirs would break the chain
                seals.add(tx, root.hex(), heads, seals.digest_of(last), token, services.clock())
                return root.hex()


def check_seals(tx: Transaction) -> None:
    """Check that every sealed chain still exists and still contains its sealed head.

    Raises:
        Rejected(EVENT_CHAIN_BROKEN): A dossier is gone or its history was rewritten, or a seal was changed.
    """
    previous = ""
    for entry in seals.all_seals(tx):
        if entry.previous != previous or entry.root != _root(entry.heads).hex():
            raise Rejected(Code.EVENT_CHAIN_BROKEN, "a seal was changed", subject=f"seal {entry.id}")
        missing = [
            dossier_id for dossier_id, head in entry.heads.items() if not events.has_digest(tx, dossier_id, head)
        ]
        if missing:
            raise Rejected(Code.EVENT_CHAIN_BROKEN, "a sealed chain is gone or rewritten", subject=missing[0])
        previous = seals.digest_of(entry)


def _root(heads: dict[str, str]) -> bytes:
    return merkle_root([bytes.fromhex(of_bytes(f"{key}:{heads[key]}".encode())) for key in sorted(heads)])


def _token(root: bytes, services: Services) -> bytes | None:
    if services.tsa is None:
        return None
    try:
        return services.tsa.token(root, "sha256")
    except Unavailable:
        return None  # the seal is made all the same; `verify` names seals without a time stamp
