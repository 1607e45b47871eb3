"""What another source makes of a value: it has the same, it speaks against it, it has another spelling."""

from __future__ import annotations

from dataclasses import replace

from classify.extracted import ExtractedField

ACCEPTED = 99.0
"""Confidence of a value that an independent source has too; nothing that was only read is as sure."""
PLACED = 0.97
"""How often a rule must find the right place for a source about one thing to speak of its values."""
CONTRADICTED, PROPOSED = 55.0, 65.0


def agreed(field: ExtractedField, source: str) -> ExtractedField:
    """Return a value that nobody need be asked about: a source has the same."""
    return replace(field, confidence=ACCEPTED, must_confirm=False, agreed=source, held="")


def contradicted(field: ExtractedField, source: str = "") -> ExtractedField:
    """Return a value that a person looks at because a source speaks against it, which is named if it is given."""
    held = f"!{source}" if source else field.held
    return replace(field, confidence=min(field.confidence, CONTRADICTED), must_confirm=True, agreed="", held=held)


def proposed(field: ExtractedField, value: str, source: str) -> ExtractedField:
    """Return a value in the spelling of a source, for a person to look at; what was read stays beside it."""
    sure = min(field.confidence, PROPOSED)
    return replace(field, value=value, confidence=sure, must_confirm=True, agreed="", held=f"~{source}")
