"""Importing a tree or a removable disk: every file compared with its list, whole dossiers given to the agent.

Dossier after dossier is copied into a hidden folder and shown as a whole. Should the disk be pulled out, what was
copied stays, and the next run goes on with it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dossier.codes import parse_code
from dossier.digest import of_file
from dossier.errors import HososoError
from dossier.handing_over import checked_component
from dossier.text import natural_key, nfc
from station.checksums import find_list, is_list, read_list
from station.manifest import Listed, ListedPart, Manifest
from station.naming import is_ours_or_hidden, sendable
from station.paths import copy_whole
from station.scan_delivery import show

_DONE = "da-nhap.txt"


@dataclass(slots=True)
class Imported:
    """What an import came to; names are relative to the tree.

    Attributes:
        dossiers: Codes of dossiers that were given to the agent now.
        known: Codes of those that were before.
        files: How many files were given to the agent now.
        missing: Listed, and not there.
        differing: There, with other bytes than the list states.
        extra: There, and not listed: not taken.
        unplaced: Below no folder that is named by a mã hồ sơ: not taken.
        has_list: Whether there is a list to compare with.
    """

    dossiers: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    files: int = 0
    missing: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    has_list: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing was missing, another, or left where it is."""
        return not (self.missing or self.differing or self.extra or self.unplaced)


@dataclass(frozen=True, slots=True)
class Import:
    """One tree on its way into a hot folder.

    Attributes:
        tree: Where it is.
        hot: The hot folder.
        state: Where it is noted what was imported.
    """

    tree: Path
    hot: Path
    state: Path

    def run(self) -> Imported:
        """Import what is whole; return what that came to.

        Raises:
            Rejected(MANIFEST_INVALID): The list cannot be understood.
            OSError: The tree is away: what was copied stays.
        """
        told = Imported()
        there = {nfc(str(path.relative_to(self.tree).as_posix())): path for path in _papers(self.tree)}
        listing = find_list(self.tree)
        told.has_list = listing is not None
        stated = read_list(listing) if listing is not None else dict.fromkeys(there, "")
        told.extra = sorted(set(there) - set(stated), key=natural_key)
        by_code = _by_code(stated, told)
        done = self._done()
        for code in sorted(by_code, key=natural_key):
            self._one(code, {name: stated[name] for name in by_code[code]}, there, done, told)
        return told

    def _one(
        self, code: str, stated: Mapping[str, str], there: Mapping[str, Path], done: set[str], told: Imported
    ) -> None:
        missing = [name for name in stated if name not in there]
        if missing:
            told.missing.extend(missing)
            return
        mark = _mark(code, stated, there)
        if mark in done:
            told.known.append(code)
            return
        draft = self.hot / f".nhap-{code}"
        draft.mkdir(parents=True, exist_ok=True)
        parts, wrong = self._copied(draft, code, stated, there)
        if wrong:
            told.differing.extend(wrong)
            return
        show(draft, self.hot, Manifest(code, not_secret=True, parts=parts))
        self._note(mark)
        told.dossiers.append(code)
        told.files += len(stated)

    def _copied(
        self, draft: Path, code: str, stated: Mapping[str, str], there: Mapping[str, Path]
    ) -> tuple[tuple[ListedPart, ...], list[str]]:
        """Copy the files of a dossier; return them by component, and the names of those with other bytes."""
        parts: dict[str, list[Listed]] = {}
        wrong: list[str] = []
        taken: set[str] = set()
        for name in sorted(stated, key=natural_key):
            component, own = _placed(name, code)
            target = (
                draft / component / sendable(own, {each.rpartition("/")[2] for each in taken if _of(each, component)})
            )
            taken.add(f"{component}/{target.name.casefold()}")
            sha256 = _brought(there[name], target, stated[name])
            if not sha256:
                wrong.append(name)
            parts.setdefault(component, []).append(Listed(target.relative_to(draft).as_posix(), sha256))
        own_files = {file.name for files in parts.values() for file in files}
        for path in [path for path in draft.rglob("*") if path.is_file()]:
            if path.relative_to(draft).as_posix() not in own_files:  # of a run over other files
                path.unlink()
        return tuple(ListedPart(component, None, (), tuple(files)) for component, files in parts.items()), wrong

    def _done(self) -> set[str]:
        path = self.state / _DONE
        return set(path.read_text(encoding="ascii").split()) if path.is_file() else set()

    def _note(self, mark: str) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        with (self.state / _DONE).open("a", encoding="ascii") as stream:
            stream.write(f"{mark}\n")
            stream.flush()
            os.fsync(stream.fileno())


def _papers(tree: Path) -> Iterator[Path]:
    """Yield every file of a tree that is none of the system's and none that speaks of the others. Links are left."""

    def raised(exc: OSError) -> None:
        raise exc

    for folder, below, names in os.walk(tree, onerror=raised):
        below[:] = [name for name in below if not is_ours_or_hidden(name)]
        at_top = Path(folder) == tree
        for name in names:
            path = Path(folder) / name
            if not (is_ours_or_hidden(name) or (at_top and is_list(name)) or path.is_symlink()):
                yield path


def _by_code(stated: Mapping[str, str], told: Imported) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in stated:
        if is_list(name) and "/" not in name:
            continue
        code = next((code for part in PurePosixPath(name).parts[:-1] if (code := parse_code(part))), None)
        if code is None:
            told.unplaced.append(name)
        else:
            found.setdefault(code.normal, []).append(name)
    return found


def _placed(name: str, code: str) -> tuple[str, str]:
    """Return the component of a file and what it is called in it: folders further below are part of its name."""
    parts = PurePosixPath(name).parts
    at = next(i for i, part in enumerate(parts) if (own := parse_code(part)) and own.normal == code)
    below = parts[at + 1 :]
    try:
        component = checked_component(below[0]) if len(below) > 1 else ""
    except HososoError:
        component = ""
    return component, "-".join(below[1:] if component else below)


def _of(name: str, component: str) -> bool:
    return name.rpartition("/")[0] == component


def _brought(source: Path, target: Path, stated: str) -> str:
    """Have a file in its place; return its digest, empty when it is not the stated one."""
    wanted = stated or of_file(source)[0]
    if target.is_file() and of_file(target)[0] == wanted:  # by a run that was cut off
        return wanted
    target.parent.mkdir(parents=True, exist_ok=True)
    copy_whole(source, target)
    if of_file(target)[0] == wanted:
        return wanted
    target.unlink()
    return ""


def _mark(code: str, stated: Mapping[str, str], there: Mapping[str, Path]) -> str:
    """Return what a dossier with these very files is noted by, without reading them where a list states digests."""

    def seen(name: str) -> str:
        status = there[name].stat()
        return stated[name] or f"{status.st_size}.{status.st_mtime_ns}"

    text = json.dumps([code, sorted((name, seen(name)) for name in stated)])
    return hashlib.sha256(text.encode()).hexdigest()
