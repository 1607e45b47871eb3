"""Indicator 4.2 and its counterpart of the archive: the two digitised rates, side by side and never merged.

Portal (QĐ 766/QĐ-TTg as the national portal describes it): component files exist and, where the procedure
gives a result document, an electronic result; a dossier that is not settled is not counted.
Archive (this product's definition): every required component, and the result once the dossier is settled, is
recognised, confirmed, signed and archived. The rules are in `dossier/status.py`, one function each.
"""

from __future__ import annotations

from dossier.facts import Cell
from dossier.status import Cause, PortalCause
from reports.indicators.formula import Formula
from reports.view import View


def _in_base(cell: Cell, view: View) -> bool:
    return view.in_base(cell)


def _portal(cell: Cell, _view: View) -> bool:
    return cell.facts.portal is PortalCause.COUNTED


def _archival(cell: Cell, _view: View) -> bool:
    return cell.facts.archival is Cause.COUNTED


FORMULAS = (
    Formula("portal", "766-4.2/2025-07", _in_base, _portal),
    Formula("archival", "hososo-luu-tru/2026-01", _in_base, _archival),
)
