"""Fields held against what is known without reading: the dossier's own code and the one-stop register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classify.extracted import ExtractedField
from dossier.codes import parse_code
from dossier.text import fold

_ACCEPTED = 99.0
_CONTRADICTED = 55.0
_APPLICANT = ("ho_ten", "ho_ten_2", "ben_a", "ben_b")


def crosscheck(
    fields: Sequence[ExtractedField], dossier_code: str, register_applicant: str | None = None
) -> tuple[ExtractedField, ...]:
    """Return the fields after comparison with independent sources.

    Args:
        fields: From `extract`.
        dossier_code: Code of the dossier the document lies in.
        register_applicant: Name in the register, None when the register does not know the dossier.

    Returns:
        The same fields in the same order. A mã hồ sơ equal to the dossier's own, a day of reception equal to the
        day in that code and a name equal to the register's (tones aside) need no more confirmation; another mã
        hồ sơ or day of reception is capped: the page may lie in the wrong dossier.
    """
    return tuple(_compared(field, dossier_code, register_applicant) for field in fields)


def _compared(field: ExtractedField, dossier_code: str, applicant: str | None) -> ExtractedField:
    code = parse_code(dossier_code)
    if code is not None and field.name == "ma_ho_so":
        return _judged(field, agrees=field.value == code.normal)
    if code is not None and field.name == "ngay_tiep_nhan":
        return _judged(field, agrees=field.value[:10] == code.received.isoformat())
    if applicant and field.name in _APPLICANT and _same_person(field.value, applicant):
        return _judged(field, agrees=True)
    return field


def _judged(field: ExtractedField, *, agrees: bool) -> ExtractedField:
    if agrees:
        return replace(field, confidence=_ACCEPTED, must_confirm=False)
    return replace(field, confidence=min(field.confidence, _CONTRADICTED), must_confirm=True)


def _same_person(one: str, other: str) -> bool:
    return fold(one).split() == fold(other).split()
