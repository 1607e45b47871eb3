"""The sheet beside the scans of a dossier, that says what belongs to it: `ho-so.json` or `ho-so.csv`.

JSON: `{"code": "…", "not_secret": true, "components": [{"component": "to-khai", "pages": 2, "leaves": "1-2",
"replaces": [], "files": [{"name": "1.jpg", "sha256": "…"}]}]}`. CSV, with `;` or `,`: columns `component`, `file`,
`sha256`, `pages`, `leaves`; one line a file, in order; what a column of a line lacks is empty. What is listed counts,
in this order. `leaves` are numbers of leaves as people write them: `1-12, 14`.

`"collate": "turned"` (or `same`, `printed`) beside `components` says that fronts come first and backs after them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dossier.collation import Collation
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import checked_component, checked_replaced
from dossier.leaves import leaves_of
from dossier.text import nfc

_LONGEST = 4 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One file that the manifest names; `sha256` is empty where it states none."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ListedPart:
    """What the manifest says of one component; `leaves` as `dossier.leaves` writes them."""

    component: str
    pages: int | None
    replaces: tuple[str, ...]
    files: tuple[Listed, ...]
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest; `code` is empty where the folder's name is the mã hồ sơ, `not_secret` only where a person says so.

    `collate` says how backs come after fronts in each part.
    """

    code: str
    not_secret: bool
    parts: tuple[ListedPart, ...]
    collate: Collation = Collation.NONE


def read_manifest(path: Path) -> Manifest:
    """Return what a manifest says.

    Raises:
        Rejected(MANIFEST_INVALID): It cannot be understood, or names a file twice or outside of the folder.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(_LONGEST + 1)
    try:
        if len(data) > _LONGEST:
            raise ValueError("too large")  # noqa: TRY301 - told as any other fault of it
        text = nfc(data.decode("utf-8-sig"))
        found = _of_csv(text) if path.suffix.casefold() == ".csv" else _of_json(json.loads(text))
        _check(found)
    except (ValueError, TypeError, LookupError, RecursionError, csv.Error, HososoError) as exc:
        raise Rejected(Code.MANIFEST_INVALID, f"{type(exc).__name__}: {exc}"[:200], subject=path.name) from exc
    return found


def as_json(manifest: Manifest) -> str:
    """Return the JSON form of a manifest."""
    components = [
        {
            "component": part.component,
            "pages": part.pages,
            "replaces": list(part.replaces),
            **({"leaves": part.leaves} if part.leaves else {}),
            "files": [{"name": file.name, "sha256": file.sha256} for file in part.files],
        }
        for part in manifest.parts
    ]
    said: dict[str, Any] = {"code": manifest.code, "not_secret": manifest.not_secret}
    said |= {"collate": manifest.collate.value} if manifest.collate else {}
    said["components"] = components
    return json.dumps(said, ensure_ascii=False, indent=1)


def _of_json(said: Any) -> Manifest:  # noqa: ANN401 - what JSON holds
    parts = tuple(
        ListedPart(
            str(part.get("component", "")),
            _pages(part.get("pages")),
            checked_replaced(part.get("replaces", ())),
            tuple(Listed(str(file["name"]), str(file.get("sha256", "")).lower()) for file in part["files"]),
            leaves_of(str(part.get("leaves") or "")).text,
        )
        for part in said["components"]
    )
    return Manifest(
        str(said.get("code", "")), said.get("not_secret") is True, parts, Collation(said.get("collate", ""))
    )


def _of_csv(text: str) -> Manifest:
    separator = ";" if ";" in text.partition("\n")[0] else ","
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text), delimiter=separator):
        line = {str(key).strip().lower(): (value or "").strip() for key, value in row.items() if key}
        found.setdefault(line.get("component", ""), []).append(line)
    parts = tuple(
        ListedPart(
            component,
            _pages(next((int(line["pages"]) for line in lines if line.get("pages")), None)),
            (),
            tuple(Listed(line["file"], line.get("sha256", "").lower()) for line in lines),
            leaves_of(next((line["leaves"] for line in lines if line.get("leaves")), "")).text,
        )
        for component, lines in found.items()
    )
    return Manifest("", not_secret=False, parts=parts)


def _pages(said: object) -> int | None:
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int) or not 0 < said <= _MOST_PAGES:
        raise ValueError("no number of pages")
    return said


def _check(found: Manifest) -> None:
    names: set[str] = set()
    components = [checked_component(part.component) for part in found.parts]
    if not components or len(set(components)) != len(components):
        raise ValueError("no component, or one twice")
    for file in (file for part in found.parts for file in part.files):
        path = PurePosixPath(file.name)
        if path.is_absolute() or ".." in path.parts or "\\" in file.name or ":" in file.name or str(path) == ".":
            raise ValueError("a name leads out of the folder")
        if file.name.casefold() in names or (file.sha256 and not _DIGEST.fullmatch(file.sha256)):
            raise ValueError("a name twice, or no SHA-256")
        names.add(file.name.casefold())
