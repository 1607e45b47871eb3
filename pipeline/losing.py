"""Losing and finding: a person states that papers of dossiers are lost, or found again, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import Transaction, events, facts, intakes, register_rows
from dossier.errors import Code, Rejected
from dossier.papers import ALL_HANDED_IN, LossStatement
from dossier.register import VIETNAM, RegisterEntry
from pipeline.closing import close_when_archived
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.paper_statements import loss_object, record_loss
from pipeline.projecting import make_anew
from pipeline.referring import reference
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE
from registers.reference_data import Reference

LOST, FOUND = "paper_lost", "paper_found"
"""Kinds of the events in a dossier's chain."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Loss:
    """What a person says: of which dossiers, of which component, that it is lost or found again, and why."""

    codes: tuple[str, ...]
    component: str
    is_lost: bool
    reason: str
    actor: str


def state_loss(said: Loss, services: Services, *, demo: bool) -> None:
    """Record a statement on lost papers, in the archive store and in the chain of each dossier that the archive has.

    Args:
        said: Normalised codes of dossiers in register or archive; `component` as the procedure's list has it, or
            ALL_HANDED_IN.
        services: Catalogue, store, clock.
        demo: Development signatures count.

    Raises:
        Rejected: DOSSIER_UNKNOWN; COMPONENT_UNKNOWN when the procedure of a dossier has no such component.
    """
    with services.catalogue.read() as tx:
        _check(tx, said, reference(tx, services))
    for start in range(0, len(said.codes), _AT_ONCE):
        codes = said.codes[start : start + _AT_ONCE]
        own = LossStatement(codes, said.component, said.is_lost, said.reason, said.actor, services.clock())
        _state(own, services, demo=demo)


def _state(own: LossStatement, services: Services, *, demo: bool) -> None:
    note = keep_bytes(loss_object(own), STATEMENT_TYPE, services)
    payload = {"component": own.component, "statement": note.sha256}
    with services.catalogue.write() as tx:
        facts.take_facts_turn(tx)
        known = [dossier.id for code in own.codes if (dossier := intakes.find_dossier(tx, code))]
        intakes.lock_dossiers(tx, known)
        record_loss(tx, own, note)
        for dossier_id in known:
            events.append(tx, dossier_id, LOST if own.is_lost else FOUND, own.at, payload, actor=own.actor)
            close_when_archived(tx, dossier_id, services)
        make_anew(tx, services, own.codes, demo=demo)
    lock([note.sha256], services)


def _check(tx: Transaction, said: Loss, known: Reference) -> None:
    for start in range(0, len(said.codes), _AT_ONCE):
        codes = said.codes[start : start + _AT_ONCE]
        entries = {entry.code: entry for entry in register_rows.of_codes(tx, codes)}
        for code in codes:
            if code not in entries and intakes.find_dossier(tx, code) is None:
                raise Rejected(Code.DOSSIER_UNKNOWN, "neither register nor archive", subject=code)
        _check_component(list(entries.values()), said.component, known)


def _check_component(entries: Sequence[RegisterEntry], component: str, known: Reference) -> None:
    """Refuse a component that the list of procedures does not have: the statement would never count."""
    if component == ALL_HANDED_IN:
        return
    for entry in entries:
        day = entry.received_at.astimezone(VIETNAM).date() if entry.received_at else None
        procedure = known.procedures.find(entry.procedure, day) if day and entry.procedure else None
        if procedure and component not in {rule.code for rule in procedure.components}:
            raise Rejected(Code.COMPONENT_UNKNOWN, component[:60], subject=entry.code)
