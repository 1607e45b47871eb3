"""Are missing, doubled and swapped pages told by their printed numbers, and is nothing else? Recall and precision.

    python -m bench.page_numbers [--dossiers N] [--seed N]

Dossiers are drawn as offices make them: documents of 1 to 12 pages with numbers of the form "Trang 2/5", lone numbers
above or below the text (none on the first page), or none; bare backs, copies, excerpts of books, documents that were
not told apart. Reading is drawn too, with numbers that are not read or misread: no picture is read here. One document
in eight has one fault. Prints a line for each fault; ends with status 1 when precision is below 95 %.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from classify.page_numbers import NumberFault, odd_numbers
from classify.printed_number import Form, PrintedNumber

_UNREAD, _MISREAD, _TOGETHER, _LEAST = 0.06, 0.015, 0.08, 0.95
_FORMS = (Form.SHARE,) * 6 + (Form.HEAD,) * 8 + (Form.FOOT,) * 3 + (Form.NAMED,)
Pages = list[PrintedNumber | None]


def document(dice: random.Random) -> Pages:
    """Return what is printed on the pages of a document without a fault."""
    pages = dice.choice((1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12))
    kind = dice.random()
    if kind < 0.2:  # noqa: PLR2004
        return [None] * pages
    form, first = dice.choice(_FORMS), dice.randrange(20, 200) if kind > 0.97 else 1  # noqa: PLR2004
    total = pages if form is Form.SHARE and first == 1 else 0
    form = Form.NAMED if form is Form.SHARE and not total else form
    made: Pages = [PrintedNumber(number, total, form) for number in range(first, first + pages)]
    if form in (Form.HEAD, Form.FOOT) and first == 1:
        made[0] = None
    if dice.random() < 0.12:  # noqa: PLR2004
        made = [page for each in made for page in (each, None)]
    return made + made if dice.random() < 0.06 else made  # noqa: PLR2004


def damaged(pages: Pages, dice: random.Random) -> tuple[Pages, NumberFault | None]:
    """Return a document with one fault, and which; None where it is too short to have one."""
    numbered = [at for at, page in enumerate(pages) if page is not None]
    if len(numbered) < 3:  # noqa: PLR2004
        return pages, None
    fault, at = dice.choice(list(NumberFault)), dice.choice(numbered[1:-1])
    if fault is NumberFault.GAP:
        sheet = 2 if None in pages[1:] and at + 1 < len(pages) and pages[at + 1] is None else 1  # with its bare back
        return [*pages[:at], *pages[at + sheet :]], fault
    if fault is NumberFault.TWICE:
        return [*pages[: at + 1], *pages[at:]], fault
    return [*pages[: at - 1], pages[at], pages[at - 1], *pages[at + 1 :]], fault


def read(pages: Sequence[PrintedNumber | None], dice: random.Random) -> Pages:
    """Return what is read of what is printed."""
    return [_read(page, dice) for page in pages]


def _read(page: PrintedNumber | None, dice: random.Random) -> PrintedNumber | None:
    chance = dice.random()
    if page is None or chance < _UNREAD:
        return None
    if chance < _UNREAD + _MISREAD:
        wrong = int(f"{str(page.number)[:-1]}{dice.randrange(10)}")
        return PrintedNumber(wrong, page.of, Form.SLIP if page.of and wrong > page.of else page.form)
    return page


@dataclass(slots=True)
class Counts:
    """What was drawn and told."""

    documents: int = 0
    alarms: int = 0
    made: Counter[NumberFault] = field(default_factory=Counter)
    found: Counter[NumberFault] = field(default_factory=Counter)
    told: Counter[NumberFault] = field(default_factory=Counter)
    right: Counter[NumberFault] = field(default_factory=Counter)

    def count(self, truth: NumberFault | None, here: Sequence[NumberFault]) -> None:
        """Count a document with a fault or none, and the faults that are told of it."""
        self.documents += 1
        self.told.update(here[:1])
        if truth is None:
            self.alarms += bool(here)
            return
        self.made[truth] += 1
        self.found[truth] += bool(here)
        self.right.update(here[:1])


def dossier(dice: random.Random) -> tuple[list[Pages], list[NumberFault | None]]:
    """Return what is read of the documents of a dossier, and which fault each has."""
    groups: list[Pages] = []
    truths: list[NumberFault | None] = []
    for _ in range(dice.randrange(1, 7)):
        pages, fault = document(dice), None
        if dice.random() < 0.125:  # noqa: PLR2004
            pages, fault = damaged(pages, dice)
        if groups and fault is None and truths[-1] is None and dice.random() < _TOGETHER:
            groups[-1] += read(pages, dice)
            continue
        groups.append(read(pages, dice))
        truths.append(fault)
    return groups, truths


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, look, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dossiers", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    dice, counts = random.Random(asked.seed), Counts()  # noqa: S311
    for _ in range(asked.dossiers):
        groups, truths = dossier(dice)
        ends = list(accumulate((len(each) for each in groups), initial=0))
        odd = odd_numbers(groups)
        for at, truth in enumerate(truths):
            counts.count(truth, [each.fault for each in odd if ends[at] <= each.page < ends[at + 1]])
    sys.stdout.write(_told(counts, f"{asked.dossiers} dossiers, seed {asked.seed}"))
    return 0 if sum(counts.right.values()) >= _LEAST * sum(counts.told.values()) else 1


def _told(counts: Counts, drawn: str) -> str:
    lines = [f"{drawn}: {counts.documents} documents, {sum(counts.made.values())} with a fault"]
    for fault in NumberFault:
        recall = counts.found[fault] / max(1, counts.made[fault])
        precision = counts.right[fault] / max(1, counts.told[fault])
        lines.append(
            f"{fault.value:<13} {counts.made[fault]:>5} drawn  recall {recall:6.1%}  precision {precision:6.1%}"
        )
    sound = counts.documents - sum(counts.made.values())
    return "\n".join([*lines, f"documents without a fault that are told: {counts.alarms} of {sound}", ""])


if __name__ == "__main__":
    sys.exit(main())
