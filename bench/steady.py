"""The steps of the product in one process with real services, each with its CPU, beside the bare engine.

The bare engine reads the pages of a dossier between the dossiers, so that whatever else the machine does meanwhile
falls on both alike.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from bench.bare import BareTesseract
from bench.office import DPI, pages_of
from bench.paper import Pixels
from bench.processes import cpu_here
from catalog import work
from dossier.model import WorkItem
from dossier.scan import Encoding, PageScan
from dossier.states import Step
from ocr.frame import Scale
from ocr.preparation.recipe import prepare
from ocr.preparation.red import drop_red_soft, red_excess, red_mask
from ocr.rules import rules_on
from ocr.sheet import sheet_of
from pipeline.delivery import Outcome, deliver
from pipeline.indexing import bring_up_to_date
from pipeline.running import run
from pipeline.sealing import seal
from pipeline.services import Services

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h of glibc
TO_PDF = ("deliver", "receive", "read", "assemble", "classify", "render")
TO_ARCHIVE = (*TO_PDF, "sign", "archive", "close", "index", "seal")


@dataclass
class Cost:
    """CPU seconds by name over a number of pages."""

    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """Add what the block costs, child processes included, to a name."""
        before = cpu_here()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + cpu_here() - before

    def per_page(self, *names: str) -> float:
        """Return CPU seconds a page of some names together."""
        return sum(self.seconds.get(name, 0.0) for name in names) / max(1, self.pages)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One page ready for the engine: at 300 dpi, and exactly as our reader hands it over."""

    full: Pixels
    ours: Pixels
    our_dpi: float


class BareEngine:
    """Tesseract in this process, one thread, page segmentation 3, on images that are decoded and prepared."""

    def __init__(self) -> None:
        # The allocator as our reading process has it, so that the comparison is about the work.
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, 32 << 20)
        libc.mallopt(_M_TRIM_THRESHOLD, 256 << 20)
        self._engine = BareTesseract()

    def read(self, cost: Cost, pages: list[Prepared]) -> None:
        """Read pages both ways and add up what it costs."""
        for page in pages:
            with cost.counted("bare"):
                self._engine.read(page.full, DPI)
            with cost.counted("bare_same_pixels"):
                self._engine.read(page.ours, round(page.our_dpi))


def run_steps(services: Services, folders: list[Path], bare: BareEngine) -> Cost:
    """Take dossiers through every step, the bare engine in between, and return what each costs.

    Raises:
        RuntimeError: A dossier did not come through: nothing was measured then.
    """
    cost = Cost()
    prepared = {folder: [prepared_page(path) for path in pages_of(folder)] for folder in folders}
    waiting = list(folders)
    for folder in folders:
        with cost.counted("deliver"):
            delivered = deliver(folder, services)
        if [item.outcome for item in delivered] != [Outcome.NEW]:
            raise RuntimeError(f"{folder.name} was not taken")
    while True:
        step = _one(services, cost)
        if step is None:
            break
        if step is Step.CLOSE:
            bare.read(cost, prepared[waiting.pop(0)])
    with cost.counted("index"):
        indexed = bring_up_to_date(services)
    with cost.counted("seal"):
        seal(services)
    if waiting or indexed != len(folders):
        raise RuntimeError(f"{len(folders)} documents went in, {indexed} were archived and indexed")
    cost.pages = sum(map(len, prepared.values()))
    return cost


def drain(services: Services) -> Cost:
    """Run whatever is due and return what it costs."""
    cost = Cost()
    while _one(services, cost) is not None:
        pass
    return cost


def prepared_page(path: Path) -> Prepared:
    """Decode and prepare a scan."""
    data = path.read_bytes()
    bgr = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    excess = red_excess(bgr)
    full = prepare(drop_red_soft(bgr, gray, excess, red_mask(excess)), DPI, Scale(1.0, 1.0)).gray
    scan = PageScan(Encoding.JPEG, bgr.shape[1], bgr.shape[0], DPI, DPI, 3)
    sheet = sheet_of(data, scan, rules_on(date.today()).limits, cheap=False)  # noqa: DTZ011 - a local day
    return Prepared(full, prepare(sheet.gray, sheet.dpi, sheet.scale).gray, sheet.dpi)


def _one(services: Services, cost: Cost) -> Step | None:
    """Claim and run one item as a worker does; None when nothing is due."""
    before = cpu_here()
    item = _claimed(services)
    if item is None:
        return None
    run(item, services)
    spent = cpu_here() - before
    cost.seconds[item.step.value] = cost.seconds.get(item.step.value, 0.0) + spent
    return item.step


def _claimed(services: Services) -> WorkItem | None:
    with services.catalogue.write() as tx:
        return work.claim(tx, "bench/", services.runnable, services.clock())
