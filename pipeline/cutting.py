"""Cutting: some pages of a file become a file of their own, with the same images byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
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
    written = put_together(_images(path, pages, taken, services), target, services)
    if written != taken or len(written) != len(pages):
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "not the same pages", subject=path.name)
    return written


def put_together(images: Iterable[tuple[PageScan, bytes]], target: Path, services: Services) -> list[str]:
    """Write page images as one PDF; return the digests of its pages' images, read back from it.

    Raises:
        Unavailable(DISK_FULL): There is no room.
    """
    with full_is_told(), target.open("wb") as stream:
        write_scans(stream, images)
        stream.flush()
        os.fsync(stream.fileno())
    return [page.sha256 for page in services.taker.pages(target)]


def _images(path: Path, pages: Sequence[int], taken: list[str], services: Services) -> Iterator[tuple[PageScan, bytes]]:
    wanted = set(pages)
    for page in services.taker.pages(path):
        if page.number in wanted:
            taken.append(page.sha256)
            yield page.scan, page.data
