"""The rate of published procedures: of those in force on a day, how many the office has announced.

Source: monitoring reports ("125/184 TTHC niêm yết"). It is over the list of procedures, not over dossiers; where the
list says of no procedure whether it was announced the figure is "không có dữ liệu".
"""

from __future__ import annotations

from collections.abc import Iterable

from dossier.register import Procedure
from reports.rates import Rate, definitions

KEY = "published"


def published(procedures: Iterable[Procedure]) -> Rate:
    """Return the rate over the procedures of a day."""
    said = [procedure.published for procedure in procedures]
    known = any(one is not None for one in said)
    return Rate(sum(one is True for one in said), len(said), definitions()[KEY], known or not said)
