"""Declared leaves: which leaves (tờ, bút lục) somebody says that papers have, held against what came of the dossier.

A declaration is an event in the chain of the dossier; the list of a store room may have one too. What does not fit
together is told, with pages that are not as many as counted, on the list and in the chain, until papers or declarations
fit, or somebody says that the paper is like this. Nothing is held up by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from catalog import Transaction, documents, events, intakes, pages, paper_places, problems
from catalog.problems import Problem
from dossier.codes import DossierCode
from dossier.errors import Code, Rejected
from dossier.handing_over import checked_component
from dossier.leaves import MOST_LEAF, MOST_SPANS, LeafFault, Leaves, Stock, leaves_of, runs_through
from dossier.model import Document, Intake
from dossier.states import DocumentState, GivenUpFor, IntakeState
from pipeline.closing import close_when_archived
from pipeline.page_counts import miscounts
from pipeline.placeholders import EVENT as PLACEHOLDER
from pipeline.placeholders import Placeholder, placeholders
from pipeline.services import Services
from pipeline.whole_dossier import SAME_SHEET

DECLARED, DOUBTED, STANDS = "leaves_declared", "leaves_doubted", "leaves_stand"
LEAF_CODES = tuple(Code(fault.value) for fault in LeafFault)
CODES = (*LEAF_CODES, Code.PAGES_MISCOUNTED)
"""Under which codes doubts about leaves, and about counted pages, stand on the list."""
_MOST_COMPONENTS, _MOST_IN_BOX, _MOST_TOLD = 60, 2000, 5000


@dataclass(frozen=True, slots=True)
class Declaration:
    """Somebody says which leaves a component has, in all; the whole dossier where `component` is empty.

    Empty `leaves`: nobody says anything of it any more.
    """

    code: DossierCode
    component: str
    leaves: str


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What does not fit: of which component, in numbers; `of` is the hand-over where one was miscounted."""

    code: Code
    component: str
    said: str
    of: str = ""

    @property
    def value(self) -> list[str]:
        """How the chain tells of it."""
        return [self.code.value, self.component, self.said, *([self.of] if self.of else [])]


def declare(said: Declaration, actor: str, services: Services) -> None:
    """Record which leaves a component has, in place of what was said before, and tell what does not fit.

    Raises:
        Rejected: LEAVES_INVALID; COMPONENT_UNKNOWN.
    """
    component, own = checked_component(said.component), leaves_of(said.leaves)
    with services.catalogue.write() as tx:
        dossier_id = _dossier(tx, said.code, services)
        said_before = said_of(tx, dossier_id).declared
        if said_before.get(component, Leaves()) == own:
            return
        _record(tx, dossier_id, {**said_before, component: own}, component, actor, services)
        recheck(tx, dossier_id, services)
        close_when_archived(tx, dossier_id, services)


def declare_more(
    tx: Transaction, code: DossierCode, component: str, leaves: str, actor: str, services: Services
) -> None:
    """Record leaves that are handed over beside those that were; what does not fit is told once they are read."""
    dossier_id = _dossier(tx, code, services)
    before = said_of(tx, dossier_id).declared
    every = before.get(component, Leaves()).plus(leaves_of(leaves))
    if every != before.get(component):
        _record(tx, dossier_id, {**before, component: every}, component, actor, services)
        close_when_archived(tx, dossier_id, services)


def state_placeholder(code: DossierCode, said: Placeholder, actor: str, services: Services) -> None:
    """Record that a leaf cannot be scanned; the same again changes nothing.

    Raises:
        Rejected: REQUEST_INVALID, no number of a leaf; COMPONENT_UNKNOWN.
    """
    if not 0 < said.leaf <= MOST_LEAF:
        raise Rejected(Code.REQUEST_INVALID, "no number of a leaf", subject="leaf")
    payload = {"component": checked_component(said.component), "leaf": said.leaf, "reason": said.reason.value}
    with services.catalogue.write() as tx:
        dossier_id = _dossier(tx, code, services)
        if any(each.place == said.place for each in placeholders(tx, dossier_id)):
            return
        events.append(tx, dossier_id, PLACEHOLDER, services.clock(), payload, actor=actor)
        recheck(tx, dossier_id, services)
        close_when_archived(tx, dossier_id, services)


