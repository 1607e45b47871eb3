"""What lies in a hot folder: folders of dossiers, loose files that name theirs, loose files that do not; or stacks."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dossier.text import natural_key, nfc
from station.naming import MANIFESTS, code_in_front, is_marker, is_ours_or_hidden, is_unfinished
from station.paths import leads_elsewhere
from station.watching import Found

_MOST_ENTRIES = 20_000
_DEEPEST = 2


@dataclass(slots=True)
class Delivery:
    """What lies there for one dossier, or as one stack.

    Attributes:
        name: Of its folder, or the mã hồ sơ in front of loose files; of a stack that is one file: the file's.
        path: Its folder; the hot folder itself for loose files.
        files: The papers, in natural order of names.
        manifest: The sheet beside them.
        marker: The mark that it is whole.
        unfinished: Names of files that are still being written, by their names.
        too_deep: Names of folders that are not looked into.
    """

    name: str
    path: Path
    files: list[Found] = field(default_factory=list)
    manifest: Found | None = None
    marker: Found | None = None
    unfinished: list[str] = field(default_factory=list)
    too_deep: list[str] = field(default_factory=list)

    @property
    def everything(self) -> list[Found]:
        """Every file of it, sheet and mark too."""
        return [*self.files, *(each for each in (self.manifest, self.marker) if each)]


@dataclass(slots=True)
class Lying:
    """What lies in one hot folder; `stray` are files that do not say where they belong."""

    deliveries: list[Delivery] = field(default_factory=list)
    stray: list[Found] = field(default_factory=list)


def look(root: Path, *, stacks: bool = False) -> Lying:
    """Return what lies in a hot folder. Links are not followed.

    Args:
        root: The hot folder.
        stacks: Each loose file is a stack, whatever its name says.

    Raises:
        OSError: It is away, or may not be read.
    """
    lying = Lying()
    loose: dict[str, Delivery] = {}
    for entry in _entries(root):
        with suppress(FileNotFoundError):  # renamed since it was listed
            _sort_out(entry, root, lying, loose, stacks=stacks)
    lying.deliveries.extend(loose.values())
    return lying


def _sort_out(entry: os.DirEntry[str], root: Path, lying: Lying, loose: dict[str, Delivery], *, stacks: bool) -> None:
    status = entry.stat(follow_symlinks=False)
    if is_ours_or_hidden(entry.name) or leads_elsewhere(status):
        return
    if stat.S_ISDIR(status.st_mode):
        lying.deliveries.append(look_into(Path(entry.path)))
    elif stat.S_ISREG(status.st_mode) and not is_unfinished(entry.name):
        found = _found(entry, status, nfc(entry.name) if stacks else entry.name)
        if stacks:
            lying.deliveries.append(Delivery(found.name, root, [found]))
            return
        code = code_in_front(Path(entry.name).stem)
        if code is None:
            lying.stray.append(found)
        else:
            loose.setdefault(code.normal, Delivery(code.normal, root)).files.append(found)


def look_into(folder: Path) -> Delivery:
    """Return what lies in the folder of one dossier; errors as `look`."""
    delivery = Delivery(folder.name, folder)
    _walk(delivery, folder, "", 1)
    delivery.files.sort(key=lambda found: natural_key(found.name))
    return delivery


def _walk(delivery: Delivery, folder: Path, above: str, depth: int) -> None:
    for entry in _entries(folder):
        name = above + nfc(entry.name)
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # renamed since it was listed
            delivery.unfinished.append(name)
            continue
        if is_ours_or_hidden(entry.name) or leads_elsewhere(status):
            continue
        if is_unfinished(entry.name):
            delivery.unfinished.append(name)
        elif stat.S_ISREG(status.st_mode):
            _sort_in(delivery, _found(entry, status, name))
        elif stat.S_ISDIR(status.st_mode) and depth < _DEEPEST:
            _walk(delivery, Path(entry.path), f"{name}/", depth + 1)
        else:
            delivery.too_deep.append(name)


def _sort_in(delivery: Delivery, found: Found) -> None:
    if found.name.casefold() in MANIFESTS:
        delivery.manifest = found
    elif is_marker(found.name):
        delivery.marker = found
    else:
        delivery.files.append(found)


def _found(entry: os.DirEntry[str], status: os.stat_result, name: str) -> Found:
    return Found(Path(entry.path), name, status.st_size, status.st_mtime_ns)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        yield from sorted(islice(listing, _MOST_ENTRIES), key=lambda entry: natural_key(entry.name))
