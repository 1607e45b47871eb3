"""An empty database of each kind that the catalogue runs on, for as long as it is measured."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.postgres import Postgres


@contextmanager
def sqlite(folder: Path | None) -> Iterator[str]:
    """Give the address of a file that ends with the block, in a folder or a temporary place."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        yield f"sqlite:///{own}/catalogue.db"


@contextmanager
def postgresql(_folder: Path | None) -> Iterator[str]:
    """Give the address of a database on a server that ends with the block."""
    with Postgres() as server:
        yield server.empty_database()
