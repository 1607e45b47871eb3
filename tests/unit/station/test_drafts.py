"""Drafts in hot folders: those that nobody goes on with are removed, all else stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

from station.drafts import sweep_drafts

_DAY = 86_400.0


def test_only_old_drafts_go(tmp_path: Path) -> None:
    """By the newest file in them; what is no draft is no concern of ours, and a link leads nowhere."""
    names = (".quet-a", ".nhap-b", ".quet-new", ".khac", "H99.27.14-260310-0001")
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "0001.jpg").write_bytes(b"x")
    (tmp_path / ".quet-link").symlink_to(tmp_path / ".khac")
    long_ago = time.time() - 15 * _DAY
    for path in [*tmp_path.rglob("*"), *tmp_path.iterdir()]:
        if path.name != "0001.jpg" or path.parent.name != ".quet-new":
            os.utime(path, (long_ago, long_ago), follow_symlinks=False)
    assert sweep_drafts([tmp_path, tmp_path / "away"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*names[2:], ".quet-link"))
    assert (tmp_path / ".khac" / "0001.jpg").exists()
