"""The key by which an installation knows the separator sheets that it has printed.

It goes with backups, which nobody but their owner reads: a restored installation believes the sheets that lie about
printed. One that is rebuilt from the archive alone makes a new key, and believes older sheets where its register has
the dossier.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from catalog.catalogue import Transaction
from catalog.inserting import insert_into
from catalog.schema import stamp, switch

NAME = "separator key"
_BYTES = 32


def separator_key(tx: Transaction) -> bytes | None:
    """Return the key, None before the first sheet was printed."""
    value = tx.execute(select(switch.c.value).where(switch.c.name == NAME)).scalar()
    return bytes.fromhex(value) if value is not None else None


def ensure_separator_key(tx: Transaction, now: datetime) -> bytes:
    """Return the key, made now where there is none; of two that make it at once, one wins."""
    own = {"name": NAME, "value": secrets.token_hex(_BYTES), "changed_at": stamp(now)}
    tx.execute(insert_into(tx, switch).values(**own).on_conflict_do_nothing())
    return bytes.fromhex(tx.execute(select(switch.c.value).where(switch.c.name == NAME)).scalar_one())
