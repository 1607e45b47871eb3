"""The conditions of the partial indexes, word for word as the indexes have them.

SQLite draws no conclusions: that a claimed item is one of the three kinds that the index of undone items holds must
stand in the statement, or it looks at ten million items for the sake of ten. The values stand there too, and are not
bound to it later: PostgreSQL may plan a statement without knowing what will be bound.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column

from catalog.schema import document, page, problem, stored_object, work_item
from dossier.states import WorkState


def _spelled(value: str) -> ColumnElement[str]:
    return literal_column(f"'{value}'")


_STATE = work_item.c.state
_UNDONE = _STATE.in_([_spelled(state) for state in (WorkState.READY, WorkState.CLAIMED, WorkState.QUARANTINED)])

READY = _spelled(WorkState.READY) == _STATE
CLAIMED = _UNDONE & (_spelled(WorkState.CLAIMED) == _STATE)
QUARANTINED = _UNDONE & (_spelled(WorkState.QUARANTINED) == _STATE)
OPEN = _UNDONE & (_spelled(WorkState.QUARANTINED) != _STATE)
# Twice the same: the first is the index's condition, by the second SQLite seeks in it and not in that of READY.
PUT_OFF = READY & (work_item.c.error != _spelled("")) & (work_item.c.error > _spelled(""))

NOT_READ = page.c.state != _spelled("read")
NOT_ARCHIVED = document.c.state != _spelled("archived")
SUPERSEDED = document.c.superseded_by != _spelled("")
UNCONFIRMED = (document.c.confirmed_by == _spelled("")) & (document.c.superseded_by == _spelled(""))
FAULTY = stored_object.c.fault != _spelled("")
UNRESOLVED = problem.c.resolved_at == _spelled("")
