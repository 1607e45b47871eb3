"""Lots (lô số hóa): dossiers taken from boxes in one go, what came of them, and how a sample of them was judged.

A lot is what was stated of it, one statement after the other, each with the digest of the one before. It is opened,
counted (which draws the sample), and decided: accepted, or sent back and counted again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from dossier.leaves import Leaves, leaves_of, runs_through

LOT_MARK = "hososo-lot 1"
"""How a statement on a lot begins in the archive store."""
MOST_DOSSIERS = 2000
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9.\-]{1,39}")


class LotState(StrEnum):
    """Where a lot stands; the values are stored."""

    OPEN = "open"
    COUNTED = "counted"  # its sample is drawn and waits to be judged
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # it goes back: scan again what is bad, then count again


class LotStep(StrEnum):
    """Kinds of statements; the values are stored."""

    OPENED = "opened"
    COUNTED = "counted"
    DECIDED = "decided"
    SIGNED = "signed"  # the minutes, or their renewal


class Differs(StrEnum):
    """How what came differs from what was declared; the values are stored."""

    DOSSIERS = "dossiers"  # another number of dossiers was declared for the boxes than the list has
    LEAVES = "leaves"  # likewise of leaves
    ABSENT = "absent"  # nothing of the dossier was scanned
    FEWER = "fewer"  # fewer pages, with those that cannot be scanned, than leaves
    MORE = "more"  # more pages than its leaves have sides
    BAD = "bad"  # pages that are to be scanned again
    TWICE = "twice"  # leaves from `declared` to `found` that another dossier of the box has too
    GAP = "gap"  # leaves from `declared` to `found` that no dossier of the box has, before or in this one


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier of a lot as it was declared.

    Attributes:
        code: Its code.
        box: Where it lies, and `number` its number there.
        leaves: How many leaves it has; None: nobody counted.
        span: Which leaves they are, as `dossier.leaves` writes them; empty: nobody said.
    """

    code: str
    box: str = ""
    number: str = ""
    leaves: int | None = None
    span: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a lot was opened with.

    Attributes:
        unit: Whose dossiers they are, as they are registered.
        wave: The job it is part of (đợt).
        boxes: Where the papers lie.
        retention: Code of the group of retention; empty where nobody said.
        whole: Every page is judged: the papers are kept for ever.
        dossiers: How many dossiers the boxes are said to hold; None: as many as listed.
        leaves: How many leaves; None: nobody counted.
        listed: The dossiers in the order of the box.
    """

    unit: str
    wave: str
    boxes: tuple[str, ...]
    retention: str
    whole: bool
    dossiers: int | None
    leaves: int | None
    listed: tuple[Listed, ...]

    @property
    def declared_dossiers(self) -> int:
        """How many dossiers there should be."""
        return self.dossiers if self.dossiers is not None else len(self.listed)

    @property
    def declared_leaves(self) -> int | None:
        """How many leaves there should be, by the boxes or by their dossiers; None where nobody counted."""
        if self.leaves is not None:
            return self.leaves
        counted = [each.leaves for each in self.listed]
        return sum(filter(None, counted)) if counted and None not in counted else None


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one dossier: documents, pages, pages that are to be scanned again."""

    code: str
    documents: int = 0
    pages: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class LostLeaf:
    """A leaf that could not be scanned and has a placeholder: `reason` as `leaf_reasons` names it."""

    code: str
    component: str
    leaf: int
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between declared and found; `code` is empty where it is about the lot."""

    kind: Differs
    code: str = ""
    declared: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Sampling:
    """By which plan a sample was drawn: see `reports.acceptance`."""

    valid_from: str
    share: float
    limit: float
    risk: float
    population: int
    size: int
    most_faulty: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """What was found when a lot was counted.

    Attributes:
        manifest: SHA-256 of the manifest, and `size` of it in bytes.
        content: SHA-256 of what it says of dossiers, documents and scans: the same where nothing was scanned anew.
        came: What came of each dossier, in the order of the lot.
        leaves: Leaves with placeholders.
        differences: Between declared and found.
        scanners: Ids of the accounts that scanned.
        sampling: The plan.
        sample: Keys of the pages that were drawn, in that order.
    """

    manifest: str
    size: int
    content: str
    came: tuple[Came, ...]
    leaves: tuple[LostLeaf, ...]
    differences: tuple[Difference, ...]
    scanners: tuple[str, ...]
    sampling: Sampling
    sample: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many pages were scanned."""
        return sum(each.pages for each in self.came)


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody saw of a page of the sample; `position` from 1, `fault` is empty where the page is good."""

    position: int
    fault: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a lot: with what was seen of its sample, and why, where that has to be said."""

    accepted: bool
    looks: tuple[Look, ...]
    reason: str

    @property
    def faulty(self) -> int:
        """How many pages of the sample are faulty."""
        return sum(bool(each.fault) for each in self.looks)


