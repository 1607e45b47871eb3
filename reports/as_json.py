"""The inspection report as plain data for other programs; `data/inspection.schema.json` describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources
from typing import Any

from reports.inspection import CauseLine, InspectionFigures
from reports.rates import Rate
from reports.tables import rates
from reports.timeliness import Outcome
from reports.workload import Workload

FORMAT = "hososo-inspection/1"


def as_json(figures: InspectionFigures) -> dict[str, Any]:
    """Return the report as JSON values: counts as integers, rates with both counts, dossiers by code only."""
    period = figures.period
    return {
        "format": FORMAT,
        "unit": figures.unit,
        "period": {
            "name": period.name,
            "counting": period.counting.value,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
        },
        "base": figures.base.value,
        "demo": figures.demo,
        "as_of": figures.as_of.isoformat(),
        "closes": figures.closes,
        "total": _workload(figures.total),
        "fields": [{"field": name, **_workload(load)} for name, load in figures.fields],
        "portal_split": [{"field": name, **asdict(counts)} for name, counts in figures.split],
        "rates": {rate.definition.key: _rate(rate) for rate in rates(figures)},
        "development_signatures": figures.digitisation.development_signatures,
        "causes": [_cause(line) for line in figures.causes],
        "portal_causes": [_cause(line) for line in figures.portal_causes],
        "lists": {kind.value: list(figures.codes(kind)) for kind in (Outcome.LATE, Outcome.OVERDUE)}
        | {Outcome.UNEXPLAINED.value: list(figures.codes(Outcome.UNEXPLAINED))},
        "never_received": figures.never_received,
        "rows_sha256": figures.rows_sha256,
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what `as_json` gives."""
    text = resources.files("reports").joinpath("data/inspection.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _workload(load: Workload) -> dict[str, Any]:
    return {
        "received": load.received,
        "carried_over": load.carried_over,
        "online": load.online,
        "direct": load.direct,
        "post": load.post,
        "channel_unknown": load.channel_unknown,
        "settled": load.settled,
        "in_progress": load.in_progress,
        "outcomes": {kind.value: number for kind, number in load.outcomes.items()},
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "text": rate.text,
        "version": rate.definition.version,
        "basis": rate.definition.basis,
    }


def _cause(line: CauseLine) -> dict[str, Any]:
    return {"cause": line.cause.value, "count": len(line.codes), "codes": list(line.codes)}
