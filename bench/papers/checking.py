"""What a template must hold: it can be filled and set, its kind and fields are known, its truth is printed on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bench.legibility.markup import Columns, parsed
from bench.legibility.sheet import OutOfRoomError
from bench.papers.pages import printed_pages
from bench.papers.template import Filled, Template, filled
from classify.rules import load_rules
from dossier.text import fold

_TRIED: Final = 3
_DPI: Final = 60
_NO_FORM: Final = re.compile(r"^(?:[#*^~>|]|.*\|\|).*\[.*", re.MULTILINE)
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T(\d\d):(\d\d):00\+07:00)?")


def faults(template: Template, *, on_pages: bool) -> Iterator[str]:
    """Yield what is wrong with a template, in words; setting it on pages takes most of the time."""
    rules = load_rules()
    if template.kind not in rules.kinds:
        yield f"kind {template.kind} is not known"
        return
    known = {rule.field for rule in rules.fields.values()}
    yield from (f"field {name} is not known" for name in template.head["fields"] if name not in known)
    yield from (f"brackets in a line that is no form: {line}" for line in _NO_FORM.findall(template.body))
    for seed in range(_TRIED):
        try:
            paper = filled(template, seed)
            if on_pages:
                printed_pages(paper, template.set_name, seed, _DPI)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            yield f"cannot be filled: {type(error).__name__} {error}"
            return
        except OutOfRoomError:
            yield "does not fit on eight pages, or one element is taller than a page"
            return
        yield from _unprinted(paper)
    if template.set_name != "frozen":
        yield from known_losses(template)


def known_losses(template: Template) -> Iterator[str]:
    """Yield the lines of a template that say something which is never set: text beside room for a signature.

    They are faults; only the papers of the frozen set stay as they were measured.
    """
    for number, line in enumerate(template.body.splitlines(), 1):
        for element in parsed(template.name, line).elements:
            if isinstance(element, Columns) and any("%" in row and set(row) - {"", "%"} for row in element.rows):
                yield f"line {number} below the header: text beside % is not set"


def _unprinted(paper: Filled) -> Iterator[str]:
    letters = re.sub(r"[^a-z0-9]", "", fold(re.sub(r"[\[\]|*/#^~>%]", " ", f"{paper.body}\n{_down(paper.body)}")))
    for name, values in paper.fields.items():
        for value in values:
            if not any(spelt in letters for spelt in _spellings(value)):
                yield f"{name} = {value!r} is not printed"


def _down(body: str) -> str:
    """Return the two-column rows read down each column: an issuer or a subject may stand over several of them."""
    rows = [row.split("||") for row in body.splitlines() if "||" in row]
    return "\n".join([row[0] for row in rows] + [row[1] for row in rows])


def _spellings(value: str) -> Iterator[str]:
    """Yield the ways in which a stored value may stand on paper, letters and digits only."""
    found = _ISO.fullmatch(value)
    if found is None:
        yield re.sub(r"[^a-z0-9]", "", fold(value))
        return
    year, month, day = found[1], found[2], found[3]
    for d in {day, str(int(day))}:
        for m in {month, str(int(month))}:
            yield f"{d}{m}{year}"
            yield f"{d}thang{m}nam{year}"
