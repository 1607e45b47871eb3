"""Stacks: papers of several dossiers scanned as one, with separator sheets between them; where each page belongs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dossier.separators import Separator, SheetKind


class Doubt(StrEnum):
    """Why a person has to say where pages belong; the values are stored."""

    NONE = ""
    NO_SEPARATOR = "no_separator"  # the stack begins without one
    PLAIN = "plain_separator"  # a patch sheet, which says nothing
    UNREADABLE = "unreadable_separator"
    UNCONFIRMED = "unconfirmed_separator"  # neither our check nor register nor archive know it
    CONTRADICTORY = "contradictory_separators"  # several on one sheet
    TWICE = "separator_twice"  # its pages came before in this stack
    ONLY_BOX = "only_box"
    OTHER_DOSSIER = "other_dossier"  # a receipt of another dossier lies among the pages
    PAGE_UNREAD = "page_unread"  # may have been a separator
    UNCOLLATED = "uncollated"  # fronts and backs that do not go together for certain
    NOT_TAKEN = "not_taken"  # the dossier could not take them


class PartState(StrEnum):
    """How far pages of a stack are; the values are stored."""

    WAITING = "waiting"  # for a person
    DECIDED = "decided"  # to be handed over
    HANDED_OVER = "handed_over"
    EMPTY = "empty"  # a separator with no pages after it
    DISCARDED = "discarded"  # by a person, with a reason


class DiscardReason(StrEnum):
    """Why pages of a stack belong to no dossier; the values are stored."""

    STRAY = "stray"  # a sheet that is no paper of a dossier
    TEST_SCAN = "test_scan"
    SEPARATOR = "separator"  # a separator sheet that could not be read
    SCANNED_TWICE = "scanned_twice"  # the same pages are elsewhere in the stack or the dossier
    SCANNED_AGAIN = "scanned_again"  # the scan is bad: the papers were scanned anew
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StackPage:
    """One page of a stack: the file's place in it, and the page's number from 1; 0: the file as a whole."""

    file: int
    number: int


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page with what its codes say.

    Attributes:
        page: Which one.
        separators: Codes of sheets of ours, each with whether it is believed.
        odd: A code that begins as ours do and is none.
        unread: What looks like a sheet of ours and cannot be read.
        patch: A patch code.
        receipt: A known mã hồ sơ as a code of its own, as a giấy tiếp nhận has it; empty: none.
        failed: The page could not be looked at.
        bare_back: Nothing is on it, and a separator sheet is on its other side.
    """

    page: StackPage
    separators: frozenset[tuple[Separator, bool]] = frozenset()
    odd: bool = False
    unread: bool = False
    patch: bool = False
    receipt: str = ""
    failed: bool = False
    bare_back: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together.

    Attributes:
        separators: The sheets before them, which are kept out.
        pages: In order.
        code: Normalised mã hồ sơ; empty where nothing says it.
        component: Code of the component; may be empty.
        doubt: Why a person decides; `NONE` where nobody has to.
    """

    separators: tuple[StackPage, ...] = ()
    pages: tuple[StackPage, ...] = ()
    code: str = ""
    component: str = ""
    doubt: Doubt = Doubt.NONE


@dataclass(slots=True)
class _Cut:
    parts: list[Part] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def begin(self, part: Part) -> None:
        """Begin a part."""
        self.parts.append(part)

    def add(self, page: StackPage) -> None:
        """Add a page to the last part, or to one without a separator."""
        if not self.parts:
            self.begin(Part(doubt=Doubt.NO_SEPARATOR))
        last = self.parts[-1]
        self.parts[-1] = replace(last, pages=(*last.pages, page))


def cut(pages: Iterable[SeenPage]) -> list[Part]:
    """Return a stack's parts: every page is in exactly one of them, as a page or as a separator.

    A sheet that is met again at once (its back, or the sheet fed twice) is the same; after pages of its own it is in
    doubt. What looks like a sheet and cannot be read stays a page of the part that it begins.
    """
    made = _Cut()
    for seen in pages:
        opening = _opening(seen)
        if seen.bare_back and made.parts and not made.parts[-1].pages:
            last = made.parts[-1]
            made.parts[-1] = replace(last, separators=(*last.separators, seen.page))
        elif opening is None:
            _add(made, seen)
        elif opening.separators and made.parts and _goes_on(made.parts[-1], opening):
            last = made.parts[-1]
            made.parts[-1] = replace(last, separators=(*last.separators, seen.page))
        else:
            _begin(made, opening)
    return made.parts


def _begin(made: _Cut, opening: Part) -> None:
    key = (opening.code, opening.component)
    if opening.doubt is Doubt.NONE and key in made.seen:
        opening = replace(opening, doubt=Doubt.TWICE)
    made.seen.add(key)
    made.begin(opening)


def _goes_on(last: Part, opening: Part) -> bool:
    said = (last.code, last.component, last.doubt), (opening.code, opening.component, opening.doubt)
    return not last.pages and bool(last.code) and said[0] == said[1]


def _add(made: _Cut, seen: SeenPage) -> None:
    last = made.parts[-1] if made.parts else Part(doubt=Doubt.NO_SEPARATOR)
    if seen.receipt and seen.receipt != last.code:
        alone = last.doubt is Doubt.NO_SEPARATOR
        made.begin(Part(code=seen.receipt, doubt=Doubt.NONE if alone else Doubt.OTHER_DOSSIER))
    made.add(seen.page)


def _opening(seen: SeenPage) -> Part | None:
    """Return the part that a page begins, None for a page that begins none."""
    if seen.failed:
        return Part(pages=(seen.page,), doubt=Doubt.PAGE_UNREAD)
    if len(seen.separators) > 1:
        return Part(pages=(seen.page,), doubt=Doubt.CONTRADICTORY)
    if seen.separators:
        ((said, believed),) = seen.separators
        if said.kind is SheetKind.BOX:
            return Part((seen.page,), doubt=Doubt.ONLY_BOX)
        return Part((seen.page,), (), said.subject, said.component, Doubt.NONE if believed else Doubt.UNCONFIRMED)
    if seen.odd or seen.unread:
        return Part(pages=(seen.page,), doubt=Doubt.UNREADABLE)
    return Part((seen.page,), doubt=Doubt.PLAIN) if seen.patch else None
