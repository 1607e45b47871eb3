"""Which column holds what: the header row is found below title rows and read even when it is two or three rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dossier.text import spaces_collapsed
from registers.settings import key, limits, names

MAX_HEADER_ROWS = 3
REQUIRED = ("code", "received")


@dataclass(frozen=True, slots=True)
class Header:
    """A header as found: its last row (index from 0), columns by role, the printed texts by role."""

    last_row: int
    columns: dict[str, int]
    texts: dict[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Roles without which no row can be read."""
        return tuple(role for role in REQUIRED if role not in self.columns)


def find_header(head: Sequence[Sequence[object]]) -> Header | None:
    """Return the header that names the most columns, or None; of equals the lowest in height, then the first."""
    best: Header | None = None
    for height in range(1, MAX_HEADER_ROWS + 1):
        for last in range(height - 1, len(head)):
            found = _header(head[last - height + 1 : last + 1], last)
            if best is None or _worth(found) > _worth(best):
                best = found
    if best is None or len(best.columns) < limits().least_columns:
        return None
    return best


def _worth(header: Header) -> tuple[int, int]:
    return len(REQUIRED) - len(header.missing), len(header.columns)


def _header(rows: Sequence[Sequence[object]], last: int) -> Header:
    width = min(max(len(row) for row in rows), limits().columns)
    texts = [[_text(row, column) for column in range(width)] for row in rows]
    filled = [*(_filled(row) for row in texts[:-1]), texts[-1]]
    columns: dict[str, int] = {}
    printed: dict[str, str] = {}
    for column in range(width):
        own = [row[column] for row in reversed(texts) if row[column]]
        role = _role(own, spaces_collapsed(" ".join(row[column] for row in filled)))
        if role and role not in columns:
            columns[role] = column
            printed[role] = own[0]
    return Header(last, columns, printed)


def _role(own: list[str], joined: str) -> str:
    """Return the role of a column from its own texts, lowest first, then from all that stands above it."""
    known = names()
    for text in own:
        if key(text) in known.ignored:
            return ""
        if role := known.roles.get(key(text), ""):
            return role
    return known.roles.get(key(joined), "") if own else ""


def _text(row: Sequence[object], column: int) -> str:
    cell = row[column] if column < len(row) else ""
    return spaces_collapsed(cell)[:200] if isinstance(cell, str) else ""


def _filled(row: list[str]) -> list[str]:
    """Return the row with each text carried to the blanks right of it: what a merged cell looks like."""
    carried: list[str] = []
    for text in row:
        carried.append(text or (carried[-1] if carried else ""))
    return carried
