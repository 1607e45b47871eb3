"""Run a reader in a process of its own, so that its CPU time and its memory are its own."""

from __future__ import annotations

import multiprocessing
import os
import resource
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final, Protocol

import cv2

from bench.legibility.readers.engines import Ours, Plain, Program, Recipe
from bench.legibility.readers.ocrmypdf import OcrMyPdf
from dossier.scan import PageScan


class Reader(Protocol):
    """Reads one page."""

    def read(self, data: bytes, scan: PageScan) -> str:
        """Return the text of a page."""
        ...


READERS: Final[dict[str, Callable[[], Reader]]] = {
    "hososo": Ours,
    "plain": Plain,
    "recipe": Recipe,
    "pytesseract": Program,
    "ocrmypdf": OcrMyPdf,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a page, and what that cost: CPU seconds, and the most memory so far in MiB.

    A page on which the reader failed has no text.
    """

    text: str
    seconds: float
    peak: float
    failed: bool = False


class ReaderProcess:
    """A reader in a child process; also a context manager."""

    def __init__(self, name: str) -> None:
        """Start the reader.

        Raises:
            FileNotFoundError: Its program is not installed.
        """
        context = multiprocessing.get_context("spawn")
        self.name = name
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, theirs), daemon=False)
        self._process.start()
        theirs.close()

    def read(self, data: bytes, scan: PageScan) -> Reading:
        """Return the reading of a page.

        Raises:
            EOFError: The reader died.
        """
        self._pipe.send((data, scan))
        found: Reading = self._pipe.recv()
        return found

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(30)


def _serve(name: str, pipe: Connection) -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    reader = READERS[name]()
    while True:
        try:
            data, scan = pipe.recv()
        except EOFError:
            return
        before = _cpu()
        text = _attempt(reader, data, scan)
        pipe.send(Reading(text or "", _cpu() - before, _peak(), failed=text is None))


def _attempt(reader: Reader, data: bytes, scan: PageScan) -> str | None:
    try:
        return reader.read(data, scan)
    except Exception:  # noqa: BLE001 - whatever one reader fails with must not end the run of the others
        traceback.print_exc()
        return None


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak() -> float:
    """Return the peak of this process or, where one needed more, of the largest child."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return max(usage.ru_maxrss for usage in usages) / 1024
