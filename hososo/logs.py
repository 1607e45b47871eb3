"""Logging: JSON lines with ids and codes into one file; never names, values or file contents.

Rotation is for the outside: the file is opened for appending, so `copytruncate` of logrotate takes it away under
running processes; in a container lines go to standard error and are the container's to keep.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from confine import CHILD_NOTE
from hososo.home import Home
from hososo.settings import Settings

STANDARD_ERROR = "-"


def log_as(settings: Settings) -> None:
    """Send the log of this process where the settings say."""
    if settings.log == STANDARD_ERROR:
        _log_into(_Lines(os.dup(sys.stderr.fileno()), "ab"))
    else:
        log_to(Path(settings.log) if settings.log else Home(settings.home).log)


def log_to(path: Path) -> None:
    """Send the log of this process to a file; lines of several processes do not mix (one write each)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _log_into(_Lines(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab"))


def _log_into(stream: _Lines) -> None:
    structlog.configure(
        processors=[
            _of_process,
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            _without_messages,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(serializer=_dumps, ensure_ascii=False),
        ],
        logger_factory=structlog.BytesLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )


class _Lines(io.FileIO):
    """A file of whole lines that swallows what a full disk refuses: a lost line must not cost a page."""

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer, as the file type has it
        """Append in one go."""
        with contextlib.suppress(OSError):
            super().write(data)
        return len(data)


def _of_process(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say which process it is, whatever thread it comes from: threads that libraries start inherit no context."""
    line.update(product="hososo", pid=os.getpid())
    return line


def _without_messages(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take the messages out of tracebacks: they may hold a name, a path or what was read. Type and place stay."""
    for exception in line.get("exception", ()):
        exception.pop("exc_value", None)
        exception["exc_notes"] = [note for note in exception.get("exc_notes", ()) if note.startswith(CHILD_NOTE)]
    return line


def _dumps(value: object, **options: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=options.get("default")).encode()  # type: ignore[arg-type] # structlog's fallback encoder
