"""Drafts that nobody goes on with: scans that were broken off, imports that were killed. They hold papers, and go."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from station.paths import leads_elsewhere

_DRAFTS = (".quet-", ".nhap-")
_DAYS = 14
"""After so many days without a change: `station scan --resume` goes on within them, and the papers are there."""
_MOST_FILES = 20_000


def sweep_drafts(hot_folders: Iterable[Path], now: float | None = None) -> int:
    """Remove the drafts in hot folders that have not changed for a fortnight; return how many.

    The newest time of anything in a draft counts, by the clock of the share: a fortnight is more than clocks differ.
    """
    present, removed = time.time() if now is None else now, 0
    for hot in hot_folders:
        with suppress(OSError):  # the share is away
            for draft in [path for path in hot.iterdir() if path.name.startswith(_DRAFTS)]:
                if _is_old(draft, present - _DAYS * 86_400):
                    shutil.rmtree(draft, ignore_errors=True)
                    removed += not draft.exists()
    return removed


def _is_old(draft: Path, before: float) -> bool:
    status = draft.lstat()
    if leads_elsewhere(status) or not draft.is_dir():
        return False
    for count, path in enumerate(draft.rglob("*")):
        if count > _MOST_FILES or path.lstat().st_mtime >= before:
            return False
    return status.st_mtime < before
