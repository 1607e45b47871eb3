"""Log lines hold ids, codes and places in the code; never names, values or what was read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from hososo.logs import log_to


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Return the file that this process logs to during a test."""
    path = tmp_path / "log" / "hososo.log"
    log_to(path)
    yield path
    structlog.get_config()["logger_factory"]._file.close()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


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


def _stumble(name: str, number: str) -> None:
    people: dict[str, int] = {}
    try:
        people[name] += 1
    except KeyError as exc:
        error = ValueError(number)
        error.add_note(name)
        raise error from exc
