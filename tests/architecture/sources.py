"""The product's source files, for tests that look at all of them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = [name for name in _PYPROJECT["tool"]["importlinter"]["root_packages"] if (ROOT / name).is_dir()]
SHIPPED: list[str] = [name.rstrip("*") for name in _PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]]
DISTRIBUTION: str = _PYPROJECT["project"]["name"]


def files() -> list[Path]:
    """Return every Python file of the product."""
    return sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def shown(path: Path) -> str:
    """Return a path as it is named in test ids."""
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    """Yield every node of a file's syntax tree."""
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def called(node: ast.AST) -> str:
    """Return the last name of what a node calls, empty when it calls nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
