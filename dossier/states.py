"""Stored states and the one table of allowed moves.

What can be derived is not stored: component status, counted or not, the leading cause (see `dossier/status.py`).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class IntakeState(StrEnum):
    """The life of one delivery of a dossier folder."""

    RECEIVING = "receiving"
    READING = "reading"
    ASSEMBLED = "assembled"
    UNAPPROVED = "unapproved"  # it would replace signed documents, and nobody has approved that yet
    REJECTED = "rejected"  # nothing usable in it
    STOPPED = "stopped"  # a state-secret marking was seen: nothing of it is kept


class FileState(StrEnum):
    """What became of one source file."""

    HELD = "held"
    STORED = "stored"
    REJECTED = "rejected"
    DESTROYED = "destroyed"


class PageState(StrEnum):
    """The life of one page."""

    RECEIVED = "received"
    ASKED = "asked"  # it may carry a state-secret marking: nobody reads it before a person has answered
    READ = "read"
    QUARANTINED = "quarantined"


class DocumentState(StrEnum):
    """The life of one document; waiting_* say what it waits for, in words a person can read."""

    ASSEMBLED = "assembled"
    CLASSIFIED = "classified"
    RENDERED = "rendered"
    WAITING_OFFICER = "waiting_officer"  # chờ ký đối chiếu
    WAITING_SIGNATURE = "waiting_signature"  # chờ ký cơ quan
    WAITING_TIMESTAMP = "waiting_timestamp"  # chờ dấu thời gian
    WAITING_VALIDATION = "waiting_validation"  # chờ dữ liệu xác nhận: OCSP, CRL
    SIGNED = "signed"
    ARCHIVED = "archived"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"  # given up by a person, with a reason: it is not digitised and nobody waits for it


class SignerRole(StrEnum):
    """In whose name a document is signed; the agency's signature is the last, and it alone makes a copy (sao y)."""

    OFFICER = "officer"  # người đối chiếu
    AGENCY = "agency"  # dấu của cơ quan, do văn thư


class GivenUpFor(StrEnum):
    """Why a person gave up what was set aside."""

    UNREADABLE = "unreadable"  # the paper cannot be read
    DUPLICATE = "duplicate"  # the same paper is in the dossier already
    WRONG_DOSSIER = "wrong_dossier"  # the paper belongs to another dossier
    RETURNED = "returned"  # the paper went back to the citizen
    OTHER = "other"

    @property
    def leaves_a_gap(self) -> bool:
        """Whether the dossier lacks the paper now: it stays not digitised in every report."""
        return self not in (GivenUpFor.DUPLICATE, GivenUpFor.WRONG_DOSSIER)


class ReplacedFor(StrEnum):
    """Why signed documents are replaced by those of a later delivery."""

    BAD_SCAN = "bad_scan"  # the scan is blurred, cut or turned
    INCOMPLETE = "incomplete"  # a page was missing, or there is more of it now
    WRONG_PAPER = "wrong_paper"  # another paper was scanned in its place
    WRONG_DOSSIER = "wrong_dossier"  # it belongs to another dossier
    CORRECTED = "corrected"  # the agency has issued a corrected paper
    OTHER = "other"


class WorkState(StrEnum):
    """The life of a work item."""

    READY = "ready"
    CLAIMED = "claimed"
    DONE = "done"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """Who is waiting for a delivery; the lower number goes first."""

    ALARM = -10  # something must be destroyed
    COUNTER = 0  # a citizen or a clerk at the counter
    BACKLOG = 10  # boxes from the store room


class Step(StrEnum):
    """The steps a worker runs, in the order of the way of one scan."""

    RECEIVE = "receive"
    READ = "read"
    ASSEMBLE = "assemble"
    CLASSIFY = "classify"
    RENDER = "render"
    SIGN = "sign"
    ARCHIVE = "archive"
    CLOSE = "close"


ON_SIGNING_LIST = frozenset(
    {
        DocumentState.WAITING_OFFICER,
        DocumentState.WAITING_SIGNATURE,
        DocumentState.WAITING_TIMESTAMP,
        DocumentState.WAITING_VALIDATION,
    }
)
"""Listed to be signed, whatever is lacking."""

_FROM_WAITING = ON_SIGNING_LIST | {DocumentState.SIGNED, DocumentState.QUARANTINED}

DOCUMENT_MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.ASSEMBLED: frozenset({DocumentState.CLASSIFIED, DocumentState.QUARANTINED}),
    DocumentState.CLASSIFIED: frozenset({DocumentState.RENDERED, DocumentState.ARCHIVED, DocumentState.QUARANTINED}),
    DocumentState.RENDERED: frozenset(
        {DocumentState.WAITING_OFFICER, DocumentState.WAITING_SIGNATURE, DocumentState.QUARANTINED}
    ),
    DocumentState.WAITING_OFFICER: _FROM_WAITING,
    DocumentState.WAITING_SIGNATURE: _FROM_WAITING,
    DocumentState.WAITING_TIMESTAMP: _FROM_WAITING,
    DocumentState.WAITING_VALIDATION: _FROM_WAITING,
    DocumentState.SIGNED: frozenset({DocumentState.ARCHIVED, DocumentState.QUARANTINED}),
    DocumentState.ARCHIVED: frozenset(),
    DocumentState.QUARANTINED: frozenset(
        {
            DocumentState.ASSEMBLED,
            DocumentState.CLASSIFIED,
            DocumentState.RENDERED,
            DocumentState.SIGNED,
            DocumentState.WITHDRAWN,
        }
    ),
    DocumentState.WITHDRAWN: frozenset(),
}


def may_move(old: DocumentState, new: DocumentState) -> bool:
    """Return whether a document may go from one state to the other; staying is always allowed."""
    return old == new or new in DOCUMENT_MOVES[old]
