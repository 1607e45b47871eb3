"""A seeded campaign over the return channel: `python -m tests.returning.campaign --dossiers 300 --kills 10 --seed 1`.

The real program sends archived dossiers to one-stop software of ours that refuses five in a hundred, answers late and
twice, drops connections before and after it has taken, fails, drips and floods. The sender is killed in the middle,
again and again; dossiers are corrected, receipt files taken in twice. At the end both sides are counted.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from catalog import Catalogue, portal_packages
from dossier.portal import PackageState
from storage.local import LocalObjectStore
from tests.e2e.program import Program, wait_until
from tests.fakes.archived import archive, codes, correct, register_of
from tests.fakes.portal import TOKEN, Mood, Portal, portal_server
from tests.returning.judge import judge, judge_links
from tests.servers.process import answers, free_port

_MOODS = (*[Mood.WELL] * 16, *Mood)
_ROUNDS = 60
_SECONDS = "1"  # for one package
_DONE = (0, 3, 4)  # exit codes of `portal send`: all well, something refused, something unanswered


@dataclass(slots=True)
class Result:
    """What a campaign came to."""

    findings: list[str] = field(default_factory=list)
    kills: int = 0
    runs: int = 0
    refused: int = 0
    corrected: int = 0
    receipts: int = 0
    seconds: float = 0.0


class Campaign:
    """One office, one portal, and a lot of trouble between them.

    Args:
        folder: Where everything is made.
        portal: It, serving.
        seed: Of all chances.
        dossiers: How many there are.
        tell: Where lines go.
    """

    def __init__(self, folder: Path, portal: Portal, seed: int, dossiers: int, tell: Callable[[str], None]) -> None:
        self.result = Result()
        self._portal, self._dice, self._tell, self._folder = portal, Random(seed), tell, folder
        self._codes = codes(dossiers)
        for name, text in (("token", TOKEN), ("secret", "s" * 48)):
            (folder / name).write_text(text)
        self._port = free_port()
        self._program = Program.initialised(
            folder / "home",
            listen=f"127.0.0.1:{self._port}",
            portal_way="http",
            portal_url=portal.url,
            portal_token_file=str(folder / "token"),
            portal_seconds=_SECONDS,
            portal_links=f"http://127.0.0.1:{self._port}",
            portal_link_secret_file=str(folder / "secret"),
        )
        self._catalogue = Catalogue(f"sqlite:///{folder / 'home' / 'catalogue.db'}")
        self._store = LocalObjectStore(folder / "home" / "archive")

    def run(self, kills: int, trouble: int = 4) -> Result:
        """Send until all is taken, the sender killed so often; then judge.

        Args:
            kills: How often the sender is killed.
            trouble: In how many more runs the portal misbehaves.
        """
        began = time.monotonic()
        archive(self._catalogue, self._store, self._codes)
        register = self._folder / "so.csv"
        register.write_text(register_of(self._codes), encoding="utf-8")
        self._program.run("register", "import", register)
        with self._serving():
            for number in range(_ROUNDS):
                calm = self.result.kills >= kills
                self._portal.moods = (Mood.WELL,) if number >= kills + trouble else _MOODS
                self._send(kill=not calm)
                if calm and not self._open():
                    break
                self._office_acts(calm=calm)
            self.result.findings += judge(self._catalogue, self._portal, self._codes)
            if not self.result.findings:
                self.result.findings += judge_links(self._portal, self._codes, self._dice)
        self._catalogue.close()
        self.result.seconds = time.monotonic() - began
        return self.result

    def _send(self, *, kill: bool) -> None:
        """Run the sender; to be killed, it is so after some requests have come in, whatever it is doing then."""
        self.result.runs += 1
        last = sum(self._portal.seen.values()) + self._dice.randint(1, 25)
        process = self._program.start("portal", "send")
        while process.poll() is None:
            time.sleep(0.01)
            if kill and sum(self._portal.seen.values()) >= last:
                time.sleep(self._dice.uniform(0, 0.1))
                process.send_signal(signal.SIGKILL)
                process.wait()
                self.result.kills += 1
                self._tell(f"killed, {len(self._portal.takes)} taken")
                return
        if process.returncode not in _DONE:
            self.result.findings.append(f"the sender ended with {process.returncode}")
        self._tell(f"sent, {len(self._portal.takes)} taken")

    def _office_acts(self, *, calm: bool) -> None:
        """Let people correct what was refused, correct something else, and take in a receipt file."""
        with self._catalogue.read() as tx:
            refused = portal_packages.listed(tx, [PackageState.REFUSED], 1000)
        self.result.refused += len(refused)
        for package in refused[::2]:
            correct(self._catalogue, self._store, package.code)
        if rest := [package.code for package in refused[1::2]]:
            self._program.run("portal", "retry", *rest)
        if not calm:
            for code in self._dice.sample(self._codes, 2):
                correct(self._catalogue, self._store, code)
                self.result.corrected += 1
            self._take_receipts()

    def _take_receipts(self) -> None:
        """Take in what the portal says of all that it has decided, twice, and a row that means nothing to us."""
        rows = [
            f"{key},{'Đã ghi nhận' if said['state'] == 'accepted' else 'Từ chối'},{said.get('reason', '')}"
            for key, said in list(self._portal.decided.items())
        ]
        path = self._folder / "bien-nhan.csv"
        path.write_text("\n".join(["MaGoi,KetQua,LyDo", *rows, *rows, f"{'f' * 64},1,"]) + "\n", encoding="utf-8-sig")
        self._program.run("portal", "receipt", path, code=3)
        self.result.receipts += 1

    def _open(self) -> bool:
        """Return whether anything is not taken: not packed yet, on its way, or refused."""
        with self._catalogue.read() as tx:
            standing = portal_packages.standing(tx)
            unpacked = len(self._codes) - len(portal_packages.taken(tx, self._codes))
        return bool(unpacked or standing.keys() - {PackageState.ACCEPTED, PackageState.REPLACED})

    @contextmanager
    def _serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Serve the files of the links meanwhile."""
        process = self._program.start("serve")
        try:
            wait_until(lambda: answers(self._port))
            yield process
        finally:
            process.kill()
            process.wait()


def main() -> int:
    """Run one campaign as the command line says; return 1 when there are findings."""
    options = _options()
    say: Callable[[str], None] = lambda line: print(line, flush=True)  # noqa: E731, T201
    with tempfile.TemporaryDirectory(prefix="hososo-returning-") as folder:
        portal = Portal(seed=options.seed, refuses=5)
        with portal_server(portal):
            result = Campaign(Path(folder), portal, options.seed, options.dossiers, say).run(options.kills)
    moods = ", ".join(f"{mood} {count}" for mood, count in sorted(portal.seen.items()))
    say(f"requests by mood: {moods}")
    say(
        f"{options.dossiers} dossiers, {len(portal.takes)} versions taken, {result.kills} kills in {result.runs} runs, "
        f"{result.refused} refused, {result.corrected} corrected, {result.receipts} receipt files, "
        f"{len(result.findings)} findings, {result.seconds:.0f} s"
    )
    for finding in result.findings:
        say(f"FINDING {finding}")
    return 1 if result.findings else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Hand dossiers back through all kinds of trouble, then count both sides."
    )
    parser.add_argument("--dossiers", type=int, default=300)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2026)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
