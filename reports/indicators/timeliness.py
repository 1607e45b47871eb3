"""Indicator 2.1: dossiers handled early or on time, and the same over other bases, each with its own name.

Source: QĐ 766/QĐ-TTg as the national portal describes it: settled on time and in progress within time, of the
dossiers received or in process in the period. Dossiers given back are not judged. The base changes the printed figure
(Liên Chiểu: 0,13% of settled, 0,12% of received), so each base has a formula and a name of its own.
"""

from __future__ import annotations

from functools import partial

from dossier.facts import Cell
from reports.indicators.formula import Formula
from reports.timeliness import SETTLED, Outcome, outcome, outcome_by_appointment
from reports.view import View

_IN_TIME = frozenset({Outcome.EARLY, Outcome.ON_TIME, Outcome.IN_TIME})
_ON_TIME = frozenset({Outcome.EARLY, Outcome.ON_TIME})
_LATE = frozenset({Outcome.LATE})


def _judged(cell: Cell, view: View) -> bool:
    return view.handled(cell) and outcome(cell, view) is not Outcome.GIVEN_BACK


def _handled(cell: Cell, view: View) -> bool:
    return view.handled(cell)


def _settled(cell: Cell, view: View) -> bool:
    return view.handled(cell) and outcome(cell, view) in SETTLED


def _is(cell: Cell, view: View, *, among: frozenset[Outcome]) -> bool:
    return outcome(cell, view) in among


def _in_time_by_appointment(cell: Cell, view: View) -> bool:
    return outcome_by_appointment(cell, view) in _IN_TIME


FORMULAS = (
    Formula("timeliness", "766-2.1/2025-07", _judged, _in_time_by_appointment),
    Formula("timeliness", "766-2.1/2026-11", _judged, partial(_is, among=_IN_TIME)),
    Formula("on_time_settled", "hososo-dung-han/2026-01", _settled, partial(_is, among=_ON_TIME)),
    Formula("late_settled", "hososo-qua-han/2026-01", _settled, partial(_is, among=_LATE)),
    Formula("late_received", "hososo-qua-han-tiep-nhan/2026-01", _handled, partial(_is, among=_LATE)),
)
