"""Let every reader read every page once, in the same run."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from bench.legibility.page import BenchPage, made
from bench.legibility.plan import PageSpec
from bench.legibility.readers.process import ReaderProcess, Reading
from bench.legibility.scoring import Score, scored


@dataclass(frozen=True, slots=True)
class Result:
    """One page read by one reader."""

    page: str
    condition: str
    dpi: int
    text: str
    reader: str
    score: Score
    reading: Reading

    def plain(self) -> dict[str, Any]:
        """Return the result as it is written to a file."""
        fields = {"page": self.page, "condition": self.condition, "dpi": self.dpi, "text": self.text}
        cost = {"seconds": round(self.reading.seconds, 3), "peak": round(self.reading.peak, 1)}
        return {**fields, "reader": self.reader, **asdict(self.score), **cost, "reading": self.reading.text}


def results(specs: Iterable[PageSpec], readers: tuple[str, ...]) -> Iterator[tuple[BenchPage, list[Result]]]:
    """Yield each page with what each reader made of it; readers work one after the other."""
    with ExitStack() as stack:
        processes = []
        for name in readers:
            process = ReaderProcess(name)
            stack.callback(process.close)
            processes.append(process)
        for count, spec in enumerate(specs, 1):
            page = made(spec)
            yield page, [_read(process, page) for process in processes]
            if count % 20 == 0:
                sys.stderr.write(f"\r{count} pages")
                sys.stderr.flush()
    sys.stderr.write("\n")


def _read(process: ReaderProcess, page: BenchPage) -> Result:
    reading = process.read(page.data, page.scan)
    spec = page.spec
    score = scored(page.truth, reading.text)
    return Result(spec.name, spec.condition, spec.dpi, page.text, process.name, score, reading)
