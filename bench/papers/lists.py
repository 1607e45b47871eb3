"""Agencies' lists and unit trees for papers, with rows left out and rows wrong, and what is made of values by them.

    python -m bench.papers.lists dev --per-kind 60 --typed            # a perfect reader's words
    python -m bench.papers.lists dev --per-kind 4                     # really read

Every paper meets several lists. A list has the set's own bodies and places, names of bodies and places that no paper
has beside them, nine in ten of all, two in a hundred of these wrong. Told: how right what was accepted is, before and
after; what was put right, doubted and proposed, and how often with reason.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Final

from bench.papers.corpus import Read, kept, read_all
from bench.papers.names import SETS, SetName, vocabulary
from bench.papers.registers import one_tone
from bench.papers.scans import hands
from bench.papers.template import templates
from bench.papers.typed import typed_all
from classify.areas import COMMUNE, DISTRICT, PROVINCE, Area, Areas
from classify.extracted import ExtractedField
from classify.fields import found_on, weighed
from classify.held import held
from classify.kinds import classify
from classify.lists import Issuer, Issuers, Lists
from classify.paper import paper_of
from classify.rules import Rules, load_rules
from classify.sameness import plain, same_value
from dossier.text import nfc

FAULTS: Final = ("one tone", "another name", "ended too early", "another symbol")
_WRONG, _LEFT_OUT, _OTHERS = 0.02, 0.10, 1500
_SINCE: Final = date(1990, 1, 1)
_ADDRESSES: Final = ("noi_sinh", "que_quan", "noi_cu_tru")
_CLASSES: Final = ("co_quan", "ky_hieu", "ma_so_thue", "so", "so_dinh_danh", "ngay_sinh", "ngay_ban_hanh", *_ADDRESSES)


@dataclass(frozen=True, slots=True)
class Held:
    """What became of one value: `before` and `after` are right or wrong, `told` is what a source said of it."""

    item: str
    name: str
    was: str
    value: str
    told: str
    asked: tuple[bool, bool]
    right: tuple[bool, bool]
    by_wrong: bool


def held_values(papers: Sequence[Read], name: SetName, rules: Rules, lists: int, seed: int) -> Iterator[Held]:
    """Yield what lists make of the values of papers, each paper against several lists."""
    dice = Random(seed)  # noqa: S311 - papers, not keys
    drawn = [_lists(papers, name, dice) for _ in range(lists)]
    for paper in papers:
        laid = paper_of(paper.pages, classify(paper.pages, rules).kind, rules)
        read = [one.field for one in weighed(laid, found_on(laid))]
        for known, wrong in drawn:
            told = held(read, laid, known)
            for was, value in zip([*read, *[None] * (len(told) - len(read))], told, strict=True):
                if value.name in _CLASSES:
                    yield _one(paper, was, value, wrong, rules)


def _one(paper: Read, was: ExtractedField | None, value: ExtractedField, wrong: frozenset[str], rules: Rules) -> Held:
    said = value.held or (f"+{value.agreed}" if value.agreed else "")
    asked = (was is None or _asks(was, rules), _asks(value, rules))
    right = (was is not None and _right(paper, was), _right(paper, value))
    before = was.value if was else ""
    return Held(paper.item.name, value.name, before, value.value, said, asked, right, _of_wrong(value, wrong))


def _of_wrong(field: ExtractedField, wrong: frozenset[str]) -> bool:
    said = _flat(field.value)
    return any(one in said for one in wrong) if field.name in _ADDRESSES else said in wrong


def _asks(field: ExtractedField, rules: Rules) -> bool:
    return field.must_confirm or field.confidence < rules.bands.accept


def _right(paper: Read, field: ExtractedField) -> bool:
    """Return whether a value is true; an address is where it stands on the paper as it was taken."""
    if field.name in _ADDRESSES:
        return _flat(field.value) in _flat(paper.paper.body)
    return any(same_value(field.name, field.value, true) for true in paper.paper.fields.get(field.name, ()))


def _flat(text: str) -> str:
    return plain(" ".join(re.sub(r"[^\w\s]", " ", nfc(text)).split()))


def _lists(papers: Sequence[Read], name: SetName, dice: Random) -> tuple[Lists, frozenset[str]]:
    """Return lists, and the names of the rows that are wrong in them."""
    own = [*_issuers(papers), *(Issuer(f"UBND {one}", ("UBND",), _SINCE, only=False) for one in _others(name, dice))]
    issuers, wrong = _spoilt(own, dice)
    words = vocabulary(name)
    areas = [Area(f"P{at}", place, PROVINCE, "", _SINCE) for at, place in enumerate(words.provinces)]
    for (at, province), (number, district) in product(enumerate(words.provinces), enumerate(["", *words.districts])):
        top = f"P{at}.{number}" if district else f"P{at}"
        if district:
            areas.append(Area(top, district, DISTRICT, f"P{at}", _SINCE))
        for place in [*words.communes, *([] if district else _others(name, dice)[: _OTHERS // 10])]:
            if dice.random() >= _LEFT_OUT:
                spoilt = dice.random() < _WRONG
                told = one_tone(place, dice) if spoilt else place
                above = f"{told}, {district}, {province}" if district else f"{told}, {province}"
                wrong |= {_flat(above)} if spoilt else set()
                areas.append(Area(f"{top}.c{len(areas)}", told, COMMUNE, top, _SINCE))
    return Lists(Issuers(tuple(issuers)), Areas(tuple(areas))), frozenset(wrong)


def _issuers(papers: Sequence[Read]) -> list[Issuer]:
    """Return the bodies that issued papers, each with the symbols that it wrote."""
    symbols: dict[str, set[str]] = {}
    for paper in papers:
        fields = paper.paper.fields
        for name in fields.get("co_quan", ()):
            own = symbols.setdefault(name.partition(",")[0], set())
            own |= {_behind(symbol) for symbol in fields.get("ky_hieu", ()) if _behind(symbol)}
    return [Issuer(name, tuple(sorted(own)), _SINCE) for name, own in sorted(symbols.items())]


def _behind(symbol: str) -> str:
    types = load_rules().symbols
    code, _, rest = symbol.partition("-")
    return rest if code in types else symbol


def _others(name: SetName, dice: Random) -> list[str]:
    """Return places that no paper of a set has: names of two words, and slips of the set's own."""
    words = vocabulary(name)
    parts = [*words.given_male, *words.given_female, *words.families, "Tân", "Yên", "Phú", "An", "Hòa", "Long", "Đông"]
    drawn = [f"{dice.choice(('xã', 'phường'))} {dice.choice(parts)} {dice.choice(parts)}" for _ in range(_OTHERS)]
    return [one for one in dict.fromkeys(drawn) if one not in words.communes]


