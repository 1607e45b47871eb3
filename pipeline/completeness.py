"""What a dossier has and what it still lacks, component by component, as its procedure asks for them."""

from __future__ import annotations

from dataclasses import dataclass

from catalog import Transaction, register_rows
from dossier.register import RESULT_COMPONENT, VIETNAM, ComponentRule, Procedure, RegisterEntry
from dossier.status import ComponentStatus, component_status, is_settled
from pipeline.evidence import evidence
from pipeline.referring import reference
from pipeline.services import Services


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a dossier, and how far it has come; `is_due`: the dossier is not whole without it."""

    rule: ComponentRule
    status: ComponentStatus
    is_due: bool

    @property
    def is_missing(self) -> bool:
        """Whether paper has to be scanned for it."""
        return self.is_due and self.status < ComponentStatus.DA_QUET


@dataclass(frozen=True, slots=True)
class Known:
    """What register and list of procedures say of a dossier; `entry` is None where the register does not have it."""

    entry: RegisterEntry | None
    procedure: Procedure | None
    parts: tuple[Part, ...]


def known_of(tx: Transaction, code: str, services: Services, *, demo: bool) -> Known:
    """Return what is known of a dossier by its normalised code, be it in the archive or not.

    Args:
        tx: A transaction.
        code: Normalised mã hồ sơ.
        services: Of this process.
        demo: Development signatures count.
    """
    entry = register_rows.find(tx, code)
    if entry is None:
        return Known(None, None, ())
    day = (entry.received_at or services.clock()).astimezone(VIETNAM).date()
    procedure = reference(tx, services).procedures.find(entry.procedure, day) if entry.procedure else None
    if procedure is None:
        return Known(entry, None, ())
    found = evidence(tx, [code], services.rules).get(code)
    settled = is_settled(entry)
    parts = tuple(
        Part(rule, component_status(rule, found, demo=demo), _is_due(rule, procedure, settled=settled))
        for rule in procedure.components
    )
    return Known(entry, procedure, parts)


def _is_due(rule: ComponentRule, procedure: Procedure, *, settled: bool) -> bool:
    if rule.code == RESULT_COMPONENT:
        return procedure.has_result and settled
    return rule.required and procedure.keeps_papers
