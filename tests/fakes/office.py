"""A whole office in one process: real catalogue, holding area, store, signing and index; only the reader is a fake."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from PIL import Image

from catalog import Catalogue, documents, intakes, objects, pages, problems, queue, work
from catalog.problems import Problem
from classify.rules import load_rules
from dossier.digest import of_bytes
from dossier.model import Document, Dossier, WorkItem
from dossier.states import DocumentState, Step
from ingest.confined import BoundedTaker
from ingest.holding import Holding
from ingest.limits import Limits
from ingest.places import FolderPlace
from ingest.spool import Spool
from ocr.reader import BoundedReader
from pipeline.delivery import Delivered, deliver
from pipeline.running import run
from pipeline.services import Office, Services
from pipeline.setbacks import give_back
from pipeline.steps import STEPS
from registers.reference_data import Reference
from search.fts5_index import Fts5Index
from signing.development_pki import DevelopmentPki
from signing.validation_data import Collector
from signing.verdict import Revocation, TrustPolicy
from signing.verify import Verifier
from storage.local import LocalObjectStore
from storage.port import ObjectStore
from tests.fakes.reader import ScriptedReader
from tests.fakes.stamping import CountedSigner, MoodyRevocation, MoodyTsa

CODE = "H99.27.14-260211-0008"
OTHER_CODE = "H99.27.14-260211-0009"
ALL_STEPS = tuple(Step)


class Clock:
    """A clock that moves when it is told to, and by a little at each look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def later(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)


@dataclass
class PaperOffice:
    """The services and what a test changes about them."""

    services: Services
    inbox: Path
    clock: Clock
    reader: ScriptedReader
    signer: CountedSigner
    tsa: MoodyTsa
    revocation: MoodyRevocation
    bugs_expected: bool = False

    def use(self, *, store: ObjectStore | None = None) -> None:
        """Work with another store from now on."""
        if store is not None:
            self.services = replace(self.services, store=store)

    def folder(self, code: str = CODE) -> Path:
        """Return a dossier folder in the inbox."""
        path = self.inbox / code
        path.mkdir(exist_ok=True)
        return path

    def page(self, name: str, shade: int, *, text: str = "", code: str = CODE) -> str:
        """Put a one-page JPEG into a dossier folder and return the digest of its bytes."""
        data = jpeg(shade)
        path = self.folder(code) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        if text:
            self.reader.texts[of_bytes(data)] = text
        return of_bytes(data)

    def deliver(self) -> list[Delivered]:
        """Look at the inbox."""
        return deliver(self.inbox, self.services)

    def claim(self, *steps: Step, worker: str = "run/1/") -> WorkItem | None:
        """Claim the next item."""
        with self.services.catalogue.write() as tx:
            return work.claim(tx, worker, steps or ALL_STEPS, self.clock())

    def drain(self, *steps: Step) -> list[WorkItem]:
        """Run items until none is due; return them."""
        done = []
        while (item := self.claim(*steps)) is not None:
            run(item, self.services)
            done.append(item)
        return done

    def kill_over(self, step: Step) -> None:
        """Let worker after worker die over the first item of a step, until it is poison."""
        for _ in range(work.MAX_CRASHES):
            item = self.claim(step)
            assert item is not None
            give_back("run/", self.services, crashed=True)
            self.clock.later(60)

    def step(self, item: WorkItem) -> None:
        """Run a claimed item's step under its lease, without what a worker does about failures."""
        STEPS[item.step](item.subject, self.services.under(item))

    def digitise(self) -> list[Delivered]:
        """Deliver and run."""
        looked = self.deliver()
        self.drain()
        return looked

    def dossier(self, code: str = CODE) -> Dossier:
        """Return a dossier."""
        with self.services.catalogue.read() as tx:
            found = intakes.find_dossier(tx, code)
        assert found is not None
        return found

    def scans(self, code: str = CODE) -> list[str]:
        """Return the digests of the page images of a dossier's newest delivery, in order."""
        with self.services.catalogue.read() as tx:
            dossier = intakes.find_dossier(tx, code)
            last = intakes.latest(tx, dossier.id) if dossier is not None else None
            return [page.scan_sha256 for page in pages.of_intake(tx, last.id)] if last is not None else []

    def scans_in(self, name: str, files: dict[str, bytes]) -> Path:
        """Return a folder beside the spool with these files, as a scanner station would leave them."""
        folder = self.services.spool.root.parent / name
        folder.mkdir(parents=True)
        for each, data in files.items():
            (folder / each).write_bytes(data)
        return folder

    def documents(self, code: str = CODE) -> list[Document]:
        """Return a dossier's present documents."""
        with self.services.catalogue.read() as tx:
            return documents.live(tx, self.dossier(code).id)

    def states(self, code: str = CODE) -> list[DocumentState]:
        """Return the states of a dossier's present documents."""
        return [document.state for document in self.documents(code)]

    def problems(self) -> list[Problem]:
        """Return what waits for a person."""
        with self.services.catalogue.read() as tx:
            return problems.open_problems(tx)

    def quarantined(self) -> list[WorkItem]:
        """Return the items that are set aside."""
        with self.services.catalogue.read() as tx:
            return queue.quarantined(tx)

    def unclaimed(self) -> set[str]:
        """Return the stored objects that nobody refers to."""
        with self.services.catalogue.read() as tx:
            claimed = objects.claimed_digests(tx)
        return {ref.sha256 for ref in self.services.store.list()} - claimed

    def missing(self) -> set[str]:
        """Return the recorded objects that are not stored."""
        with self.services.catalogue.read() as tx:
            claimed = objects.claimed_digests(tx)
        return claimed - {ref.sha256 for ref in self.services.store.list()}


def jpeg(shade: int) -> bytes:
    """Return a small page; each shade is another page."""
    out = io.BytesIO()
    Image.new("RGB", (420, 594), (shade, 255 - shade, 200)).save(out, "JPEG", dpi=(50, 50))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Children:
    """Child processes that several offices may share."""

    taker: BoundedTaker
    verifier: Verifier


@contextmanager
def paper_office(home: Path, catalogue: Catalogue, pki: DevelopmentPki, children: Children) -> Iterator[PaperOffice]:
    """Give an office whose state lies under `home`."""
    clock, reader = Clock(), ScriptedReader()
    signer, tsa, revocation = CountedSigner(pki.signer), MoodyTsa(pki.tsa), MoodyRevocation(pki.revocation)
    for name in ("inbox", "scratch"):
        (home / name).mkdir()
    services = Services(
        catalogue=catalogue,
        store=LocalObjectStore(home / "archive"),
        holding=Holding(FolderPlace(home / "holding")),
        index=Fts5Index(home / "index"),
        scratch=home / "scratch",
        spool=Spool(home / "spool", reserve=0),
        reader=cast("BoundedReader", reader),
        taker=children.taker,
        limits=Limits(),
        rules=load_rules(),
        reference=Reference(()),
        office=Office("UBND XÃ THỬ", "SAO Y", "UBND XÃ THỬ"),
        verifier=children.verifier,
        trust=TrustPolicy.of(pki.anchors, revocation=Revocation.REQUIRED, timestamp_required=True),
        signer=signer,
        tsa=tsa,
        collector=Collector.of(revocation, TrustPolicy.of(pki.anchors).anchors),
        clock=clock,
    )
    yield PaperOffice(services, home / "inbox", clock, reader, signer, tsa, revocation)
