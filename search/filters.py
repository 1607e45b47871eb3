"""What a page is found by beside its words: facts of document and dossier, and the filters that ask for them.

Facts that are compared as a whole become tags, `name:value`, spelled by the same functions on both sides; days are
numbers like 20261122, so that every engine compares them alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.text import fold
from search.words import stored, words

FIRST_PAGE = "page:first"
"""Stands on the first page of each document: what is asked for without words is a list of documents."""

_LONGEST = 200
_LONGEST_VALUE = 100
_IDENTITY_DIGITS = (9, 12)
_FIRST_DAY, _LAST_DAY = 10101, 99991231


class SignatureState(StrEnum):
    """What is known of the signatures of an archived document."""

    VALID = "valid"
    DEVELOPMENT = "development"
    INDETERMINATE = "indeterminate"
    INVALID = "invalid"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Facts:
    """What document and dossier of a page are found by; empty and 0 where nobody knows.

    Attributes:
        numbers: Numbers and symbols of the document, each as printed, and both together.
        dated: Day of the document as yyyymmdd.
        issuers: Who issued it.
        people: Who it is about, and who handed the dossier in.
        identities: Numbers of people (định danh, CCCD, CMND).
        parcels: Numbers of parcels (thửa).
        sheets: Numbers of map sheets (tờ bản đồ).
        field: Field of the procedure (lĩnh vực), as the register names it.
        procedure: Code of the procedure.
        box: Store, shelf and box of the papers.
        file_number: Which dossier of the box it is.
        received: Day on which the dossier was received, as yyyymmdd.
        signature: State of its signatures.
    """

    numbers: tuple[str, ...] = ()
    dated: int = 0
    issuers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    field: str = ""
    procedure: str = ""
    box: str = ""
    file_number: str = ""
    received: int = 0
    signature: str = SignatureState.UNSIGNED.value

    def tags(self) -> Iterator[str]:
        """Yield the tags of these facts."""
        yield from (_tag("number", number_key(number)) for number in self.numbers)
        yield from (_tag("identity", digits_of(number)) for number in self.identities)
        yield from (_tag("parcel", number_key(number)) for number in self.parcels)
        yield from (_tag("sheet", number_key(number)) for number in self.sheets)
        for name in ("field", "procedure", "box", "signature"):
            yield _tag(name, plain(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page must fulfil beside its words; empty and None filter nothing.

    Attributes:
        kind: Code of a document kind.
        units: Labels of units that received the dossier, one of which it must be.
        year: Year of reception.
        code: Mã hồ sơ in either printed form.
        number: Number, symbol, or both of the document, as whole tokens.
        issuer: Words that the name of the issuer has.
        person: Words that the names of people have.
        identity: Identity number, 12 digits or 9.
        parcel: Number of a parcel.
        sheet: Number of a map sheet.
        field: Field of the procedure.
        procedure: Code of the procedure.
        box: The box, as the list of the store room names it.
        locator: Words in a row of where the papers lie: store, shelf, box, number of the dossier in it.
        dated_from: First day of the document, inside.
        dated_to: Last day of the document, inside.
        received_from: First day of reception, inside.
        received_to: Last day of reception, inside.
        signature: State of the signatures.
    """

    kind: str = ""
    units: frozenset[str] | None = None
    year: int | None = None
    code: str = ""
    number: str = ""
    issuer: str = ""
    person: str = ""
    identity: str = ""
    parcel: str = ""
    sheet: str = ""
    field: str = ""
    procedure: str = ""
    box: str = ""
    locator: str = ""
    dated_from: date | None = None
    dated_to: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    signature: str = ""

    def __bool__(self) -> bool:
        """Return whether anything is filtered."""
        return any(getattr(self, each.name) not in ("", None) for each in fields(self))

    def check(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            Rejected(QUERY_INVALID): A value is too long or has nothing in it, an identity number has not 9 or 12
                digits, a state does not exist, days are in the wrong order. The detail never holds the value.
        """
        for name in ("code", "number", "issuer", "person", "parcel", "sheet", "field", "procedure", "box", "locator"):
            value = getattr(self, name)
            if value and (len(value) > _LONGEST_VALUE or not any(words(stored(value)))):
                raise Rejected(Code.QUERY_INVALID, name)
        if self.identity and len(digits_of(self.identity)) not in _IDENTITY_DIGITS:
            raise Rejected(Code.QUERY_INVALID, "identity")
        if self.signature and self.signature not in set(SignatureState):
            raise Rejected(Code.QUERY_INVALID, "signature")
        for first, last in ((self.dated_from, self.dated_to), (self.received_from, self.received_to)):
            if first and last and first > last:
                raise Rejected(Code.QUERY_INVALID, "days")

    def tags(self) -> list[frozenset[str]]:
        """Return the tags of which a page must have one of each set."""
        spelled = {
            "kind": self.kind,
            "year": str(self.year or ""),
            "code": normal_code(self.code),
            "number": number_key(self.number),
            "identity": digits_of(self.identity),
            "parcel": number_key(self.parcel),
            "sheet": number_key(self.sheet),
            "field": plain(self.field),
            "procedure": plain(self.procedure),
            "box": plain(self.box),
            "signature": self.signature,
        }
        wanted = [frozenset({_tag(name, value)}) for name, value in spelled.items() if value]
        return wanted if self.units is None else [*wanted, units_tags(self.units)]

    def phrases(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return folded words that must stand in a row, with the column in which: `people`, `issuers` or `place`."""
        loose = (("people", self.person), ("issuers", self.issuer))
        found: list[tuple[str, tuple[str, ...]]] = [
            (column, (key,)) for column, text in loose for key in dict.fromkeys(keys_of(text))
        ]
        return [*found, ("place", keys_of(self.locator))] if self.locator else found

    def ranges(self) -> list[tuple[str, int, int]]:
        """Return days, `dated` or `received`, with the first and the last number that fit."""
        asked = (("dated", self.dated_from, self.dated_to), ("received", self.received_from, self.received_to))
        return [
            (name, day_number(first) if first else _FIRST_DAY, day_number(last) if last else _LAST_DAY)
            for name, first, last in asked
            if first or last
        ]


EVERYTHING = Filters()


def page_tags(kind: str, unit: str, year: int, code: str, facts: Facts, *, first: bool) -> list[str]:
    """Return all tags of a page, each once."""
    own = (_tag("kind", kind), _tag("unit", unit), _tag("year", str(year)), _tag("code", code))
    return list(dict.fromkeys([*own, *facts.tags(), *([FIRST_PAGE] if first else ())]))


def units_tags(units: Iterable[str]) -> frozenset[str]:
    """Return the tags of units."""
    return frozenset(_tag("unit", unit) for unit in units)


def day_number(day: date) -> int:
    """Return a day as a number that sorts as days do."""
    return day.year * 10_000 + day.month * 100 + day.day


def number_key(text: str) -> str:
    """Return a number or symbol as it is compared: folded, without spaces, without zeros before its number."""
    key = re.sub(r"\s+", "", fold(stored(text)))
    return re.sub(r"^0+(?=\d)", "", key)


def digits_of(text: str) -> str:
    """Return the digits of a number that may be printed in groups."""
    return "".join(char for char in text if char.isdigit())


def plain(text: str) -> str:
    """Return a text as it is compared as a whole: folded, with single spaces."""
    return " ".join(fold(stored(text)).split())


def keys_of(text: str) -> tuple[str, ...]:
    """Return the folded words of a text."""
    return tuple(word.fold for word in words(stored(text)))


def normal_code(code: str) -> str:
    """Return a mã hồ sơ as it is stored; what is none stays as it is."""
    parsed = parse_code(code) if code else None
    return parsed.normal if parsed else code


def _tag(name: str, value: str) -> str:
    return f"{name}:{value}"[:_LONGEST]
