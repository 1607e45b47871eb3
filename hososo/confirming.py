"""Whose word is enough when documents are confirmed, as the settings say."""

from __future__ import annotations

from hososo.settings import Settings
from pipeline.two_person import TwoPersonRule


def two_person_rule(settings: Settings) -> TwoPersonRule:
    """Return of what two persons have to say the same."""
    return TwoPersonRule(
        frozenset(settings.second_person_kinds.replace(",", " ").split()),
        frozenset(settings.second_person_fields.replace(",", " ").split()),
        third=settings.second_person_dispute == "third",
    )