def stand(code: DossierCode, actor: str, services: Services) -> None:
    """Record that the paper is like this: what is told of leaves now is not told again."""
    with services.catalogue.write() as tx:
        dossier_id = _dossier(tx, code, services)
        found = _doubts(tx, dossier_id, code.normal, said_of(tx, dossier_id))
        if found:
            told = [each.value for each in found]
            events.append(tx, dossier_id, STANDS, services.clock(), {"doubts": told}, actor=actor)
        recheck(tx, dossier_id, services)  # also where nothing of it is known any more, as in a restored catalogue
        if found:
            close_when_archived(tx, dossier_id, services)


@dataclass(slots=True)
class Said:
    """What the chain of a dossier says of its leaves.

    Attributes:
        declared: The leaves of components by code; under an empty one those of the dossier.
        lost: Those that cannot be scanned.
        settled: Doubts of which somebody has said that the paper is like this.
        told: The doubts that were told last.
    """

    declared: dict[str, Leaves] = field(default_factory=dict)
    lost: Leaves = Leaves()  # noqa: RUF009 - frozen
    settled: list[list[str]] = field(default_factory=list)
    told: list[list[str]] = field(default_factory=list)


def said_of(tx: Transaction, dossier_id: str) -> Said:
    """Return what people have said of the leaves of a dossier."""
    found = Said()
    for each in events.chain(tx, dossier_id):
        if each.kind == DECLARED:
            found.declared[str(each.payload["component"])] = leaves_of(str(each.payload["leaves"]))
        elif each.kind == PLACEHOLDER:
            leaf = int(str(each.payload["leaf"]))
            found.lost = found.lost.plus(Leaves(((leaf, leaf),)))
        elif each.kind == STANDS:
            found.settled += _listed(each.payload.get("doubts"))
        elif each.kind == DOUBTED:
            found.told = _listed(each.payload.get("doubts"))
    found.declared = {component: own for component, own in found.declared.items() if own}
    return found


def stock(tx: Transaction, dossier_id: str, code: str, said: Said) -> Stock:
    """Return what is known of the leaves of a dossier; where nobody says which it has, the store room's list does."""
    own = dict(said.declared)
    place = paper_places.of_codes(tx, [code]).get(code)
    if place is not None and place.leaves:
        own.setdefault("", leaves_of(place.leaves))
    if not own:
        return Stock(own)
    found = Stock(own, _came(tx, dossier_id), said.lost)
    return found if place is None or not place.box else _in_box(tx, found, code, place.box)


def recheck(tx: Transaction, dossier_id: str, services: Services) -> bool:
    """Tell what does not fit now, unless papers of the dossier are on their way: it is told once they are read.

    Returns:
        Whether the chain has a new event: the dossier has to be closed anew.
    """
    newest = intakes.latest(tx, dossier_id)
    return newest is not None and newest.state is IntakeState.ASSEMBLED and tell(tx, newest, services)


def tell(tx: Transaction, intake: Intake, services: Services) -> bool:
    """Put on the list what does not fit together, and take from it what does by now; return as `recheck` does."""
    said, now = said_of(tx, intake.dossier_id), services.clock()
    found = _doubts(tx, intake.dossier_id, intake.code, said, intake)
    by_line: dict[tuple[str, Code], list[str]] = {}
    for each in found:
        by_line.setdefault((_subject(intake.code, each.component), each.code), []).append(each.said)
    for known in problems.open_problems(tx, intake.folder):
        if known.code in CODES and (known.subject, known.code) not in by_line:
            problems.resolve(tx, intake.folder, known.subject, known.code, now)
    for (subject, code), numbers in by_line.items():
        problems.report(tx, intake.folder, subject, code, ", ".join(numbers), now)
    told = [each.value for each in found]
    if not found or told == said.told:
        return False
    events.append(tx, intake.dossier_id, DOUBTED, now, {"intake": intake.id, "doubts": told})
    return True


