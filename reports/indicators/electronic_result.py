"""Indicator 4.1: an electronic result was issued, of the dossiers whose procedure gives a result document.

Source: QĐ 766/QĐ-TTg as the national portal describes it. A procedure that is in no list is taken to give one.
"""

from __future__ import annotations

from dossier.facts import Cell
from reports.indicators.formula import Formula
from reports.view import View


def _gives_result(cell: Cell, view: View) -> bool:
    return view.in_base(cell) and cell.facts.gives_result


def _has_result(cell: Cell, _view: View) -> bool:
    return cell.facts.has_result


FORMULAS = (Formula("electronic_result", "766-4.1/2025-07", _gives_result, _has_result),)
