"""Signed rates: of documents, not of dossiers, and so never merged into the digitised rates.

This product's definition: components that carry a signature that counts, of the components that were scanned; the same
for results. A development signature counts in the demo profile only.
"""

from __future__ import annotations

from dossier.facts import Cell
from reports.indicators.formula import Formula
from reports.view import View


def _with_components(cell: Cell, view: View) -> bool:
    return view.in_base(cell) and cell.facts.scanned > 0


def _with_results(cell: Cell, view: View) -> bool:
    return view.in_base(cell) and cell.facts.results > 0


def _signed(cell: Cell, _view: View) -> bool:
    return cell.facts.signed > 0


def _signed_results(cell: Cell, _view: View) -> bool:
    return cell.facts.signed_results > 0


FORMULAS = (
    Formula(
        "signed_components",
        "hososo-ky-so-tp/2026-01",
        _with_components,
        _signed,
        counted_below=lambda cell: cell.facts.scanned,
        counted_above=lambda cell: cell.facts.signed,
    ),
    Formula(
        "signed_results",
        "hososo-ky-so-kq/2026-01",
        _with_results,
        _signed_results,
        counted_below=lambda cell: cell.facts.results,
        counted_above=lambda cell: cell.facts.signed_results,
    ),
)
