"""Looks at a delivered folder: how to tell that it is as it was."""

from __future__ import annotations

from collections.abc import Iterable

from dossier.digest import canonical, of_bytes
from ingest.survey import FoundFile


def fingerprint(files: Iterable[FoundFile]) -> str:
    """Return the cheap look at a folder: names, sizes and times of its files."""
    return of_bytes(canonical({"files": [[file.name, file.size, file.mtime_ns] for file in files]}))


def content_digest(files: Iterable[tuple[str, str]]) -> str:
    """Return the sure look at a delivery: the digest over the names and digests of its files."""
    return of_bytes(canonical({"files": sorted([name, sha256] for name, sha256 in files)}))


def difference(before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return names of files `added`, `replaced` and `removed` between two deliveries of (name, digest)."""
    old, new = dict(before), dict(after)
    return {
        "added": sorted(new.keys() - old.keys()),
        "replaced": sorted(name for name in new.keys() & old.keys() if new[name] != old[name]),
        "removed": sorted(old.keys() - new.keys()),
    }
