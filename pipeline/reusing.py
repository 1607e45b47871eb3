"""Reuse before scanning: what a dossier has already, what the archive could lend it, and a clerk's word that it does.

A document of another dossier stands for a component when it is current, archived, confirmed and validly signed, and of
a kind that fits. It is named by its digest; no byte is stored twice, and both dossiers hold a claim on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog import Transaction, access, documents, events, intakes, register_rows, renditions, reuse
from catalog.reuse import Found, Reused
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.people import Account, Permission
from dossier.register import RESULT_COMPONENT, ComponentRule
from dossier.status import ComponentStatus
from pipeline.closing import close_when_archived
from pipeline.completeness import Known, Part, known_of
from pipeline.handing_over import checked_code, unit_of
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.reuse_statements import ReuseStatement, record_reuse, reuse_object
from pipeline.scope import may_see, units_of
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE

REUSED, UNDONE = "component_reused", "component_reuse_undone"
"""Kinds of the events in the chain of the dossier that reuses."""
_MOST, _LONGEST = 20, 300


class How(StrEnum):
    """How a component comes to be there."""

    SCANNED = "scanned"
    BORN_DIGITAL = "born_digital"
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class There:
    """A document that a component has already; `source` is the dossier that it is of."""

    how: How
    document_id: str
    source: str
    kind: str


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A component, what it has, and what of earlier dossiers of the same person could stand for it."""

    part: Part
    there: tuple[There, ...] = ()
    offers: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Lendable:
    """What a dossier has and could have; `from_store`: the register says that a file came from the citizen's store."""

    known: Known
    parts: tuple[FoundPart, ...]
    from_store: bool


@dataclass(frozen=True, slots=True)
class ReuseWish:
    """What a clerk wants: which document stands for which component of which dossier; `note` says why it may."""

    code: str
    component: str
    document_id: str
    note: str = ""


def lendable(code: str, own: Account, services: Services, *, demo: bool) -> Lendable:
    """Return what a dossier has and what could be reused in it, of dossiers that the account sees; the look is noted.

    Args:
        code: Normalised mã hồ sơ, of a unit that the account sees.
        own: Who looks; without the permission to read, nothing of other dossiers is shown.
        services: Of this process.
        demo: Development signatures count.
    """
    units = units_of(own, services)
    with services.catalogue.read() as tx:
        known = known_of(tx, code, services, demo=demo)
        offers = _offers(tx, known, None if units is None else sorted(units), demo=demo) if _may_read(own) else []
        parts = tuple(_part(tx, code, part, offers) for part in known.parts)
    shown = sorted({each.document_id for part in parts for each in part.offers})
    if shown:
        with services.catalogue.write() as tx:
            access.note(tx, services.clock(), own.id, "reuse.look", code, f"documents={','.join(shown)}")
    return Lendable(known, parts, bool(known.entry and known.entry.portal_from_store))


def reuse_component(wish: ReuseWish, own: Account, services: Services, *, demo: bool) -> Reused:
    """Record that a document of another dossier stands for a component.

    Raises:
        Rejected: FOLDER_CODE_UNKNOWN, PAGE_UNKNOWN, the dossier is no code or of another unit; NOT_ALLOWED;
            COMPONENT_UNKNOWN; REUSE_THERE; REUSE_UNFIT; REUSE_PERSON, no reason although the number is not the same.
    """
    code = checked_code(wish.code, own, services)
    if not (own.may(Permission.UPLOAD) and _may_read(own)):
        raise Rejected(Code.NOT_ALLOWED, subject=own.login)
    with services.catalogue.read() as tx:
        rule = _open_rule(tx, code.normal, wish.component, services, demo=demo)
        found = reuse.usable(tx, wish.document_id)
        final = renditions.final(tx, wish.document_id) if found else None
    if found is None or final is None or not may_see(own, found.unit, services):
        raise Rejected(
            Code.REUSE_UNFIT, "not there, or not current, archived, confirmed and valid", subject=code.normal
        )
    if found.code == code.normal or not _fits(rule, found) or (found.development and not demo):
        raise Rejected(Code.REUSE_UNFIT, "its kind or signature", subject=code.normal)
    note = wish.note.strip()[:_LONGEST]
    with services.catalogue.read() as tx:
        is_theirs = _is_theirs(tx, code.normal, found)
    if not is_theirs and not note:
        raise Rejected(Code.REUSE_PERSON, subject=code.normal)
    grounds = "identity" if is_theirs else "word"
    made = Reused(
        code=code.normal,
        component=rule.code,
        document_id=found.document_id,
        source=found.code,
        sha256=final.ref.sha256,
        kind=found.kind,
        grounds=grounds,
        development=found.development,
        note=note,
        actor=own.id,
        at=services.clock(),
    )
    _state(ReuseStatement(made, final.ref, holds=True), REUSED, services)
    return made