def told_of(tx: Transaction, dossier_id: str) -> list[Problem]:
    """Return what the list says of the leaves of a dossier."""
    newest = intakes.latest(tx, dossier_id)
    listed = problems.open_problems(tx, newest.folder) if newest else []
    return [each for each in listed if each.code in CODES]


def told_in(tx: Transaction, units: Iterable[str] | None, most: int) -> list[tuple[str, Problem]]:
    """Return what the list says of leaves of dossiers whose code begins with one of some agencies' codes; None: all.

    Each with the code of its dossier, the oldest first.
    """
    begins = None if units is None else tuple(f"{unit}-" for unit in units)
    found = [(each.subject.partition("/")[0], each) for each in problems.open_of(tx, CODES, _MOST_TOLD)]
    return [each for each in found if begins is None or each[0].startswith(begins)][:most]


def _doubts(tx: Transaction, dossier_id: str, code: str, said: Said, newest: Intake | None = None) -> list[_Doubt]:
    """Return what does not fit together, without what somebody has said to be so."""
    leaves = stock(tx, dossier_id, code, said).doubts()
    found = [_Doubt(Code(each.fault.value), each.component, each.said) for each in leaves]
    newest = newest or next(iter(intakes.assembled(tx, dossier_id)), None)
    counted = miscounts(tx, newest) if newest else ()
    found += [_Doubt(Code.PAGES_MISCOUNTED, each.component, each.said, each.hand_over_id) for each in counted]
    return [each for each in found if each.value not in said.settled]


def _listed(said: object) -> list[list[str]]:
    return said if isinstance(said, list) else []


def _subject(code: str, component: str) -> str:
    return f"{code}/{component}" if component else code


def _dossier(tx: Transaction, code: DossierCode, services: Services) -> str:
    dossier_id = intakes.ensure_dossier(tx, code, code.agency, services.clock())
    intakes.lock_dossiers(tx, [dossier_id])
    return dossier_id


def _record(
    tx: Transaction, dossier_id: str, every: Mapping[str, Leaves], component: str, actor: str, services: Services
) -> None:
    own = every[component]
    if len(every) > _MOST_COMPONENTS or len(own.spans) > MOST_SPANS:
        raise Rejected(Code.LEAVES_INVALID, "too many")
    payload = {"component": component, "leaves": own.text}
    events.append(tx, dossier_id, DECLARED, services.clock(), payload, actor=actor)


def _came(tx: Transaction, dossier_id: str) -> Mapping[str, int]:
    """Return how many pages of paper there are of each component: the same sheet once, newest scans only."""
    found: dict[str, int] = {}
    for document in documents.live(tx, dossier_id):
        if not (document.born_signed or _is_no_part(document)):
            own = pages.by_ids(tx, document.page_ids)
            count = sum(SAME_SHEET not in page.reasons for page in own)
            found[document.component] = found.get(document.component, 0) + count
    return found


def _is_no_part(document: Document) -> bool:
    return document.state is DocumentState.WITHDRAWN and not GivenUpFor(document.error).leaves_a_gap


def _in_box(tx: Transaction, own: Stock, code: str, box: str) -> Stock:
    """Return what is known of leaves, with those of the other dossiers of the box where numbers run through it."""
    every = paper_places.leaves_in(tx, box, _MOST_IN_BOX + 1)
    others = {other: leaves_of(text) for other, text in every.items() if other != code and text}
    extents = [*others.values(), *([own.extent] if own.extent else [])]
    if len(every) > _MOST_IN_BOX or not runs_through(extents):
        return own
    return replace(own, box=others, box_is_whole=all(text for other, text in every.items() if other != code))
