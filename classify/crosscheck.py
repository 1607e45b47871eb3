"""Fields held against what is known without reading: the dossier's own code and its row in the one-stop register.

One source against one reading: where both say the same, letter by letter, nobody is asked. Where they differ in tones
alone one of them is wrong and nobody knows which: the register's spelling is proposed, and a person decides, unless it
stands on the paper a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from classify.extracted import ExtractedField
from classify.filling import PREFIX
from classify.naming import spelt_so
from classify.proofs import issued, settings
from classify.sameness import alike
from classify.verdicts import PLACED, PROPOSED, agreed, contradicted
from dossier.codes import parse_code
from dossier.text import fold

# Not the second person of a paper: who of two is the second is what is mistaken most often.
_APPLICANT = ("ho_ten", "ben_a", "ben_b")
_IDENTITY = ("so_dinh_danh", "so_dinh_danh_2", "so_cmnd")
_REGISTER, _CODE = "register", "dossier_code"
_DAY = len("2026-01-31")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a dossier without reading its papers; what nobody knows is empty.

    Attributes:
        code: The code of the dossier that the document lies in.
        applicant: Name in the register.
        identity: Number of the applicant's identity card in the register.
        received: When the register says that the dossier was received.
        due: When the register says that its result is due.
    """

    code: str
    applicant: str = ""
    identity: str = ""
    received: datetime | None = None
    due: datetime | None = None


def crosscheck(fields: Sequence[ExtractedField], known: Known, text: str = "") -> tuple[ExtractedField, ...]:
    """Return the fields after comparison with independent sources.

    Args:
        fields: From `extract`.
        known: Of the dossier.
        text: All that was read of the document: a name may stand there a second time.

    Returns:
        The same fields in the same order. A mã hồ sơ equal to the dossier's own, a day (with its hour where the paper
        has one), an identity number (also where it stands for a tax code) and a name equal to the register's need no
        more confirmation; another mã hồ sơ or day of reception is capped: the page may lie in the wrong dossier. A
        name that differs in tones alone gets the register's spelling and waits for a person, unless the paper has
        that spelling elsewhere.
    """
    day = issued(fields)
    numbers = (*_IDENTITY, "ma_so_thue") if day and day >= settings().personal_from else _IDENTITY
    return tuple(_compared(field, known, text, numbers) for field in fields)


def _compared(field: ExtractedField, known: Known, text: str, numbers: Sequence[str]) -> ExtractedField:
    code = parse_code(known.code)
    if code is not None and field.name == "ma_ho_so":
        return agreed(field, _CODE) if field.value == code.normal else contradicted(field)
    if code is not None and field.name == "ngay_tiep_nhan":
        return _received(field, code.received.isoformat(), known)
    return _registered(field, known, text, numbers) if field.placed else field  # else something else stands there


def _registered(field: ExtractedField, known: Known, text: str, numbers: Sequence[str]) -> ExtractedField:
    if field.name == "ngay_hen_tra" and _same_moment(field.value, known.due):
        return agreed(field, _REGISTER)
    if field.name in numbers and known.identity and field.value == known.identity:
        return agreed(field, _REGISTER)
    if field.name in _APPLICANT and known.applicant and _same_person(field.value, known.applicant):
        return _named(field, known.applicant, text)
    return field


def _received(field: ExtractedField, day: str, known: Known) -> ExtractedField:
    """The day stands in the dossier's code, an hour in the register alone."""
    if field.value[:_DAY] != day:
        return contradicted(field)
    if field.partial or (not field.placed and field.source.startswith(PREFIX)):
        return field  # the paper has an hour beside the day, or no rule knows the wording
    if field.value == day:
        return agreed(field, _CODE)
    return agreed(field, _REGISTER) if _same_moment(field.value, known.received) else field


def _same_moment(value: str, known: datetime | None) -> bool:
    """Return whether a day, or a day with its hour and minute, is the known one."""
    if known is None:
        return False
    read = datetime.fromisoformat(value)
    local = known.astimezone(read.tzinfo) if read.tzinfo and known.tzinfo else known
    return local.date() == read.date() and (
        len(value) == _DAY or (local.hour, local.minute) == (read.hour, read.minute)
    )


def _named(field: ExtractedField, applicant: str, text: str) -> ExtractedField:
    if field.placed < PLACED:
        return field  # the applicant's name, but perhaps not in the place that this field is about
    if alike(field.value, applicant):
        return agreed(field, _REGISTER)
    spelt = applicant.upper() if field.value.isupper() else applicant
    if spelt_so(applicant, text):
        return agreed(replace(field, value=spelt), _REGISTER)
    waits = replace(field, confidence=min(field.confidence, PROPOSED), must_confirm=True)
    return waits if fold(applicant) == applicant.lower() else replace(waits, value=spelt)  # typed without any tones


def _same_person(one: str, other: str) -> bool:
    return fold(one).split() == fold(other).split()
