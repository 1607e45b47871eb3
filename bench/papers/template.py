"""A template of one kind in one layout, and how it is filled with a cast; its form: `templates/README.md`."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.papers import numbers
from bench.papers.cast import Cast, Person, Value
from bench.papers.names import SetName, vocabulary

FOLDER: Final = Path(__file__).parent / "templates"
_HOLE: Final = re.compile(r"\{([^{}]+)\}")
_FIELD: Final = re.compile(r"\[([^\[\]]*)\]")
_HEAD: Final = "+++\n"
_PART: Final = re.compile(r"\|\s*(?:ngay|thang|nam)\s*$")  # a part of a day is not the day


@dataclass(frozen=True, slots=True)
class Template:
    """One template: `name` is its file's below the set's folder, `head` its header, `body` the markup with holes."""

    set_name: SetName
    name: str
    kind: str
    head: Mapping[str, Any]
    body: str

    @property
    def for_stacks(self) -> bool:
        """Whether only stacks are made of it."""
        return self.name.startswith("stacks/")


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled template.

    Attributes:
        kind: The kind of the paper.
        template: Name of its template.
        body: Markup of `bench.legibility.markup`, pages parted by `===`.
        fields: True values in stored form by field name.
        by_hand: Whether a pen filled in the form.
        in_pen: Names of the fields whose values stand in a pen's writing only; empty for a printed paper.
        seal: Legend of the agency's seal, empty for a paper without.
        people: Who it is about, by the names in its header.
    """

    kind: str
    template: str
    body: str
    fields: Mapping[str, tuple[str, ...]]
    by_hand: bool
    in_pen: frozenset[str]
    seal: str
    people: Mapping[str, Person] = dataclasses.field(default_factory=dict)


@cache
def templates(name: SetName) -> tuple[Template, ...]:
    """Return the templates of a set in the order of their names."""
    return tuple(parsed(name, file) for file in sorted((FOLDER / name).glob("*.txt")))


@cache
def stack_templates(name: SetName) -> tuple[Template, ...]:
    """Return the templates that only stacks are made of: papers of several pages that are hard to part."""
    return tuple(parsed(name, file) for file in sorted((FOLDER / name / "stacks").glob("*.txt")))


def parsed(set_name: SetName, file: Path) -> Template:
    """Return the template in a file.

    Raises:
        ValueError: It has no header.
    """
    _, head, body = file.read_text(encoding="utf-8").split(_HEAD, 2)
    table = tomllib.loads(head)
    name = file.relative_to(FOLDER / set_name).with_suffix("").as_posix()
    return Template(set_name, name, str(table["kind"]), table, body.strip("\n"))


def filled(template: Template, seed: int) -> Filled:
    """Return the template filled with a cast of its own, the same for the same seed.

    Raises:
        KeyError: A hole names what the header does not explain, or a filter that does not exist.
    """
    dice = Random(f"{template.set_name}|{template.name}|{seed}")  # noqa: S311 - papers, not keys
    cast = Cast(vocabulary(template.set_name), template.head, dice)
    body = _with_values(template.body, cast)
    fields: dict[str, tuple[str, ...]] = {}
    for name, said in template.head["fields"].items():
        many = said if isinstance(said, list) else [said]
        fields[name] = tuple(_with_values(one, cast) for one in many)
    by_hand = template.head.get("hand", "no") == "some" and dice.random() < 0.4  # noqa: PLR2004 - two papers in five
    in_pen = _only_in_forms(template) if by_hand else frozenset()
    seal = _with_values(str(template.head.get("seal", "")), cast)
    return Filled(template.kind, template.name, body, fields, by_hand, in_pen, seal, dict(cast.people))


def _with_values(text: str, cast: Cast) -> str:
    return _HOLE.sub(lambda hole: _rendered(hole[1], cast), text)


def _rendered(hole: str, cast: Cast) -> str:
    path, *filters = (part.strip() for part in hole.split("|"))
    value = cast.value(path)
    for name in filters:
        value = _FILTERS[name](value)
    if isinstance(value, date | float):
        raise TypeError(f"{hole}: a filter must say how it is written")
    return str(value)


def _only_in_forms(template: Template) -> frozenset[str]:
    """Return the fields whose holes stand between brackets wherever the body has them."""
    outside = {_named(hole) for hole in _HOLE.findall(_FIELD.sub("", template.body)) if not _PART.search(hole)}
    inside = {_named(hole) for field in _FIELD.findall(template.body) for hole in _HOLE.findall(field)}
    names = set()
    for name, said in template.head["fields"].items():
        holes = {_named(hole) for one in (said if isinstance(said, list) else [said]) for hole in _HOLE.findall(one)}
        if holes & inside and not holes & outside:
            names.add(name)
    return frozenset(names)


def _named(hole: str) -> str:
    return hole.partition("|")[0].strip()


def _day(value: Value) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no day")
    return value


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _in_words(value: Value) -> str:
    return numbers.day_in_words(value) if isinstance(value, date) else numbers.in_words(_whole(value))


_FILTERS: Final[Mapping[str, Callable[[Value], str]]] = {
    "hoa": lambda value: str(value).upper(),
    "dau": lambda value: str(value)[:1].upper() + str(value)[1:],
    "dai": lambda value: numbers.long_day(_day(value)),
    "so": lambda value: numbers.short_day(_day(value)),
    "so0": lambda value: f"{_day(value):%d/%m/%Y}",
    "gach": lambda value: f"{_day(value):%d-%m-%Y}",
    "cham": lambda value: f"{_day(value):%d.%m.%Y}",
    "iso": lambda value: _day(value).isoformat(),
    "ngay": lambda value: f"{_day(value).day:02d}",
    "thang": lambda value: f"{_day(value).month:02d}",
    "nam": lambda value: str(_day(value).year),
    "chu": _in_words,
    "tien": lambda value: numbers.dotted(_whole(value)),
    "hai": lambda value: f"{_whole(value):02d}",
    "phay": lambda value: numbers.with_comma(float(str(value))),
    "thapphan": lambda value: f"{float(str(value)):g}",
    "cach": lambda value: " ".join((str(value)[:3], str(value)[3:6], str(value)[6:9], str(value)[9:])).strip(),
}
