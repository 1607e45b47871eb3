"""Stored readings of pages, one at a time: a dossier of a thousand pages is never held in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dossier import reading_json
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Page
from dossier.page import PageReading
from pipeline.services import Services


def stored_bytes(digest: str, services: Services) -> bytes:
    """Return a stored object, compared with its digest.

    Raises:
        Rejected: OBJECT_MISSING; OBJECT_DAMAGED, the stored bytes are not those of the digest.
    """
    data = services.store.read(digest)
    if of_bytes(data) != digest:
        raise Rejected(Code.OBJECT_DAMAGED, "words of a page", subject=digest)
    return data


def stored_reading(digest: str, services: Services) -> PageReading:
    """Return the reading with this digest; errors as `stored_bytes`."""
    return reading_json.load(stored_bytes(digest, services))


def readings_of(own_pages: Iterable[Page], services: Services) -> Iterator[PageReading]:
    """Yield the stored readings of pages in order; errors as `stored_reading`."""
    for page in own_pages:
        yield stored_reading(page.words, services)
