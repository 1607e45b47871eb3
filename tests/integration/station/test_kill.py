"""The agent as a program, killed again and again: every page arrives, once, as it was scanned.

`make station-campaign` kills it more often; a short day at the counter (tests/e2e/test_day.py) kills it in every run.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dossier.digest import of_bytes
from tests.fakes.office import jpeg
from tests.integration.station.conftest import Site

_KILLS = int(os.environ.get("HOSOSO_KILLS", "2"))
_SEED = int(os.environ.get("HOSOSO_SEED", "8"))
_DAY = "H99.27.14-260311-"
_SETTINGS = """
server = "http://127.0.0.1:{port}"
token_file = "ma-tram.txt"
stable_seconds = 0.1
poll_seconds = 0.05
[[folder]]
path = "quet"
quiet_seconds = 0.1
not_secret = "folder"
"""


def _call(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "hososo.main", "--home", str(folder), *words, "--config", str(folder / "tram.toml")]


def _scan(folder: Path, chance: random.Random, first: int) -> dict[str, dict[str, str]]:
    """Put two dossiers into the hot folder, as a scanning program does; return the digests by dossier."""
    scanned: dict[str, dict[str, str]] = {}
    for number in (first, first + 1):
        code = f"{_DAY}{number:04d}"
        (folder / "quet" / code).mkdir(parents=True)
        for page in range(chance.randint(1, 6)):
            data = jpeg(chance.randrange(256)) + number.to_bytes(4, "big") + page.to_bytes(2, "big")
            part = folder / "quet" / code / f"{page}.jpg.part"
            part.write_bytes(data)
            part.rename(part.with_suffix(""))
            scanned.setdefault(code, {})[f"{page}.jpg"] = of_bytes(data)
    return scanned


@pytest.mark.long
def test_the_agent_is_killed_again_and_again(site: Site, tmp_path: Path) -> None:
    """At moments of chance, and the network cut in between; at the end the server has what was scanned."""
    chance = random.Random(_SEED)
    site.proxy.forward()
    (tmp_path / "ma-tram.txt").write_text(site.token, encoding="ascii")
    (tmp_path / "tram.toml").write_text(_SETTINGS.format(port=site.proxy.port), encoding="utf-8")
    (tmp_path / "quet").mkdir()
    scanned: dict[str, dict[str, str]] = {}
    for kill in range(_KILLS + 1):
        scanned |= _scan(tmp_path, chance, 2 * kill + 1)
        running = subprocess.Popen(_call(tmp_path, "station", "run"), stdout=subprocess.DEVNULL)
        if kill < _KILLS:
            _wait_for_a_sign(tmp_path, running)
            time.sleep(chance.uniform(0.0, 0.6))
            if chance.random() < 0.5:
                site.proxy.cut()
            running.kill()
            running.wait()
            site.proxy.forward()
    try:
        _wait_for(tmp_path, len(scanned))
    finally:
        running.kill()
        running.wait()
    assert {code: site.received(code) for code in scanned} == scanned
    assert list((tmp_path / "quet").rglob("*.jpg")) == []


def _wait_for_a_sign(folder: Path, running: subprocess.Popen[bytes]) -> None:
    """Wait until the agent has done its first pass: what it has seen then it takes in one of the next."""
    told, since = folder / "hang-doi" / "status.json", time.time()
    while not (told.is_file() and told.stat().st_mtime > since):
        assert running.poll() is None
        time.sleep(0.01)


def _wait_for(folder: Path, count: int) -> None:
    for _ in range(2400):
        said = json.loads((folder / "hang-doi" / "status.json").read_text(encoding="utf-8"))
        if sum(each["state"] in ("followed", "done") for each in said["batches"]) == count and not said["waiting"]:
            return
        time.sleep(0.05)
    raise AssertionError(said)
