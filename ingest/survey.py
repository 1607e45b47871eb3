"""What lies in a delivered folder, told without opening a single file."""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dossier.codes import DossierCode, parse_code
from dossier.errors import Code, Rejected
from dossier.text import natural_key, nfc
from ingest.limits import Limits

_SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".directory"}
_SYSTEM_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found"}
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")


@dataclass(frozen=True, slots=True)
class DossierFolders:
    """The dossier folders found under a path, and the folders whose name is no mã hồ sơ."""

    folders: list[Path]
    problems: list[Rejected]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One regular file. `name` is NFC, relative to the dossier folder, with `/`; `path` is as it stands on disk.

    `component` is the first sub-folder's name or empty; `size` is in bytes.
    """

    name: str
    path: Path
    component: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FolderSurvey:
    """What one dossier folder holds. `problems` concern entries that are left where they are."""

    code: DossierCode
    files: tuple[FoundFile, ...]
    problems: tuple[Rejected, ...]


class NothingUsable(Rejected):
    """FOLDER_NO_PAGES. `problems` has one entry for each entry of the folder that is left where it is."""

    def __init__(self, detail: str, subject: str, problems: list[Rejected]) -> None:
        super().__init__(Code.FOLDER_NO_PAGES, detail, subject=subject)
        self.problems = tuple(problems)


@dataclass(slots=True)
class _Walk:
    root: Path
    limits: Limits
    files: list[FoundFile] = field(default_factory=list)
    problems: list[Rejected] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    seen: int = 0

    def refuse(self, code: Code, detail: str, subject: str) -> None:
        """Note one entry that is left where it is."""
        self.problems.append(Rejected(code, detail, subject=subject))


def find_dossier_folders(path: Path) -> DossierFolders:
    """Return the dossier folders of a delivery.

    Args:
        path: A dossier folder (its name is a mã hồ sơ) or a folder of dossier folders.

    Returns:
        `folders` in natural order; `problems` has FOLDER_CODE_UNKNOWN for each other visible sub-folder.

    Raises:
        Rejected: FOLDER_NOT_FOUND when there is no such folder.
    """
    if not path.is_dir():
        raise Rejected(Code.FOLDER_NOT_FOUND, subject=_shown(path.name))
    if parse_code(path.resolve().name):
        return DossierFolders([path], [])
    found = DossierFolders([], [])
    for entry in _entries(path):
        if not entry.is_dir(follow_symlinks=False) or _is_hidden_folder(entry.name):
            continue
        if parse_code(entry.name):
            found.folders.append(Path(entry.path))
        else:
            found.problems.append(Rejected(Code.FOLDER_CODE_UNKNOWN, subject=_shown(entry.name)))
    return found


def survey(folder: Path, limits: Limits) -> FolderSurvey:
    """Return what one dossier folder holds, in natural order of names.

    Nothing is opened: links that stay inside are skipped (their target is listed itself), links that leave the
    folder, pipes, sockets, devices, unusable names, unfinished and oversized files become problems.

    Args:
        folder: A folder whose name is a mã hồ sơ.
        limits: Bounds of the walk and of one file.

    Returns:
        The files to take and one problem for each entry that is left where it is.

    Raises:
        NothingUsable: FOLDER_NO_PAGES, no file can be used; it says what is wrong with each entry.
        Rejected: FOLDER_NOT_FOUND; FOLDER_CODE_UNKNOWN; TOO_MANY_PAGES when the folder holds more entries than
            allowed.
    """
    if not folder.is_dir():
        raise Rejected(Code.FOLDER_NOT_FOUND, subject=_shown(folder.name))
    code = parse_code(folder.resolve().name)
    if code is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=_shown(folder.name))
    walk = _Walk(folder.resolve(), limits)
    _walk_folder(walk, walk.root, ())
    if not walk.files:
        causes = ", ".join(sorted({problem.code for problem in walk.problems})) or "empty"
        raise NothingUsable(causes, code.normal, walk.problems)
    walk.files.sort(key=lambda found: natural_key(found.name))
    return FolderSurvey(code, tuple(walk.files), tuple(walk.problems))


def survey_stack(folder: Path, limits: Limits) -> tuple[FoundFile, ...]:
    """Return the files of a stack, whatever its folder is called, in natural order of names.

    Raises:
        Rejected: FOLDER_NOT_FOUND; FOLDER_NO_PAGES; TOO_MANY_PAGES; what is wrong with the first entry that cannot be
            taken: of a stack all is taken or nothing, for what is left out may be a separator.
    """
    if not folder.is_dir():
        raise Rejected(Code.FOLDER_NOT_FOUND, subject=_shown(folder.name))
    walk = _Walk(folder.resolve(), limits)
    _walk_folder(walk, walk.root, ())
    if walk.problems:
        raise walk.problems[0]
    if not walk.files:
        raise NothingUsable("empty", _shown(folder.name), [])
    return tuple(sorted(walk.files, key=lambda found: natural_key(found.name)))


def _walk_folder(walk: _Walk, folder: Path, above: tuple[str, ...]) -> None:
    for entry in _entries(folder, walk.limits.max_files_per_dossier + 1):
        walk.seen += 1
        if walk.seen > walk.limits.max_files_per_dossier:
            raise Rejected(Code.TOO_MANY_PAGES, f"more than {walk.limits.max_files_per_dossier} files and folders")
        names = (*above, entry.name)
        subject = _shown("/".join(names))
        if not _is_usable(entry.name):
            walk.refuse(Code.NAME_UNUSABLE, "control or undecodable characters", subject)
        elif entry.is_symlink():
            _look_at_link(walk, entry, subject)
        elif entry.is_dir(follow_symlinks=False):
            _look_at_folder(walk, entry, names)
        else:
            _look_at_file(walk, entry, names)


def _look_at_folder(walk: _Walk, entry: os.DirEntry[str], names: tuple[str, ...]) -> None:
    if _is_hidden_folder(entry.name):
        return
    if len(names) > walk.limits.max_folder_depth:
        walk.refuse(Code.NAME_UNUSABLE, "folders nested too deep", _shown("/".join(names)))
        return
    _walk_folder(walk, Path(entry.path), names)


def _look_at_link(walk: _Walk, entry: os.DirEntry[str], subject: str) -> None:
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a link that points at itself (Python 3.11)
        walk.refuse(Code.LINK_OUTSIDE, "link leads nowhere", subject)
        return
    if not target.is_relative_to(walk.root):
        walk.refuse(Code.LINK_OUTSIDE, "link leaves the dossier folder", subject)


def _look_at_file(walk: _Walk, entry: os.DirEntry[str], names: tuple[str, ...]) -> None:
    name = nfc("/".join(names))
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as exc:
        walk.refuse(Code.FILE_UNREADABLE, f"stat failed: {exc.strerror}", name)
        return
    if not stat.S_ISREG(status.st_mode):
        walk.refuse(Code.FILE_UNREADABLE, "pipe, socket or device", name)
    elif entry.name.lower() in _SYSTEM_FILES or entry.name.startswith("._"):
        return  # `._x`: Apple double file, the metadata of x
    elif _is_unfinished(entry.name):
        walk.refuse(Code.FILE_CHANGED_WHILE_READ, "still being written", name)
    elif status.st_size > walk.limits.max_file_bytes:
        walk.refuse(Code.FILE_TOO_LARGE, f"{status.st_size} bytes", name)
    elif name in walk.names:
        walk.refuse(Code.NAME_UNUSABLE, "another file has the same name in another Unicode spelling", name)
    else:
        walk.names.add(name)
        component = nfc(names[0]) if len(names) > 1 else ""
        walk.files.append(FoundFile(name, Path(entry.path), component, status.st_size, status.st_mtime_ns))


def _entries(folder: Path, most: int | None = None) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            entries = list(islice(listing, most))
    except OSError as exc:
        raise Rejected(Code.FILE_UNREADABLE, f"listing failed: {exc.strerror}", subject=_shown(folder.name)) from exc
    return sorted(entries, key=lambda entry: natural_key(entry.name))


def _is_hidden_folder(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def _is_unfinished(name: str) -> bool:
    lowered = name.lower()
    # `~$` is an office program's lock file; a leading dot is how rsync and others name what is not complete.
    return lowered.endswith(_UNFINISHED) or lowered.startswith(("~$", "."))


def _is_usable(name: str) -> bool:
    return not any(unicodedata.category(char) in {"Cc", "Cs"} for char in name)


def _shown(name: str) -> str:
    """Return a name that can be logged and stored: undecodable bytes and control characters made visible."""
    visible = (char if _is_usable(char) else char.encode("unicode_escape", "surrogatepass").decode() for char in name)
    return nfc("".join(visible))
