"""Files that a later hand-over took the place of: whoever gave them may forget them once that one is archived."""

from __future__ import annotations

from catalog import Transaction, hand_overs, intakes
from dossier.codes import parse_code
from dossier.handing_over import HandOver, HandOverState
from dossier.states import IntakeState
from pipeline.archived_files import archived_files


def replaced_names(tx: Transaction, own: HandOver) -> frozenset[str]:
    """Return the names of files of a dossier whose place a later hand-over took that the archive has as a whole.

    A later one may itself be replaced in part: it has arrived when each of its files is archived or replaced so. One
    without files took a paper out, into another dossier: its names count once that dossier has the bytes.
    """
    found: set[str] = set()
    for later in hand_overs.placed_after(tx, own):  # the newest first
        if _has_arrived(tx, later, found):
            found.update(later.replaces)
    return frozenset(found)


def _has_arrived(tx: Transaction, later: HandOver, replaced: set[str]) -> bool:
    intake = intakes.get(tx, later.intake_id) if later.intake_id else None
    if later.state is not HandOverState.PLACED or intake is None or intake.state is not IntakeState.ASSEMBLED:
        return False
    files = hand_overs.files(tx, later.id)
    if not files:
        return bool(later.replaces) and _has_moved(tx, later)
    archived = archived_files(tx, intake.dossier_id)
    return all(file.sha256 in archived or file.placed_as in replaced for file in files)


def _has_moved(tx: Transaction, out: HandOver) -> bool:
    """Return whether the other half of a move has arrived in its own dossier."""
    into = hand_overs.of_key(tx, out.account_id, out.key.replace("move-out.", "move-in.", 1))
    code = parse_code(into.code) if into is not None and into.id != out.id else None
    if into is None or code is None:
        return False
    archived = archived_files(tx, intakes.dossier_id(code))
    return all(file.sha256 in archived for file in hand_overs.files(tx, into.id))
