"""What telling the state of an installation costs with a million pages in its catalogue, on each database.

    python -m bench.status [--folder FOLDER]

Makes both catalogues (`bench.million`), then asks each what `hososo status` asks, and claims an item as a worker does.
Prints a line for each; ends with status 1 when telling takes longer than it may.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.databases import postgresql, sqlite
from bench.million import DOSSIERS, PAGES, fill
from catalog import Catalogue, work
from dossier.states import Step
from hososo.overview import overview
from hososo.settings import Settings

MOST_MILLISECONDS: Final = 150.0
_ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one question: the first time, then the median and the longest of the others."""

    first: float
    median: float
    longest: float

    def __str__(self) -> str:
        return f"first {self.first:6.0f} ms   warm {self.median:6.1f} ms   longest {self.longest:6.1f} ms"


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the SQLite catalogue is made; a temporary one otherwise")
    folder = parser.parse_args().folder
    _say(f"{DOSSIERS * PAGES:,} pages of {DOSSIERS:,} dossiers")
    slow = False
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with database(folder) as url:
            began = time.monotonic()
            fill(url)
            _say(f"{name:10}  made in {time.monotonic() - began:.0f} s")
            slow |= _tell(name, url)
    return int(slow)


def _tell(name: str, url: str) -> bool:
    catalogue, settings = Catalogue(url), Settings()
    told = _times(lambda: overview(catalogue, settings))
    claimed = _times(lambda: _claim(catalogue))
    catalogue.close()
    _say(f"{name:10}  status  {told}   (at most {MOST_MILLISECONDS:.0f})")
    _say(f"{name:10}  claim   {claimed}")
    return told.median > MOST_MILLISECONDS


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _claim(catalogue: Catalogue) -> None:
    with catalogue.write() as tx:
        if work.claim(tx, "bench/", tuple(Step), datetime.now(UTC)) is None:
            raise RuntimeError("nothing to claim")


def _times(ask: Callable[[], object]) -> Times:
    spent = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    return Times(spent[0], statistics.median(spent[1:]), max(spent[1:]))


if __name__ == "__main__":
    sys.exit(main())