def undo_reuse(code: str, component: str, own: Account, services: Services) -> Reused:
    """Record that a component is not reused after all; raises COMPONENT_UNKNOWN where it was not."""
    checked = checked_code(code, own, services).normal
    if not own.may(Permission.UPLOAD):
        raise Rejected(Code.NOT_ALLOWED, subject=own.login)
    with services.catalogue.read() as tx:
        known = reuse.of_dossiers(tx, [checked]).get(checked, [])
        found = next((each for each in known if each.component == component), None)
        kept = renditions.object_of(tx, found.sha256) if found else None
    if found is None or kept is None:
        raise Rejected(Code.COMPONENT_UNKNOWN, component[:60], subject=checked)
    told = {name: getattr(found, name) for name in Reused.__dataclass_fields__}
    gone = Reused(**{**told, "actor": own.id, "at": services.clock()})
    _state(ReuseStatement(gone, kept, holds=False), UNDONE, services)
    return gone


def _state(said: ReuseStatement, kind: str, services: Services) -> None:
    own = said.own
    code = parse_code(own.code)
    if code is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=own.code)
    note = keep_bytes(reuse_object(said), STATEMENT_TYPE, services)
    payload = {"component": own.component, "document": own.document_id, "file": own.sha256, "statement": note.sha256}
    with services.catalogue.write() as tx:
        dossier_id = intakes.ensure_dossier(tx, code, unit_of(tx, code), own.at)
        intakes.lock_dossiers(tx, [dossier_id])
        there = {each.component for each in reuse.of_dossiers(tx, [own.code]).get(own.code, [])}
        if (own.component in there) is said.holds:
            raise Rejected(Code.REUSE_THERE, own.component[:60], subject=own.code)  # somebody else was faster
        record_reuse(tx, said, note)
        events.append(tx, dossier_id, kind, own.at, payload, actor=own.actor)
        access.note(tx, own.at, own.actor, "reuse.state", own.document_id, f"dossier={own.code}")
        close_when_archived(tx, dossier_id, services)
    lock([note.sha256, said.kept.sha256], services)


def _open_rule(tx: Transaction, code: str, component: str, services: Services, *, demo: bool) -> ComponentRule:
    """Return the rule of a component that nothing is there for yet."""
    known = known_of(tx, code, services, demo=demo)
    part = next((each for each in known.parts if each.rule.code == component), None)
    if part is None:
        raise Rejected(Code.COMPONENT_UNKNOWN, component[:60], subject=code)
    if part.rule.code == RESULT_COMPONENT or part.status >= ComponentStatus.DA_QUET:
        raise Rejected(Code.REUSE_THERE, component[:60], subject=code)
    return part.rule


def _offers(tx: Transaction, known: Known, units: Sequence[str] | None, *, demo: bool) -> list[Found]:
    entry = known.entry
    if entry is None or not entry.applicant_id or not any(part.is_missing for part in known.parts):
        return []
    found = reuse.of_person(tx, entry.applicant_id, entry.code, units, _MOST)
    return [each for each in found if demo or not each.development]


def _part(tx: Transaction, code: str, part: Part, offers: Sequence[Found]) -> FoundPart:
    there = tuple(_there(tx, code, part.rule))
    fitting = tuple(each for each in offers if _fits(part.rule, each)) if part.is_missing else ()
    return FoundPart(part, there, () if part.rule.code == RESULT_COMPONENT else fitting)


def _there(tx: Transaction, code: str, rule: ComponentRule) -> list[There]:
    dossier = intakes.find_dossier(tx, code)
    live = documents.live(tx, dossier.id) if dossier else []
    found = [There(_how(each), each.id, code, each.kind) for each in live if _serves(rule, each)]
    lent = reuse.of_dossiers(tx, [code]).get(code, [])
    return [
        *found,
        *(There(How.REUSED, each.document_id, each.source, each.kind) for each in lent if each.component == rule.code),
    ]


def _how(document: Document) -> How:
    return How.BORN_DIGITAL if document.born_signed else How.SCANNED


def _serves(rule: ComponentRule, document: Document) -> bool:
    return document.component == rule.code or (not document.component and document.kind in rule.kinds)


def _fits(rule: ComponentRule, found: Found) -> bool:
    """Return whether a document is of a kind that a component asks for, or of the same component where it asks none."""
    return found.kind in rule.kinds if rule.kinds else found.component == rule.code


def _is_theirs(tx: Transaction, code: str, found: Found) -> bool:
    """Return whether a document is of the same identity number as a dossier: by its own dossier, or confirmed on it."""
    entry, other = register_rows.find(tx, code), register_rows.find(tx, found.code)
    identity = entry.applicant_id if entry else ""
    if not identity:
        return False
    return bool(other and other.applicant_id == identity) or reuse.names_person(tx, found.document_id, identity)


def _may_read(own: Account) -> bool:
    return own.may(Permission.READ)
