"""Rows of a one-stop register for papers, two in a hundred wrong, and what is accepted because a row agrees.

Whoever hands papers in is mostly who they are about, sometimes somebody else on them, sometimes a stranger. What was
accepted is held against what is printed: a wrong row must not make a wrong value data.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from bench.papers.cast import Person
from bench.papers.corpus import Read
from bench.papers.scoring import rightness
from classify.crosscheck import Known, crosscheck
from classify.extracted import ExtractedField
from classify.fields import found_on, weighed
from classify.kinds import classify
from classify.paper import paper_of
from classify.rules import Rules
from dossier.register import VIETNAM
from dossier.text import nfc

FAULTS: Final = ("other person", "one digit", "one tone", "day and month swapped", "namesake")
_WRONG: Final = 0.02
_DRAWS: Final = 25
_NAMED, _OTHERS = 0.75, 0.93
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A value that a row of the register made data: what was wrong with the row (empty: nothing), and if it is true."""

    item: str
    fault: str
    name: str
    value: str
    source: str
    right: bool
    readable: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """What a register says of a dossier."""

    known: Known
    fault: str = ""


def accepted(papers: Sequence[Read], rules: Rules, seed: int) -> list[Accepted]:
    """Return what is accepted of papers by rows of a register, each paper against several rows drawn for it."""
    dice, found = Random(seed), []  # noqa: S311 - papers, not keys
    for paper in papers:
        laid = paper_of(paper.pages, classify(paper.pages, rules).kind, rules)
        read, text = [one.field for one in weighed(laid, found_on(laid))], laid.plain()
        for _ in range(_DRAWS):
            row = _row(paper, papers, dice)
            found += _accepted(paper, row, crosscheck(read, row.known, text))
    return found


def _accepted(paper: Read, row: _Row, fields: Sequence[ExtractedField]) -> Iterator[Accepted]:
    for field, right in zip(fields, rightness(paper.paper, fields), strict=True):
        if field.agreed:
            item = paper.item
            yield Accepted(item.name, row.fault, field.name, field.value, field.agreed, right, item.readable)


def _row(paper: Read, papers: Sequence[Read], dice: Random) -> _Row:
    """Return a row for a paper; of a wrong one, one thing."""
    row = _true(paper, dice)
    if dice.random() >= _WRONG:
        return _Row(row)
    fault = dice.choice(FAULTS)
    other = _true(dice.choice(papers), dice)
    if fault == "other person":
        return _Row(replace(other, code=row.code), fault)
    if fault == "one digit":
        return _Row(replace(row, identity=_one_digit(row.identity, dice)), fault)
    if fault == "one tone":
        return _Row(replace(row, applicant=one_tone(row.applicant, dice)), fault)
    if fault == "namesake":
        return _Row(replace(row, identity=other.identity), fault)
    return _Row(replace(row, received=_swapped(row.received), due=_swapped(row.due)), fault)


def _true(paper: Read, dice: Random) -> Known:
    fields = paper.paper.fields
    who = _applicant(paper, dice)
    received, due = (_moment(fields.get(name, ("",))[0]) for name in ("ngay_tiep_nhan", "ngay_hen_tra"))
    received = received or datetime(2026, 1, 5, 8, 30, tzinfo=VIETNAM) + timedelta(days=dice.randrange(300))
    code = fields.get("ma_ho_so", (f"H99.27.14-{received:%y%m%d}-{dice.randint(1, 240):04d}",))[0]
    due = due or received + timedelta(days=dice.randint(3, 20))
    return Known(code, who.name if who else "", who.identity if who else "", received, due)


def _applicant(paper: Read, dice: Random) -> Person | None:
    signers = set(paper.paper.fields.get("nguoi_ky", ()))
    people = [one for one in paper.paper.people.values() if one.name not in signers]
    if not people:
        return None
    named = {name.casefold() for field in ("ho_ten", "ben_a") for name in paper.paper.fields.get(field, ())}
    first = [one for one in people if one.name.casefold() in named] or people[:1]
    lot = dice.random()
    if lot < _NAMED:
        return dice.choice(first)
    who = dice.choice(people)
    return who if lot < _OTHERS else replace(who, name=one_tone("Phùng Đắc Lộc", dice), identity="001080000017")


def _moment(value: str) -> datetime | None:
    """Return a day or a moment as a register keeps it: a day without an hour is its midnight."""
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else datetime.combine(moment.date(), time(), VIETNAM)


def _one_digit(number: str, dice: Random) -> str:
    if not number:
        return number
    at = dice.randrange(len(number))
    return number[:at] + dice.choice([digit for digit in "0123456789" if digit != number[at]]) + number[at + 1 :]


def one_tone(name: str, dice: Random) -> str:
    """Return a name with the tone of one of its words lost, put or changed."""
    words = name.split()
    at = dice.randrange(max(1, len(words)))
    letters = unicodedata.normalize("NFD", words[at]) if words else ""
    vowels = [place for place, char in enumerate(letters) if char.lower() in "aeiouy"]
    if not vowels:
        return name
    had = [char for char in letters if char in _TONES]
    bare = "".join(char for char in letters if char not in _TONES)
    place = next(i for i, char in enumerate(bare) if char.lower() in "aeiouy")
    mark = dice.choice([tone for tone in ("", *_TONES) if [tone] != had and (tone or had)])
    hats = place + 1
    while hats < len(bare) and unicodedata.combining(bare[hats]):
        hats += 1
    words[at] = nfc(bare[:hats] + mark + bare[hats:])
    return " ".join(words)


def _swapped(moment: datetime | None) -> datetime | None:
    if moment is None or moment.day > 12:  # noqa: PLR2004 - no such month: a register refuses it
        return moment + timedelta(days=10) if moment else None
    return moment.replace(month=moment.day, day=min(moment.month, 28))
