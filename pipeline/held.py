"""What is held, given out only when it is what was looked at.

A worker that slept through its lease may hold bytes under a name that its successor has put before, and the folder may
have changed between the two. The catalogue knows whose digests were recorded.
"""

from __future__ import annotations

from typing import BinaryIO

from dossier.digest import of_bytes, of_stream
from dossier.errors import Code, Rejected
from dossier.model import Page, SourceFile
from pipeline.names import page_name, source_name
from pipeline.services import Services


def page_image(page: Page, services: Services) -> bytes:
    """Return the image of a page.

    Raises:
        Rejected: OBJECT_MISSING; OBJECT_DAMAGED, what is held is not what was taken out of the file.
    """
    data = services.holding.get(page.intake_id, page_name(page.id))
    if of_bytes(data) != page.scan_sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "another image than was taken", subject=page.id)
    return data


def source_into(file: SourceFile, target: BinaryIO, services: Services) -> None:
    """Write a held file to an empty seekable stream, and go back to its beginning.

    Raises:
        Rejected: OBJECT_MISSING; OBJECT_DAMAGED, its pages were not taken out of these bytes.
    """
    services.holding.stream_to(file.intake_id, source_name(file.id), target)
    target.seek(0)
    if of_stream(target)[0] != file.sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "another file than was received", subject=file.id)
    target.seek(0)
