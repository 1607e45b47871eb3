"""A put that is killed at any step leaves the object whole or absent, and never stops the next put."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage import put_bytes
from storage.local import LocalObjectStore

DATA = b"page" * 100_000
CHILD = """
import os, signal, sys
from pathlib import Path
from storage import put_bytes
from storage.local import LocalObjectStore

store = LocalObjectStore(Path(sys.argv[1]))
name, wanted, calls = sys.argv[2], int(sys.argv[3]), 0
real = getattr(os, name)

def deadly(*args, **kwargs):
    global calls
    calls += 1
    if calls == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)

setattr(os, name, deadly)
put_bytes(store, b"page" * 100_000, "image/png")
"""


@pytest.mark.parametrize(
    ("step", "call", "whole"),
    [
        ("write", 1, False),
        ("fsync", 1, False),
        ("fchmod", 1, False),
        ("link", 1, False),
        ("fsync", 5, True),  # the folder's sync, after the link
        ("close", 5, True),  # the last step before the temporary name goes
    ],
)
def test_killed_at_any_step(tmp_path: Path, step: str, call: int, *, whole: bool) -> None:
    """After SIGKILL the object is whole or absent; a repeated put succeeds and the left-over is swept."""
    root = tmp_path / "archive"
    child = subprocess.run([sys.executable, "-c", CHILD, str(root), step, str(call)], check=False, cwd=Path.cwd())
    assert child.returncode == -9
    store = LocalObjectStore(root)
    present = list(store.list())
    assert bool(present) is whole
    for ref in present:
        store.verify(ref.sha256)
    ref = put_bytes(store, DATA, "image/png")
    store.verify(ref.sha256)
    assert store.sweep_temporaries(timedelta(seconds=-60)) == 1
    assert list((root / "tmp").iterdir()) == []
    store.verify(ref.sha256)
