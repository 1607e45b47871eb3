"""A day at the counter: `python -m tests.day.campaign --dossiers 300 --pages 2000 --seed 1`.

One server with its worker, two stations with a hot folder of stacks each, separator sheets as the program prints them,
everything read by the real engine. Stacks come one after the other; the network is cut three times and a station killed
twice meanwhile. At the end the judge counts every sheet.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.day.judge import Verdict, as_json, differing, judge, standing
from tests.day.papers import AGENCY
from tests.day.scene import DAY, Scene, Share, drawn, register, scanned
from tests.e2e.program import Program, wait_until
from tests.servers.process import free_port
from tests.servers.proxy import FaultProxy

_STATIONS, _CUTS, _KILLS = 2, 3, 2
_TICK = 0.5
_SETTINGS = """
server = "http://127.0.0.1:{port}"
token_file = "ma-tram.txt"
stable_seconds = 0.3
poll_seconds = 0.2
[[folder]]
path = "xap"
quiet_seconds = 0.5
not_secret = "folder"
stacks = true
"""


@dataclass
class Station:
    """One station as a program, with the network before it."""

    program: Program
    folder: Path
    proxy: FaultProxy
    killed: int = 0
    _running: subprocess.Popen[bytes] | None = None

    @property
    def hot(self) -> Path:
        """Its hot folder."""
        return self.folder / "xap"

    def start(self) -> None:
        """Start it where it does not run."""
        if self._running is not None and self._running.poll() is None:
            return
        words = ("station", "run", "--config", self.folder / "tram.toml")
        self._running = self.program.start(*words)

    def kill(self) -> None:
        """Kill it, as a power cut does."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()

    def holds(self) -> int:
        """Return how many files lie in its hot folder, or in its spool without the server having said it has them."""
        lying = sum(path.suffix in (".pdf", ".jpg", ".part") for path in self.hot.rglob("*"))
        queue = self.folder / "hang-doi" / "hang-doi.db"
        if not queue.is_file():
            return lying
        with closing(sqlite3.connect(queue, timeout=30)) as own:
            query = "select count(*) from file f join part p on f.part_id = p.id where p.committed = 0"
            return lying + int(own.execute(query).fetchone()[0])

    def scan(self, files: list[Path]) -> None:
        """Put a stack into the hot folder as a scanning program does: under another name until it is whole."""
        own = files[0].parent
        if len(files) == 1:
            part = self.hot / f"{files[0].name}.part"
            shutil.copyfile(files[0], part)
            part.rename(self.hot / files[0].name)
            return
        for path in files:
            target = self.hot / own.name / path.name
            target.parent.mkdir(exist_ok=True)
            part = target.with_name(f"{path.name}.part")
            shutil.copyfile(path, part)
            part.rename(target)


