"""Reports over rows in memory: the same derivation and the same formulas as over the catalogue's projection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dossier.deriving import fact_line
from dossier.facts import FactLine, cells
from dossier.register import Procedure, RegisterEntry
from dossier.status import DossierEvidence
from reports.inspection import DIMENSIONS, InspectionFigures, Question, inspection
from reports.lists import Detail, details, figure
from reports.period import Period
from reports.view import Base


@dataclass(frozen=True)
class Inspected:
    """Figures, and the rows they were counted from."""

    figures: InspectionFigures
    rows: tuple[FactLine, ...]

    def codes(self, name: str) -> list[str]:
        """Return the dossiers behind a figure, each looked at by itself."""
        view = self.figures.question.view()
        test = figure(name)
        return [row.code for row in self.rows for cell in cells([row], view.axis) if test(cell, view)]

    def details(self) -> list[Detail]:
        """Return the list of all dossiers in the figures."""
        return list(details(self.rows, self.figures.question.view()))


def inspected(  # noqa: PLR0913 - the question, spelled out
    entries: Iterable[RegisterEntry],
    evidence: Mapping[str, DossierEvidence],
    procedures: Mapping[str, Procedure],
    *,
    period: Period,
    as_of: datetime,
    base: Base = Base.B1,
    demo: bool = False,
    unit: str = "",
    versions: Mapping[str, str] | None = None,
) -> Inspected:
    """Return the report over some rows of a register."""
    question = Question(period, as_of, base, demo, unit, versions)
    rows = sorted(
        (fact_line(each, procedures.get(each.procedure), evidence.get(each.code), demo=demo) for each in entries),
        key=lambda row: row.code,
    )
    figures = inspection(cells(rows, question.axis, DIMENSIONS), question, procedures.values())
    return Inspected(figures, tuple(rows))
