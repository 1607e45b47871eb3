"""Paper: where the sheets of a dossier lie, how many there are, and what a person says is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ALL_HANDED_IN = ""
"""In place of a component's code: all papers that were handed in, not the result."""


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """Where the papers of a dossier lie, as the list of a store room says.

    Attributes:
        code: Normalised dossier code.
        box: Store, shelf and box in one text; empty where nobody knows.
        number: Which dossier of the box it is, as written on it.
        counter: Who scans it: a counter or a desk.
        pages: How many pages there are to scan; None where nobody has counted. A leaf counts as one page.
        leaves: Which leaves they are, as `dossier.leaves` writes them; empty where nobody has said.
    """

    code: str
    box: str
    number: str = ""
    counter: str = ""
    pages: int | None = None
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class LossStatement:
    """A person says of papers that they are lost, or found again.

    `component` is the code of one component, or ALL_HANDED_IN.
    """

    codes: tuple[str, ...]
    component: str
    is_lost: bool
    reason: str
    actor: str
    at: datetime
