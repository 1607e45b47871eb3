"""Turns: whose signature a document waits for, and over which stored file.

Where an office asks the officer who compared for a signature too, the officer signs what was rendered, and the agency
signs that file, as the last one. Only then the document is a copy (sao y).
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog import Transaction, objects, renditions
from dossier.model import ObjectRef
from dossier.states import DocumentState, SignerRole
from pipeline.services import Services

_STATES = {SignerRole.OFFICER: DocumentState.WAITING_OFFICER, SignerRole.AGENCY: DocumentState.WAITING_SIGNATURE}


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is.

    Attributes:
        role: Who signs now.
        source: The stored file to sign.
        officer: Who has signed it as the officer who compared; empty when nobody has.
        rendered: The file the officer was given; None when nobody has signed, or it is stored no more.
    """

    role: SignerRole
    source: ObjectRef
    officer: str = ""
    rendered: ObjectRef | None = None


def turn_of(tx: Transaction, document_id: str, services: Services) -> Turn | None:
    """Return whose signature a document needs next; None when nothing of it waits."""
    unsigned = renditions.find(tx, document_id, renditions.UNSIGNED)
    compared = renditions.find(tx, document_id, renditions.COMPARED)
    if compared is not None:
        officer = compared.facts.signer if compared.facts else ""
        return Turn(SignerRole.AGENCY, compared.ref, officer, unsigned.ref if unsigned else None)
    if unsigned is None:
        return None
    return Turn(SignerRole.OFFICER if services.officer_first else SignerRole.AGENCY, unsigned.ref)


def waiting_state(tx: Transaction, document_id: str, services: Services) -> DocumentState:
    """Return the state that says whose signature a document waits for."""
    turn = turn_of(tx, document_id, services)
    return _STATES[turn.role if turn else SignerRole.AGENCY]


def let_go(tx: Transaction, document_id: str, *roles: str) -> list[str]:
    """Forget stored forms that waited to be signed; return which objects nobody claims any more.

    Args:
        tx: The transaction.
        document_id: Whose.
        roles: Which forms; none named means all.
    """
    released = []
    for role in roles or (renditions.UNSIGNED, renditions.COMPARED):
        stored = renditions.find(tx, document_id, role)
        if stored is not None:
            renditions.remove(tx, document_id, role)
            if objects.drop_claim(tx, stored.ref.sha256, f"{role}:{document_id}"):
                released.append(stored.ref.sha256)
    return released
