"""Page numbers that are printed at the edges of pages: what they say, and what is wrong with them over a whole pile.

Only numbers in the same form and in the same document are held against each other, and only where they agree so often
that a slip in reading is unlikely: who gets alarms that are none ignores the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

from classify.printed_number import Form, PrintedNumber

_MOST_MISSING: Final = 4
_MOST_LATE: Final = 2


class NumberFault(StrEnum):
    """What is wrong with the numbers of a document; the values are reasons of pages."""

    GAP = "number_gap"  # pages are missing
    TWICE = "number_twice"
    ORDER = "number_order"


@dataclass(frozen=True, slots=True)
class Odd:
    """A fault, told at the page (its index in the pile) where it shows; `said` are the numbers in question."""

    page: int
    fault: NumberFault
    said: str


@dataclass(slots=True)
class _Chain:
    """Numbers of one form that follow each other; `anchored`: a first page without a number stands before them."""

    form: Form
    total: int
    pages: list[tuple[int, int]] = field(default_factory=list)
    anchored: bool = False

    @property
    def support(self) -> int:
        return len(self.pages) + self.anchored

    @property
    def first(self) -> tuple[int, int]:
        return self.pages[0]

    @property
    def last(self) -> tuple[int, int]:
        return self.pages[-1]

    def goes_on(self, at: int, printed: PrintedNumber) -> bool:
        """Return whether a page continues: pages without a number in between may be backs, or have lost theirs."""
        here, number = self.last
        return (self.form, self.total) == (printed.form, printed.of) and 1 <= printed.number - number <= at - here

    def leads_to(self, other: _Chain) -> bool:
        """Return whether another chain continues this one, whatever lies in between."""
        at, number = other.first
        return self.goes_on(at, PrintedNumber(number, other.total, other.form))


def odd_numbers(documents: Sequence[Sequence[PrintedNumber | None]]) -> list[Odd]:
    """Return what is wrong with the page numbers of a pile.

    Args:
        documents: Its documents in order, each with what is printed on its pages.
    """
    found: list[Odd] = []
    start = 0
    for document in documents:
        found += [Odd(start + odd.page, odd.fault, odd.said) for odd in _odd_in(document)]
        start += len(document)
    return found


def _odd_in(document: Sequence[PrintedNumber | None]) -> Iterator[Odd]:
    swapped = _swapped(document)
    if swapped is not None:
        yield swapped
        return
    chains = _without_slips(_chains(document))
    told: set[NumberFault] = set()
    for one, other in pairwise(chains):
        if (one.form, one.total) != (other.form, other.total) or other.first[1] == 1:
            continue
        odd = _between(one, other, chains)
        if odd is not None and not (odd.fault is NumberFault.ORDER and NumberFault.ORDER in told):
            told.add(odd.fault)
            yield odd
    if chains and not told:
        yield from _late(chains[0])
        yield from _short(chains, len(document))


def _swapped(document: Sequence[PrintedNumber | None]) -> Odd | None:
    """Return two pages that have each other's numbers: both misread so would be a strange chance."""
    for at in range(1, len(document) - 2):
        some = document[at - 1 : at + 3]
        numbers = [page.number if page is not None else at if at == 1 else 0 for page in some]
        forms = {(page.form, page.of) for page in some if page is not None}
        low = numbers[0]
        if len(forms) == 1 and low and numbers == [low, low + 2, low + 1, low + 3]:
            return Odd(at, NumberFault.ORDER, f"{low + 2}, {low + 1}")
    return None


def _chains(document: Sequence[PrintedNumber | None]) -> list[_Chain]:
    chains: list[_Chain] = []
    for at, printed in enumerate(document):
        if printed is None or printed.number < 1 or printed.form is Form.SLIP:
            continue
        if not chains or not chains[-1].goes_on(at, printed):
            chains.append(_Chain(printed.form, printed.of))
            before = [page for page in document[:at] if page is not None]
            chains[-1].anchored = not before and at > 0 and 1 < printed.number <= at + 1
        chains[-1].pages.append((at, printed.number))
    return chains


def _without_slips(chains: Sequence[_Chain]) -> list[_Chain]:
    """Leave out single numbers between two chains that go on over them: they were misread, or are no page numbers."""
    kept: list[_Chain] = []
    for at, chain in enumerate(chains):
        after = chains[at + 1] if at + 1 < len(chains) else None
        if len(chain.pages) == 1 and kept and after is not None and kept[-1].leads_to(after) and not _is_whole(chains):
            continue
        if kept and kept[-1].leads_to(chain):
            kept[-1].pages += chain.pages
        else:
            kept.append(chain)
    return kept


def _is_whole(chains: Sequence[_Chain]) -> bool:
    """Return whether every page of a document is there, in whatever order: then none was misread."""
    total = chains[0].total
    numbers = sorted(number for chain in chains for _, number in chain.pages)
    return total > 0 and {each.total for each in chains} == {total} and numbers == [*range(1, total + 1)]


def _between(one: _Chain, other: _Chain, chains: Sequence[_Chain]) -> Odd | None:
    """Return what is wrong where one chain ends and another begins."""
    (at, last), (page, first) = one.last, other.first
    is_last = one.form is Form.SHARE and other.last[1] == other.total  # a slip would hardly be the last page's number
    both = one.support > 1 and (len(other.pages) > 1 or is_last)
    numbers = {number for chain in chains if chain.form is one.form for _, number in chain.pages}
    if first > last + page - at:
        missing = set(range(last + 1, first)) - numbers
        if not missing:
            return Odd(page, NumberFault.ORDER, f"{last}, {first}") if both or _is_whole(chains) else None
        few = first - last - (page - at) <= _MOST_MISSING
        sure = both and few if one.form is not Form.SHARE else both or is_last or len(other.pages) > 1
        return Odd(page, NumberFault.GAP, _range(missing)) if sure else None
    if first == last and page == at + 1:
        return Odd(page, NumberFault.TWICE, str(first)) if both and len(one.pages) > 1 - one.anchored else None
    apart = {number for _, number in one.pages}.isdisjoint(number for _, number in other.pages)
    lengthy = min(len(one.pages), len(other.pages)) > 1
    begins_anew = first <= page - at  # pages without a number lie in between: the first ones of another document
    is_disordered = first < last and apart and not begins_anew and (lengthy or _is_whole(chains))
    return Odd(page, NumberFault.ORDER, f"{last}, {first}") if is_disordered else None


def _late(first: _Chain) -> Iterator[Odd]:
    """Yield a document that begins with a later page than its first."""
    page, number = first.first
    missing = number - 1 - page
    begins_bare = first.form is Form.SHARE or page > 0
    if begins_bare and 0 < missing <= _MOST_LATE and len(first.pages) > 1:
        yield Odd(page, NumberFault.GAP, _range(set(range(number - missing, number))))


def _short(chains: Sequence[_Chain], pages: int) -> Iterator[Odd]:
    """Yield documents that end before the last page that their pages speak of; pages without a number may be those."""
    for one, other in pairwise([*chains, _Chain(Form.HEAD, 0, [(pages, 1)])]):
        page, last = one.last
        ends = (other.form, other.total) != (one.form, one.total) or other.first[1] == 1
        bare = other.first[0] - page - 1
        if ends and one.form is Form.SHARE and one.support > 1 and bare < one.total - last:
            yield Odd(page, NumberFault.GAP, _range(set(range(last + 1, one.total + 1))))


def _range(numbers: set[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}-{high}"
