"""What speaks for a value that was read and against it: numbers that its confidence is weighed from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from classify.checks import Draft
from dossier.page import PageReading, Verdict

_SURE, _WEAK, _HARDLY = 0.9, 0.6, 0.5
_USUAL_LENGTH = 12
_UNLIKELY = 0.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for one value of a field; `prior` is what the rule alone gives (0 to 100)."""

    kind: str
    field: str
    rule: str
    prior: float
    marks: Mapping[str, float]

    @property
    def on_kind(self) -> str:
        """The rule on this kind of paper, as weights name it."""
        return f"{self.kind}/{self.rule}"


def evidence(kind: str, draft: Draft, page: PageReading) -> Evidence:
    """Return what speaks for and against a value, all between about -3 and 3.

    Args:
        kind: The kind of the document.
        draft: After the checks within the document.
        page: The page that it stands on.
    """
    words = [word.confidence / 100 for word in draft.place.words] or [0.0]
    everywhere = [word.confidence / 100 for word in page.text.words] or [0.0]
    mean, least, around = sum(words) / len(words), min(words), sum(everywhere) / len(everywhere)
    marks = {
        "read": mean,
        "read_badly": max(0.0, _SURE - mean),
        "hardly_read": max(0.0, _HARDLY - mean),
        "least": least,
        "least_badly": max(0.0, _WEAK - least),
        "around": around,
        "page_doubted": float(page.verdict is not Verdict.GOOD),
        "mended": float(any(word.raw for word in draft.place.words)),
        "repaired": float(draft.repaired),
        "repeated": float(draft.repeated),
        "proposed": float(draft.proposed),
        "by_pen": float(draft.by_pen),
        "agrees": float(draft.agrees is True),
        "contradicts": float(draft.agrees is False),
        "place_known": float(draft.chance is not None),
        "in_place": draft.chance or 0.0,
        "out_of_place": max(0.0, _UNLIKELY - draft.chance) / _UNLIKELY if draft.chance is not None else 0.0,
        "capitals": float(draft.value.isupper() and any(char.isalpha() for char in draft.value)),
        "length": math.log((1 + len(draft.value)) / _USUAL_LENGTH),
    }
    return Evidence(kind, draft.rule.field, draft.rule.id, draft.confidence, marks)
