"""Secrets: named by file in the settings, read here, shown nowhere."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from dossier.errors import Code, HososoError, Rejected, Unavailable
from hososo.settings import Profile

_LONGEST = 4096


def read_secret(path: Path | None, setting: str, profile: Profile) -> bytes:
    """Return what a secret's file holds, without the end of its line; empty when no file is named.

    Raises:
        Unavailable(KEY_UNAVAILABLE): The file cannot be read.
        Rejected(SETTINGS_INVALID): It is no secret: too long, or open to every account in production.
    """
    if path is None:
        return b""
    try:
        # Windows keeps rights elsewhere: what it says here is always that everybody may read.
        open_to_all = sys.platform != "win32" and bool(path.stat().st_mode & stat.S_IROTH)
        with path.open("rb") as stream:
            found = stream.read(_LONGEST + 1).rstrip(b"\r\n")
    except (OSError, ValueError) as exc:
        raise Unavailable(Code.KEY_UNAVAILABLE, f"{setting}: {type(exc).__name__}") from exc
    if len(found) > _LONGEST:
        raise Rejected(Code.SETTINGS_INVALID, "is no secret: too long", subject=setting)
    if open_to_all and profile is Profile.PRODUCTION:
        raise Rejected(Code.SETTINGS_INVALID, "can be read by every account: chmod o-r", subject=setting)
    return found


def read_password(path: Path | None, setting: str, profile: Profile) -> str:
    """Return a password as text; errors as `read_secret`."""
    try:
        return read_secret(path, setting, profile).decode()
    except HososoError:
        raise
    except UnicodeDecodeError as exc:
        raise Rejected(Code.SETTINGS_INVALID, "is no text", subject=setting) from exc
