"""Packaging: what the one-stop software is to get of each dossier that counts as archived, in versions.

A package is due when a dossier counts as archived and what the archive has of it is not what its newest package says.
That follows from the archive alone: what the register changes about a dossier came from the other side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from catalog import Transaction, documents, events, intakes, portal_packages, register_rows, renditions, reuse
from catalog.reuse import Reused
from dossier.model import Document
from dossier.portal import Content, Package, PackageDocument, PackageState, SignatureSaid
from dossier.register import RESULT_COMPONENT, VIETNAM
from dossier.states import DocumentState
from pipeline.closing import close_when_archived
from pipeline.services import PortalChannel, Services
from registers.portal.message import FILES_FOLDER, message, rows
from registers.portal.port import Attachment, Parcel

_AT_ONCE = 50


def prepare(services: Services, over: Callable[[], bool] = lambda: False) -> int:
    """Make the packages that are due until there are none, or it is `over`; return how many. Safe to run by several.

    A dossier whose line of facts is not up to date is left for the next time.
    """
    made = 0
    while not over():
        with services.catalogue.read() as tx:
            found = portal_packages.flagged(tx, _AT_ONCE)
        if not found:
            break
        with services.catalogue.write() as tx:
            made += _prepare(tx, found, services)
    return made


def _prepare(tx: Transaction, found: Sequence[str], services: Services) -> int:
    intakes.lock_dossiers(tx, found)
    codes = portal_packages.take_flags(tx, found)
    archived = portal_packages.counted(tx, list(codes.values()))
    due = [(dossier_id, code) for dossier_id, code in codes.items() if code in archived]
    return sum(_made(tx, dossier_id, code, services) for dossier_id, code in due)


def _made(tx: Transaction, dossier_id: str, code: str, services: Services) -> bool:
    """Make a package of a dossier unless its newest one says the same."""
    newest = portal_packages.newest(tx, dossier_id)
    content = content_of(tx, dossier_id, code, newest.version + 1 if newest else 1, services)
    if newest is not None and newest.content == content.digest:
        return False
    if not content.documents:
        return False
    portal_packages.add(tx, new_package(content, dossier_id, services))
    return True


def again(code: str, services: Services) -> Package | None:
    """Make another package of a dossier though the newest says the same; None when it never had one or is not archived.

    The software that refused it, or forgot it, answers for a new key as for something new. Lines of facts have to be up
    to date.
    """
    with services.catalogue.write() as tx:
        dossier = intakes.find_dossier(tx, code)
        if dossier is None:
            return None
        intakes.lock_dossiers(tx, [dossier.id])
        newest = portal_packages.newest(tx, dossier.id)
        if newest is None or code not in portal_packages.counted(tx, [code]):
            return None
        package = new_package(content_of(tx, dossier.id, code, newest.version + 1, services), dossier.id, services)
        portal_packages.add(tx, package)
        payload = {"package": package.key, "version": package.version}
        events.append(tx, dossier.id, "portal_again", services.clock(), payload, actor=services.office.actor)
        close_when_archived(tx, dossier.id, services)
        return package


def new_package(content: Content, dossier_id: str, services: Services) -> Package:
    """Return a package that is to be recorded; its links last as long as the policy says, from now."""
    now = services.clock()
    links = services.portal.links if services.portal else None
    return Package(
        key=content.key,
        dossier_id=dossier_id,
        code=content.code,
        version=content.version,
        content=content.digest,
        state=PackageState.DUE,
        files=content.files,
        made_at=now,
        links_until=now + timedelta(days=links.days) if links else None,
    )


def content_of(tx: Transaction, dossier_id: str, code: str, version: int, services: Services) -> Content:
    """Return what a package of this version says of a dossier now: its archived documents, in order."""
    live = (one for one in documents.live(tx, dossier_id) if one.state is DocumentState.ARCHIVED)
    described = (_described(tx, document, services) for document in live)
    own = [one for one in described if one is not None]
    lent = (_lent(tx, each, services) for each in reuse.of_dossiers(tx, [code]).get(code, []))
    return Content(code, version, (*own, *(one for one in lent if one is not None)))


def parcel(tx: Transaction, package: Package, channel: PortalChannel, services: Services) -> Parcel | None:
    """Return a package ready to be sent; None when the archive no longer has what it says: another one is due then."""
    content = content_of(tx, package.dossier_id, package.code, package.version, services)
    if content.key != package.key:
        return None
    entry = next(iter(register_rows.of_codes(tx, [package.code])), None)
    links = channel.links
    places = {
        one.id: links.address(package.key, one.id) if links else f"{FILES_FOLDER}/{one.name}"
        for one in content.documents
    }
    day = package.made_at.astimezone(VIETNAM).date()
    sent = message(content, entry, places, day)
    attachments = (
        Attachment(one.name, one.sha256, one.size, partial(services.store.open, one.sha256))
        for one in content.documents
        if channel.way.carries_files
    )
    return Parcel(package.key, package.code, package.version, sent, rows(sent, content, day), tuple(attachments))


def _lent(tx: Transaction, own: Reused, services: Services) -> PackageDocument | None:
    """Return a document of another dossier as the package of this one has it: the form that was reused."""
    document = documents.find(tx, own.document_id)
    kept = renditions.object_of(tx, own.sha256)
    described = _described(tx, document, services) if document and kept else None
    if described is None or kept is None:
        return None
    name = f"{own.component}-{own.document_id[:8]}.pdf"
    described = replace(described, name=name, component=own.component, sha256=kept.sha256, size=kept.size)
    return replace(described, is_result=False, reused=True)


def _described(tx: Transaction, document: Document, services: Services) -> PackageDocument | None:
    final = renditions.final(tx, document.id)
    if final is None:
        return None
    kind, facts = services.rules.kinds.get(document.kind), final.facts
    return PackageDocument(
        id=document.id,
        name=f"{document.ordinal + 1:03}-{document.kind.lower().replace('_', '-')}-{document.id[:8]}.pdf",
        component=document.component,
        kind=document.kind,
        title=kind.name if kind else document.kind,
        is_result=document.component == RESULT_COMPONENT if document.component else bool(kind and kind.is_result),
        born_digital=document.born_signed,
        pages=len(document.page_ids),
        sha256=final.ref.sha256,
        size=final.ref.size,
        signature=SignatureSaid(
            count=facts.signatures if facts else 0,
            level=facts.level if facts else "",
            verdict=facts.verdict if facts else "",
            signed_at=facts.signed_at if facts else "",
            development=facts.development if facts else False,
        ),
    )
