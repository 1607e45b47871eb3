"""The side that may die: take limits, load the target, answer calls until the parent is gone."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import pickle
import resource
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

CHILD_NOTE = "in the confined child:\n"
"""How the note begins that tells where in the child an exception came from."""
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


def serve(descriptor: int) -> None:
    """Answer calls on the given socket until the other end is closed."""
    _die_with_parent()
    channel = Connection(descriptor)
    with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
        target_name, cpu_seconds, memory_bytes, setup = channel.recv()
        _call_yourself(target_name.partition(":")[0])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        target = _answer(channel, cpu_seconds, _prepare, (target_name, setup), announce=False)
        while True:
            _answer(channel, cpu_seconds, target, channel.recv())


def _prepare(target_name: str, setup: tuple[str, object] | None) -> Callable[..., Any]:
    if setup is not None:
        _load(setup[0])(setup[1])
    return _load(target_name)


def _load(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return loaded


def _answer(
    channel: Connection,
    cpu_seconds: int,
    target: Callable[..., Any],
    args: tuple[Any, ...],
    *,
    announce: bool = True,
) -> Any:  # noqa: ANN401 - passes through whatever the target gives
    _allow_cpu(cpu_seconds)
    try:
        value = target(*args)
        reply = pickle.dumps(("ok", value if announce else None))
    except MemoryError as exc:
        reply = pickle.dumps(("memory", str(exc)))
        value = None
    except Exception as exc:  # noqa: BLE001 - process boundary: every failure belongs to the caller
        reply = _failure(exc)
        value = None
    channel.send_bytes(reply)
    return value


def _failure(exc: Exception) -> bytes:
    # Where it happened, not the message once more: that may hold what was read.
    where = CHILD_NOTE + "".join(traceback.format_tb(exc.__traceback__))
    exc.add_note(where)
    try:
        reply = pickle.dumps(("error", exc))
        pickle.loads(reply)  # noqa: S301 - our own bytes: some exceptions pickle but do not come back
    except Exception:  # noqa: BLE001 - whatever a foreign exception's pickling raises
        return pickle.dumps(("error", RuntimeError(f"{type(exc).__name__} {where}")))
    return reply


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _call_yourself(name: str) -> None:
    """Show in `ps` and `top` what this process is for; the kernel keeps 15 letters."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
