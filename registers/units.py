"""Units (đơn vị) by the agency code inside a mã hồ sơ."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from dossier.errors import Code, Rejected


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the tree. `level`: `trung_uong`, `tinh`, `huyen` (until 30/6/2025) or `xa`."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: date


def load_units(path: Path | None = None) -> dict[str, Unit]:
    """Return units by agency code, from a TOML file of the packaged form or the packaged one (invented units H99).

    Raises:
        Rejected: SETTINGS_INVALID when the file is not readable TOML of that form.
    """
    source = path or resources.files("registers").joinpath("data/units.toml")
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        return {
            item["code"]: Unit(
                item["code"],
                item["name"],
                item["level"],
                item.get("parent", ""),
                item.get("valid_from", data["valid_from"]),
            )
            for item in data["unit"]
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as exc:
        raise Rejected(Code.SETTINGS_INVALID, f"{type(exc).__name__} {exc}", subject="units_file") from exc


def unit_of(agency: str, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit of an agency code, or the nearest unit above it; None when nothing above it is known."""
    code = agency
    while code not in units:
        code, dot, _ = code.rpartition(".")
        if not dot:
            return None
    return units[code]


def unit_name(agency: str, units: Mapping[str, Unit]) -> str:
    """Return the name people read for an agency code: the unit's own name, else the code itself."""
    unit = units.get(agency)
    return unit.name if unit is not None else agency
