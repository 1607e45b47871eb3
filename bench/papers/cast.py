"""Who and what one paper is about: people, units, days, numbers, drawn once and the same wherever they are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from bench.papers.names import Vocabulary

Value = str | int | float | date
_UNIT: Final = re.compile(r"(xa|huyen|tinh|thon|duong|nghe|bv)(\d?)")
_PERSON: Final = re.compile(r"(nam|nu)?\s*(?:(\d+)-(\d+))?")
_NUMBER: Final = re.compile(r"(\d+)-(\d+)(?:\*(\d+)|/(\d))?")
_DAY: Final = re.compile(r"(\w+)\s+([+-]?\d+)\.\.([+-]?\d+)")
_SERIALS: Final = "ABCDH"
_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_OLD_SERIAL_UNTIL: Final = 2024
_PROVINCE: Final = "099"  # given to no province


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    name: str
    male: bool
    born: date
    people: str
    home: str
    phone: str
    identity: str
    old_identity: str

    def attribute(self, name: str) -> Value:
        """Return what a template asks of a person.

        Raises:
            KeyError: There is no such attribute.
        """
        known: dict[str, Value] = {
            "ten": self.name,
            "sinh": self.born,
            "namsinh": str(self.born.year),
            "gioi": "Nam" if self.male else "Nữ",
            "ong": "ông" if self.male else "bà",
            "dantoc": self.people,
            "cho": self.home,
            "sdt": self.phone,
            "so": self.identity,
            "cmnd": self.old_identity,
        }
        return known[name]


@dataclass
class Cast:
    """The values of one paper by name; `years` bound its day, `spec` is the header of its template."""

    words: Vocabulary
    spec: Mapping[str, Any]
    dice: Random
    drawn: dict[str, Value] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the day of the paper: everything else may depend on it."""
        first, last = self.spec["years"]
        day = date(int(first), 1, 2) + timedelta(days=self.dice.randrange(365 * (int(last) - int(first) + 1) - 60))
        self.drawn["ngay"] = min(day, date(2026, 10, 30))

    def value(self, path: str) -> Value:
        """Return the value of a name or of `person.attribute`.

        Raises:
            KeyError: The template's header does not say what it is.
        """
        name, _, attribute = path.partition(".")
        if name in self.spec.get("people", {}):
            return self._person(name).attribute(attribute)
        if path not in self.drawn:
            self.drawn[path] = self._drawn(path)
        return self.drawn[path]

    def _drawn(self, path: str) -> Value:
        name, _, attribute = path.partition(".")
        if (found := _UNIT.fullmatch(name)) is not None:
            return self._unit(found[1], name, attribute)
        if name in self.spec.get("dates", {}):
            return self._day(self.spec["dates"][name])
        if name in self.spec.get("numbers", {}):
            return self._number(self.spec["numbers"][name])
        if name in self.spec.get("choices", {}):
            return str(self.dice.choice(self.spec["choices"][name]))
        return _CODES[name](self)

    def day(self, name: str) -> date:
        """Return a day of the paper by name."""
        found = self.value(name)
        if not isinstance(found, date):
            raise TypeError(f"{name} is no day")
        return found

    def _unit(self, kind: str, name: str, attribute: str) -> str:
        if attribute:
            return _bare(str(self.value(name)))
        lists = {
            "xa": self.words.communes,
            "huyen": self.words.districts,
            "tinh": self.words.provinces,
            "thon": self.words.hamlets,
            "duong": self.words.streets,
            "nghe": self.words.trades,
            "bv": self.words.hospitals,
        }
        taken = {value for key, value in self.drawn.items() if key.startswith(kind)}
        return self.dice.choice([unit for unit in lists[kind] if unit not in taken])

    def _day(self, spec: str) -> date:
        found = _matched(_DAY, spec)
        return self.day(found[1]) + timedelta(days=self.dice.randint(int(found[2]), int(found[3])))

    def _number(self, spec: str) -> Value:
        found = _matched(_NUMBER, spec)
        drawn = self.dice.randint(int(found[1]), int(found[2]))
        if found[4]:
            return float(drawn + self.dice.randrange(10 ** int(found[4])) / 10 ** int(found[4]))
        return drawn * int(found[3] or 1)

    def _person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = self._born(str(self.spec["people"][name]))
        return self.people[name]

    def _born(self, spec: str) -> Person:
        found = _matched(_PERSON, spec.strip())
        male = self.dice.random() < 0.5 if found[1] is None else found[1] == "nam"  # noqa: PLR2004 - even chances
        low, high = int(found[2] or 24), int(found[3] or 66)
        day = self.day("ngay") - timedelta(days=self.dice.randint(low * 365 + 8, high * 365 + 340))
        words, dice = self.words, self.dice
        middle = dice.choice(words.middles_male if male else words.middles_female)
        given = dice.choice(words.given_male if male else words.given_female)
        name = f"{dice.choice(words.families)} {middle} {given}"
        home = f"{self.value('thon')}, {self.value('xa')}, {self.value('tinh')}"
        phone = f"09{dice.randrange(10**8):08d}"
        return Person(name, male, day, dice.choice(words.peoples), home, phone, _identity(male, day, dice), _old(dice))


def _matched(pattern: re.Pattern[str], spec: str) -> re.Match[str]:
    if (found := pattern.fullmatch(spec)) is None:
        raise ValueError(f"{spec!r} is not in the form that templates/README.md gives")
    return found


def _bare(unit: str) -> str:
    """Return a unit's name without its kind: "xã Yên Lậm" is "Yên Lậm"."""
    for kind in ("tổ dân phố", "khu phố", "khu vực", "thành phố", "thị trấn", "thị xã"):
        if unit.startswith(kind + " "):
            return unit[len(kind) + 1 :]
    return unit.partition(" ")[2]


def _identity(male: bool, born: date, dice: Random) -> str:  # noqa: FBT001
    century = (0 if born.year < 2000 else 2) + (0 if male else 1)  # noqa: PLR2004 - the digit changes there
    return f"{_PROVINCE}{century}{born.year % 100:02d}{dice.randrange(10**6):06d}"


def _old(dice: Random) -> str:
    return f"09{dice.randrange(10**7):07d}"


def _dossier_code(cast: Cast) -> str:
    day = cast.day("ngay_nhan") if "ngay_nhan" in cast.spec.get("dates", {}) else cast.day("ngay")
    unit, serial = cast.dice.randint(11, 48), cast.dice.randint(1, 240)
    return f"H99.{cast.dice.randint(11, 39)}.{unit}-{day:%y%m%d}-{serial:04d}"


def _serial(cast: Cast) -> str:
    letters = cast.dice.choice(_SERIALS) + cast.dice.choice("ABCDEGHKLMNPQRSTUVXY")
    long = cast.day("ngay").year > _OLD_SERIAL_UNTIL
    return f"{letters} {cast.dice.randrange(10**8):08d}" if long else f"{letters} {cast.dice.randrange(10**6):06d}"


def _register(cast: Cast) -> str:
    return f"{cast.dice.choice(('CS', 'CH', 'VP', 'H'))} {cast.dice.randint(1, 9999):05d}"


def _tax_number(cast: Cast) -> str:
    while True:
        digits = [int(char) for char in f"{cast.dice.randrange(10**8, 10**9):09d}"]
        rest = 10 - sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
        if rest < 10:  # noqa: PLR2004 - a check digit
            return "".join(map(str, digits)) + str(rest)


_CODES: Final[dict[str, Callable[[Cast], Value]]] = {
    "ma_ho_so": _dossier_code,
    "serial": _serial,
    "vao_so": _register,
    "mst": _tax_number,
}
