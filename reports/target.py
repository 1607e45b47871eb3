"""Where a report is written to: a file of that name is replaced only when the new one is complete."""

from __future__ import annotations

from pathlib import Path

from dossier.errors import Code, Unavailable


def write_whole(data: bytes, path: Path) -> None:
    """Write a file as a whole.

    Raises:
        Unavailable: EXPORT_TARGET when the file cannot be written; nothing is left behind.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise Unavailable(Code.EXPORT_TARGET, type(exc).__name__, subject=path.name) from exc
