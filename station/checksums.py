"""Lists of SHA-256 that come with a disk: as sha256sum writes them, or the manifest of a bag (RFC 8493)."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from dossier.errors import Code, Rejected
from dossier.text import nfc

_LISTS = ("manifest-sha256.txt", "sha256sums", "sha256sums.txt", "sha256sum.txt")
_OF_BAGS = re.compile(r"(?:bagit|bag-info|fetch|(?:tag)?manifest-\w+)\.txt")
_LINE = re.compile(r"(\\?)([0-9A-Fa-f]{64}) [ *](.+)")
_LONGEST = 256 << 20


def is_list(name: str) -> bool:
    """Return whether a file of a tree says something about the others, and is no paper."""
    return name.casefold() in _LISTS or _OF_BAGS.fullmatch(name.casefold()) is not None


def find_list(root: Path) -> Path | None:
    """Return the list at the top of a tree, None where there is none."""
    names = {path.name.casefold(): path for path in root.iterdir() if path.is_file()}
    return next((names[name] for name in _LISTS if name in names), None)


def read_list(path: Path) -> dict[str, str]:
    """Return the digests that a list states, by name relative to it.

    Raises:
        Rejected(MANIFEST_INVALID): A line is none of such a list, names a file twice, or one outside of the tree.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(_LONGEST + 1)
    found: dict[str, str] = {}
    is_bag = path.name.casefold().startswith("manifest-")
    for number, line in enumerate(_text(data, path).splitlines(), 1):
        if not line.strip():
            continue
        parted = _LINE.fullmatch(line.rstrip())
        name = _name(parted, is_bag=is_bag) if parted else ""
        if parted is None or not _is_inside(name) or name in found:
            raise Rejected(Code.MANIFEST_INVALID, f"line {number}", subject=path.name)
        found[name] = parted[2].lower()
    return found


def _text(data: bytes, path: Path) -> str:
    try:
        if len(data) <= _LONGEST:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise Rejected(Code.MANIFEST_INVALID, "no text, or too long", subject=path.name)


def _name(parted: re.Match[str], *, is_bag: bool) -> str:
    name = parted[3]
    if parted[1]:  # sha256sum marks and escapes names with a line break or a backslash
        name = name.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")
    elif "\\" in name:  # written on Windows
        name = name.replace("\\", "/")
    return nfc(unquote(name) if is_bag and "%" in name else name).removeprefix("./")


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0]
