"""Whose a page is, by what is written on it: the dossier that it lies in, or another that the register has.

Only what the register knows for certain counts: mã hồ sơ, the applicant's identity number, the applicant's full name. A
page that says anything of its own dossier is in its place, whatever else it names: contracts name two sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dossier.text import fold

_NUMBER = re.compile(r"(?<![\w.])\d(?:[ .]?\d){8,11}(?!\w)")
_AROUND = re.compile(r"\s*([-–—_.])\s*")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_LEAST_LETTERS, _LEAST_WORDS = 6, 2


class Sign(StrEnum):
    """By what a page was told to be another dossier's, the surest first; the values are stored."""

    CODE = "code"
    IDENTITY = "identity"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Owner:
    """A dossier as the register has it: normalised code, the applicant's name and identity number as far as known."""

    code: str
    name: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another dossier that a page seems to belong to, and by what."""

    code: str
    sign: Sign


class PageSigns:
    """What is written on one page, made ready to be asked for many dossiers."""

    def __init__(self, text: str) -> None:
        folded = fold(text)
        self._codes = _AROUND.sub(_dash, folded)
        self._numbers = {re.sub(r"[ .]", "", found) for found in _NUMBER.findall(folded)}
        self._words = f" {_NO_WORD.sub(' ', folded)} "

    def signs_of(self, owner: Owner) -> frozenset[Sign]:
        """Return by what the page belongs to a dossier; empty where nothing on it says so."""
        found = set()
        if re.search(rf"(?<!\w){re.escape(owner.code.lower())}(?!\d)", self._codes):
            found.add(Sign.CODE)
        if owner.identity and owner.identity in self._numbers:
            found.add(Sign.IDENTITY)
        name = _plain(owner.name)
        if len(name) >= _LEAST_LETTERS and len(name.split()) >= _LEAST_WORDS and f" {name} " in self._words:
            found.add(Sign.NAME)
        return frozenset(found)


def _dash(found: re.Match[str]) -> str:
    return "." if found[1] == "." else "-"


def elsewhere(page: PageSigns, own: Owner, others: Iterable[Owner]) -> Elsewhere | None:
    """Return the dossier that a page seems to belong to instead of its own; None where it may well be its own.

    A page that names several people, a list of them, says nothing; namesakes, and several dossiers of one person, are
    one here: that the page is in none of them is what counts, and the first is named.
    """
    if page.signs_of(own):
        return None
    told = [(other, signs) for other in others if other.code != own.code and (signs := page.signs_of(other))]
    for sign in Sign:
        by_this = [other for other, signs in told if sign in signs]
        if by_this:
            is_one = sign is Sign.CODE or len({_said(other, sign) for other in by_this}) == 1
            return Elsewhere(min(other.code for other in by_this), sign) if is_one else None
    return None


def _said(owner: Owner, sign: Sign) -> str:
    return owner.identity if sign is Sign.IDENTITY else _plain(owner.name)


def _plain(name: str) -> str:
    return _NO_WORD.sub(" ", fold(name)).strip()
