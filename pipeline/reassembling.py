"""Reassembling: registers in the order of their imports, and seals in the order of their chain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from catalog import Catalogue, objects, register_rows, seals
from catalog.schema import moment
from catalog.seals import Seal
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.records import read_record
from pipeline.registering import IMPORT_TYPE, Import, read_again, record
from pipeline.sealing import SEAL_TYPE, from_object
from storage.port import ObjectStore

Imports = dict[int, list[tuple[Import, ObjectRef]]]


class Outcome(Protocol):
    """What is told of imports and seals."""

    imports: int
    imports_lost: list[int]
    imports_differing: list[int]
    seals: int
    unsealed: int
    unusable: list[tuple[str, Code]]


def reassemble_imports(imports: Imports, catalogue: Catalogue, store: ObjectStore, done: Outcome) -> None:
    """Import the registers again, in order; numbers without a note or a readable file are lost."""
    for number in range(1, max(imports, default=0) + 1):
        with catalogue.read() as tx:
            if register_rows.imports(tx) >= number - len(done.imports_lost):
                done.imports += 1  # a run that was killed has done it
                continue
        chosen = _chosen(number, imports)
        if chosen is None or not _import(*chosen, catalogue, store, done):
            done.imports_lost.append(number)


def _chosen(number: int, imports: Imports) -> tuple[Import, ObjectRef] | None:
    """Return the note of an import. Of two with one number, one was overtaken, and has the next or none."""
    later = {own.sha256 for own, _ in imports.get(number + 1, [])}
    notes = imports.get(number, [])
    kept = [note for note in notes if len(notes) == 1 or note[0].sha256 not in later]
    return max(kept or notes, key=lambda note: note[0].at, default=None)


def _import(own: Import, note: ObjectRef, catalogue: Catalogue, store: ObjectStore, done: Outcome) -> bool:
    try:
        found, file = read_again(own, store)
    except Rejected as exc:
        done.unusable.append((own.sha256, exc.code))
        return False
    with catalogue.write() as tx:
        record(tx, own, found, file, replace(note, media_type=IMPORT_TYPE))
    done.imports += 1
    if (len(found.entries), len(found.rejected)) != (own.accepted, own.rejected):
        done.imports_differing.append(own.number)
    return True


@dataclass(frozen=True, slots=True)
class _Link:
    """A seal without its heads, which would fill the memory."""

    previous: str
    digest: str
    at: str
    ref: ObjectRef


@dataclass
class Seals:
    """The seals that were found, in whatever order."""

    _links: list[_Link] = field(default_factory=list)

    def take(self, entry: Seal, ref: ObjectRef) -> None:
        """Note a seal."""
        self._links.append(_Link(entry.previous, seals.digest_of(entry), entry.at, ref))

    def reassemble(self, catalogue: Catalogue, store: ObjectStore, done: Outcome) -> None:
        """Record the longest chain of seals; heads that are in no chain any more are counted.

        When there are such heads, the next seal begins anew, over what is left.
        """
        with catalogue.read() as tx:
            last = seals.latest(tx)
        chain = self._longest()
        known = [link.digest for link in chain]
        todo = chain[known.index(seals.digest_of(last)) + 1 :] if last is not None else chain
        lost: set[str] = set()
        for link in todo:
            lost |= _record(link, catalogue, store)
        done.seals, done.unsealed = len(chain), len(lost)
        if lost:
            with catalogue.write() as tx:
                seals.forget_sealed(tx)

    def _longest(self) -> list[_Link]:
        """Return the longest chain; of two that are equally long, the one whose last seal is younger."""
        following: dict[str, list[_Link]] = {}
        for link in self._links:
            following.setdefault(link.previous, []).append(link)
        before = {link.digest: link for link in self._links}
        depth: dict[str, int] = {}
        todo = [link for link in self._links if link.previous not in before]
        while todo:
            link = todo.pop()
            depth[link.digest] = depth.get(link.previous, 0) + 1
            todo += following.get(link.digest, [])
        end = max(self._links, key=lambda link: (depth.get(link.digest, 0), link.at), default=None)
        chain: list[_Link] = []
        while end is not None:
            chain.append(end)
            end = before.get(end.previous)
        return chain[::-1]


def _record(link: _Link, catalogue: Catalogue, store: ObjectStore) -> set[str]:
    """Record a seal and its object; return the dossiers whose sealed head is in no chain."""
    entry = from_object(read_record(link.ref.sha256, store))
    with catalogue.write() as tx:
        seals.add(tx, entry)
        ref = replace(link.ref, media_type=SEAL_TYPE)
        objects.record(tx, ref, f"seal:{entry.root}", "seal over all chains", moment(entry.at))
        return {key for key, head in entry.heads.items() if not seals.has_head(tx, key, head)}
