"""Where a PIN comes from: a prompt, an environment variable, an open file or a file. Never an argument.

The source is written like OpenSSL's pass phrase arguments: `prompt`, `env:NAME`, `fd:NUMBER`, `file:PATH`.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import Code, Rejected, Unavailable

_LONGEST = 255
_PROMPT = "prompt"
_KINDS = ("env", "fd", "file")


@dataclass(frozen=True, slots=True)
class PinSource:
    """Where to get a PIN; it holds none itself."""

    kind: str
    name: str = ""

    @property
    def stamp(self) -> str:
        """What changes when a person has put another PIN there, as far as that can be seen from outside."""
        if self.kind != "file":
            return ""
        try:
            return str(Path(self.name).stat().st_mtime_ns)
        except OSError:
            return ""


def pin_source(text: str) -> PinSource:
    """Return the source that a setting names.

    Raises:
        Rejected(SETTINGS_INVALID): It is none; the text is not shown, because it may be the PIN itself.
    """
    kind, _, name = text.partition(":")
    if text == _PROMPT:
        return PinSource(_PROMPT)
    if kind not in _KINDS or not name or (kind == "fd" and not (name.isascii() and name.isdigit())):
        raise Rejected(Code.SETTINGS_INVALID, "not prompt, env:NAME, fd:NUMBER or file:PATH", subject="token_pin")
    return PinSource(kind, name)


def read_pin(source: PinSource, ask: Callable[[], str] = getpass.getpass) -> str:
    """Return the PIN.

    Args:
        source: Where it is.
        ask: Asks a person, without showing what is typed; only called when somebody sits at a terminal.

    Raises:
        Unavailable(PIN_MISSING): There is none.
    """
    try:
        found = _read(source, ask)
    except (OSError, ValueError, EOFError) as exc:
        raise Unavailable(Code.PIN_MISSING, f"{source.kind}: {type(exc).__name__}") from None
    if not found or len(found) > _LONGEST:
        raise Unavailable(Code.PIN_MISSING, f"{source.kind}: {'too long' if found else 'empty'}")
    return found


def _read(source: PinSource, ask: Callable[[], str]) -> str:
    if source.kind == "env":
        return os.environ.get(source.name, "")
    if source.kind == "fd":
        with os.fdopen(int(source.name), "rb") as stream:
            return _first_line(stream.readline(_LONGEST + 2))
    if source.kind == "file":
        with Path(source.name).open("rb") as stream:
            return _first_line(stream.readline(_LONGEST + 2))
    return ask() if sys.stdin.isatty() else ""


def _first_line(data: bytes) -> str:
    return data.rstrip(b"\r\n").decode()
