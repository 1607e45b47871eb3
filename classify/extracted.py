"""A field as it was taken from a document."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.page import Box


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """One value taken from a document; several fields may share a name.

    Attributes:
        name: Field name, for example `so_dinh_danh`.
        value: Stored form: dates ISO 8601, identity numbers digits only, amounts plain.
        raw: As printed.
        confidence: 0 to 100.
        page: Index of the page within the document.
        box: Place on the scan in pixels, or None.
        must_confirm: True until a person or an independent source has confirmed the value.
        source: Id of the rule that found it.
        agreed: Which independent source has the same value (`register`, `dossier_code`, `card`, `agencies`, `units`,
            `checksum`); empty for none.
        held: What else a source said of it: `~` and its name where the value has the source's spelling, `!` and its
            name where the source speaks against it; empty for nothing.
        placed: How often this rule finds the right place on papers of this kind, 0 to 1: whose name it is, not how it
            is spelt.
        partial: The value is a day that stands beside an hour somewhere on the paper: a source that knows the day alone
            says nothing of the hour.
        again: What a second reading of its place made of it (`classify/settling.py`): `same`, `other` for a value that
            it proposes, `open` where readings differ and none wins, `new` where the first gave none; empty without one.
    """

    name: str
    value: str
    raw: str
    confidence: float
    page: int
    box: Box | None
    must_confirm: bool
    source: str
    agreed: str = ""
    placed: float = 1.0
    partial: bool = False
    held: str = ""
    again: str = ""
