"""Cutting: some pages of a file become a file of their own, with the same images byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from dossier.errors import Code, Rejected
from dossier.scan import PageScan
from ingest.spool import full_is_told
from pipeline.services import Services
from rendition.plain import write_scans


def cut_out(path: Path, pages: Sequence[int], target: Path, services: Services) -> list[str]:
    """Write pages of a file, counted from 1, as a PDF; return the digests of their images, read back from it.

    Raises:
        Rejected: FILE_CHANGED_WHILE_READ, the images are not the same; what the file's kind may be rejected for.
        Unavailable(DISK_FULL): There is no room.
    """
    taken: list[str] = []
    with full_is_told(), target.open("wb") as stream:
        write_scans(stream, _images(path, pages, taken, services))
        stream.flush()
        os.fsync(stream.fileno())
    written = [page.sha256 for page in services.taker.pages(target)]
    if written != taken or len(written) != len(pages):
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "not the same pages", subject=path.name)
    return written


def _images(path: Path, pages: Sequence[int], taken: list[str], services: Services) -> Iterator[tuple[PageScan, bytes]]:
    wanted = set(pages)
    for page in services.taker.pages(path):
        if page.number in wanted:
            taken.append(page.sha256)
            yield page.scan, page.data
