"""Receipts: what the one-stop software says of packages, from whichever side it comes, late, twice or out of order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from catalog import Transaction, events, intakes, portal_packages
from dossier.errors import Code, Rejected
from dossier.portal import Answer, Heard, Package, PackageState, heard
from pipeline.closing import close_when_archived
from pipeline.services import Services
from registers.portal.receipts import Fault, ReceiptRow

_CONTRADICTED = "portal_contradicted"


class Unplaced(StrEnum):
    """Why a row of a receipt file could not be put to a package."""

    CODE = "code"
    STATE = "state"
    DOSSIER = "dossier"  # the archive has no such dossier
    PACKAGE = "package"  # no package of it was ever made, or none with this key


@dataclass(slots=True)
class Received:
    """What came of a receipt file: how many rows were what, and the rows that could not be placed."""

    counts: Counter[Heard] = field(default_factory=Counter)
    unplaced: list[tuple[int, str, Unplaced]] = field(default_factory=list)


def take(tx: Transaction, package: Package, answer: Answer, services: Services) -> Heard:
    """Record what is said of a package. Its dossier has to be locked, and the package read after that."""
    state, news = heard(package.state, answer.outcome)
    now = services.clock()
    payload: dict[str, object] = {"package": package.key, "version": package.version}
    if news is Heard.WAITING:
        way = services.portal.way if services.portal else None
        portal_packages.hand_over(tx, package.key, now, ask_again=way is not None and way.asks)
        _tell(tx, package, "portal_sent", {**payload, "way": way.name if way else ""}, services)
    elif state is not package.state:
        portal_packages.settle(tx, package, state, answer, now)
        accepted = state is PackageState.ACCEPTED
        _tell(
            tx,
            package,
            "portal_accepted" if accepted else "portal_refused",
            payload if accepted else {**payload, "code": answer.refusal},
            services,
        )
    elif news is Heard.CONTRADICTS and not _was_contradicted(tx, package, payload):
        _tell(tx, package, _CONTRADICTED, payload, services)
    return news


def take_file(rows: Iterable[ReceiptRow], services: Services) -> Received:
    """Record the rows of a receipt file, each by itself: a file that is imported again only says what is known."""
    done = Received()
    for row in rows:
        if row.answer is None:
            done.unplaced.append((row.row, row.code, Unplaced(row.fault or Fault.CODE)))
            continue
        with services.catalogue.write() as tx:
            found = _placed(tx, row)
            if isinstance(found, Unplaced):
                done.unplaced.append((row.row, row.code, found))
            else:
                done.counts[take(tx, found, row.answer, services)] += 1
    return done


def revoke(code: str, services: Services) -> int:
    """Revoke the links to the files of a dossier; return of how many packages.

    Raises:
        Rejected(DOSSIER_UNKNOWN): The archive has no such dossier.
    """
    with services.catalogue.write() as tx:
        dossier = intakes.find_dossier(tx, code)
        if dossier is None:
            raise Rejected(Code.DOSSIER_UNKNOWN, subject=code)
        intakes.lock_dossiers(tx, [dossier.id])
        now = services.clock()
        revoked = portal_packages.revoke(tx, dossier.id, now)
        if revoked:
            events.append(tx, dossier.id, "links_revoked", now, {"packages": revoked}, actor=services.office.actor)
            close_when_archived(tx, dossier.id, services)
        return revoked


def _placed(tx: Transaction, row: ReceiptRow) -> Package | Unplaced:
    """Return the package that a row is about, its dossier locked: by key, else the newest that was handed over."""
    known = portal_packages.find(tx, row.key) if row.key else None
    if row.key and known is None:
        return Unplaced.PACKAGE
    code = known.code if known else row.code
    if row.code and code != row.code:
        return Unplaced.PACKAGE
    dossier = intakes.find_dossier(tx, code)
    if dossier is None:
        return Unplaced.DOSSIER
    intakes.lock_dossiers(tx, [dossier.id])
    every = portal_packages.of_dossier(tx, dossier.id)
    if known is not None:
        return next(one for one in every if one.key == known.key)
    handed = [one for one in every if one.sent_at is not None] or every
    return handed[-1] if handed else Unplaced.PACKAGE


def _was_contradicted(tx: Transaction, package: Package, payload: dict[str, object]) -> bool:
    """Return whether this was told before: a portal that goes on saying it does not make the chain longer."""
    return events.has(tx, package.dossier_id, _CONTRADICTED, payload)


def _tell(tx: Transaction, package: Package, kind: str, payload: dict[str, object], services: Services) -> None:
    events.append(tx, package.dossier_id, kind, services.clock(), payload, actor=services.office.actor)
    close_when_archived(tx, package.dossier_id, services)
