"""`kill -9` at random moments of `digitise`: nothing is lost, nothing is there twice, nothing is left lying about."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dossier.wording import say
from samples.make import make
from tests.e2e import archive, delivery, processes
from tests.e2e.program import Program

KILLS = int(os.environ.get("HOSOSO_KILLS", "2"))
SEED = int(os.environ.get("HOSOSO_KILL_SEED", "2026"))
_KILLS_A_ROUND = 5
_ROUNDS = -(-KILLS // _KILLS_A_ROUND)
_SINGLE_KILLS = 2  # a third death of one page's worker would rightly set the page aside as poison


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return six dossiers: equal pages in two files, a page twice in one file, and every kind of container."""
    samples = make(tmp_path_factory.mktemp("kill") / "samples", small=True)
    folder = samples.target.parent / "delivered"
    for dossier in samples.dossiers:
        for file in dossier.files:
            if not file.born_digital:  # its page is drawn by the program, so that nobody else can tell its pixels
                delivery.put(folder / dossier.code, file.name, samples.target / dossier.code / file.name)
    scan = delivery.certificate(samples)
    other = delivery.scan_of(samples, delivery.SECOND, "to-khai/to_khai.jpg")
    twins = folder / "H99.27.12-260501-0001"
    delivery.put(twins, "ban-1/giay.jpg", scan)
    delivery.put(twins, "ban-2/giay.jpg", scan)
    delivery.jpeg_pdf(folder / "H99.27.12-260501-0002" / "hai_lan.pdf", scan, other, scan)
    delivery.png(folder / "H99.27.12-260501-0003" / "giay.png", other)
    delivery.lzw_tiff(folder / "H99.27.12-260501-0003" / "giay.tif", scan, scan)
    return folder


@dataclass
class Killer:
    """Digitises a folder again and again, killing processes on the way."""

    program: Program
    folder: Path
    dice: random.Random
    kills: int = 0
    single: int = 0
    told: list[str] = field(default_factory=list)

    def run(self, kills: int) -> bool:
        """Kill so many times; return whether the work was still going on at each of them."""
        process = self.program.start("digitise", self.folder)
        while self.kills < kills:
            self._wait()
            if process.poll() is not None:
                return False
            name, victims = self._victims(process.pid)
            processes.kill(victims)
            self.kills += 1
            self.told.append(name)
            if process.pid in victims:
                process.wait()
                process = self.program.start("digitise", self.folder)
        process.wait()
        return True

    def _wait(self) -> None:
        time.sleep(self.dice.uniform(0.1, 3.5))

    def _victims(self, pid: int) -> tuple[str, list[int]]:
        choices = {"all": processes.family(pid), "program": [pid]}
        if self.single < _SINGLE_KILLS:
            choices |= {"worker": processes.workers(pid), "child": processes.confined(pid)}
        name = self.dice.choice([name for name, victims in choices.items() if victims])
        if name in {"all", "program"}:
            return name, choices[name]
        self.single += 1
        return name, [self.dice.choice(choices[name])]


@pytest.mark.parametrize("number", range(_ROUNDS))
def test_killed_runs_lose_and_double_nothing(folder: Path, tmp_path: Path, number: int) -> None:
    """After killed runs and a last whole one the archive holds every page once and nothing else is left."""
    before = archive.delivered_pages(folder)
    dice = random.Random(SEED + number)
    wanted, done, told = min(_KILLS_A_ROUND, KILLS - number * _KILLS_A_ROUND), 0, []
    while done < wanted:
        killer = Killer(Program.initialised(tmp_path / f"home-{done}"), folder, dice)
        killer.run(wanted - done)
        done += killer.kills
        told += killer.told
        _is_whole(killer.program, folder, before, f"seed {SEED + number}, killed: {told}")
    assert done == wanted


def _is_whole(program: Program, folder: Path, before: Counter[archive.PageIdentity], told: str) -> None:
    program.run("digitise", folder)
    program.run("sweep")
    state = program.json("status")
    assert (state["open_work"], state["waiting"], state["quarantined"], state["problems"]) == (0, [], [], []), told
    assert archive.archived_pages(program) == before, told
    assert archive.leftovers(program) == [], told
    _each_once(program, told)
    program.run("verify")
    assert say("digitise.nothing_new", "vi") in program.run("digitise", folder)


def _each_once(program: Program, told: str) -> None:
    documents = program.value("select count(*) from document where state = 'archived' and superseded_by = ''")
    listed = sum(len(manifest["documents"]) for manifest in archive.manifests(program))
    assert listed == documents == program.value("select count(*) from document"), told
    for final in (True, False):  # each once, with one report
        count = "select count(*) from rendition where role <> 'evidence' and (role <> 'report') = ?"
        assert program.value(count, final) == documents, told
    assert program.value("select count(*) from intake") == program.value("select count(*) from dossier"), told
    for kind in ("rendered", "signed", "archived"):
        assert program.value("select count(*) from event_link where kind = ?", kind) == documents, f"{kind}: {told}"
