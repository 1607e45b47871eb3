"""Seal: a Merkle root over the heads of all event chains and the access log, so that a lost dossier shows too.

Leaves are SHA-256 over `dossier id:head digest`, in order of id; an odd leaf goes up unpaired. The leaves of ids with
the same first three characters have a root of their own, and the seal's root is taken over these in order: so what
changed since a seal can be worked into it without the other chains. The root gets a time stamp. Each seal holds the
digest of the seal before, and is an object in the archive store too: its time is then as hard to change as the store
is.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from catalog import Transaction, objects, seals
from catalog.catalogue import take_turn
from catalog.schema import moment, stamp
from catalog.seals import Seal
from dossier.digest import canonical
from dossier.errors import Code, Rejected, Unavailable
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.services import Services
from signing.timestamp import stamped_at

SEAL_MARK = "hososo-seal 2"
SEAL_TYPE = "application/vnd.hososo.seal+json"
_PREFIX = 3


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf digests; 32 zero bytes for none."""
    level = list(leaves) or [bytes(32)]
    while len(level) > 1:
        paired = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def path_of_last(leaves: Sequence[bytes]) -> list[bytes]:
    """Return what the last leaf is combined with on its way up to the root, from below, each standing left of it."""
    level, path = list(leaves), []
    while len(level) > 1:
        if len(level) % 2 == 0:
            path.append(level[-2])
        level = [merkle_root(level[at : at + 2]) for at in range(0, len(level), 2)]
    return path


def seal(services: Services) -> str:
    """Seal the present heads of all chains; return the root, hex. Without a time-stamp authority the seal says so."""
    while True:
        with services.catalogue.read() as tx:
            last = seals.latest(tx)
            if last is not None and not seals.is_due(tx):
                return last.root
            form = seals.CHANGED if seals.any_sealed(tx) else seals.ALL
            root, changed = _present(seals.heads(tx), every=form == seals.ALL)
        at = services.clock()
        entry = Seal(stamp(at), root.hex(), changed, seals.digest_of(last), _token(root, services), form)
        if form == seals.ALL:
            _store_earlier(services)
        ref = keep_bytes(as_object(entry), SEAL_TYPE, services)
        with services.catalogue.write() as tx:
            take_turn(tx, "seal")
            if seals.latest(tx) == last:  # else another run has sealed meanwhile: two heirs would break the chain
                seals.add(tx, entry)
                objects.record(tx, ref, f"seal:{entry.root}", "seal over all chains", at)
                break
    lock([ref.sha256], services)
    return entry.root


def check_seals(tx: Transaction) -> None:
    """Check that every sealed chain still exists and contains its sealed head, and what each time stamp stamps.

    Raises:
        Rejected: EVENT_CHAIN_BROKEN when a dossier is gone or its history was rewritten, or a seal was changed;
            SIGNATURE_INVALID when its time stamp is not one over its root.
    """
    previous, covered = "", _Covered()
    for entry in seals.all_seals(tx):
        if entry.form == seals.ALL:
            covered = _Covered()
        if entry.previous != previous or entry.root != covered.root_with(entry).hex():
            raise Rejected(Code.EVENT_CHAIN_BROKEN, "a seal was changed", subject=f"seal {entry.id}")
        if entry.token is not None:
            _check_token(entry)
        missing = [own_id for own_id, head in entry.heads.items() if not seals.has_head(tx, own_id, head)]
        if missing:
            raise Rejected(Code.EVENT_CHAIN_BROKEN, "a sealed chain is gone or rewritten", subject=missing[0])
        previous = seals.digest_of(entry)


def seals_of_access_log(tx: Transaction) -> Iterator[tuple[Seal, list[bytes]]]:
    """Yield the seals that name a segment of the access log, each with the path from there to its root."""
    covered = _Covered()
    for entry in seals.all_seals(tx):
        if entry.form == seals.ALL:
            covered = _Covered()
        covered.root_with(entry)
        if seals.ACCESS_LOG in entry.heads:
            yield entry, covered.path_of_access_log()


