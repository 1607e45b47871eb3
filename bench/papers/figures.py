"""The figures of a run as JSON, with the versions that made them: by degradation, by kind, by group of fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bench.papers.comparing import group_of
from bench.papers.registers import Accepted
from bench.papers.report import Run
from bench.papers.scoring import FieldMark, KindMark, calibration, confident_errors, macro_f1
from bench.papers.splitting import f1
from classify.splitting import load_weights
from classify.versions import versions


def as_json(run: Run) -> str:
    """Return the figures of a run; shares are of 1."""
    marks, accept = run.marks, run.rules.bands.accept
    values = [mark for mark in marks.fields if not mark.in_pen]
    error, curve = calibration(marks.fields)
    table = {
        "title": run.title,
        "versions": versions(run.rules),
        "papers": len(marks.kinds),
        "macro_f1": _rounded(macro_f1(marks.kinds)[0]),
        "confident_wrong_kinds": len(confident_errors(marks.kinds, accept)),
        "splitting": {
            "version": load_weights(run.rules.folder).version,
            "f1": _rounded(f1(run.splits.marks)),
            "asked": _rounded(sum(mark.asked for mark in run.splits.marks) / max(1, len(run.splits.marks))),
            "silent": sum(mark.true != mark.said and not mark.asked for mark in run.splits.marks),
            "documents": [run.splits.exact, run.splits.documents],
        },
        "calibration_error": _rounded(error / 100),
        "reliability": [[round(mean, 1), round(right, 1), count] for mean, right, count in curve],
        "accepted": _accepted(run.accepted),
        "screens": _rounded(sum(marks.screens) / max(1, len(marks.screens))),
        "by_condition": _by(marks.kinds, values, lambda kind: kind.condition, lambda mark: mark.condition),
        "by_kind": _by(marks.kinds, values, lambda kind: kind.true, lambda mark: mark.kind),
        "by_group": {name: _exact(own) for name, own in _grouped(values, lambda mark: group_of(mark.name)).items()},
        "by_group_readable": {
            name: _exact(own)
            for name, own in _grouped([m for m in values if m.readable], lambda mark: group_of(mark.name)).items()
        },
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def _by(
    kinds: Sequence[KindMark],
    values: Sequence[FieldMark],
    of_kind: Callable[[KindMark], str],
    of_value: Callable[[FieldMark], str],
) -> dict[str, Any]:
    own = _grouped(values, of_value)
    papers: dict[str, list[KindMark]] = {}
    for kind in kinds:
        papers.setdefault(of_kind(kind), []).append(kind)
    return {
        name: {
            "papers": len(some),
            "kinds_right": _rounded(sum(mark.said.kind == mark.true for mark in some) / len(some)),
            **_exact(own.get(name, [])),
        }
        for name, some in sorted(papers.items())
    }


def _exact(values: Iterable[FieldMark]) -> Mapping[str, float]:
    own = list(values)
    true = [mark for mark in own if mark.true]
    exact = sum(mark.right for mark in true) / max(1, len(true))
    return {"values": len(true), "exact": _rounded(exact), "read_not_true": len(own) - len(true)}


def _accepted(accepted: Sequence[Accepted]) -> Mapping[str, Any]:
    return {
        "values": len(accepted),
        "right": sum(one.right for one in accepted),
        "by_wrong_rows": sum(bool(one.fault) for one in accepted),
        "wrong_by_fault": {
            fault or "none": sum(one.fault == fault and not one.right for one in accepted)
            for fault in sorted({one.fault for one in accepted})
        },
    }


def _grouped(values: Iterable[FieldMark], key: Callable[[FieldMark], str]) -> dict[str, list[FieldMark]]:
    found: dict[str, list[FieldMark]] = {}
    for mark in values:
        found.setdefault(key(mark), []).append(mark)
    return found


def _rounded(figure: float) -> float:
    return round(figure, 4)
