"""The inspection report as plain data for other programs; `data/inspection.schema.json` describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources
from typing import Any

from reports.digitisation import CauseLine
from reports.inspection import InspectionFigures
from reports.rates import Rate
from reports.tables import rates
from reports.workload import Workload

FORMAT = "hososo-inspection/2"


def as_json(figures: InspectionFigures) -> dict[str, Any]:
    """Return the report as JSON values: counts as integers, rates with both counts; lists are asked for."""
    question = figures.question
    period = question.period
    return {
        "format": FORMAT,
        "unit": question.unit,
        "period": {
            "name": period.name,
            "counting": period.counting.value,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
        },
        "base": question.base.value,
        "demo": question.demo,
        "as_of": question.as_of.isoformat(),
        "closes": figures.closes,
        "total": workload_as_json(figures.total),
        "fields": [{"field": name, **workload_as_json(load)} for name, load in figures.fields],
        "portal_split": [{"field": name, **asdict(counts)} for name, counts in figures.split],
        "rates": {rate.definition.key: rate_as_json(rate) for rate in rates(figures)},
        "components": {status.name: count for status, count in figures.components.items()},
        "development_signatures": figures.development_signatures,
        "causes": [_cause(line) for line in figures.causes],
        "portal_causes": [_cause(line) for line in figures.portal_causes],
        "never_received": figures.never_received,
        "cells_sha256": figures.cells_sha256,
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what `as_json` gives."""
    text = resources.files("reports").joinpath("data/inspection.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def workload_as_json(load: Workload) -> dict[str, Any]:
    """Return a workload as JSON values."""
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


def rate_as_json(rate: Rate) -> dict[str, Any]:
    """Return a rate as JSON values."""
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "text": rate.text,
        "known": rate.known,
        "version": rate.definition.version,
        "basis": rate.definition.basis,
    }


def _cause(line: CauseLine) -> dict[str, Any]:
    return {"cause": line.cause.value, "count": line.count}