@dataclass(frozen=True, slots=True)
class LotStatement:
    """One statement on a lot; `sequence` from 1, `sha256` of it as stored, `previous` of the one before."""

    lot: str
    sequence: int
    kind: LotStep
    at: str
    actor: str
    previous: str
    body: Mapping[str, Any]
    sha256: str = ""

    def as_value(self) -> dict[str, Any]:
        """Return it as JSON values: its canonical form is what is stored."""
        own = {name: getattr(self, name) for name in ("lot", "sequence", "at", "actor", "previous")}
        return {"#": LOT_MARK, **own, "kind": self.kind.value, "body": dict(self.body)}


@dataclass(frozen=True, slots=True)
class Said:
    """Who stated something, and when (ISO 8601, UTC)."""

    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as its statements have it.

    Attributes:
        id: Its number, as people write it.
        opening: What it was opened with, and `opened` by whom.
        state: Where it stands.
        sequence: How many statements there are; `head` is the digest of the newest.
        counting: The newest counting, `counted` by whom, `drawn_at` the number of its statement.
        decision: What was decided about it, and `decided` by whom; None before.
        minutes: SHA-256 of the signed minutes of the decision; empty before. `signed` is what is known of them.
        rejections: `Counting.content` of the countings that were rejected.
    """

    id: str
    opening: Opening
    opened: Said
    state: LotState = LotState.OPEN
    sequence: int = 1
    head: str = ""
    counting: Counting | None = None
    counted: Said | None = None
    drawn_at: int = 0
    decision: Decision | None = None
    decided: Said | None = None
    minutes: str = ""
    signed: Mapping[str, Any] | None = None
    rejections: tuple[str, ...] = ()

    @property
    def barred(self) -> bool:
        """Whether its dossiers do not count as digitised to archival standard."""
        return bool(self.rejections) and self.state is not LotState.ACCEPTED


def lot_number(text: str) -> str | None:
    """Return the number of a lot as it is stored; None where it is none."""
    found = text.strip().upper()
    return found if _NUMBER.fullmatch(found) else None


def lot_of(statements: Iterable[LotStatement]) -> Lot | None:
    """Return the lot that statements in order make; None where there are none."""
    lot: Lot | None = None
    for each in statements:
        said = Said(each.actor, each.at)
        if lot is None:
            lot = Lot(each.lot, opening_of(each.body), said, head=each.sha256)
        else:
            lot = replace(_after(lot, each, said), sequence=each.sequence, head=each.sha256)
    return lot


def _after(lot: Lot, each: LotStatement, said: Said) -> Lot:
    if each.kind is LotStep.COUNTED:
        own, drawn = counting_of(each.body), each.sequence
        fresh = replace(lot, decision=None, decided=None, minutes="", signed=None)
        return replace(fresh, state=LotState.COUNTED, counting=own, counted=said, drawn_at=drawn)
    if each.kind is LotStep.DECIDED:
        decision = decision_of(each.body)
        state = LotState.ACCEPTED if decision.accepted else LotState.REJECTED
        found = lot.counting.content if lot.counting else ""
        rejections = lot.rejections if decision.accepted else (*lot.rejections, found)
        return replace(lot, state=state, decision=decision, decided=said, rejections=rejections)
    if each.kind is LotStep.SIGNED:
        return replace(lot, minutes=str(each.body["sha256"]), signed=each.body)
    return lot


def body_of(value: Opening | Counting | Decision) -> dict[str, Any]:
    """Return what a statement says as JSON values."""
    return asdict(value)


def opening_of(body: Mapping[str, Any]) -> Opening:
    """Return the opening that a statement has; LookupError, TypeError or ValueError when it is none."""
    listed = tuple(Listed(**each) for each in body["listed"])
    return Opening(**{**body, "boxes": tuple(body["boxes"]), "listed": listed})


def counting_of(body: Mapping[str, Any]) -> Counting:
    """Return the counting that a statement has; raises as `opening_of`."""
    lists = {
        "came": tuple(Came(**each) for each in body["came"]),
        "leaves": tuple(LostLeaf(**each) for each in body["leaves"]),
        "differences": tuple(Difference(**{**each, "kind": Differs(each["kind"])}) for each in body["differences"]),
        "scanners": tuple(body["scanners"]),
        "sampling": Sampling(**body["sampling"]),
        "sample": tuple(body["sample"]),
    }
    return Counting(**{**body, **lists})


def decision_of(body: Mapping[str, Any]) -> Decision:
    """Return the decision that a statement has; raises as `opening_of`."""
    return Decision(bool(body["accepted"]), tuple(Look(**each) for each in body["looks"]), str(body["reason"]))


def statement_of(value: Mapping[str, Any], sha256: str) -> LotStatement:
    """Return the statement that an object of the archive store holds; raises as `opening_of`."""
    texts = {name: str(value[name]) for name in ("lot", "at", "actor", "previous")}
    datetime.fromisoformat(texts["at"])
    return LotStatement(
        sequence=int(value["sequence"]), kind=LotStep(value["kind"]), body=dict(value["body"]), sha256=sha256, **texts
    )


def differences(opening: Opening, came: Iterable[Came], leaves: Iterable[LostLeaf]) -> tuple[Difference, ...]:
    """Return how what came differs from what was declared: of the lot, then dossier by dossier in order."""
    found = {each.code: each for each in came}
    lost: dict[str, int] = {}
    placed: dict[str, Leaves] = {}
    for leaf in leaves:
        lost[leaf.code] = lost.get(leaf.code, 0) + 1
        placed[leaf.code] = placed.get(leaf.code, Leaves()).plus(Leaves(((leaf.leaf, leaf.leaf),)))
    made = []
    if opening.declared_dossiers != len(opening.listed):
        made.append(Difference(Differs.DOSSIERS, "", opening.declared_dossiers, len(opening.listed)))
    listed = [each.leaves for each in opening.listed if each.leaves is not None]
    if opening.leaves is not None and len(listed) == len(opening.listed) and sum(listed) != opening.leaves:
        made.append(Difference(Differs.LEAVES, "", opening.leaves, sum(listed)))
    elif opening.leaves is not None and len(listed) < len(opening.listed):
        made += _between("", opening.leaves, sum(each.pages for each in found.values()), sum(lost.values()))
    for each in opening.listed:
        made += _of_dossier(each, found.get(each.code, Came(each.code)), lost.get(each.code, 0))
    return (*made, *_of_boxes(opening.listed, placed))


def _of_boxes(listed: Iterable[Listed], placed: Mapping[str, Leaves]) -> Iterator[Difference]:
    """Yield leaves that two dossiers of a box have, and those that none has, where somebody said which there are."""
    boxes: dict[str, dict[str, Leaves]] = {}
    for each in listed:
        boxes.setdefault(each.box, {})[each.code] = leaves_of(each.span)
    for box, own in boxes.items():
        yield from _of_box(own, placed, is_one=bool(box) and runs_through(filter(None, own.values())))


def _of_box(own: Mapping[str, Leaves], placed: Mapping[str, Leaves], *, is_one: bool) -> Iterator[Difference]:
    """Yield what differs in a box; `is_one`: numbers run through all of it."""
    before, is_whole = Leaves(), is_one and all(own.values())
    for code, span in sorted(own.items(), key=lambda pair: pair[1].spans):
        if is_one:
            yield from (Difference(Differs.TWICE, code, *common) for common in before.both(span).spans)
        known = before.plus(span) if is_whole else span
        lacking = known.holes.minus(before.holes).minus(placed.get(code, Leaves()))
        for other in own.values() if is_one else ():
            lacking = lacking.minus(other)
        yield from (Difference(Differs.GAP, code, *hole) for hole in lacking.spans)
        before = before.plus(span)


def _of_dossier(listed: Listed, came: Came, lost: int) -> list[Difference]:
    if not came.pages and not lost:
        return [Difference(Differs.ABSENT, listed.code, listed.leaves or 0, 0)]
    made = _between(listed.code, listed.leaves, came.pages, lost) if listed.leaves is not None else []
    return [*made, Difference(Differs.BAD, listed.code, 0, came.bad)] if came.bad else made


def _between(code: str, leaves: int, pages: int, lost: int) -> list[Difference]:
    """Return whether pages can be the sides of so many leaves: each has one or two that were scanned."""
    if pages + lost < leaves:
        return [Difference(Differs.FEWER, code, leaves, pages + lost)]
    return [Difference(Differs.MORE, code, leaves, pages)] if pages > 2 * leaves else []
