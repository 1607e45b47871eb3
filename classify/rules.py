"""The rules as values: kinds, field rules, weights. They live in `classify/rules/*.toml`, dated and versioned."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from classify.labels import Labels
from dossier.text import fold

UNKNOWN = "UNKNOWN"
OTHER = "KHAC"
PACKAGED = Path(__file__).parent
_MACRO = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")
# Reading slips of capitals and digits that look alike once folded.
_SLIPS = {"i": "[il1|]", "l": "[il1|]", "o": "[o0]"}
# What may follow a label before its colon: the label in English, another name for it, a hint how to fill it in.
_GLOSS = r"(?:\s*(?:/\s*[a-z][a-z'’ .]{2,40}|\([^()\n\t]{2,60}\))(?=\s*[:\t\n]))?"


@dataclass(frozen=True, slots=True)
class Kind:
    """One document kind. `rules` are ids of field rules in the order they are tried; phrases are folded.

    `inset`: its title may stand within a paper of another kind. `must`: words alone speak for it with one of these.
    `later`: heads of parts that an office fills in after issue.
    A title of this kind is one of `cedes_to` when the paper says one of `cedes_on` and none of its own hints.
    """

    code: str
    name: str
    field: str
    headings: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    cedes_to: str = ""
    cedes_on: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    priority: int = 0
    is_result: bool = False
    starts: bool = True
    needs_motto: bool = False
    inset: bool = False


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field is found: a pattern on folded text with a group `value`, or a finder by layout.

    `section` narrows a pattern to the group of that name; `under` are column heads for the finder of that name, whose
    cells must hold what a pattern says if there is one, `row` the label of the row that is meant; a rule that `needs`
    one of some fields, or is for papers without them (`unless`), looks at what the rules before it found. `loose`
    finds what stands in the place of a value and is none, as a date without a month; None where nothing does.
    """

    id: str
    field: str
    normaliser: str
    must_confirm: bool
    pattern: re.Pattern[str] | None = None
    finder: str = ""
    zone: str = "all"
    side: str = ""
    pick: str = "first"
    base: float = 96.0
    section: re.Pattern[str] | None = None
    under: re.Pattern[str] | None = None
    row: re.Pattern[str] | None = None
    needs: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    loose: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """Which values are read a second time (`classify/again.py`), and what the signs are that each kind may have.

    `below`: a value this sure is not doubted unless one of its words was read less surely than `unsure`.
    `most_pages` of a document and `most_places` of a page bound the work.
    `room`: how far beside a value is looked, in heights of its digits. Where so many readings `agree` with the first
    one only a share of its doubt is left (`doubt_left`); where so many give another value that is proposed (`propose`;
    `propose_checked` where the paper agrees with it and contradicts the first). `waiting` is what proposed values
    get, and disputed ones at most. `signs` are told by normaliser.
    """

    below: float
    unsure: float
    most_pages: int
    most_places: int
    room: float
    agree: int
    doubt_left: float
    propose: int
    propose_checked: int
    waiting: float
    signs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bands:
    """Field confidence bands: accept from, show from, must confirm from; typed by hand below."""

    accept: float
    show: float
    confirm: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything classification knows. `version`, `valid_from` and `basis` name the rule set in records.

    `digest` is that of the rule files: two sets of one version differ in it. `folder` holds `rules/` and `data/` (text
    model, weights of confidence and of roles), which are read when they are needed.
    """

    folder: Path
    digest: str
    version: str
    valid_from: str
    basis: str
    kinds: Mapping[str, Kind]
    fields: Mapping[str, FieldRule]
    bands: Bands
    titles: Mapping[str, float]
    letter: Mapping[str, float]
    hints: Mapping[str, float]
    words: Mapping[str, float]
    roles: Mapping[str, float]
    layout: Mapping[str, float]
    checks: Mapping[str, float]
    pen: Mapping[str, float]
    motto: Mapping[str, tuple[str, ...]]
    agency: Mapping[str, tuple[str, ...]]
    signers: Mapping[str, tuple[str, ...]]
    symbols: Mapping[str, str]
    labels: Labels
    splitting: Mapping[str, float]
    again: Again
    said: Mapping[str, str]

    def kind(self, code: str) -> Kind:
        """Return a kind; codes that the rules do not know are read as other papers."""
        return self.kinds.get(code) or self.kinds[OTHER]


@cache
def load_rules(folder: Path = PACKAGED) -> Rules:
    """Return the rules of a folder, read once per process.

    Args:
        folder: The packaged set, or one that was adopted in its place (`hososo learn`).

    Returns:
        Kinds (those of the papers of one-stop procedures and the 29 types of NĐ 30/2020, with KHAC and UNKNOWN),
        compiled field rules, weights and bands. Confidences are 0 to 100, zones are shares of the page height.

    Raises:
        KeyError: A rule file names a rule, macro or kind that does not exist (a bug; tests load every file).
        re.error: A pattern cannot be compiled (likewise).
    """
    settings, again = _table(folder, "settings"), _table(folder, "again")
    fields = _field_rules(_table(folder, "fields"), again.pop("loose"))
    return Rules(
        folder=folder,
        digest=_digest(folder),
        version=settings["version"],
        valid_from=str(settings["valid_from"]),
        basis=settings["basis"],
        kinds=_kinds(_table(folder, "kinds"), fields),
        fields=fields,
        bands=Bands(**settings["bands"]),
        titles=settings["titles"],
        letter=settings["letter"],
        hints=settings["hints"],
        words=settings["words"],
        roles=settings["roles"],
        layout=settings["layout"],
        checks=settings["checks"],
        pen=settings["pen"],
        motto=_phrases(settings["motto"]),
        agency=_phrases(settings["agency"]),
        signers=_phrases(settings["signers"]),
        symbols=settings["symbols"],
        labels=_labels(_table(folder, "fields")),
        splitting=settings["splitting"],
        again=Again(**again),
        said=settings["said"],
    )


def _digest(folder: Path) -> str:
    files = sorted((folder / "rules").glob("*.toml"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:8]


def _table(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / "rules" / f"{name}.toml").read_text(encoding="utf-8"))


def _phrases(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in table.items()}


def _kinds(table: Mapping[str, Any], fields: Mapping[str, FieldRule]) -> dict[str, Kind]:
    kinds = {}
    for code, entry in table["kinds"].items():
        ids = _unfolded(entry.get("rules", table["default_rules"]), table["sets"])
        if code != UNKNOWN:
            ids = (*ids, *(rule for rule in table["common_rules"] if rule not in ids))
        for rule in ids:
            fields[rule]  # a rule that does not exist must fail on load
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        kinds[code] = Kind(code=code, **{**given, "rules": ids})
    return kinds


def _labels(table: Mapping[str, Any]) -> Labels:
    anchors = [anchor for entry in table["rules"].values() for anchor in entry.get("anchors", [])]
    return Labels.of(fold(phrase) for phrase in [*anchors, *table["labels"]])


def _unfolded(ids: list[str], sets: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return rule ids with every set of rules ("@land") in place of its name, each once."""
    named = [rule for one in ids for rule in (sets[one[1:]] if one.startswith("@") else [one])]
    return tuple(dict.fromkeys(named))


