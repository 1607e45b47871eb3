"""A seeded campaign of faults: `python -m tests.chaos.campaign --faults 200 --seed 1`.

Faults come in storms of one to three at once. After each storm everything is given back, and the campaign waits until
work moves again and nothing is held by the dead; then the next storm breaks. At the end the judge counts every page.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.faults import Fault, Struck, faults_of
from tests.chaos.installation import Installation, Shape
from tests.chaos.judge import judge
from tests.chaos.papers import Papers
from tests.chaos.poison import Poison

_LONGEST_RECOVERY, _LONGEST_END = 60.0, 240.0
_TICK = 0.1
_DELIVERED, _WAITING = 0, 4
_ENOUGH_OPEN = 60  # work items: with so many under way nothing more is delivered


@dataclass(slots=True)
class Outcome:
    """What a campaign came to.

    Attributes:
        counted: Faults that were in force, by kind.
        recovery: Longest seconds, by kind, from the end of a storm until nothing stood still any more.
        findings: What is not as it must be; empty when all is well.
        exits: Supervisors that ended because the world was away, and were started again.
    """

    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    recovery: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    findings: list[str] = field(default_factory=list)
    exits: int = 0
    pages: int = 0
    seconds: float = 0.0
    end_seconds: float = 0.0

    @property
    def faults(self) -> int:
        """How many there were."""
        return sum(self.counted.values())

    def table(self) -> str:
        """Return the result as lines of text."""
        rows = [
            f"  {kind:28} {count:4}   {self.recovery[kind]:6.1f} s"
            for kind, count in sorted(self.counted.items())
            if count
        ]
        lost = sum(one.startswith("page lost") for one in self.findings)
        doubled = sum(one.startswith("page doubled") for one in self.findings)
        last = (
            f"{self.faults} faults, {self.pages} pages, {lost} lost, {doubled} doubled, {len(self.findings)} findings, "
            f"{self.seconds:.0f} s, longest recovery {max(self.recovery.values(), default=0):.1f} s, "
            f"the rest done in {self.end_seconds:.1f} s, {self.exits} supervisors started again"
        )
        return "\n".join(["  kind                         count   longest recovery", *rows, last])


class Campaign:
    """Strikes an installation while papers go through it.

    Args:
        installation: It, up.
        seed: Of all chances.
        tell: Where lines go.
        together: How many faults a storm may have, as often as each is named.
    """

    def __init__(
        self,
        installation: Installation,
        seed: int,
        tell: Callable[[str], None] = print,
        together: tuple[int, ...] = (1, 1, 2, 3),
    ) -> None:
        self._installation = installation
        self._dice = Random(seed)
        self._tell = tell
        self._together = together
        self._papers = Papers(installation.folder / "inbox", installation.folder / "workshop")
        self._faults = faults_of(installation)
        self._delivery: subprocess.Popen[bytes] | None = None
        self.outcome = Outcome()

    def run(self, faults: int, *, poison: bool = True) -> Outcome:
        """Bring about so many faults, let the work end, and judge."""
        started = time.monotonic()
        for host in self._installation.hosts:
            host.start()
        with ExitStack() as stack:
            if poison:
                stack.enter_context(Poison(self._installation, self._papers.add_poison()))
            while self.outcome.faults < faults:
                self._storm(faults - self.outcome.faults)
            self._end()
        self.outcome.findings += judge(self._installation, self._papers)
        self.outcome.pages = self._papers.pages
        self.outcome.exits = sum(len(host.exits) for host in self._installation.hosts)
        self.outcome.seconds = time.monotonic() - started
        return self.outcome

    def _storm(self, most: int) -> None:
        self._deliver_more()
        self._wait(self._dice.uniform(0, 3))
        struck = [
            (fault, now, time.monotonic() + now.seconds)
            for fault in self._chosen(min(most, self._dice.choice(self._together)))
            if (now := self._strike(fault)) is not None
        ]
        for fault, now, until in sorted(struck, key=lambda each: each[2]):
            self._wait(until - time.monotonic())
            now.undo()
            self.outcome.counted[fault.kind] += 1
        if struck:
            self._recover([fault.kind for fault, _, _ in struck])

    def _chosen(self, count: int) -> list[Fault]:
        chosen: list[Fault] = []
        while len(chosen) < count:
            taken = {fault.target for fault in chosen}
            free = [fault for fault in self._faults if fault.target not in taken]
            # Kinds that were not seen yet go first, so that a short campaign sees many.
            weights = [fault.weight / (1 + 4 * self.outcome.counted.get(fault.kind, 0)) for fault in free]
            if not free:
                break
            chosen += self._dice.choices(free, weights)
        return chosen

    def _strike(self, fault: Fault) -> Struck | None:
        struck = fault.strike(self._dice)
        if struck is not None:
            number = self.outcome.faults
            self._tell(f"{number:4}  {fault.kind:28} {struck.detail}, {struck.seconds:.1f} s")
        return struck

    def _recover(self, kinds: list[str]) -> None:
        """Wait until work moves again and none of what is held now is still held by the same claim."""
        since = time.monotonic()
        before, held = self._moved(), self._claims()
        while self._open() and not (self._moved() > before and not held & self._claims()):
            self._wait(_TICK)
            if time.monotonic() - since > _LONGEST_RECOVERY:
                self._report(f"no recovery in {_LONGEST_RECOVERY:.0f} s after {kinds}: {self._standing()}")
                break
        for kind in kinds:
            self.outcome.recovery[kind] = max(self.outcome.recovery[kind], time.monotonic() - since)

    def _end(self) -> None:
        """Deliver what was not, and wait until all is done."""
        since = time.monotonic()
        while not (self._delivered() and self._open() == 0):
            self._wait(_TICK)
            if time.monotonic() - since > _LONGEST_END:
                self._report(f"work is not done after {_LONGEST_END:.0f} s: {self._standing()}")
                break
        self.outcome.end_seconds = time.monotonic() - since

    def _deliver_more(self) -> None:
        if self._open() < _ENOUGH_OPEN:
            for _ in range(self._dice.choice((1, 2, 2, 3))):
                self._papers.add()
        self._delivered()

    def _delivered(self) -> bool:
        """Return whether all papers were taken in; where not, deliver again, as a clerk would."""
        if self._delivery is not None:
            code = self._delivery.poll()
            if code is None:
                return False
            self._delivery = None
            if code not in (_DELIVERED, _WAITING):
                self._report(f"delivery ended with {code}")
        (known,) = self._installation.rows("select count(*) from intake")[0]
        if known != len(self._papers.dossiers):
            self._delivery = self._installation.start("deliver", self._papers.inbox)
        return self._delivery is None

    def _wait(self, seconds: float) -> None:
        """Let time pass, and do what an init system does."""
        until = time.monotonic() + seconds
        while True:
            for host in self._installation.hosts:
                host.keep_up()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(_TICK, left))

    def _open(self) -> int:
        ((count,),) = self._installation.rows("select count(*) from work_item where state in ('ready', 'claimed')")
        return int(count) + (self._delivery is not None and self._delivery.poll() is None)

    def _moved(self) -> int:
        ((count,),) = self._installation.rows("select count(*) from work_item where state = 'done'")
        return int(count)

    def _claims(self) -> set[tuple[object, ...]]:
        return set(self._installation.rows("select id, token from work_item where state = 'claimed'"))

    def _standing(self) -> str:
        rows = self._installation.rows(
            "select id, step, state, worker, attempts, crashes, run_after, lease_until, error, detail "
            "from work_item where state in ('ready', 'claimed') order by id limit 8"
        )
        return f"now {time.time():.0f}: {rows}"

    def _report(self, finding: str) -> None:
        self.outcome.findings.append(finding)
        self._tell(f"  !!  {finding}")


def main() -> int:
    """Run one campaign as the command line says; return 1 when there are findings."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # all that was started ends with us
    shape = Shape(options.database, options.broker, options.store, options.hosts, options.processes)
    folder = Path(tempfile.mkdtemp(prefix="hososo-chaos-", dir=options.folder))
    again = f"--faults {options.faults} --seed {options.seed} --database {shape.database} --broker {shape.broker}"
    again += f" --store {shape.store} --hosts {shape.hosts} --processes {shape.processes}"
    print(f"{shape}\n{folder}\nagain: python -m tests.chaos.campaign {again}", flush=True)  # noqa: T201
    with Installation(folder, shape) as installation:
        outcome = Campaign(installation, options.seed, lambda line: print(line, flush=True)).run(options.faults)  # noqa: T201
        print(outcome.table())  # noqa: T201
        for finding in outcome.findings:
            print(f"FINDING {finding}")  # noqa: T201
    return 1 if outcome.findings else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Pull every plug at random, then count every page.")
    parser.add_argument("--faults", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--broker", choices=("none", "rabbitmq", "redis"), default="rabbitmq")
    parser.add_argument("--store", choices=("folder", "s3"), default="s3")
    parser.add_argument("--hosts", type=int, default=2)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="where the campaign's folder is made")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
