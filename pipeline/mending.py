"""Mending: what is damaged or lost in the archive store comes back from a second copy, or is told to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog import Transaction, events, fixity, intakes, problems
from catalog.claimants import Claimant, claimants
from catalog.fixity import Looked
from dossier.errors import Code, Rejected, Unavailable
from pipeline.closing import close_when_archived
from pipeline.services import Services
from storage.port import ObjectStore

_SHOWN = 12  # digits of a digest that tell one object of a page from another


@dataclass(frozen=True, slots=True)
class Mender:
    """Puts bad objects right. `second` is another store with the same objects, or None where there is none."""

    services: Services
    second: ObjectStore | None

    def mend(self, item: Looked, found: Code) -> bool:
        """Bring a bad object back from the second copy and record it; return whether that worked.

        When it did not, the object is on the list of what a person must deal with. An object that is no longer
        recorded was removed while we looked: nothing is wrong, and nothing is recorded.
        """
        mended = self._bring_back(item.sha256)
        with self.services.catalogue.write() as tx:
            now = self.services.clock()
            _lock(tx, claimants(tx, item.sha256))
            if not fixity.set_fault(tx, item.sha256, found, now):
                return True
            if mended:
                fixity.mark_read(tx, [item.sha256], now)
                self._right(tx, item, found, "second copy")
            else:
                self._wrong(tx, item, found)
        return mended

    def found_sound(self, item: Looked) -> None:
        """Record that an object that was bad is sound again: somebody has put it right, or the disk reads it now."""
        with self.services.catalogue.write() as tx:
            _lock(tx, claimants(tx, item.sha256))
            fixity.mark_read(tx, [item.sha256], self.services.clock())
            if item.fault != Code.STORE_UNAVAILABLE:  # nobody was told of that one
                self._right(tx, item, Code(item.fault), "outside")

    def _bring_back(self, sha256: str) -> bool:
        if self.second is None:
            return False
        try:
            self.second.verify(sha256)
            with self.second.open(sha256) as source:
                self.services.store.mend(sha256, source)
            self.services.store.verify(sha256)
        except (Rejected, Unavailable):  # the copy is bad or away too: the next slice tries again
            return False
        return True

    def _right(self, tx: Transaction, item: Looked, was: Code, source: str) -> None:
        payload = {"object": item.sha256, "was": was.value, "from": source}
        for each in self._tell(tx, item, "fixity.repaired", payload):
            for code in {was, Code(item.fault or was)}:
                problems.resolve(tx, each.folder, _subject(each, item), code, self.services.clock())

    def _wrong(self, tx: Transaction, item: Looked, found: Code) -> None:
        concerned = claimants(tx, item.sha256)
        if item.fault != found:  # not known yet: the chain tells it once
            concerned = self._tell(tx, item, "fixity.damaged", {"object": item.sha256, "found": found.value})
        for each in concerned:
            problems.report(tx, each.folder, _subject(each, item), found, item.sha256, self.services.clock())

    def _tell(self, tx: Transaction, item: Looked, kind: str, payload: Mapping[str, object]) -> list[Claimant]:
        """Add an event to the chain of each dossier that needs the object; return who needs it."""
        concerned = claimants(tx, item.sha256)
        for dossier_id in _lock(tx, concerned):
            events.append(tx, dossier_id, kind, self.services.clock(), payload, actor=self.services.office.actor)
            close_when_archived(tx, dossier_id, self.services)
        return concerned


def _lock(tx: Transaction, concerned: list[Claimant]) -> list[str]:
    """Lock the dossiers, which everybody locks before objects and in one order: nobody waits in a circle."""
    dossiers = sorted({each.dossier_id for each in concerned})
    intakes.lock_dossiers(tx, dossiers)
    return dossiers


def _subject(one: Claimant, item: Looked) -> str:
    return f"{one.subject} ({item.sha256[:_SHOWN]})"
