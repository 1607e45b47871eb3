"""The compose files as data, for tests that look at all of them."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.architecture.sources import ROOT

OFFICE = "compose.yaml"
FILES = (OFFICE, *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("deploy/*.compose.yaml")))
_VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?])([^}]*))?\}")


def composed(name: str) -> dict[str, Any]:
    """Return a compose file, its merges resolved and its variables as they stand."""
    return dict(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


def filled(value: Any, **variables: str) -> Any:  # noqa: ANN401 - any part of a compose file
    """Return a part of a compose file with its variables put in: those given, or else their defaults."""
    if isinstance(value, dict):
        return {key: filled(each, **variables) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, **variables) for each in value]
    if not isinstance(value, str):
        return value

    def put(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if name in variables:
            return variables[name]
        assert kind == "-", f"{name} must be given: {rest}"
        return str(rest)

    return _VARIABLE.sub(put, value)


def services() -> dict[tuple[str, str], dict[str, Any]]:
    """Return every service of every file by file and name."""
    return {(name, service): dict(body) for name in FILES for service, body in composed(name)["services"].items()}
