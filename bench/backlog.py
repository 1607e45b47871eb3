"""A store room's backlog, unattended: `python -m bench.backlog [--boxes 40] [--pages 10000]`.

Boxes of dossiers of small cards are delivered with `--backlog`, one command a box; then `hososo worker` runs. Twice
everything is killed at once (`kill -9` of the whole process tree) and started again. At the end every page must be
archived once, in the order of its file, and the boxes must have been finished about in the order of their delivery.

Hands-on steps are the commands that a person types: one a box, and one for each start of the workers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.cards import CardDossier, make_box
from bench.installation import Installation, Workers

PAGES_A_DOSSIER: Final = 10
_RESTARTS: Final = 2
_LOOK_SECONDS: Final = 0.5
_MOST_SECONDS: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Box:
    """One box as it was delivered."""

    dossiers: list[CardDossier]

    @property
    def folder(self) -> Path:
        """What is handed to `hososo deliver`."""
        return self.dossiers[0].folder.parent

    @property
    def pages(self) -> int:
        """How many pages are in it."""
        return sum(len(dossier.cards) for dossier in self.dossiers)


@dataclass
class Outcome:
    """What became of a backlog.

    Attributes:
        commands: What a person typed.
        seconds: From the first start of the workers to the last change of a work item, restarts included.
        faults: What is not as it must be.
        early: Per box, how many dossiers of later boxes were closed before its own last one.
    """

    boxes: list[Box]
    commands: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    early: list[int] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """All pages."""
        return sum(box.pages for box in self.boxes)


def work_off(folder: Path, boxes: int, pages: int, processes: int, settings: dict[str, str] | None = None) -> Outcome:
    """Draw, deliver and digitise a backlog with two restarts, then check it."""
    _say(f"drawing {pages} cards")
    outcome = Outcome(list(_drawn(folder / "inbox", boxes, pages)))
    home = folder / "home"
    home.mkdir(mode=0o700)
    installation = Installation(home, settings or {})
    installation.run("init")
    _say("delivering")
    for box in outcome.boxes:
        installation.run("deliver", "--backlog", box.folder)
        outcome.commands += 1
    outcome.seconds = _run_through(installation, outcome, processes)
    _check(installation, outcome)
    return outcome


def report(outcome: Outcome, processes: int) -> Iterator[str]:
    """Yield the lines of the report."""
    hour = outcome.pages / outcome.seconds * 3600
    yield f"{outcome.pages} pages in {len(outcome.boxes)} boxes, {processes} worker process(es), {_RESTARTS} restarts:"
    yield f"  {outcome.seconds:.0f} s by the clock, {hour:,.0f} pages an hour"
    yield f"  {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
    yield f"  hands-on steps a box: {outcome.commands / len(outcome.boxes):.2f} ({outcome.commands} commands in all)"
    yield f"  dossiers of later boxes closed before a box was finished, at most: {max(outcome.early)}"
    yield "  every page archived once, in the order of its file" if not outcome.faults else "  NOT WHOLE:"
    yield from (f"    {fault}" for fault in outcome.faults)


def _drawn(inbox: Path, boxes: int, pages: int) -> Iterator[Box]:
    for number in range(1, boxes + 1):
        mine = pages * number // boxes - pages * (number - 1) // boxes
        dossiers = max(1, mine // PAGES_A_DOSSIER)
        yield Box(make_box(inbox, number, dossiers, mine // dossiers))


def _run_through(installation: Installation, outcome: Outcome, processes: int) -> float:
    """Work until nothing is left, killing everything when a third and two thirds are done; return the seconds."""
    dossiers = sum(len(box.dossiers) for box in outcome.boxes)
    started = time.monotonic()
    for part in range(1, _RESTARTS + 1):
        _start(installation, outcome, processes, dossiers * part // (_RESTARTS + 1)).kill()
    running = _start(installation, outcome, processes, dossiers)
    installation.wait_until_done(_MOST_SECONDS)
    seconds = time.monotonic() - started
    running.stop()
    return seconds


def _start(installation: Installation, outcome: Outcome, processes: int, closed: int) -> Workers:
    """Start the workers and return when so many dossiers are closed; they are killed when that fails."""
    _say(f"working until {closed} dossiers are closed")
    running = installation.start(processes)
    outcome.commands += 1
    try:
        _wait(installation, running, closed)
    except BaseException:
        running.kill()
        raise
    return running


def _wait(installation: Installation, running: Workers, closed: int) -> None:
    deadline = time.monotonic() + _MOST_SECONDS
    query = "select count(*) from work_item where step = 'close' and state = 'done'"
    while installation.rows(query)[0][0] < closed:
        if running.process.poll() is not None:
            raise RuntimeError(f"hososo worker ended with {running.process.returncode}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"fewer than {closed} dossiers are closed")
        time.sleep(_LOOK_SECONDS)


def _check(installation: Installation, outcome: Outcome) -> None:
    found = Counter(_archived(installation))
    wanted = Counter(
        (dossier.code, card.file, card.number, card.sha256)
        for box in outcome.boxes
        for dossier in box.dossiers
        for card in dossier.cards
    )
    outcome.faults += [f"missing: {page}" for page in (wanted - found)]
    outcome.faults += [f"too many: {page}" for page in (found - wanted)]
    outcome.faults += [f"out of order: {where}" for where in _out_of_order(installation)]
    undone = installation.rows("select step, subject, error from work_item where state not in ('done', 'cancelled')")
    outcome.faults += [f"not done: {item}" for item in undone]
    outcome.early = list(_early(installation, outcome.boxes))


_PAGES = """select dossier.code, source_file.name, page.number, page.scan_sha256, document.id, document_page.position
    from document_page join document on document.id = document_page.document_id
    join dossier on dossier.id = document.dossier_id join page on page.id = document_page.page_id
    join source_file on source_file.id = page.file_id
    where document.state = 'archived' order by document.id, document_page.position"""


def _archived(installation: Installation) -> Iterator[tuple[str, str, int, str]]:
    for code, file, number, digest, _, _ in installation.rows(_PAGES):
        yield str(code), str(file), int(number), str(digest)


def _out_of_order(installation: Installation) -> Iterator[str]:
    for one, next_one in pairwise(installation.rows(_PAGES)):
        if one[4] == next_one[4] and (next_one[1], next_one[2]) <= (one[1], one[2]):
            yield f"{one[0]} {one[1]}: page {next_one[2]} after {one[2]}"


def _early(installation: Installation, boxes: list[Box]) -> Iterator[int]:
    closed = dict(
        installation.rows("""select dossier.code, max(work_item.changed_at) from work_item
            join intake on intake.id = work_item.intake_id join dossier on dossier.id = intake.dossier_id
            where work_item.step = 'close' group by dossier.code""")
    )
    for place, box in enumerate(boxes):
        last = max(closed.get(dossier.code, "") for dossier in box.dossiers)
        later = (dossier.code for other in boxes[place + 1 :] for dossier in other.dossiers)
        yield sum(closed.get(code, "~") < last for code in later)


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what} ...\n")


def main() -> None:
    """Run and print; the exit code is 1 when a page is missing, doubled or out of order."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--boxes", type=int, default=40, help="folders of dossiers")
    options.add_argument("--pages", type=int, default=10_000, help="pages in all boxes together")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="worker processes")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="hososo-backlog-") as name:
        outcome = work_off(Path(name), chosen.boxes, chosen.pages, chosen.processes)
    for line in report(outcome, chosen.processes):
        sys.stdout.write(line + "\n")
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()
