"""What the steps are given: the capabilities of the product, wired once per process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from catalog import Catalogue, Transaction, objects, work
from classify.rules import Rules
from dossier.digest import CHUNK
from dossier.model import ObjectRef, WorkItem
from dossier.states import SignerRole, Step
from ingest.confined import BoundedTaker
from ingest.holding import Holding
from ingest.limits import Limits
from ingest.spool import Spool
from ocr.again_reader import SecondReader
from ocr.reader import BoundedReader
from pipeline.first_looks import FirstLooks
from pipeline.scratch import working_folder
from pipeline.single_looks import SingleLooks
from registers.portal.links import Links
from registers.portal.port import Way
from registers.reference_data import Reference
from search.port import SearchIndex
from signing.elsewhere import AbsentKey
from signing.extend import Level
from signing.port import Signer, TimeStampAuthority
from signing.validation_data import Collector
from signing.verdict import TrustPolicy
from signing.verify import Verifier
from storage.port import LockMode, ObjectStore


@dataclass(frozen=True, slots=True)
class Office:
    """Who digitises: the words that stand in marks and signatures, and who acts."""

    agency: str
    form_of_copy: str
    converter: str
    actor: str = "hososo"


@dataclass(frozen=True, slots=True)
class LockPolicy:
    """For how many days what is archived is locked, and how hard."""

    days: int
    mode: LockMode


@dataclass(frozen=True, slots=True)
class DeskPolicy:
    """Who may sign from elsewhere, and how much at once.

    Attributes:
        keys: The keys that may sign for the agency, by the SHA-256 of their certificates in hexadecimal digits.
        most: Documents a session.
        seconds: How long a session lasts.
        officers: The keys of officers who compare, likewise; none of them is among `keys`.
        prepared_only: A session gets only what a person has prepared for it.
    """

    keys: Mapping[str, AbsentKey]
    most: int
    seconds: float
    officers: Mapping[str, AbsentKey] = field(default_factory=dict)
    prepared_only: bool = False

    def keys_of(self, role: SignerRole) -> Mapping[str, AbsentKey]:
        """Return the keys that may sign in a role."""
        return self.officers if role is SignerRole.OFFICER else self.keys


@dataclass(frozen=True, slots=True)
class PortalChannel:
    """How dossiers are handed back to the one-stop software; `links` is None where files go along with them."""

    way: Way
    links: Links | None = None


@dataclass(frozen=True)
class Services:
    """Capabilities and settings of one process.

    `signer` is None where no key is at hand: documents then wait to be signed. `lease` is the work item that is
    being run, or None when a step is called directly, as in a debugger. `place` names the host whose folders this
    process can reach; empty where all hosts see the same ones. `spool` has what stations and counters hand over.
    `lock_policy` is None where nothing is locked, `desk`
    where nobody signs from elsewhere. `signing_level` is the PAdES level below which nothing is archived that is signed
    here. `approvals_needed` says whether a person must approve that a delivery replaces signed documents.
    `officer_first` says whether the officer who compared signs before the agency does, `officer` is that key where one
    is at hand. `portal` is None where the office hands nothing back to the one-stop software. `first_looks` and
    `single_looks` are there in the process that receives hand-overs. `second_reader` is None where nothing is read
    again.
    """

    catalogue: Catalogue
    store: ObjectStore
    holding: Holding
    index: SearchIndex
    scratch: Path
    spool: Spool
    reader: BoundedReader
    taker: BoundedTaker
    limits: Limits
    rules: Rules
    reference: Reference
    office: Office
    verifier: Verifier
    trust: TrustPolicy
    signer: Signer | None
    tsa: TimeStampAuthority | None
    collector: Collector
    clock: Callable[[], datetime]
    unit_name: Callable[[str], str] = field(default=str)
    lease: WorkItem | None = None
    place: str = ""
    lock_policy: LockPolicy | None = None
    signing_level: Level = "B-LTA"
    approvals_needed: bool = False
    desk: DeskPolicy | None = None
    officer_first: bool = False
    officer: Signer | None = None
    portal: PortalChannel | None = None
    first_looks: FirstLooks | None = None
    single_looks: SingleLooks | None = None
    second_reader: SecondReader | None = None

    @property
    def runnable(self) -> tuple[Step, ...]:
        """The steps that can be done here: signing needs a key, here or elsewhere, all else does not."""
        keys = (self.signer, self.desk, self.officer) != (None, None, None)
        return tuple(step for step in Step if step is not Step.SIGN or keys)

    def key_at_hand(self, role: SignerRole) -> Signer | None:
        """Return the key for a role, None where none is at hand."""
        return self.officer if role is SignerRole.OFFICER else self.signer

    def is_here(self, place: str) -> bool:
        """Return whether the folders of a place can be reached from here."""
        return place in ("", self.place)

    @contextmanager
    def local_copy(self, ref: ObjectRef) -> Iterator[Path]:
        """Give the path of a temporary copy of a stored object, for tools that want a file.

        It is locked while it is in use: `verify` copies too, without being a worker, and a sweep must let it.
        """
        with working_folder(self.scratch) as folder:
            path = folder / "copy"
            with self.store.open(ref.sha256) as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink, CHUNK)
            yield path

    def under(self, lease: WorkItem) -> Services:
        """Return the same services working under a lease."""
        return replace(self, lease=lease)

    @contextmanager
    def commit(self) -> Iterator[Transaction]:
        """Give the one transaction of a step; the work item is finished in it, or nothing is.

        Raises:
            LostLease: The item belongs to another worker by now; nothing was committed.
        """
        with self.catalogue.write() as tx:
            if self.lease is not None:
                work.lock_dossier_of(tx, self.lease)
                # Before the step writes anything: what another worker has committed is in the way of its rows.
                work.still_held(tx, self.lease)
            yield tx
            if self.lease is not None:
                objects.drop_intents(tx, self.lease)
                work.finish(tx, self.lease, self.clock())

    @contextmanager
    def checkpoint(self) -> Iterator[Transaction]:
        """Give a transaction in the middle of a step: it commits only while the item is still ours.

        Raises:
            LostLease: The item belongs to another worker by now; nothing was committed.
        """
        with self.catalogue.write() as tx:
            if self.lease is not None:
                work.lock_dossier_of(tx, self.lease)
                work.still_held(tx, self.lease)
            yield tx
