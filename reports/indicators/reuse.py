"""Indicators 4.3 and 4.4: reuse of what is digitised already, and exchange with the citizen's store.

Source: QĐ 766/QĐ-TTg as the national portal describes it. Both are flags of the one-stop software (DuocTaiSuDung,
DuocLayTuKhoDMQG), and a component that was reused here counts as well. Where no row has a flag and nothing was reused
the figure is "không có dữ liệu", for a zero would be a claim.
"""

from __future__ import annotations

from dossier.facts import Cell
from reports.indicators.formula import Formula
from reports.view import View


def _in_base(cell: Cell, view: View) -> bool:
    return view.in_base(cell)


def _reused(cell: Cell, _view: View) -> bool:
    return cell.facts.reused is True


def _shared(cell: Cell, _view: View) -> bool:
    return cell.facts.shared is True


def _says_reused(cell: Cell) -> bool:
    return cell.facts.reused is not None


def _says_shared(cell: Cell) -> bool:
    return cell.facts.shared is not None


FORMULAS = (
    Formula("reused", "766-4.3/2025-07", _in_base, _reused, says=_says_reused),
    Formula("shared", "766-4.4/2025-07", _in_base, _shared, says=_says_shared),
)
