"""Whether a report may be fixed and signed (chốt số liệu): not while dossiers are explained by nobody."""

from __future__ import annotations

from dossier.errors import Code, Rejected
from reports.inspection import InspectionFigures
from reports.timeliness import Outcome


def require_closed(figures: InspectionFigures) -> None:
    """Let figures pass that close.

    Raises:
        Rejected(REPORT_NOT_CLOSED): Received and what became of it differ; the subject is by how many dossiers.
    """
    if not figures.closes:
        rest = figures.total.of(Outcome.UNEXPLAINED)
        raise Rejected(Code.REPORT_NOT_CLOSED, "dossiers that nobody explains", subject=str(rest))
