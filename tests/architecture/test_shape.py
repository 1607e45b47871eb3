"""The shape of the code: small files and functions, everything documented, no shortcuts (architecture 6)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.architecture.sources import called, files, nodes, shown

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Where a process or a request ends: what nobody foresaw must become a reply there, and must not stop the others.
_BOUNDARIES = {
    "confine/child.py",
    "hososo/main.py",
    "ingest/child.py",
    "pipeline/running.py",
    "signing/verify.py",
    "signing/verify_child.py",
    "web/api/gate.py",
    "web/bounded.py",
    "web/guard.py",
    "web/readiness.py",
    "workers/actors.py",
    "workers/chores.py",
    "workers/relay.py",
}


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in nodes(path) if isinstance(node, _FUNCTIONS))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_are_small() -> None:
    """Half of them within 120 lines, nine of ten within 300, none over 500; migrations are frozen as they are."""
    lengths = {shown(path): _lines(path) for path in files() if "migrations" not in path.parts}
    assert median(lengths.values()) <= 120
    assert quantiles(lengths.values(), n=10)[-1] <= 300
    assert [name for name, length in lengths.items() if length > 500] == []


def test_functions_are_small() -> None:
    """Half of them within 10 lines, nine of ten within 35, none over 70."""
    lengths = {
        f"{shown(path)}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1
        for path in files()
        if "migrations" not in path.parts
        for node in _functions(path)
    }
    assert median(lengths.values()) <= 10
    assert quantiles(lengths.values(), n=10)[-1] <= 35
    assert [name for name, length in lengths.items() if length > 70] == []


@pytest.mark.parametrize("path", files(), ids=shown)
def test_what_is_public_is_documented(path: Path) -> None:
    """Every module, public class and public function says what it is for; migrations say it in `upgrade`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [node.name for node in _public(tree) if ast.get_docstring(node) is None]
    assert bare == []
    assert ast.get_docstring(tree) is not None or not tree.body


def _public(body: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body.body:
        if isinstance(node, (ast.ClassDef, *_FUNCTIONS)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


@pytest.mark.parametrize("path", files(), ids=shown)
def test_nothing_is_printed_and_every_time_knows_its_zone(path: Path) -> None:
    """Output goes through the console or the log; a time without a zone is wrong for half of those who read it."""
    for node in nodes(path):
        name = called(node)
        assert name != "print", f"{shown(path)}:{node.lineno} prints"  # type: ignore[attr-defined] # a call has a line
        if name in ("now", "fromtimestamp") and isinstance(node, ast.Call) and _is_on_datetime(node):
            assert len(node.args) + len(node.keywords) > (name == "fromtimestamp"), f"{shown(path)}:{node.lineno}"
        assert name not in ("utcnow", "utcfromtimestamp"), f"{shown(path)}"


def _is_on_datetime(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith("datetime")


def test_broad_excepts_stand_only_where_a_process_ends() -> None:
    """Everywhere else an error that nobody foresaw is a bug and must be seen as one."""
    broad = {
        shown(path)
        for path in files()
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception")
    }
    assert broad <= _BOUNDARIES


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    """A test that is not run proves nothing."""
    root = Path(__file__).parents[1]
    marks = ("skip", "skipif", "xfail", "importorskip")
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in root.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in marks
    ]
    assert found == []
