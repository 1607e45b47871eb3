"""What a station is told, in a small TOML file beside which it keeps what it has taken."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from dossier.collation import Collation
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import checked_component
from station.paths import rooted

_LONGEST = 1 << 16
_KEYS = {"server", "token_file", "ca_file", "state", "poll_seconds", "stable_seconds", "early_looks", "folder", "scan"}
_FOLDER_KEYS = {"path", "whole_when", "quiet_seconds", "not_secret", "component", "stacks", "collate"}


class WholeWhen(StrEnum):
    """When a folder of a dossier without a manifest counts as whole."""

    QUIET = "quiet"  # nothing has changed in it for a while
    MARKER = "marker"  # somebody has put the file `xong` into it
    MANIFEST = "manifest"  # never: it needs one


class NotSecret(StrEnum):
    """Who says that no paper carries a state-secret marking: the agent never does by itself."""

    FOLDER = "folder"  # whoever puts papers into this folder; the office has laid that down
    MANIFEST = "manifest"  # the manifest of each dossier


@dataclass(frozen=True, slots=True)
class HotFolder:
    """One folder that is watched.

    Attributes:
        path: Where it is.
        whole_when: When a dossier in it is whole, unless a manifest says.
        quiet_seconds: For how long nothing must have changed then.
        not_secret: Who has looked for state-secret markings.
        component: Component of files that lie directly in the folder of their dossier.
        stacks: What lies there are stacks of several dossiers with separator sheets: each folder, and each loose file.
        collate: How backs come after fronts in those stacks; `NONE`: page follows page.
    """

    path: Path
    whole_when: WholeWhen
    quiet_seconds: float
    not_secret: NotSecret
    component: str = ""
    stacks: bool = False
    collate: Collation = Collation.NONE


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How the papers of one procedure, or all others, are scanned; see `station.escl`.

    `procedure` is empty for what holds otherwise. `resolution` in dots per inch.
    """

    procedure: str = ""
    source: str = "feeder"
    resolution: int = 300
    colour: str = "colour"
    format: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class StationSettings:
    """All of it; paths are absolute.

    Attributes:
        server: `https://host[:port]`.
        token_file: Where the token of the station is; None: it is asked for.
        ca_file: Authorities to believe; None: those of the system.
        state: Folder of queue and spool, best on the volume of the hot folders.
        poll_seconds: Between two looks at the folders.
        stable_seconds: For how long size and time of a file must not have changed.
        folders: What is watched.
        scans: Settings of a scanner that is driven from here.
        early_looks: Papers are shown to the server while their dossier is not whole yet, so each goes there twice.
    """

    server: str
    token_file: Path | None
    ca_file: Path | None
    state: Path
    poll_seconds: float
    stable_seconds: float
    folders: tuple[HotFolder, ...]
    scans: tuple[ScanSettings, ...]
    early_looks: bool = True


def read_settings(path: Path) -> StationSettings:
    """Return the settings in a file.

    Raises:
        Rejected(SETTINGS_INVALID): It cannot be read, or says something that cannot be; the subject says what.
    """
    try:
        with path.open("rb") as stream:
            said = tomllib.loads(stream.read(_LONGEST).decode("utf-8-sig"))
    except (OSError, ValueError) as exc:
        raise _invalid(type(exc).__name__, path.name) from exc
    return settings_of(said, rooted(path).parent)


def settings_of(said: dict[str, Any], beside: Path) -> StationSettings:
    """Return the settings that a TOML file holds; errors as `read_settings`. Paths are relative to `beside`."""
    _known(said, _KEYS, "")

    def path(name: str) -> Path | None:
        return rooted(beside / _text(said, name)) if _text(said, name) else None

    folders = tuple(_folder(each, beside) for each in _tables(said, "folder"))
    return StationSettings(
        server=_text(said, "server"),
        token_file=path("token_file"),
        ca_file=path("ca_file"),
        state=path("state") or rooted(beside / "hang-doi"),
        poll_seconds=_number(said, "poll_seconds", 2.0, 0.05),
        stable_seconds=_number(said, "stable_seconds", 5.0, 0.0),
        folders=folders,
        scans=tuple(_scan(each) for each in _tables(said, "scan")),
        early_looks=_flag(said, "early_looks", otherwise=True),
    )


def _folder(said: dict[str, Any], beside: Path) -> HotFolder:
    _known(said, _FOLDER_KEYS, "folder.")
    if not _text(said, "path"):
        raise _invalid("missing", "folder.path")
    try:
        whole_when = WholeWhen(_text(said, "whole_when") or WholeWhen.QUIET)
        not_secret = NotSecret(_text(said, "not_secret"))
    except ValueError as exc:
        raise _invalid(str(exc), "folder.whole_when, folder.not_secret") from exc
    try:
        component = checked_component(_text(said, "component"))
    except HososoError as exc:
        raise _invalid("no code of a component", "folder.component") from exc
    quiet, stacks = _number(said, "quiet_seconds", 60.0, 0.0), said.get("stacks", False)
    collate = _text(said, "collate")
    if collate not in set(Collation) or (collate and not stacks):
        raise _invalid("turned, same or printed, and only of stacks", "folder.collate")
    if not isinstance(stacks, bool) or (stacks and component):
        raise _invalid("true or false, and true without a component", "folder.stacks")
    path = rooted(beside / _text(said, "path"))
    return HotFolder(path, whole_when, quiet, not_secret, component, stacks, Collation(collate))


def _scan(said: dict[str, Any]) -> ScanSettings:
    _known(said, {"procedure", "source", "resolution", "colour", "format"}, "scan.")
    plain = ScanSettings()
    source, colour = _text(said, "source") or plain.source, _text(said, "colour") or plain.colour
    if source not in SOURCES or colour not in COLOURS:
        raise _invalid("not one of the known", "scan.source, scan.colour")
    resolution = int(_number(said, "resolution", plain.resolution, 75))
    return ScanSettings(_text(said, "procedure"), source, resolution, colour, _text(said, "format") or plain.format)


SOURCES = ("feeder", "duplex", "flatbed")
COLOURS = ("colour", "grey", "black")


def _known(said: dict[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(said) - keys)
    if unknown:
        raise _invalid("unknown", where + unknown[0])


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise _invalid("a text is wanted", name)
    return value


def _flag(said: dict[str, Any], name: str, *, otherwise: bool) -> bool:
    value = said.get(name, otherwise)
    if not isinstance(value, bool):
        raise _invalid("true or false", name)
    return value


def _number(said: dict[str, Any], name: str, otherwise: float, least: float) -> float:
    value = said.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= 86_400:  # noqa: PLR2004
        raise _invalid(f"a number from {least:g} on is wanted", name)
    return float(value)


def _tables(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _invalid(f"[[{name}]] is wanted", name)
    return found


def _invalid(detail: str, subject: str) -> Rejected:
    return Rejected(Code.SETTINGS_INVALID, detail, subject=subject)