@dataclass
class Day:
    """An installation with its stations, through one day."""

    folder: Path
    seed: int
    tell: Callable[[str], None] = print
    stations: list[Station] = field(default_factory=list)

    def run(self, dossiers: int, pages: int, share: Share, longest: float) -> tuple[Scene, Verdict]:
        """Live a day, and judge it."""
        started = time.monotonic()
        port = free_port()
        program = Program.initialised(self.folder / "home", listen=f"127.0.0.1:{port}")
        own, piles = drawn(dossiers, pages, self.seed)
        (self.folder / "so.csv").write_text(register(own), encoding="utf-8-sig")
        program.run("register", "import", self.folder / "so.csv", "--by", "thu")
        sheets = self.folder / "phan-cach.pdf"
        program.run("separators", "--day", DAY.isoformat(), "--unit", AGENCY, "--to", sheets)
        scene = scanned(own, piles, sheets, self.folder / "may-quet", self.seed, share)
        faults = sum(scene.separator_faults.values())
        self.tell(f"{len(scene.leaves)} sheets in {len(scene.stacks)} stacks, {faults} separators at fault, "
                  f"drawn in {time.monotonic() - started:.0f} s")  # fmt: skip
        with ExitStack() as stack:
            for words in (("serve",), ("worker", "--processes", "1")):
                stack.callback(_ended, program.start(*words))
            self._open_stations(program, port, stack)
            self._live(scene)
            self._wait(program, longest)
            found = standing(program, [each.hot for each in self.stations])
        verdict = judge(scene, found)
        verdict.findings += differing(program, found)
        self.tell(verdict.table())
        verdict.findings += _verified(program)
        self.tell(f"{time.monotonic() - started:.0f} s")
        return scene, verdict

    def _open_stations(self, program: Program, port: int, stack: ExitStack) -> None:
        password = self.folder / "password"
        password.write_text("một mật khẩu dài", encoding="utf-8")
        for number in range(1, _STATIONS + 1):
            folder = self.folder / f"tram-{number}"
            (folder / "xap").mkdir(parents=True)
            login = f"tram.{number}"
            add = ("account", "add", login, "--name", f"Trạm {number}", "--role", "receiver", "--units", AGENCY)
            program.run(*add, "--password-file", password)
            program.run("account", "token", "add", login, "--station", f"Quầy {number}", "--to", folder / "ma-tram.txt")
            proxy = stack.enter_context(FaultProxy(port))
            (folder / "tram.toml").write_text(_SETTINGS.format(port=proxy.port), encoding="utf-8")
            station = Station(program, folder, proxy)
            station.start()
            stack.callback(station.kill)
            self.stations.append(station)

    def _live(self, scene: Scene) -> None:
        """Bring stack after stack; cut and kill in between, at moments of chance."""
        dice = Random(self.seed + 2)
        count = len(scene.stacks)
        cuts = _moments(dice, count, _CUTS)
        kills = _moments(dice, count, _KILLS)
        for number, files in enumerate(scene.stacks):
            station = self.stations[number % _STATIONS]
            station.scan(files)
            time.sleep(dice.uniform(0.2, 1.2))
            for _ in range(kills[number]):
                station.kill()
                station.killed += 1
            for _ in range(cuts[number]):
                station.proxy.cut()
                time.sleep(dice.uniform(0.5, 2.0))
                station.proxy.forward()
            for _ in range(kills[number]):
                station.start()

    def _wait(self, program: Program, longest: float) -> None:
        """Wait until everything has been taken, and nothing moves by itself any more."""
        started, told = time.monotonic(), 0.0

        def done() -> bool:
            nonlocal told
            lying = sum(each.holds() for each in self.stations)
            unplaced = program.value("select count(*) from hand_over where state in ('open', 'committed')")
            undecided = program.value("select count(*) from stack_part where state = 'decided'")
            working = program.value("select count(*) from work_item where state in ('ready', 'claimed')")
            if time.monotonic() - told > 60:
                told = time.monotonic()
                read = program.value("select count(*) from page where state = 'read'")
                here = f"{lying} files at stations, {unplaced} hand-overs, {undecided} parts, {working} items of work"
                self.tell(f"{told - started:.0f} s: {here}, {read} pages read")
            return lying + unplaced + undecided + working == 0

        wait_until(done, longest)
        time.sleep(8 * _TICK)  # a chore may be between two of these
        wait_until(done, longest)


def _moments(dice: Random, count: int, times: int) -> dict[int, int]:
    """Return after which of so many stacks something happens how often."""
    found = dict.fromkeys(range(count), 0)
    for _ in range(times):
        found[dice.randrange(count)] += 1
    return found


def _verified(program: Program) -> list[str]:
    """Return what the program's own check of the whole archive finds; that of a long day may take many minutes."""
    done = subprocess.run(
        program.command("verify"), env=program.environment(), capture_output=True, text=True, timeout=3600, check=False
    )
    return [f"verify ended with {done.returncode}: {(done.stdout + done.stderr)[-300:]}"] if done.returncode else []


def _ended(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    try:
        running.wait(60)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def main() -> None:
    """Run a campaign; end with status 1 where a sheet is lost, doubled or silently in a wrong dossier."""
    parser = argparse.ArgumentParser(prog="python -m tests.day.campaign")
    parser.add_argument("--dossiers", type=int, default=300)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=180.0)
    parser.add_argument("--keep", type=Path, default=None, help="folder that everything stays in")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        day = Day(folder, said.seed, lambda line: sys.stdout.write(line + "\n") and sys.stdout.flush())
        scene, verdict = day.run(said.dossiers, said.pages, Share(), said.minutes * 60)
        faults = {"separator_faults": scene.separator_faults, "killed": [each.killed for each in day.stations]}
        if said.keep:
            (said.keep / "result.json").write_text(as_json(verdict, faults), encoding="utf-8")
    sys.exit(1 if verdict.findings else 0)


if __name__ == "__main__":
    main()