def _spoilt(rows: Sequence[Issuer], dice: Random) -> tuple[list[Issuer], set[str]]:
    out, wrong = [], set()
    for row in rows:
        if dice.random() < _LEFT_OUT:
            continue
        spoilt = dice.random() < _WRONG
        told = _wrong(row, rows, dice) if spoilt else row
        out.append(told)
        if spoilt:
            wrong.add(_flat(told.name))
    return out, wrong


def _wrong(row: Issuer, rows: Sequence[Issuer], dice: Random) -> Issuer:
    fault = dice.choice(FAULTS)
    if fault == "one tone":
        return replace(row, name=one_tone(row.name, dice))
    if fault == "another name":
        return replace(row, name=dice.choice(rows).name)
    if fault == "ended too early":
        return replace(row, until=_SINCE + timedelta(days=dice.randrange(365 * 30)))
    return replace(row, symbols=dice.choice(rows).symbols)


def lines(found: Sequence[Held]) -> Iterator[str]:
    """Yield the tables."""
    yield "| field | values | right before | right after | asks before | asks after |"
    yield "|---|---|---|---|---|---|"
    for name in _CLASSES:
        own = [one for one in found if one.name == name]
        if own:
            right = [_share([one.right[at] for one in own]) for at in (0, 1)]
            asked = [_share([one.asked[at] for one in own]) for at in (0, 1)]
            yield f"| {' | '.join([name, str(len(own)), *right, *asked])} |"
    yield ""
    yield "| field | a source said | values | right before | right after | by a wrong row | of these right |"
    yield "|---|---|---|---|---|---|---|"
    for name, told in sorted({(one.name, one.told) for one in found if one.told}):
        own = [one for one in found if (one.name, one.told) == (name, told)]
        right = [_share([one.right[at] for one in own]) for at in (0, 1)]
        bad = [one.right[1] for one in own if one.by_wrong]
        yield f"| {' | '.join([name, told, str(len(own)), *right, str(len(bad)), _share(bad)])} |"
    yield ""
    for what, names in (("lists and check digits", _CLASSES[: -len(_ADDRESSES)]), ("addresses", _ADDRESSES)):
        accepted = [one.right[1] for one in found if one.told.startswith("+") and one.name in names]
        yield f"accepted by {what}: {len(accepted)}, right {_share(accepted)}"


def failures(found: Sequence[Held]) -> Iterator[str]:
    """Yield what was made worse or taken wrong, and what was doubted though right, each once with its count."""
    seen = Counter(
        (one.item, one.name, one.told, one.was, one.value, one.right)
        for one in found
        if one.told and (not one.right[1] if one.told[0] in "+~" else one.right[1])
    )
    for (item, name, told, was, value, right), count in seen.most_common():
        yield f"{count} {item} {name} {told}: {was!r} -> {value!r} {right}"


def _share(values: Sequence[bool]) -> str:
    return f"{100 * sum(values) / len(values):.2f} %" if values else ""


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers.lists")
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--per-kind", type=int, default=12)
    parser.add_argument("--only", default="", help="templates whose name begins with this")
    parser.add_argument("--lists", type=int, default=10, help="how many lists each paper meets")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--typed", action="store_true", help="words from the markup: no reading needed")
    parser.add_argument("--slips", type=float, default=0.0, help="share of letters misread in typed words")
    parser.add_argument("--kept", action="store_true", help="only papers whose reading lies on the disk")
    parser.add_argument("--failures", action="store_true", help="tell what was made worse, too")
    given = parser.parse_args()
    items = list(hands(tuple(one for one in templates(given.set) if one.name.startswith(given.only)), given.per_kind))
    if given.kept:
        items = [item for item in items if kept(item)]
    papers = list(typed_all(items, given.slips) if given.typed else read_all(items, given.jobs))
    found = list(held_values(papers, given.set, load_rules(), given.lists, seed=given.seed))
    told = [*lines(found), *(failures(found) if given.failures else ())]
    sys.stdout.write("\n".join(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
