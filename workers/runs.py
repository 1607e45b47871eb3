"""Names of runs: made of a host and a process, so that anybody on the host can see whether it is still there."""

from __future__ import annotations

import os
import socket
from functools import cache
from hashlib import sha256
from pathlib import Path

_GONE = ("Z", "X")  # killed, and not yet asked after by its parent


def new_run_id() -> str:
    """Return a name for a run of this process that no later process can have (`host-pid-starttime`)."""
    return f"{host_id()}-{os.getpid()}-{_start_time(os.getpid())}"


def process_is_alive(run_id: str) -> bool:
    """Return whether the process that a run id was made of still runs; True for one of another host: who knows."""
    host, _, process = run_id.partition("-")
    if host != host_id():
        return True
    pid, _, started = process.partition("-")
    return pid.isdigit() and _start_time(int(pid)) == started != ""


@cache
def host_id() -> str:
    """Return what tells this host from others: two containers are two hosts, they do not see each other's processes."""
    seen = (socket.gethostname(), _text("/proc/sys/kernel/random/boot_id"), str(Path("/proc/self/ns/pid").readlink()))
    return sha256("\n".join(seen).encode()).hexdigest()[:12]


def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


def _start_time(pid: int) -> str:
    """Return the kernel's start time of a process, empty when there is none: tells a pid from its reuse."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    fields = status.rpartition(")")[2].split()  # the name in parentheses may hold anything
    return "" if fields[0] in _GONE else fields[19]
