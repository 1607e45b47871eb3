"""A lot as values for programs: the command line and the API tell the same."""

from __future__ import annotations

from typing import Any

from catalog.lots import LotLine
from dossier.lots import Look, Lot


def lot_line(line: LotLine) -> dict[str, Any]:
    """Return a line of the list of lots as JSON values."""
    return {
        "lot": line.id,
        "unit": line.unit,
        "state": line.state.value,
        "barred": line.barred,
        "opened": line.opened_at.isoformat(),
    }


def lot_value(lot: Lot, looks: tuple[Look, ...] = ()) -> dict[str, Any]:
    """Return a lot as JSON values; `looks` are those of the sample that is being judged."""
    opening, counting, decision = lot.opening, lot.counting, lot.decision
    seen = {each.position: each for each in (decision.looks if decision else looks)}
    return {
        "lot": lot.id,
        "unit": opening.unit,
        "wave": opening.wave,
        "boxes": list(opening.boxes),
        "retention": opening.retention,
        "state": lot.state.value,
        "barred": lot.barred,
        "declared": {"dossiers": opening.declared_dossiers, "leaves": opening.declared_leaves},
        "dossiers": [
            {"code": each.code, "box": each.box, "number": each.number, "leaves": each.leaves}
            for each in opening.listed
        ],
        "counting": None
        if counting is None
        else {
            "manifest": counting.manifest,
            "pages": counting.pages,
            "documents": sum(each.documents for each in counting.came),
            "placeholders": len(counting.leaves),
            "differences": [
                {"kind": each.kind.value, "code": each.code, "declared": each.declared, "found": each.found}
                for each in counting.differences
            ],
            "scanners": list(counting.scanners),
            "population": counting.sampling.population,
            "most_faulty": counting.sampling.most_faulty,
            "whole": counting.sampling.whole,
            "sample": [
                {"position": position, "page": key, "fault": seen[position].fault if position in seen else None}
                for position, key in enumerate(counting.sample, start=1)
            ],
        },
        "decision": None
        if decision is None
        else {"accepted": decision.accepted, "faulty": decision.faulty, "reason": decision.reason},
        "minutes": lot.minutes or None,
        "rejections": len(lot.rejections),
    }
