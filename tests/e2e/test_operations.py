"""The commands of whoever runs an archive, as they type them: what is set aside, what rots, what is measured."""

import http.client
import json
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families

from dossier.digest import of_bytes
from tests.e2e.program import Program
from tests.fakes.office import CODE, jpeg

_SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the program with one archived dossier, one file of which could not be taken."""
    folder = tmp_path / "quet" / CODE
    folder.mkdir(parents=True)
    (folder / "1.jpg").write_bytes(jpeg(10))
    (folder / "2.jpg").write_bytes(b"\xff\xd8\xff")
    made = Program.initialised(tmp_path / "home")
    made.run("digitise", tmp_path / "quet", code=3)
    return made


def _checked(program: Program, name: str, *arguments: object, code: int = 0) -> Any:  # noqa: ANN401 - as it comes
    """Return the answer of a command, checked against its schema."""
    answer = program.json(name, *arguments, code=code)
    Draft202012Validator(json.loads((_SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))).validate(answer)
    return answer


def test_a_file_that_will_not_be_digitised_is_given_up(program: Program) -> None:
    """It leaves the list with its reason, the history tells it in words, and a wrong reason is a wrong call."""
    assert _checked(program, "status", code=3)["problems"]
    assert _checked(program, "quarantine")["items"] == []  # a file that was refused is on the list, but is no work item
    program.run("give-up", CODE, "--reason", "weather", code=2)
    answer = _checked(program, "give-up", CODE, "--reason", "unreadable")
    assert (answer["documents"], answer["others"]) == (0, 1)
    state = _checked(program, "status")
    assert (state["problems"], state["stuck"], state["fixity"]["overdue"]) == ([], [], False)
    assert "thôi số hóa" in program.run("show", CODE)
    program.run("verify")


def test_what_rots_is_found_mended_and_told(program: Program, tmp_path: Path) -> None:
    """`scrub` ends with 5 while something is bad, `status` and `doctor` say so, and a second copy puts it right."""
    program.run("give-up", CODE, "--reason", "unreadable")
    shutil.copytree(program.home / "archive", tmp_path / "copy")
    digest = of_bytes(jpeg(10))
    victim = program.home / "archive" / "objects" / digest[:2] / digest[2:4] / digest
    victim.unlink()
    answer = _checked(program, "scrub", "--all", code=5)
    assert (answer["bad"], answer["fixity"]["faults"]) == (1, {"OBJECT_MISSING": 1})
    assert "OBJECT_MISSING" in program.run("status", code=3)
    assert "OBJECT_MISSING" in program.run("doctor", code=6)
    (program.home / "hososo.toml").write_text(f"second_copy = '{tmp_path / 'copy'}'\n", encoding="utf-8")
    answer = _checked(program, "scrub", "--all")
    assert (answer["mended"], answer["fixity"]["faults"]) == (1, {})
    assert victim.read_bytes() == jpeg(10)
    program.run("status")
    program.run("doctor")
    told = program.run("show", CODE)
    assert "phát hiện tệp hỏng" in told
    assert "tệp hỏng đã được sửa" in told


def test_workers_and_the_installation_are_measured(program: Program, tmp_path: Path) -> None:
    """A worker with `metrics_listen` tells how long its steps took; `serve` tells the state of the whole."""
    other = tmp_path / "quet2" / "H99.27.14-260211-0009"
    other.mkdir(parents=True)
    (other / "1.jpg").write_bytes(jpeg(20))
    program.run("deliver", tmp_path / "quet2")
    ports = [_free_port(), _free_port()]
    listen = {"metrics_listen": f"127.0.0.1:{ports[0]}", "log": "-"}
    worker = program.start("worker", "--processes", "1", **listen)
    server = program.start("serve", listen=f"127.0.0.1:{ports[1]}", log="-")
    try:
        archived = "hososo_step_duration_seconds_count outcome=done step=close"
        steps = _until(lambda: _figures(ports[0]), lambda found: found.get(archived, 0) >= 1)
        whole = _until(lambda: _figures(ports[1]), lambda found: found.get("hososo_pages_read_total") == 2)
    finally:
        for process in (worker, server):
            process.terminate()
        for process in (worker, server):
            process.wait(timeout=60)
    assert steps["hososo_step_duration_seconds_count outcome=done step=read"] == 1
    assert steps["hososo_tsa_request_duration_seconds_count outcome=granted"] >= 1
    assert whole["hososo_up"] == 1
    assert whole["hososo_faulty_objects code=OBJECT_DAMAGED"] == 0
    assert worker.returncode == server.returncode == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _until(
    ask: Callable[[], dict[str, float]], enough: Callable[[dict[str, float]], bool], seconds: float = 120
) -> dict[str, float]:
    deadline = time.monotonic() + seconds
    found: dict[str, float] = {}
    while time.monotonic() < deadline:
        found = ask()
        if enough(found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"not in time: {found}")


def _figures(port: int) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    except OSError:
        return {}
    finally:
        connection.close()
    return {
        one.name + "".join(f" {key}={value}" for key, value in sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }
