"""Frozen reports (chốt số liệu): everything that a report was counted from, so that it can be counted again for ever.

A snapshot is a text of JSON lines: a heading with the question, the versions of all definitions and the digest of
reference data; each profile of facts once; a row for each dossier that any figure counts; the figures. Counting the
rows again gives the figures to the byte, whatever has become of register and archive since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from dossier.digest import canonical
from dossier.errors import Code, Rejected
from dossier.facts import FACTS_VERSION, FactLine, Facts, cells
from reports.as_json import as_json
from reports.indicators.published import KEY
from reports.indicators.registry import chosen
from reports.inspection import DIMENSIONS, InspectionFigures, Question, inspection
from reports.lists import Detail, details
from reports.period import Counting, Period
from reports.rates import Rate, versions
from reports.view import Base, was_received

MARK = "hososo-snapshot 1"
SNAPSHOT_TYPE = "application/vnd.hososo.snapshot+jsonl"
_FACTS = tuple(one.name for one in fields(Facts))


@dataclass(frozen=True, slots=True)
class Frozen:
    """One snapshot.

    Attributes:
        figures: The report.
        rows: A line for each dossier that a figure counts, in order of code.
        reference: Digest of the reference data (units, procedures, working days) that the facts were derived by.
        scope: Labels of the units it is about; None: all.
    """

    figures: InspectionFigures
    rows: tuple[FactLine, ...]
    reference: str
    scope: tuple[str, ...] | None = None


def freeze(
    lines: Iterable[FactLine], question: Question, published: Rate, reference: str, scope: Iterable[str] | None = None
) -> Frozen:
    """Return the snapshot of a report.

    Args:
        lines: The facts of all dossiers in the scope of the report.
        question: What it was asked.
        published: The rate of published procedures, which is counted from reference data and not from dossiers.
        reference: Digest of the reference data.
        scope: Labels of the units it is about; None: all.
    """
    rows = tuple(sorted(_counted(lines, question), key=lambda line: line.code))
    frozen = replace(question, versions={one.key: one.version for one in chosen(question.versions or {})})
    named = None if scope is None else tuple(sorted(scope))
    return Frozen(_figures(rows, frozen, published), rows, reference, named)


def written(frozen: Frozen) -> Iterator[bytes]:
    """Yield a snapshot line by line; the same snapshot gives the same bytes."""
    yield _line(_heading(frozen))
    profiles: dict[str, int] = {}
    for row in frozen.rows:
        text = row.facts.as_text()
        if text not in profiles:
            profiles[text] = len(profiles)
            yield _line({"profile": profiles[text], "facts": dict(zip(_FACTS, json.loads(text), strict=True))})
        moments = [row.received, row.due, row.finished]
        yield _line({"row": [row.code, row.unit, row.field, row.procedure, profiles[text], *moments]})
    yield _line({"figures": as_json(frozen.figures)})


def read(lines: Iterable[bytes]) -> Frozen:
    """Return the snapshot that `written` wrote, counted again.

    Raises:
        Rejected(SNAPSHOT_DAMAGED): It is no snapshot, or counting its rows does not give its figures.
    """
    try:
        return _read(lines)
    except (ValueError, LookupError, TypeError, AttributeError) as exc:
        raise Rejected(Code.SNAPSHOT_DAMAGED, type(exc).__name__) from exc


def scope_in(heading: bytes) -> tuple[str, ...] | None:
    """Return which units a snapshot is about from its first line alone; None: all.

    Raises:
        Rejected(SNAPSHOT_DAMAGED): It is the first line of no snapshot.
    """
    try:
        scope = json.loads(heading)["scope"]
    except (ValueError, KeyError, TypeError) as exc:
        raise Rejected(Code.SNAPSHOT_DAMAGED, type(exc).__name__) from exc
    return None if scope is None else tuple(str(label) for label in scope)


@dataclass(frozen=True, slots=True)
class Change:
    """What one dossier is in two snapshots; None: it is in no figure there."""

    code: str
    before: Detail | None
    after: Detail | None


def difference(before: Frozen, after: Frozen) -> list[Change]:
    """Return every dossier that counts differently, in order of code: all that a figure differs by.

    Both are seen as reports of their own period, base and moment, so that a dossier that has not changed may still come
    in, go out, or turn late.
    """
    old, new = _details(before), _details(after)
    return [
        Change(code, old.get(code), new.get(code)) for code in sorted({**old, **new}) if old.get(code) != new.get(code)
    ]


def _counted(lines: Iterable[FactLine], question: Question) -> Iterator[FactLine]:
    view = question.view()
    for line in lines:
        (cell,) = cells([line], view.axis)
        if view.handled(cell) or view.in_base(cell) or not was_received(cell):
            yield line


def _figures(rows: Iterable[FactLine], question: Question, published: Rate) -> InspectionFigures:
    found = inspection(cells(rows, question.axis, DIMENSIONS), question)
    return replace(found, rates={**found.rates, KEY: published})


def _details(frozen: Frozen) -> dict[str, Detail]:
    return {one.code: one for one in details(frozen.rows, frozen.figures.question.view())}


def _line(value: dict[str, Any]) -> bytes:
    return canonical(value) + b"\n"


def _heading(frozen: Frozen) -> dict[str, Any]:
    question, published = frozen.figures.question, frozen.figures.rates[KEY]
    period = question.period
    return {
        "#": MARK,
        "facts": FACTS_VERSION,
        "period": [period.start.isoformat(), period.end.isoformat(), period.name, period.counting.value],
        "base": question.base.value,
        "demo": question.demo,
        "unit": question.unit,
        "as_of": question.as_of.isoformat(),
        "versions": dict(question.versions or {}),
        "reference": frozen.reference,
        "scope": None if frozen.scope is None else list(frozen.scope),
        "published": [published.numerator, published.denominator, published.known, published.definition.version],
    }


def _read(lines: Iterable[bytes]) -> Frozen:
    kept = iter(lines)
    heading = json.loads(next(kept, b"{}"))
    if heading["#"] != MARK or heading["facts"] > FACTS_VERSION:
        raise ValueError("another form")
    profiles: dict[int, Facts] = {}
    rows: list[FactLine] = []
    figures: Any = None
    for value in map(json.loads, kept):
        if "profile" in value:
            profiles[value["profile"]] = _facts(value["facts"])
        elif "row" in value:
            code, unit, field, procedure, profile, received, due, finished = value["row"]
            rows.append(FactLine(code, unit, field, procedure, profiles[profile], received, due, finished))
        else:
            figures = value["figures"]
    frozen = _again(heading, tuple(rows))
    if as_json(frozen.figures) != figures:
        raise ValueError("rows and figures differ")
    return frozen


def _again(heading: dict[str, Any], rows: tuple[FactLine, ...]) -> Frozen:
    start, end, name, counting = heading["period"]
    question = Question(
        period=Period(date.fromisoformat(start), date.fromisoformat(end), name, Counting(counting)),
        as_of=datetime.fromisoformat(heading["as_of"]),
        base=Base(heading["base"]),
        demo=heading["demo"],
        unit=heading["unit"],
        versions=heading["versions"],
    )
    numerator, denominator, known, version = heading["published"]
    definition = next(one for one in versions(KEY) if one.version == version)
    published = Rate(numerator, denominator, definition, known)
    scope = heading["scope"]
    return Frozen(
        _figures(rows, question, published), rows, heading["reference"], None if scope is None else tuple(scope)
    )


def _facts(kept: dict[str, Any]) -> Facts:
    """Return facts by their names: what came later than the snapshot is what it was before anybody asked."""
    later = {one.name: one.default for one in fields(Facts) if one.default is not MISSING}
    return Facts.of_text(json.dumps([kept[name] if name in kept else later[name] for name in _FACTS]))
