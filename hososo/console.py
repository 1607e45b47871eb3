"""Talking to the person at the terminal, or in JSON to a program."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.register import VIETNAM
from dossier.text import visible
from dossier.wording import advice, field_name, say
from hososo.settings import Settings

FORMAT = 1
# What JSON leaves as it is: DEL and C1 controls, line and paragraph ends, turns of direction, undecodable bytes.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Console:
    """Language and form of the output of one command, and the settings it runs with."""

    language: str
    as_json: bool
    settings: Settings

    def say(self, key: str, /, **values: object) -> None:
        """Print a sentence of the catalogue, unless a program is listening."""
        if not self.as_json:
            self.line(say(key, self.language, **values))

    def line(self, text: str = "") -> None:
        """Print one line, unless a program is listening. Names and page texts in it cannot steer the terminal."""
        if not self.as_json:
            sys.stdout.write(visible(text) + "\n")

    def word(self, key: str, /, **values: object) -> str:
        """Return a sentence of the catalogue."""
        return say(key, self.language, **values)

    def field(self, name: str) -> str:
        """Return what people call a field; a name of somebody's own stays as it is."""
        return field_name(name, self.language)

    def result(self, command: str, value: dict[str, Any]) -> None:
        """Print a command's result as JSON if that was asked for (docs/schemas/)."""
        if self.as_json:
            sys.stdout.write(json_text({"command": command, "format": FORMAT, **value}) + "\n")

    def problem(self, code: Code, subject: str = "") -> str:
        """Return an error as people read it: code, subject, cause, cure."""
        told = advice(code, self.language)
        where = f" ({subject})" if subject else ""
        return f"[{code}]{where} {told.cause} {told.cure}"


def local_time(moment: datetime) -> str:
    """Return a moment as a clock in Viet Nam shows it."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def json_text(value: dict[str, Any]) -> str:
    """Return JSON that may also be looked at on a terminal: readable letters, everything that steers one escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Exit:
    """Exit codes and what they mean (docs/errors.md)."""

    OK = 0
    BUG = 1
    USAGE = 2
    NEEDS_PERSON = 3
    WAITING = 4
    NOT_SOUND = 5
    NOT_READY = 6
    INTERRUPTED = 130


_NOT_READY = {
    Code.MODEL_MISSING,
    Code.FONT_MISSING,
    Code.PRINT_LIBRARIES_MISSING,
    Code.HOME_MISSING,
    Code.SETTINGS_INVALID,
    Code.CATALOGUE_VERSION,
    Code.DEVELOPMENT_KEY,
}


def exit_code(error: HososoError) -> int:
    """Return the exit code that an error ends a command with."""
    if error.code in _NOT_READY:
        return Exit.NOT_READY
    if isinstance(error, Unavailable):
        return Exit.WAITING
    return Exit.NEEDS_PERSON if isinstance(error, Rejected) else Exit.BUG
