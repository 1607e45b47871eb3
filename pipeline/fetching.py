"""Fetching by link: which file of a package a link gives, and that somebody took it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from catalog import Transaction, events, intakes, portal_packages
from dossier.portal import Package, PackageFile
from pipeline.closing import close_when_archived
from pipeline.services import Services
from registers.portal.links import is_token


@dataclass(frozen=True, slots=True)
class Linked:
    """What a good link gives: a document of a package."""

    package: Package
    file: PackageFile


def linked(key: str, document_id: str, token: str, services: Services) -> Linked | None:
    """Return what a link gives; None for every link that gives nothing, whatever is the matter with it."""
    links = services.portal.links if services.portal else None
    if links is None or not is_token(links.secret, key, document_id, token):
        return None
    with services.catalogue.read() as tx:
        package = portal_packages.find(tx, key)
    if package is None or package.links_until is None or package.revoked_at is not None:
        return None
    file = next((one for one in package.files if one.document_id == document_id), None)
    if file is None or services.clock() >= package.links_until:
        return None
    return Linked(package, file)


def opened(found: Linked, services: Services) -> BinaryIO:
    """Return the file as a seekable stream that the caller closes.

    Raises:
        Rejected(OBJECT_MISSING): The archive no longer has it.
        Unavailable: The store does not answer.
    """
    return services.store.open(found.file.sha256)


def record(found: Linked, services: Services) -> None:
    """Record in the dossier's chain that a file is being fetched.

    Raises:
        Unavailable: The catalogue cannot take it: then nothing is to be given out.
    """
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [found.package.dossier_id])
        _append(tx, found, services)
        close_when_archived(tx, found.package.dossier_id, services)


def _append(tx: Transaction, found: Linked, services: Services) -> None:
    payload = {"package": found.package.key, "document": found.file.document_id, "file": found.file.sha256}
    events.append(tx, found.package.dossier_id, "downloaded", services.clock(), payload, actor="portal")
