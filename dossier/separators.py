"""Separator sheets: what their codes say, and how a code is told from one that nobody here has printed.

A code reads `HOSOSO:1:<kind>:<what>:<component>:<check>`. The check is an HMAC over all before it, with a key of the
installation: QR codes mend their own damage, so what has to be told is not damage but whose sheet it is.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from enum import StrEnum

from dossier.codes import parse_code

PREFIX = "HOSOSO"
VERSION = "1"
_CHECK_BYTES = 10
_LONGEST = 200
_COMPONENT = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,59})?")
_BOX = re.compile(r"[^\s:](?:[^:\n\r\t]{0,38}[^\s:])?")


class SheetKind(StrEnum):
    """What a sheet begins; the values are printed in its code."""

    DOSSIER = "D"
    BOX = "B"


@dataclass(frozen=True, slots=True)
class Separator:
    """What a sheet says of the pages after it.

    Attributes:
        kind: What begins.
        subject: Normalised mã hồ sơ, or the name of a box.
        component: Code of the component; empty: the sheet is for the whole dossier.
    """

    kind: SheetKind
    subject: str
    component: str = ""

    def __post_init__(self) -> None:
        if self.kind is SheetKind.BOX:
            fits = bool(_BOX.fullmatch(self.subject)) and self.subject.isprintable() and not self.component
        else:
            code = parse_code(self.subject)
            fits = code is not None and code.normal == self.subject and bool(_COMPONENT.fullmatch(self.component))
        if not fits:
            raise ValueError("no subject of a separator sheet")


@dataclass(frozen=True, slots=True)
class ReadSeparator:
    """A code of our form as it was read; `confirmed_by` says whether it is ours."""

    separator: Separator
    check: str

    def confirmed_by(self, key: bytes) -> bool:
        """Return whether the installation that has a key printed it."""
        return hmac.compare_digest(self.check.encode(), _check(_body(self.separator), key).encode())


def payload(separator: Separator, key: bytes) -> str:
    """Return the text of a sheet's code, with its check."""
    body = _body(separator)
    return f"{body}:{_check(body, key)}"


def parse_separator(text: str) -> ReadSeparator | None:
    """Return what a code says, or None when it is none of our form: another maker's, or another version."""
    parts = text.split(":")
    if len(text) > _LONGEST or len(parts) != 6 or parts[:2] != [PREFIX, VERSION]:  # noqa: PLR2004 - see the module
        return None
    try:
        return ReadSeparator(Separator(SheetKind(parts[2]), parts[3], parts[4]), parts[5])
    except ValueError:
        return None


def is_of_our_kind(text: str) -> bool:
    """Return whether a code begins as ours do, whatever follows: a newer version, or one that somebody has made up."""
    return text[:_LONGEST].startswith(f"{PREFIX}:")


def _body(separator: Separator) -> str:
    return f"{PREFIX}:{VERSION}:{separator.kind.value}:{separator.subject}:{separator.component}"


def _check(body: str, key: bytes) -> str:
    return b32encode(hmac.digest(key, body.encode(), "sha256")[:_CHECK_BYTES]).decode()
