"""A made store room: a backlog of dossiers in boxes, of procedures of unlike thickness, each in some state.

What the product knows of a dossier are its register row, what the archive has, and its place (`known`); how many pages
there really are and whether the paper is in its box is known to nobody before somebody has opened the box.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import exp

from dossier.deriving import fact_line
from dossier.facts import FactLine
from dossier.papers import ALL_HANDED_IN, PaperPlace
from dossier.register import RESULT_COMPONENT, VIETNAM, Channel, ComponentRule, Procedure, RegisterEntry, Status
from dossier.states import DocumentState
from dossier.status import DocumentEvidence, DossierEvidence

_FIRST = datetime(2025, 1, 6, 8, tzinfo=VIETNAM)
_PARTS = ("don", "giay-kem", RESULT_COMPONENT)
_UNIT = "H99.10.007"

THICKNESS = {
    "khai-sinh": 5,
    "ket-hon": 6,
    "chung-thuc": 9,
    "ho-tro": 11,
    "kinh-doanh": 16,
    "xay-dung": 34,
    "dat-dai": 48,
}
"""Pages of a dossier by procedure, in the middle."""
SHARES = {"khai-sinh": 22, "ket-hon": 8, "chung-thuc": 20, "ho-tro": 14, "kinh-doanh": 10, "xay-dung": 8, "dat-dai": 18}
"""How many of a hundred dossiers are of which procedure."""
STATES = {"new": 52, "done": 30, "part": 5, "result": 4, "again": 2, "failed": 1, "unconfirmed": 4, "unsigned": 2}
"""How many of a hundred dossiers stand where when the work begins: 30 are digitised, as offices report."""
FOUND = {"new": 0.94, "part": 0.7, "result": 0.75, "again": 0.97, "failed": 0.8}
"""How often the paper is where it should be and can be read. Nobody knows it before."""


@dataclass(frozen=True, slots=True)
class Room:
    """How a store room is made.

    Attributes:
        dossiers: How many.
        in_a_box: How many in one box.
        strays: Share of dossiers that lie in a box of other procedures; 1: all boxes are mixed.
        spread: Spread of the pages within a procedure: of the logarithm.
        counted: Share of dossiers whose pages the list of the store room states.
        noise: Spread of what it states around the truth: of the logarithm.
        learned: The archive knows the pages of what it has; False: it has to learn from the first box on.
    """

    dossiers: int = 3000
    in_a_box: int = 20
    strays: float = 0.15
    spread: float = 0.45
    counted: float = 0.2
    noise: float = 0.0
    learned: bool = True


@dataclass(slots=True)
class Backlog:
    """One dossier: what the product knows of it, and the truth."""

    entry: RegisterEntry
    procedure: Procedure
    evidence: DossierEvidence
    place: PaperPlace
    pages: int
    to_scan: int
    is_found: bool
    line: FactLine = field(init=False)

    def __post_init__(self) -> None:
        """Derive its line of facts."""
        self.derive()

    def derive(self) -> None:
        """Derive its line of facts as the product does, from nothing but what it knows."""
        self.line = fact_line(self.entry, self.procedure, self.evidence, place=self.place)

    def work(self, *, known_pages: bool = True) -> int:
        """Do what its box was fetched for; return how many pages were scanned."""
        pages = self.pages if known_pages else 0
        if self.is_found:
            self.evidence = DossierEvidence(self.entry.code, _documents("done", pages))
        else:
            self.evidence = replace(self.evidence, lost=frozenset({ALL_HANDED_IN, *_PARTS}))
        spent, self.to_scan = self.to_scan if self.is_found else 0, 0
        self.derive()
        return spent


def fill(room: Room, seed: int) -> list[Backlog]:
    """Make the backlog of a store room, in order of reception; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    kinds = {name: _procedure(name) for name in THICKNESS}
    rows = [(number, _drawn(chance, SHARES)) for number in range(room.dossiers)]
    boxes = _boxes(rows, room, chance)
    return [_backlog(number, kinds[name], boxes[number], room, chance) for number, name in rows]


def _boxes(rows: Sequence[tuple[int, str]], room: Room, chance: random.Random) -> dict[int, str]:
    """Put dossiers into boxes in order of reception, by procedure; strays go into whatever box is at hand."""
    placed: dict[str, list[int]] = {}
    for number, name in rows:
        own = _drawn(chance, SHARES) if chance.random() < room.strays else name
        placed.setdefault(own, []).append(number)
    return {
        number: f"{name}, hộp {place // room.in_a_box + 1}"
        for name, numbers in placed.items()
        for place, number in enumerate(numbers)
    }


def _backlog(number: int, procedure: Procedure, box: str, room: Room, chance: random.Random) -> Backlog:
    state = _drawn(chance, STATES)
    pages = max(2, round(THICKNESS[procedure.code] * exp(chance.gauss(0, room.spread))))
    share = {"new": 1.0, "part": 0.5, "result": 0.1, "again": 0.2, "failed": 0.3}.get(state, 0.0)
    stated = max(1, round(pages * exp(chance.gauss(0, room.noise)))) if chance.random() < room.counted else None
    received = _FIRST + timedelta(minutes=40 * number)
    code = f"{_UNIT}-{received:%y%m%d}-{number:06d}"
    entry = RegisterEntry(
        code, code, number, _UNIT, procedure.field, procedure.code, "", Channel.DIRECT, Status.RETURNED,
        received, received + timedelta(days=5), received + timedelta(days=4), None,
    )  # fmt: skip
    return Backlog(
        entry=entry,
        procedure=procedure,
        evidence=DossierEvidence(code, _documents(state, pages if room.learned else 0)),
        place=PaperPlace(code, box, pages=stated),
        pages=pages,
        to_scan=max(1, round(share * pages)) if share else 0,
        is_found=chance.random() < FOUND.get(state, 1.0),
    )


def _documents(state: str, pages: int) -> tuple[DocumentEvidence, ...]:
    """Return what the archive has of a dossier in a state: a document a component, pages shared out."""
    if state == "new":
        return ()
    parts = {"part": _PARTS[:1] + _PARTS[2:], "result": _PARTS[:2]}.get(state, _PARTS)
    return tuple(_document(part, state if place == 0 else "done", pages) for place, part in enumerate(parts))


def _document(part: str, state: str, pages: int) -> DocumentEvidence:
    own = max(1, pages // len(_PARTS)) if pages else 0
    again = max(1, own * 3 // 5) if state in {"again", "failed"} else 0
    is_sound = state not in {"again", "failed"}
    confirmed = is_sound and state != "unconfirmed"
    signed = confirmed and state != "unsigned"
    return DocumentEvidence(
        document_id=part,
        component=part,
        kind="X",
        is_result=part == RESULT_COMPONENT,
        state=DocumentState.ARCHIVED if signed else DocumentState.RENDERED,
        pages_ok=state != "again",
        confirmed=confirmed,
        signed=signed,
        development_signature=False,
        archived=signed,
        signature_refused=False,
        pages_read=state != "failed",
        pages=own,
        again=again,
    )


def _procedure(name: str) -> Procedure:
    parts = tuple(ComponentRule(part, part, required=True) for part in _PARTS)
    return Procedure(
        name, name, name, parts, has_result=True, keeps_papers=True, valid_from=date(2020, 1, 1), basis="x"
    )


def _drawn(chance: random.Random, shares: dict[str, int]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def lines(backlog: Sequence[Backlog]) -> Iterator[FactLine]:
    """Yield what the product has of a backlog."""
    return (one.line for one in backlog)
