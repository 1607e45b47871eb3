"""The list of a store room (danh mục hộp): where the papers of dossiers lie, from .xlsx or .csv, all rows or none."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from confine import Confined, Died, OutOfMemory, TimedOut
from confine import Limits as ChildLimits
from dossier.codes import parse_code
from dossier.errors import Rejected
from dossier.leaves import Leaves, leaves_of
from dossier.papers import PaperPlace
from registers.cells import text
from registers.choice import Choice
from registers.delimited import delimited
from registers.parts import form_of
from registers.reasons import Unfit
from registers.returning import unguarded
from registers.settings import key, limits
from registers.sheets import Sheet, unreadable
from registers.workbook import workbook

_PARTS = ("store", "shelf", "box")
_SAYS = {"box", "counter", "pages", "leaves"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken: its number in the file and the column at fault."""

    row: int
    column: str


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """What a list says: places in its order, and what is wrong with other rows; at most some faults are named."""

    places: tuple[PaperPlace, ...]
    faults: tuple[Fault, ...]


def read_places(path: Path) -> PlacesFile:
    """Read a list of a store room.

    Args:
        path: .xlsx or .csv with a header row that has at least a dossier code and one of: box, counter, pages,
            leaves. A workbook is opened in a confined child process.

    Raises:
        Rejected(REGISTER_UNREADABLE): It is no such file, over the bounds, or has no such header.
    """
    if form_of(path) == "csv":
        return read_here(path)
    bounds = limits()
    confines = ChildLimits(bounds.wall_seconds, bounds.cpu_seconds, bounds.memory_bytes)
    try:
        with Confined("registers.places:read_here", confines) as child:
            found: PlacesFile = child.call(path)
    except (TimedOut, OutOfMemory, Died) as exc:
        raise unreadable(f"stopped: {type(exc).__name__}") from exc
    return found


def read_here(path: Path) -> PlacesFile:
    """Read a list in this process; `read_places` says what is returned and raised."""
    form, bounds = form_of(path), limits()
    if form == "xls":
        raise unreadable("neither .xlsx nor .csv")
    sheets = delimited(path, Choice(), bounds) if form == "csv" else workbook(path, "", bounds)
    for sheet in sheets:
        for last, header in enumerate(sheet.head, start=1):
            if columns := _columns(header):
                return _read(sheet, last, columns)
    raise unreadable("no header of a list of places")


def _columns(header: Sequence[object]) -> Mapping[str, int] | None:
    """Return where each column stands; None when this is no header of such a list."""
    names = {key(name): role for role, group in _data()["roles"].items() for name in group}
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        role = names.get(key(str(cell or "")))
        if role and role not in found:
            found[role] = place
    return found if "code" in found and found.keys() & _SAYS else None


def _read(sheet: Sheet, last: int, columns: Mapping[str, int]) -> PlacesFile:
    places: list[PaperPlace] = []
    faults: list[Fault] = []
    most = _data()["limits"]
    for number, cells in _cells(sheet, last, columns):
        found = _place(number, cells, most)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            places.append(found)
        if len(places) > most["rows"]:
            raise unreadable("too many rows")
        if len(faults) >= most["faults"]:
            break
    return PlacesFile(tuple(places), tuple(faults))


def _cells(sheet: Sheet, last: int, columns: Mapping[str, int]) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the rows below the header that say anything, by column."""
    for number, row in sheet.rows():
        if number > last:
            named = {role: unguarded(row[place]) for role, place in columns.items() if place < len(row)}
            if any(cell not in (None, "") for cell in named.values()):
                yield number, named


def _place(number: int, cells: Mapping[str, object], most: Mapping[str, int]) -> PaperPlace | Fault:
    said: dict[str, str] = {}
    for role, cell in cells.items():
        try:
            said[role] = text(cell)
        except Unfit:
            return Fault(number, role)
        if len(said[role]) > most["characters"]:
            return Fault(number, role)
    code = parse_code(said.get("code", ""))
    if code is None:
        return Fault(number, "code")
    pages = said.get("pages", "")
    if pages and not (pages.isascii() and pages.isdigit() and 0 < int(pages) <= most["pages"]):
        return Fault(number, "pages")
    own = _leaves(said)
    if own is None or (pages and own and not own.count <= int(pages) <= 2 * own.count):  # leaves have one or two sides
        return Fault(number, "leaves")
    printed = _data()["printed"]
    box = ", ".join(printed[part].format(said[part]) for part in _PARTS if said.get(part))
    count = int(pages) if pages else own.count or None
    return PaperPlace(code.normal, box, said.get("number", ""), said.get("counter", ""), count, own.text)


def _leaves(said: Mapping[str, str]) -> Leaves | None:
    """Return which leaves a row names, in one column or by the first and the last; None where it cannot be told."""
    ends = [said.get(name, "") for name in ("first_leaf", "last_leaf")]
    text = said.get("leaves", "") or (" - ".join(ends) if any(ends) else "")
    try:
        return leaves_of(text)
    except Rejected:
        return None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("registers").joinpath("data/places.toml").read_text(encoding="utf-8"))
