"""Names of runs: made of a process, so that anybody can see whether it is still there."""

from __future__ import annotations

import os
from pathlib import Path

_GONE = ("Z", "X")  # killed, and not yet asked after by its parent


def new_run_id() -> str:
    """Return a name for a run of this process that no later process can have (`pid-starttime`)."""
    return f"{os.getpid()}-{_start_time(os.getpid())}"


def process_is_alive(run_id: str) -> bool:
    """Return whether the process that a run id was made of still runs."""
    pid, _, started = run_id.partition("-")
    return pid.isdigit() and _start_time(int(pid)) == started != ""


def _start_time(pid: int) -> str:
    """Return the kernel's start time of a process, empty when there is none: tells a pid from its reuse."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    fields = status.rpartition(")")[2].split()  # the name in parentheses may hold anything
    return "" if fields[0] in _GONE else fields[19]
