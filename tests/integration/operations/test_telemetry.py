"""What worker processes measure of themselves, added up by their supervisor, also for those that are dead."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from dossier.errors import Rejected, Unavailable
from dossier.states import Step
from pipeline.running import Outcome
from workers.runs import new_run_id
from workers.telemetry import observe_step, timed, worker_metrics

_WORKER = """
import os, sys
from dossier.errors import Code, Unavailable
from dossier.states import Step
from pipeline.running import Outcome
from workers.telemetry import observe_step, timed

class Tsa:
    def token(self, digest, algorithm):
        if algorithm != "sha256":
            raise Unavailable(Code.TSA_UNAVAILABLE)
        return b"token"

observe_step(Step.READ, Outcome.DONE, 0.3)
observe_step(Step.READ, Outcome.WAITS, 7.0)
tsa = timed(Tsa())
assert tsa.token(b"", "sha256") == b"token"
try:
    tsa.token(b"", "md5")
except Unavailable:
    pass
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.read()
os._exit(9)
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _worker() -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 9


def _figures(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    return {
        one.name + "".join(f" {key}={value}" for key, value in sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_workers_are_added_up_and_the_dead_still_count(tmp_path: Path) -> None:
    """Two workers die and a third comes: no count ever goes down, and the dead leave one file between them."""
    port, run_id = _free_port(), new_run_id()
    done = "hososo_step_duration_seconds_count outcome=done step=read"
    with worker_metrics(tmp_path / "metrics", run_id, f"127.0.0.1:{port}"):
        workers = [_worker(), _worker()]
        assert _figures(port)[done] == 2
        for worker in workers:
            _end(worker)
        assert _figures(port)[done] == 2
        third = _worker()
        found = _figures(port)
        _end(third)
        assert len(list((tmp_path / "metrics" / run_id).glob("*.db"))) == 2
    assert found[done] == 3
    assert found["hososo_step_duration_seconds_sum outcome=done step=read"] == pytest.approx(0.9)
    assert found["hososo_step_duration_seconds_bucket le=0.25 outcome=done step=read"] == 0
    assert found["hososo_step_duration_seconds_bucket le=0.5 outcome=done step=read"] == 3
    assert found["hososo_step_duration_seconds_count outcome=waits step=read"] == 3
    assert found["hososo_tsa_request_duration_seconds_count outcome=granted"] == 3
    assert found["hososo_tsa_request_duration_seconds_count outcome=failed"] == 3
    assert list((tmp_path / "metrics").iterdir()) == []
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_labels_are_steps_and_outcomes_only(tmp_path: Path) -> None:
    """Nothing else than an enumeration of the code can become a label."""
    port = _free_port()
    with worker_metrics(tmp_path / "metrics", new_run_id(), f"127.0.0.1:{port}"):
        worker = _worker()
        found = _figures(port)
        _end(worker)
    values = {part.partition("=")[2] for name in found for part in name.split(" ")[1:] if not part.startswith("le=")}
    assert values <= {step.value for step in Step} | {outcome.value for outcome in Outcome} | {"granted", "failed"}


def test_what_killed_supervisors_left_is_removed(tmp_path: Path) -> None:
    """A folder of a run that no longer is goes when the next one comes; that of a living one stays."""
    host, _, _ = new_run_id().partition("-")
    dead, living = tmp_path / f"{host}-1-1", tmp_path / new_run_id()
    for folder in (dead, living):
        folder.mkdir()
    with worker_metrics(tmp_path, f"{host}-2-2", f"127.0.0.1:{_free_port()}"):
        assert not dead.exists()
        assert living.exists()


def test_without_an_address_nothing_is_measured(tmp_path: Path) -> None:
    """The usual local run loads no library for it and writes nothing."""
    with worker_metrics(tmp_path / "metrics", new_run_id(), ""):
        observe_step(Step.READ, Outcome.DONE, 1.0)
        tsa = object()
        assert timed(tsa) is tsa  # type: ignore[arg-type, comparison-overlap] # passed through untouched
    assert not (tmp_path / "metrics").exists()


def test_an_address_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    """Taken by somebody else, or no address at all."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unavailable), worker_metrics(tmp_path, new_run_id(), address):
            pass
    with pytest.raises(Rejected), worker_metrics(tmp_path, new_run_id(), "nowhere"):
        pass
    assert list(tmp_path.iterdir()) == []
