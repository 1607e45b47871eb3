"""The list of procedures (TTHC) that is digitised, from a dated TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from dossier.errors import Code, Rejected
from dossier.register import ComponentRule, Procedure
from registers.settings import key


def load_procedures(path: Path | None = None) -> dict[str, Procedure]:
    """Return the procedures by code.

    Args:
        path: A TOML file of the packaged form (`registers/data/procedures.toml`); None reads the packaged one.

    Returns:
        Procedures by short TTHC code (`1.001193`). The component `ket-qua` is the result, not a paper handed in.

    Raises:
        Rejected: SETTINGS_INVALID when the file is not readable TOML of that form.
    """
    try:
        data = tomllib.loads(_text(path))
        return {item["code"]: _procedure(item, data["valid_from"], data["basis"]) for item in data["procedure"]}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as exc:
        raise Rejected(Code.SETTINGS_INVALID, f"{type(exc).__name__} {exc}", subject="procedures_file") from exc


def by_name(procedures: Iterable[Procedure]) -> Mapping[str, str]:
    """Return procedure codes by compared name (`settings.key`), for registers that print only the name of the TTHC."""
    return {key(procedure.name): procedure.code for procedure in procedures}


def _text(path: Path | None) -> str:
    if path is None:
        return resources.files("registers").joinpath("data/procedures.toml").read_text(encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _procedure(item: dict[str, Any], valid_from: date, basis: str) -> Procedure:
    return Procedure(
        code=item["code"],
        name=item["name"],
        field=item["field"],
        components=tuple(_component(part) for part in item["components"]),
        has_result=bool(item["has_result"]),
        keeps_papers=bool(item["keeps_papers"]),
        valid_from=item.get("valid_from", valid_from),
        basis=item.get("basis", basis),
    )


def _component(item: dict[str, Any]) -> ComponentRule:
    return ComponentRule(item["code"], item["name"], bool(item["required"]), tuple(item.get("kinds", ())))