def _field_rules(table: Mapping[str, Any], loose: Mapping[str, str]) -> dict[str, FieldRule]:
    always, macros = frozenset(table["must_confirm"]), table["macros"]
    looser = {**macros, **loose}
    return {
        rule_id: replace(
            _field_rule(rule_id, dict(entry), macros, entry["field"] in always), loose=_loose(entry, macros, looser)
        )
        for rule_id, entry in table["rules"].items()
    }


def _loose(entry: Mapping[str, Any], macros: Mapping[str, str], looser: Mapping[str, str]) -> re.Pattern[str] | None:
    if "under" in entry:
        return None
    pattern = entry.get("pattern", "")
    expanded = _expanded(entry.get("loose", pattern), looser)
    return (
        None if expanded == _expanded(pattern, macros) else re.compile(_anchored(entry.get("anchors", [])) + expanded)
    )


def _field_rule(rule_id: str, entry: dict[str, Any], macros: Mapping[str, str], always: bool) -> FieldRule:  # noqa: FBT001
    anchors, pattern = entry.pop("anchors", []), entry.pop("pattern", "")
    entry.pop("loose", "")
    must = always or bool(entry.pop("must_confirm", False))
    compiled = re.compile(_anchored(anchors) + _expanded(pattern, macros)) if pattern else None
    section, under, row = entry.pop("section", ""), entry.pop("under", []), entry.pop("row", "")
    needs, unless = (frozenset(entry.pop(key, "").split()) for key in ("needs", "unless"))
    return FieldRule(
        id=rule_id,
        must_confirm=must,
        pattern=compiled,
        section=re.compile(_expanded(section, macros)) if section else None,
        under=re.compile(_anchored(under)) if under else None,
        row=re.compile(_expanded(row, macros)) if row else None,
        needs=needs,
        unless=unless,
        **entry,
    )


def _expanded(pattern: str, macros: Mapping[str, str]) -> str:
    while _MACRO.search(pattern):
        pattern = _MACRO.sub(lambda match: macros[match[1]], pattern)
    return pattern


def _anchored(anchors: list[str]) -> str:
    """Return an expression for any of the phrases, longest first, tolerant of punctuation and letter slips."""
    if not anchors:
        return ""
    options = "|".join(_phrase(fold(anchor)) for anchor in sorted(anchors, key=len, reverse=True))
    return rf"(?<![a-z])(?:{options})(?![a-z]){_GLOSS}[ \t:;._…\-]*"


def _phrase(anchor: str) -> str:
    words = ("".join(_SLIPS.get(char, re.escape(char)) for char in word) for word in anchor.split())
    return r"[ ,.;\n]*".join(words)
