"""What reports cost over a province's year: a million dossiers with six million documents, on each database.

    python -m bench.reports [--dossiers N] [--folder FOLDER] [--database sqlite|postgresql|both]

Makes both catalogues (`bench.province`), makes all lines of facts, then asks for every report and for pages of lists,
each in a process of its own, and prints seconds and peak memory. Ends with status 1 when one takes longer than it may.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

from bench.databases import postgresql, sqlite
from bench.province import fill
from catalog import Catalogue, Transaction, facts
from catalog.facts import EVERYTHING, Scope
from classify.rules import load_rules
from dossier.facts import Cell
from pipeline.next_work import Wanted, next_work
from pipeline.projecting import project
from pipeline.services import Services
from registers.reference_data import Reference, of_files
from reports.grouping import DIMENSIONS, By, Seen, axis_of, by_group, by_period, grouping
from reports.inspection import DIMENSIONS as OF_INSPECTION
from reports.inspection import Question, inspection
from reports.lists import behind
from reports.period import Counting, whole_year
from reports.printed.forms import SheetKey
from reports.view import Base
from reports.worklist.boxes import Order

DOSSIERS: Final = 1_000_000
MOST_SECONDS, MOST_PAGE_SECONDS, MOST_WORK_SECONDS, MOST_MEGABYTES = 3.0, 0.3, 1.0, 500.0
_MOST: Final = {"page ": MOST_PAGE_SECONDS, "work list ": MOST_WORK_SECONDS}
_AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
_YEAR = whole_year(2025, Counting.ADMINISTRATIVE)
_PAGES = ("received", "late", "overdue", "archival.COUNTED", "archival.READ_FAILED", "portal.rest")
_ONE_UNIT = Scope(units=frozenset({"H99.10.007"}))


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dossiers", type=int, default=DOSSIERS)
    parser.add_argument("--folder", type=Path, help="where the SQLite catalogue is made; a temporary one otherwise")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--ask", nargs=2, metavar=("URL", "QUESTION"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        return _answer(*given.ask)
    slow = False
    for kind, database in (("sqlite", sqlite), ("postgresql", postgresql)):
        if given.database in ("both", kind):
            with database(given.folder) as url:
                slow |= measured(kind, url, given.dossiers)
    return int(slow)


def measured(kind: str, url: str, dossiers: int) -> bool:
    """Make a catalogue, measure, print; return whether anything took longer than it may."""
    made = _timed(lambda: fill(url, dossiers))
    catalogue = Catalogue(url)
    lines = _timed(lambda: make_lines(catalogue))
    catalogue.close()
    _say(f"{kind:10}  {dossiers:,} dossiers made in {made:.0f} s; their lines in {lines:.0f} s")
    slow = False
    for question in questions():
        done = subprocess.run(
            [sys.executable, "-m", "bench.reports", "--ask", url, question], check=True, capture_output=True, text=True
        )
        told = json.loads(done.stdout)
        most = next((most for start, most in _MOST.items() if question.startswith(start)), MOST_SECONDS)
        late = told["again"] > most or told["megabytes"] > MOST_MEGABYTES
        slow |= late
        mark = "  TOO SLOW" if late else ""
        _say(
            f"{kind:10}  {question:28} {told['first']:6.2f} s, again {told['again']:6.2f} s (at most {most:.1f}),"
            f" {told['megabytes']:4.0f} MB{mark}"
        )
    return slow


def questions() -> Mapping[str, Callable[[Transaction, Reference], Any]]:
    """Return every question that is measured, by name: the reports of a year, and a page of a list."""
    return {
        **{f"report {base}": _report(base, EVERYTHING) for base in Base},
        "report of one unit": _report(Base.B1, _ONE_UNIT),
        **{f"table by {by}": _table(by) for by in By if by is not By.PERIOD},
        "table by month": _by_month,
        **{f"page {name}": _page(name) for name in _PAGES},
        **{f"work list {key}": _work_list(key) for key in SheetKey},
    }


def make_lines(catalogue: Catalogue) -> int:
    """Make all lines of facts; return how many."""
    return project(_services(catalogue), demo=False)


def asked(catalogue: Catalogue) -> dict[str, Any]:
    """Return the answer to every question, by name."""
    known = of_files(None, None)
    with catalogue.read() as tx:
        return {name: ask(tx, known) for name, ask in questions().items()}


def _report(base: Base, scope: Scope) -> Callable[[Transaction, Reference], Any]:
    def ask(tx: Transaction, known: Reference) -> object:
        """Return the inspection report of the year."""
        question = Question(_YEAR, _AS_OF, base)
        counted = facts.cells(tx, question.axis, OF_INSPECTION, scope)
        return inspection(counted, question, known.procedures.on(_YEAR.end).values())

    return ask


def _table(by: By) -> Callable[[Transaction, Reference], Any]:
    def ask(tx: Transaction, known: Reference) -> object:
        """Return a line for each group."""
        view = Question(_YEAR, _AS_OF).view()
        counted = facts.cells(tx, view.axis, DIMENSIONS[by])
        return by_group(counted, view, grouping(by, known.units, _YEAR.end, Seen.PRESENT), {})

    return ask


def _by_month(tx: Transaction, _known: Reference) -> object:
    parts = _YEAR.months()
    counted = facts.cells(tx, axis_of(parts, _AS_OF, Base.B1))
    return by_period(counted, parts, _AS_OF, Base.B1, {})


def _page(name: str) -> Callable[[Transaction, Reference], Any]:
    counted: list[list[Cell]] = []

    def ask(tx: Transaction, _known: Reference) -> object:
        """Return a page of the list; which cells it shows is known from the figure that was opened."""
        view = Question(_YEAR, _AS_OF).view()
        if not counted:
            counted.append(behind(name, facts.cells(tx, view.axis), view))
        return facts.listed(tx, view.axis, counted[0], after="H99.10.060", limit=100)

    return ask


def _work_list(key: SheetKey) -> Callable[[Transaction, Reference], Any]:
    def ask(tx: Transaction, known: Reference) -> object:
        """Return the first page of the work list."""
        return next_work(tx, Wanted(key, Order.GAIN, _YEAR), "", _AS_OF, known)

    return ask


def _answer(url: str, name: str) -> int:
    """Ask one question twice in this process, and print what it took."""
    catalogue, known = Catalogue(url), of_files(None, None)
    ask = questions()[name]
    spent = []
    for _ in range(2):
        with catalogue.read() as tx:
            spent.append(_timed(lambda tx=tx: ask(tx, known)))  # type: ignore[misc] # a lambda's default
    catalogue.close()
    sys.stdout.write(json.dumps({"first": spent[0], "again": spent[1], "megabytes": _peak_megabytes()}))
    return 0


def _peak_megabytes() -> float:
    """Return the most memory that this program has had; what the one that started it had does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _services(catalogue: Catalogue) -> Services:
    """Return as much of the services as making lines asks for."""
    own = SimpleNamespace(catalogue=catalogue, reference=of_files(None, None), rules=load_rules(), portal=None)
    return cast("Services", own)


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
