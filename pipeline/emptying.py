"""Emptying: the last paper of a dossier was another's, so the dossier has a delivery without any.

What was made of that paper is no document of the dossier any more, and nothing of it is signed there; papers that come
later are delivered as to any other dossier. What is told of files that could not be taken stays on the list.
"""

from __future__ import annotations

from pathlib import Path

from catalog import documents, events, intakes
from dossier.states import DocumentState, IntakeState, Priority
from pipeline import leaves
from pipeline.closing import close_when_archived
from pipeline.delivery import Outcome
from pipeline.looks import content_digest, difference, fingerprint
from pipeline.retiring import retire
from pipeline.services import Services

FIXED = (DocumentState.SIGNED, DocumentState.ARCHIVED)
"""What is signed is neither moved nor taken away."""


def deliver_nothing(dossier_id: str, folder: Path, services: Services) -> Outcome:
    """Record a delivery without papers; a second one after it is the same.

    PROBLEM: there is nothing to take away, or something of the dossier is signed and stays.
    """
    now, errand = services.clock(), intakes.Errand(Priority.COUNTER, services.place)
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier_id])
        last, gone = intakes.latest(tx, dossier_id), documents.live(tx, dossier_id)
        if last is None or any(document.state in FIXED for document in gone):
            return Outcome.PROBLEM
        if last.state in (IntakeState.RECEIVING, IntakeState.READING):
            return Outcome.UNDER_WAY
        if intakes.content(tx, last.id) == content_digest(()):
            return Outcome.SAME
        before = [(file.name, file.sha256 or file.error) for file in intakes.files(tx, last.id)]
        intake_id = intakes.begin(tx, dossier_id, str(folder.resolve()), fingerprint(()), now, errand)
        intakes.set_content(tx, intake_id, content_digest(()), difference(before, ()))
        events.append(tx, dossier_id, "delivered", now, {"intake": intake_id}, actor=services.office.actor)
        intake = intakes.get(tx, intake_id)
        for document in gone:
            retire(tx, document, intake, services)
        leaves.tell(tx, intake, services)
        intakes.set_state(tx, intake_id, IntakeState.ASSEMBLED)
        events.append(tx, dossier_id, "assembled", now, {"intake": intake_id, "files": [], "documents": 0})
        close_when_archived(tx, dossier_id, services)
    return Outcome.CHANGED
