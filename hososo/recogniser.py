"""Which recogniser is in use: the packaged one, or one that was adopted in its place after it had proved no worse.

A recogniser is a folder with `rules/` and `data/`. An adopted one is believed as long as the program is the one that it
was compared with: a new release brings another, and what was adopted has to prove itself anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classify.confidence import load_confidence
from classify.roles import load_roles
from classify.rules import PACKAGED, Rules, load_rules
from classify.text_model import load_text_model
from classify.versions import versions
from dossier.digest import canonical, of_bytes
from hososo.usage import Misused

_CURRENT = "current.json"
_PARTS = ("rules", "data")


def folder_in_use(place: Path) -> Path:
    """Return the folder of the recogniser in use; `place` is where adopted ones lie."""
    said = _current(place)
    if said is None or said["packaged"] != dict(versions(load_rules())):
        return PACKAGED
    folder = place / str(said["folder"])
    return folder if folder.is_dir() else PACKAGED


def candidate(folder: Path, complaint: str) -> Rules:
    """Return the rules of a folder that may be adopted, with all that belongs to them.

    Raises:
        Misused: It holds no recogniser; the message is `complaint`.
    """
    try:
        rules = load_rules(folder.resolve())
        load_text_model(rules.folder)
        load_confidence(rules.folder)
        load_roles(rules.folder)
    except (OSError, LookupError, ValueError, TypeError, AttributeError) as exc:
        raise Misused(complaint) from exc
    return rules


def copy_of(rules: Rules, folder: Path) -> None:
    """Copy a recogniser's files into a folder."""
    for part in _PARTS:
        shutil.copytree(rules.folder / part, folder / part, dirs_exist_ok=True)


def adopt(rules: Rules, place: Path, person: str, figures: Mapping[str, Any]) -> None:
    """Put a recogniser in use from the next process on; the folder is whole before anything points to it."""
    own = dict(versions(rules))
    name = of_bytes(canonical(own))[:16]
    if not (place / name).is_dir():
        part = place / f"{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        copy_of(rules, part)
        part.rename(place / name)
    said = {"folder": name, "versions": own, "packaged": dict(versions(load_rules())), "by": person, "figures": figures}
    part = place / f"{_CURRENT}.part"
    part.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.rename(place / _CURRENT)


def _current(place: Path) -> dict[str, Any] | None:
    try:
        said = json.loads((place / _CURRENT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return said if isinstance(said, dict) and {"folder", "packaged"} <= set(said) else None
