"""Log lines hold ids, codes and places in the code; never names, values or what was read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from hososo.logs import log_as, log_to
from hososo.settings import Settings


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Return the file that this process logs to during a test."""
    path = tmp_path / "log" / "hososo.log"
    log_to(path)
    yield path
    _forget_logging()


def test_a_bug_is_logged_with_its_place_and_without_its_words(log: Path) -> None:
    """Type and line of the error are there, its message and that of its cause are not."""
    try:
        _stumble("Lê Thị Bình", "B12345")
    except ValueError:
        structlog.get_logger("t").exception("bug", item=7)
    text = log.read_text(encoding="utf-8")
    line = json.loads(text)
    assert (line["message"], line["item"], line["product"]) == ("bug", 7, "hososo")
    assert {one["exc_type"] for one in line["exception"]} == {"ValueError", "KeyError"}
    assert "_stumble" in text
    assert "Lê Thị" not in text
    assert "B12345" not in text


def test_a_container_logs_to_standard_error(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With `log` set to `-` the lines are there and in no file; with a path they are in that file."""
    log_as(Settings(home=tmp_path, log="-"))
    structlog.get_logger("t").info("waits", item=7)
    _forget_logging()
    (line,) = capfd.readouterr().err.splitlines()
    assert json.loads(line)["item"] == 7
    log_as(Settings(home=tmp_path, log=str(tmp_path / "own.log")))
    structlog.get_logger("t").info("waits", item=8)
    _forget_logging()
    assert json.loads((tmp_path / "own.log").read_text(encoding="utf-8"))["item"] == 8
    assert [path.name for path in tmp_path.iterdir()] == ["own.log"]


def test_a_log_that_is_rotated_under_us_goes_on(log: Path) -> None:
    """`copytruncate` empties the file; the next line is the first one of it, with no hole before it."""
    structlog.get_logger("t").info("waits", item=1)
    log.write_bytes(b"")
    structlog.get_logger("t").info("waits", item=2)
    (line,) = log.read_bytes().splitlines()
    assert json.loads(line)["item"] == 2


def _forget_logging() -> None:
    structlog.get_config()["logger_factory"]._file.close()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _stumble(name: str, number: str) -> None:
    people: dict[str, int] = {}
    try:
        people[name] += 1
    except KeyError as exc:
        error = ValueError(number)
        error.add_note(name)
        raise error from exc
