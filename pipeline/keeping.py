"""Keeping: bytes go into the archive store only after the catalogue knows that they will.

A sweep may run at any time, on any host: it takes away what nobody claims and nobody is about to store.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import BinaryIO

from catalog import objects
from dossier.digest import of_stream
from dossier.model import ObjectRef
from pipeline.services import Services


def keep(stream: BinaryIO, media_type: str, services: Services) -> ObjectRef:
    """Store a seekable stream from its beginning to its end; return its name.

    Raises:
        LostLease: The item that is being run belongs to another worker by now; nothing was stored.
        Unavailable: The store or the catalogue cannot take it now, or a sweep is removing the same bytes.
    """
    stream.seek(0)
    announce([of_stream(stream)[0]], services)
    stream.seek(0)
    return services.store.put(stream, media_type)


def keep_bytes(data: bytes, media_type: str, services: Services) -> ObjectRef:
    """Store bytes; errors as `keep`."""
    return keep(io.BytesIO(data), media_type, services)


def announce(digests: Iterable[str], services: Services) -> None:
    """Say what is about to be stored, several things at once; errors as `keep`."""
    with services.checkpoint() as tx:
        objects.intend(tx, digests, services.lease, services.clock())
