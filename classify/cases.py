"""Cases: papers whose kind and values somebody stands behind, with what was read of them, as files in one folder.

What rules and weights are held against, and fitted on. Cases of an office are personal data: they stay in the office.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dossier import reading_json
from dossier.page import PageReading

SUFFIX: Final = ".case"
_FORMAT: Final = 1
_TRUTH: Final = "case.json"
_OLD: Final = (1980, 1, 1, 0, 0, 0)
_MOST_BYTES, _MOST_PAGES = 64 << 20, 2000


@dataclass(frozen=True, slots=True)
class Case:
    """One paper.

    Attributes:
        name: Name of its file.
        kind: Its true kind.
        values: True values by field; a field that is not here is open: nobody has said anything of it.
        pages: What was read, in order.
    """

    name: str
    kind: str
    values: Mapping[str, tuple[str, ...]]
    pages: tuple[PageReading, ...]


def write_case(case: Case, folder: Path) -> None:
    """Write a case into a folder, for its owner's eyes alone; the same case is the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as box:
        said = {"format": _FORMAT, "kind": case.kind, "values": {name: list(own) for name, own in case.values.items()}}
        text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
        box.writestr(zipfile.ZipInfo(_TRUTH, _OLD), text)
        for number, page in enumerate(case.pages):
            box.writestr(zipfile.ZipInfo(f"{number:04d}.json.gz", _OLD), reading_json.dump(page))
    part = folder / f"{case.name}.part"
    part.touch(0o600)
    part.write_bytes(data.getvalue())
    part.rename(folder / f"{case.name}{SUFFIX}")


def cases_in(folder: Path) -> Iterator[Case]:
    """Yield the cases of a folder by name, one at a time.

    Raises:
        ValueError: A file is no case.
        OSError: The folder cannot be read.
    """
    for file in sorted(folder.iterdir()):
        if file.suffix == SUFFIX:
            yield _read(file)


def _read(file: Path) -> Case:
    try:
        with zipfile.ZipFile(file) as box:
            return _case(file.stem, box)
    except (zipfile.BadZipFile, LookupError, TypeError, AttributeError, ValueError, EOFError) as exc:
        raise ValueError(f"{file.name}: {exc}") from exc


def _case(name: str, box: zipfile.ZipFile) -> Case:
    names = sorted(box.namelist())
    if len(names) > _MOST_PAGES or sum(info.file_size for info in box.infolist()) > _MOST_BYTES:
        raise ValueError("too large")
    said = json.loads(box.read(_TRUTH))
    if said["format"] != _FORMAT:
        raise ValueError("another format")
    pages = tuple(reading_json.load(box.read(each)) for each in names if each != _TRUTH)
    values = {str(field): tuple(map(str, own)) for field, own in said["values"].items()}
    return Case(name, str(said["kind"]), values, pages)
