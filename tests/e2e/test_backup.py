"""`hososo backup` and `hososo restore` are killed again and again, also while folders are being digitised."""

from __future__ import annotations

import random
import shutil
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import Catalogue, objects
from samples.make import SampleSet, make
from storage import put_bytes
from storage.local import LocalObjectStore
from tests.e2e import delivery
from tests.e2e.program import Program

_OBJECTS, _KILLS = 400, 4


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> SampleSet:
    """Return the small sample set."""
    return make(tmp_path_factory.mktemp("backup") / "samples", small=True)


@pytest.fixture
def program(tmp_path: Path, samples: SampleSet) -> Program:
    """Return the program over an archive of one dossier and many objects, so that copying takes a while."""
    made = Program.initialised(tmp_path / "home")
    delivery.put(tmp_path / "in" / delivery.FIRST, "giay.jpg", delivery.certificate(samples))
    made.run("digitise", tmp_path / "in")
    catalogue, store = Catalogue(f"sqlite:///{made.home / 'catalogue.db'}"), LocalObjectStore(made.home / "archive")
    refs = [put_bytes(store, b"%d" % number, "text/plain") for number in range(_OBJECTS)]
    with catalogue.write() as tx:
        for ref in refs:
            objects.record(tx, ref, f"found:{ref.sha256}", "for the test", datetime.now(UTC))
    catalogue.close()
    return made


def _killed(program: Program, dice: random.Random, *words: object) -> None:
    process = program.start(*words)
    time.sleep(dice.uniform(0.3, 2.0))
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.long
def test_killed_backups_and_restores_come_to_their_end(program: Program, tmp_path: Path, samples: SampleSet) -> None:
    """A new dossier is digitised meanwhile; what is restored is sound and digitised on, nothing is done twice."""
    dice = random.Random(2026)
    target, inbox = tmp_path / "backups", tmp_path / "in"
    delivery.put(inbox / delivery.SECOND, "giay.jpg", delivery.scan_of(samples, delivery.SECOND, "to-khai/to_khai.jpg"))
    digitising = program.start("digitise", inbox)
    for _ in range(_KILLS):
        _killed(program, dice, "backup", target)
    while digitising.poll() is None:
        program.run("backup", target, "--keep", 2)
    made = program.json("backup", target, "--keep", 2)
    assert made["objects"] >= _OBJECTS
    folders = sorted(path.name for path in (target / "catalogues").iterdir())
    assert folders[-1] == made["name"]
    for number, name in enumerate(folders):
        new = Program(tmp_path / f"new-{number}")
        new.home.mkdir()
        shutil.copytree(program.pki, new.pki)
        for _ in range(_KILLS if number else 1):
            _killed(new, dice, "restore", target, "--at", name)
        code, out, err = new.ends("--json", "restore", target, "--at", name)
        assert code in (0, 3), out + err
        new.run("verify")
        new.run("digitise", inbox)
        assert new.value("SELECT count(*) FROM document WHERE superseded_by = '' AND state <> 'archived'") == 0
        assert new.value("SELECT count(*) FROM dossier") == 2
        assert new.json("digitise", inbox)["dossiers"]["same"] == 2
