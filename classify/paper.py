"""A document's pages laid out once, for everything that looks for values on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classify.foremost import Foremost
from classify.layout import PageLayout, page_layout
from classify.roles import Likely, likely_values, load_roles
from classify.rules import OTHER, UNKNOWN, Rules
from classify.stream import Stream, stream
from dossier.page import PageReading


@dataclass(frozen=True, slots=True)
class Paper:
    """What the rules look at: pages as read and laid out, their text, the rules; what could be values, and of what.

    `weighed_as` is the kind that values were weighed by: the paper's own, UNKNOWN where it is not known.
    """

    readings: Sequence[PageReading]
    layouts: Sequence[PageLayout]
    stream: Stream
    rules: Rules
    kind: str
    roles: Sequence[Likely]
    foremost: Foremost
    weighed_as: str

    def plain(self) -> str:
        """Return all that was read of it, line by line, as the engine put it in order."""
        return "\n".join(reading.text.plain() for reading in self.readings)


def paper_of(readings: Sequence[PageReading], kind: str, rules: Rules) -> Paper:
    """Return the pages of a document of a kind laid out, as the rules look at them."""
    layouts = layouts_of(readings, rules)
    text, unknown = stream(layouts, rules.labels), kind == UNKNOWN
    roles, weighed_as = load_roles(rules.folder), kind if unknown else rules.kind(kind).code
    likely = likely_values(text, layouts, weighed_as, roles)
    return Paper(readings, layouts, text, rules, OTHER if unknown else kind, likely, roles.foremost, weighed_as)


def layouts_of(readings: Sequence[PageReading], rules: Rules) -> list[PageLayout]:
    """Return the rows and segments of each page of a document."""
    return [page_layout(reading, page, rules.layout) for page, reading in enumerate(readings)]
