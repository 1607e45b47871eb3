"""Which column holds what: the header row is found below title rows and read even when it is two or three rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dossier.digest import of_bytes
from dossier.text import spaces_collapsed
from registers.choice import NO_COLUMN, Choice, column_number
from registers.settings import key, limits, names

MAX_HEADER_ROWS = 3
REQUIRED = ("code", "received")
_ALSO = {"code": ("raw_code", "unit"), "procedure_name": ("procedure",), "field_code": ("field",)}
FIELD_OF = {
    **{
        role: role
        for role in ("code", "procedure", "procedure_name", "field", "field_code", "applicant", "applicant_id")
    },
    **{role: role for role in ("address", "agency", "channel", "status", "note", "copies", "result_method")},
    **{role: f"{role}_at" for role in ("submitted", "received", "due", "settled", "returned")},
    **{role: f"portal_{role}" for role in ("components", "reused", "result", "from_store")},
    "certified_copy": "certified_copy",
}
"""The field of RegisterEntry that a column of each role fills."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its last row (index from 0), columns by role, the printed texts by role and of all columns."""

    last_row: int
    columns: dict[str, int]
    texts: dict[str, str]
    printed: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Roles without which no row can be read."""
        return tuple(role for role in REQUIRED if role not in self.columns)


def find_header(head: Sequence[Sequence[object]], choice: Choice | None = None) -> Header | None:
    """Return the header that names the most columns, or None; of equals the lowest in height, then the first.

    What a person chose goes before what is found: the row, and columns by letter or header text.
    """
    choice = choice or Choice()
    best: Header | None = None
    rows = [choice.header_row - 1] if choice.header_row else range(len(head))
    for height in range(1, MAX_HEADER_ROWS + 1):
        for last in rows:
            if height - 1 <= last < len(head):
                found = _chosen(_header(head[last - height + 1 : last + 1], last), choice)
                if best is None or _worth(found) > _worth(best):
                    best = found
    if best is None or (len(best.columns) < limits().least_columns and not choice.columns):
        return None
    return best


def fields_of(roles: Iterable[str]) -> set[str]:
    """Return the fields of RegisterEntry that columns of these roles fill."""
    known = [role for role in roles if role in FIELD_OF]
    return {FIELD_OF[role] for role in known} | {field for role in known for field in _ALSO.get(role, ())}


def row_mark(row: Sequence[object]) -> str:
    """Return what a header row is known again by: a digest of its texts, empty when it has hardly any."""
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    if sum(map(bool, texts)) < limits().least_columns:
        return ""
    return of_bytes("\x1f".join(texts).encode("utf-8", "surrogatepass"))


def _chosen(header: Header, choice: Choice) -> Header:
    """Return the header with the columns that were chosen."""
    columns = {role: place for role, place in header.columns.items() if role not in choice.columns}
    for role, named in choice.columns.items():
        if named == NO_COLUMN:
            continue
        place = _named(named, header)
        if place is None:
            return Header(header.last_row, {}, {}, header.printed)
        columns = {other: own for other, own in columns.items() if own != place} | {role: place}
    texts = {role: header.printed[place] if place < len(header.printed) else "" for role, place in columns.items()}
    return Header(header.last_row, columns, texts, header.printed)


def _named(named: str, header: Header) -> int | None:
    """Return the column with this header text, else the one with these letters."""
    asked = key(named)
    found = next((place for place, text in enumerate(header.printed) if asked and key(text) == asked), None)
    return column_number(named) if found is None else found


def _worth(header: Header) -> tuple[int, int]:
    return len(REQUIRED) - len(header.missing), len(header.columns)


def _header(rows: Sequence[Sequence[object]], last: int) -> Header:
    width = min(max(len(row) for row in rows), limits().columns)
    texts = [[_text(row, column) for column in range(width)] for row in rows]
    filled = [*(_filled(row) for row in texts[:-1]), texts[-1]]
    columns: dict[str, int] = {}
    printed: dict[str, str] = {}
    every: list[str] = []
    for column in range(width):
        own = [row[column] for row in reversed(texts) if row[column]]
        every.append(own[0] if own else "")
        role = _role(own, spaces_collapsed(" ".join(row[column] for row in filled)))
        if role and role not in columns:
            columns[role] = column
            printed[role] = own[0]
    return Header(last, columns, printed, tuple(every))


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
