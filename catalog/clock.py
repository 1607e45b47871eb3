"""The clock of the catalogue's server: the clocks of all hosts, by which leases are told, are held against it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from catalog.catalogue import Catalogue


def server_time(catalogue: Catalogue) -> datetime | None:
    """Return the time on the catalogue's server, aware, in UTC; None where it has no clock of its own (SQLite)."""
    if catalogue.dialect == "sqlite":
        return None
    with catalogue.read() as tx:
        found: datetime = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found.astimezone(UTC)