def as_object(entry: Seal) -> bytes:
    """Return a seal as it is kept in the archive store."""
    token = b64encode(entry.token).decode() if entry.token is not None else None
    return canonical(
        {
            "#": SEAL_MARK,
            "at": entry.at,
            "form": entry.form,
            "heads": entry.heads,
            "previous": entry.previous,
            "root": entry.root,
            "token": token,
        }
    )


def from_object(value: Mapping[str, Any]) -> Seal:
    """Return the seal that `as_object` wrote; LookupError, TypeError or ValueError when it is none."""
    token = value["token"]
    heads = {str(key): str(head) for key, head in value["heads"].items()}
    return Seal(
        str(value["at"]),
        str(value["root"]),
        heads,
        str(value["previous"]),
        b64decode(token, validate=True) if token is not None else None,
        int(value["form"]),
    )


def _store_earlier(services: Services) -> None:
    """Put seals of earlier programs into the store as well: a chain of seals is rebuilt from its first link."""
    with services.catalogue.read() as tx:
        earlier = seals.not_stored(tx)
    for entry in earlier:
        ref = keep_bytes(as_object(entry), SEAL_TYPE, services)
        with services.catalogue.write() as tx:
            objects.record(tx, ref, f"seal:{entry.root}", "seal over all chains", moment(entry.at))


def _present(heads: Iterable[seals.Head], *, every: bool) -> tuple[bytes, dict[str, str]]:
    """Return the root over all heads, and those heads that no seal holds yet, or every one: a first seal holds all.

    The access log may be sealed before there is any dossier: the first seal with dossiers is a first one all the same.
    """
    changed: dict[str, str] = {}
    roots = []
    for _, group in groupby(heads, key=lambda head: head.dossier_id[:_PREFIX]):
        leaves = []
        for head in group:
            leaves.append(_leaf(head.dossier_id, head.digest))
            if every or head.digest != head.sealed:
                changed[head.dossier_id] = head.digest
        roots.append(merkle_root(leaves))
    return merkle_root(roots), changed


class _Covered:
    """The heads that a row of seals covers, kept so that a further seal costs only what it changes."""

    def __init__(self) -> None:
        self._leaves: dict[str, dict[str, bytes]] = {}
        self._order: list[str] = []
        self._roots: dict[str, bytes] = {}

    def root_with(self, entry: Seal) -> bytes:
        """Return the root over everything covered once this seal is."""
        if entry.form == seals.FLAT:
            return merkle_root([_leaf(key, entry.heads[key]) for key in sorted(entry.heads)])
        touched = {self._add(key, head) for key, head in entry.heads.items()}
        for prefix in touched:
            own = self._leaves[prefix]
            self._roots[prefix] = merkle_root([own[key] for key in sorted(own)])
        return merkle_root([self._roots[prefix] for prefix in self._order])

    def path_of_access_log(self) -> list[bytes]:
        """Return the path from the access log's leaf, the last one and alone in its group, to the root."""
        return path_of_last([self._roots[prefix] for prefix in self._order])

    def _add(self, dossier_id: str, head: str) -> str:
        prefix = dossier_id[:_PREFIX]
        if prefix not in self._leaves:
            self._leaves[prefix] = {}
            insort(self._order, prefix)
        self._leaves[prefix][dossier_id] = _leaf(dossier_id, head)
        return prefix


def _leaf(dossier_id: str, head: str) -> bytes:
    return sha256(f"{dossier_id}:{head}".encode()).digest()


def _check_token(entry: Seal) -> None:
    try:
        stamped_at(entry.token or b"", bytes.fromhex(entry.root))
    except Rejected as exc:
        raise Rejected(exc.code, exc.detail, subject=f"seal {entry.id}") from exc


def _token(root: bytes, services: Services) -> bytes | None:
    if services.tsa is None:
        return None
    try:
        return services.tsa.token(root, "sha256")
    except Unavailable:
        return None  # the seal is made all the same; `verify` names seals without a time stamp
