"""Other people's tools, run as they are."""

from __future__ import annotations

import subprocess


def output(*command: object) -> str:
    """Return what a tool prints; a tool that fails fails the test."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
