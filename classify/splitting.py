"""Where one document ends and the next begins in the pages of a source file, how sure that is, and why."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from classify.layout import page_layout
from classify.page_signs import NOTHING, PageSigns, page_signs
from classify.printed_number import PrintedNumber
from classify.rules import Rules
from dossier.page import PageReading, Verdict

_SAID = 3
_HEADS = frozenset({"motto", "motto_part", "title", "title_general", "title_unsure", "title_of_paper"})
_MOTTO = frozenset({"motto", "motto_part"})
_TITLES = frozenset({"title", "title_low"})
_SPARSE = frozenset(
    {"few_words", "few_rows"}
)  # tell a back or a page of signatures, but nothing of a card with its title


@dataclass(frozen=True, slots=True)
class Cut:
    """What is held of one page: whether a document begins there.

    Attributes:
        starts: Whether it does.
        confidence: How sure that is, 50 to 100.
        asks: Whether a person should look.
        said: What speaks for it, in Vietnamese, with what is printed there.
        signs: Names of the signs that were seen.
    """

    starts: bool
    confidence: float
    asks: bool
    said: str
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts for a first page (below 0: for a page that goes on); trained by `make train-splitting`."""

    version: str
    bias: float
    signs: Mapping[str, float]


@cache
def load_weights(folder: Path) -> Weights:
    """Return the weights of a folder (`Rules.folder`), read once per process."""
    table = tomllib.loads((folder / "data" / "splitting.toml").read_text(encoding="utf-8"))
    return Weights(table["version"], table["bias"], table["signs"])


def split(readings: Iterable[PageReading], rules: Rules) -> list[tuple[int, ...]]:
    """Return the documents of one source file as groups of page indexes, in order, every page in one group."""
    return grouped(cuts(readings, rules))


def grouped(found: Iterable[Cut]) -> list[tuple[int, ...]]:
    """Return groups of page indexes, each begun by a cut that starts."""
    groups: list[list[int]] = []
    for page, cut in enumerate(found):
        if groups and not cut.starts:
            groups[-1].append(page)
        else:
            groups.append([page])
    return [tuple(group) for group in groups]


def cuts(readings: Iterable[PageReading], rules: Rules) -> list[Cut]:
    """Return for each page of a source file whether a document begins there; the first always does.

    Title, national motto, number and addressee speak for a first page; a printed number above 1, a sentence that goes
    on, an annex "kèm theo" and a page before it that is not closed speak for one that goes on (`page_signs.py`).
    Blank pages and backs go on with the page before.

    Args:
        readings: The pages of one source file in order; each is let go before the next is taken.
        rules: From `load_rules`; `splitting.sure` is the confidence below which a person is asked.
    """
    out: list[Cut] = []
    before, symbol = NOTHING, ""
    for page, reading in enumerate(readings):
        if reading.verdict is Verdict.BLANK or not any(word.text.strip() for word in reading.text.words):
            unread = reading.verdict is not Verdict.BLANK
            out.append(_empty(rules, first=not page, unread=unread))
            continue
        signs = page_signs(page_layout(reading, page, rules.layout), rules)
        first = Cut(not page, 100.0, asks=False, said=rules.said["first"])
        out.append(_cut(signs, before, symbol, rules) if page else first)
        before, symbol = signs, signs.symbol or ("" if out[-1].starts else symbol)
    return out


def _empty(rules: Rules, *, first: bool, unread: bool) -> Cut:
    """Return that a page without words goes on; one that is not blank could be anything."""
    if first or not unread:
        return Cut(first, 100.0, asks=False, said=rules.said["first" if first else "blank"])
    return Cut(starts=False, confidence=50.0, asks=True, said=rules.said["unread"])


def evidence(page: PageSigns, before: PageSigns, symbol: str) -> Iterator[str]:
    """Yield the signs that count for a page after another one; `symbol`, number and symbol of the document so far."""
    headed = bool(page.head.keys() & _HEADS)
    running = page.number is not None and page.number.number > 1 and not page.head.keys() & _MOTTO
    yield from ("title_numbered" if running and sign in _TITLES else sign for sign in _told(page, headed=headed))
    if symbol and symbol in page.attached_to:
        yield "attached_to_this"
    yield from (f"after_{sign}" for sign in before.foot)
    yield from _numbers(page.number, before.number)
    if not headed and any(key in before.rows for key in page.first_rows):
        yield "same_row"
    if not headed:
        yield "no_head_after_closed" if "closed" in before.foot else "no_head"


def _told(page: PageSigns, *, headed: bool) -> Iterator[str]:
    return (sign for sign in page.head if not headed or sign not in _SPARSE)


def _numbers(own: PrintedNumber | None, last: PrintedNumber | None) -> Iterator[str]:
    if own is not None:
        if own.number > 1:
            yield "numbered"
        if own.number > 1 and own.number == (last.number if last else 1) + 1:
            yield "next_number"
        if own.number == 1 and own.of:
            yield "first_number"
    if last is not None and last.of:
        yield "after_last_number" if last.last else "after_more_pages"


def _cut(page: PageSigns, before: PageSigns, symbol: str, rules: Rules) -> Cut:
    weights, seen = load_weights(rules.folder), list(evidence(page, before, symbol))
    score = weights.bias + sum(weights.signs.get(sign, 0.0) for sign in seen)
    share = 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
    starts = share >= 0.5  # noqa: PLR2004 - the likelier of two
    sure = round(100 * max(share, 1 - share), 1)
    return Cut(starts, sure, sure < rules.splitting["sure"], _said(seen, page.head, rules, starts=starts), tuple(seen))


def said_of(signs: Iterable[str], rules: Rules, *, starts: bool) -> str:
    """Return what speaks most for a decision, in Vietnamese, without what is printed there."""
    return _said(signs, {}, rules, starts=starts)


def _said(seen: Iterable[str], printed: Mapping[str, str], rules: Rules, *, starts: bool) -> str:
    """Return what speaks most for a decision, as a clerk would say it."""
    weights = load_weights(rules.folder).signs
    way = 1 if starts else -1
    telling = sorted((sign for sign in seen if way * weights.get(sign, 0.0) > 0), key=lambda sign: -way * weights[sign])
    told = [rules.said[sign].format(text=printed.get(sign, "")[:60]) for sign in telling if sign in rules.said]
    return "; ".join(each.rstrip(": ") for each in told[:_SAID]) or rules.said["nothing"]
