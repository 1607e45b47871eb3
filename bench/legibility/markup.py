"""The small markup in which the papers are written.

One element a line:

    ! two_up                     a landscape certificate of two pages beside each other, parted by a line `---`
    LEFT || RIGHT                a row of a two-column block: heading or signatures; `%` alone is room for a signature
    # TITLE     ## SUBTITLE      centred, bold
    ^ text      ~ text           centred; centred and slanted
    > text                       right half, slanted (place and date)
    Label: [value] Label: [ ]    a form line: each [..] is a field with a leader
    | a | b | c                  a table row; consecutive rows are one table, the first is its head
    * text                       a bold paragraph
    text                         a paragraph

An empty line is space. In two-column rows a leading `*` is bold, `/` slanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["title", "subtitle", "centred", "slanted", "right", "bold", "paragraph", "space", "break"]

_FIELD: Final = re.compile(r"\[([^\]]*)\]")
_MARKS: Final[tuple[tuple[str, Kind], ...]] = (
    ("## ", "subtitle"),
    ("# ", "title"),
    ("^ ", "centred"),
    ("~ ", "slanted"),
    ("> ", "right"),
    ("* ", "bold"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One run of text, set by its kind."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A two-column block: rows of (left, right)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form line: (label, value); the value is None where nothing is to be filled in, empty where nothing was."""

    pieces: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table, head first."""

    rows: tuple[tuple[str, ...], ...]


Element = Line | Columns | Form | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """One written paper."""

    name: str
    elements: tuple[Element, ...]
    two_up: bool


def parsed(name: str, source: str) -> Paper:
    """Return the paper that a text describes."""
    elements: list[Element] = []
    two_up = False
    for raw in source.splitlines():
        line = raw.rstrip()
        if line.startswith("!"):
            two_up = "two_up" in line
            continue
        element = _element(line)
        if elements and (joined := _joined(elements[-1], element)):
            elements[-1] = joined
        else:
            elements.append(element)
    return Paper(name, tuple(elements), two_up)


def _element(line: str) -> Element:
    if not line:
        return Line("space", "")
    if line == "---":
        return Line("break", "")
    if line.startswith("|") and not line.startswith("||"):
        return Table((tuple(cell.strip() for cell in line.strip("|").split("|")),))
    if "||" in line:
        left, right = line.split("||")
        return Columns(((left.strip(), right.strip()),))
    for mark, kind in _MARKS:
        if line.startswith(mark):
            return Line(kind, line[len(mark) :].strip())
    return _form(line) if _FIELD.search(line) else Line("paragraph", line)


def _joined(before: Element, after: Element) -> Element | None:
    if isinstance(before, Columns) and isinstance(after, Columns):
        return Columns(before.rows + after.rows)
    if isinstance(before, Table) and isinstance(after, Table):
        return Table(before.rows + after.rows)
    return None


def _form(line: str) -> Form:
    pieces: list[tuple[str, str | None]] = []
    end = 0
    for found in _FIELD.finditer(line):
        pieces.append((line[end : found.start()].strip(), found.group(1).strip()))
        end = found.end()
    if rest := line[end:].strip():
        pieces.append((rest, None))
    return Form(tuple(pieces))
