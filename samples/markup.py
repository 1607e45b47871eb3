"""The small mark-up of the sample texts: one block per line, TOML front matter above.

`== left || right` two-column head row; `# title`, `## subtitle`, `^ centred`, `> right half`; `. a: b ;; c: d` form
row with dotted leaders; `| a | b` table row (`|! ` for its head); `@ one / two || three` signature blocks, columns
parted by `||`, lines by ` / `; `---` page break; empty line a gap; anything else a justified paragraph.
Cells and lines may begin with `*` bold, `_` italic, `~` rule below. `[ky]` and `[dau]` ask for a signature, and a
signature under a seal; `[qr]` draws the dossier code as QR.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

TEXTS = Path(__file__).parent / "texts"
_FENCE = "+++"
_MARKS = {"==": "head", "##": "subtitle", "#": "title", "^": "centred", ">": "right", ".": "form", "|!": "table_head"}
_MARKS |= {"|": "table", "@": "sign"}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one style."""

    text: str
    bold: bool = False
    italic: bool = False
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One line of mark-up: its kind and its cells, each a tuple of lines."""

    kind: str
    cells: tuple[tuple[Run, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One sample document before it is drawn.

    `fields` holds the ground truth: one value, or several where the paper shows several. `pen` says that form
    values are filled in by hand; `columns` are relative widths of its table; `drawing` names a full-page drawing.
    """

    name: str
    kind: str
    blocks: tuple[Block, ...]
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    pen: bool = False
    columns: tuple[float, ...] = ()
    drawing: str = ""
    seal: str = ""
    point: float = 13.5
    values: dict[str, str] = field(default_factory=dict)


def load(name: str, values: Mapping[str, str], printed: Mapping[str, str]) -> Paper:
    """Return the sample text `name`, its `$placeholders` filled: `values` over its own defaults over `printed`."""
    _, head, body = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").split(_FENCE, 2)
    defaults: dict[str, str] = tomllib.loads(head).get("values", {})
    merged = dict(printed) | defaults | dict(values)
    front: dict[str, Any] = tomllib.loads(Template(head).substitute(merged))
    text = Template(body.strip("\n")).substitute(merged)
    return Paper(
        name=name,
        kind=front["kind"],
        blocks=tuple(_block(line) for line in text.split("\n")),
        fields=front.get("fields", {}),
        pen=front.get("pen", False),
        columns=tuple(front.get("columns", ())),
        drawing=front.get("drawing", ""),
        seal=front.get("seal", ""),
        point=front.get("point", 13.5),
        values=merged,
    )


def run(text: str) -> Run:
    """Return a text with its style marks taken off."""
    match = re.match(r"[*_~]*", text.strip())
    marks = match.group() if match else ""
    return Run(text.strip()[len(marks) :], "*" in marks, "_" in marks, "~" in marks)


def _block(line: str) -> Block:
    if not line.strip():
        return Block("gap")
    if line.strip() == "---":
        return Block("break")
    mark, _, rest = line.partition(" ")
    kind = _MARKS.get(mark)
    if kind is None:
        return Block("paragraph", ((run(line),),))
    return Block(kind, _cells(kind, rest))


def _cells(kind: str, rest: str) -> tuple[tuple[Run, ...], ...]:
    if kind == "form":
        return tuple((Run(cell.strip()),) for cell in rest.split(";;"))
    if kind in {"table", "table_head"}:
        return tuple((Run(cell.strip(), bold=kind == "table_head"),) for cell in rest.split("|"))
    if kind == "sign":
        return tuple(tuple(run(line) for line in cell.split(" / ")) for cell in rest.split("||"))
    if kind == "head":
        return tuple((run(cell),) for cell in rest.split("||"))
    return ((run(rest),),)
