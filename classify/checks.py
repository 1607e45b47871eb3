"""Values of one document held against each other: agreement raises confidence, contradiction caps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify.numerals import amount, written_date
from classify.rules import FieldRule, Rules
from classify.stream import Place, Stream
from dossier.codes import parse_code

_IDENTITY = ("so_dinh_danh", "so_dinh_danh_2")
_BIRTH = ("ngay_sinh", "nam_sinh")
_WORDS_FOLLOW = 60
_WORDS_LENGTH = 140
_FIRST_CENTURY = 1900


@dataclass(frozen=True, slots=True)
class Draft:
    """A field before it is handed out; `span` lies in the folded text, (0, 0) when layout found it.

    `repaired`: letters were read as digits. `agrees`: what other values of the paper say of it, None for nothing.
    `repeated`: spelt as elsewhere on the paper. `proposed`: spelt as the lexicon has it, or it knows no such name.
    `by_pen`: a pen seems to have written it. `chance`: how likely it stands in its place (`classify/roles.py`), None
    where nothing can be said. `partial`: an hour stands beside the day, and could not be read.
    """

    rule: FieldRule
    value: str
    raw: str
    confidence: float
    place: Place
    span: tuple[int, int]
    repaired: bool = False
    agrees: bool | None = None
    repeated: bool = False
    proposed: bool = False
    by_pen: bool = False
    chance: float | None = None
    partial: bool = False


def checked(drafts: Sequence[Draft], text: Stream, rules: Rules) -> list[Draft]:
    """Return the drafts with their confidences after all checks."""
    return [_weighed(draft, _verdict(draft, drafts, text), rules) for draft in drafts]


def birth_year(identity: str) -> int:
    """Return the birth year in a 12-digit personal number.

    The fourth digit gives century and sex (0, 1: 19xx; 2, 3: 20xx; and so on), the next two the year.
    """
    return _FIRST_CENTURY + int(identity[3]) // 2 * 100 + int(identity[4:6])


def _weighed(draft: Draft, verdict: bool | None, rules: Rules) -> Draft:  # noqa: FBT001 - three-valued
    if verdict is None:
        return draft
    if verdict:
        sure = draft.confidence + rules.checks["confirmed_bonus"]
    else:
        sure = min(draft.confidence, rules.checks["contradicted_cap"])
    return replace(draft, confidence=sure, agrees=verdict)


def _verdict(draft: Draft, drafts: Sequence[Draft], text: Stream) -> bool | None:
    """Return True for agreement, False for contradiction, None when nothing can be said."""
    name = draft.rule.field
    if name in _IDENTITY:
        return _identity_agrees(draft.value, drafts)
    if name == "ngay_sinh":
        return _both(_words_agree(draft, text), _birth_agrees(draft.value, drafts))
    if name in ("ma_ho_so", "ngay_tiep_nhan"):
        return _reception_agrees(drafts)
    if draft.rule.normaliser == "date":
        return _words_agree(draft, text)
    if draft.rule.normaliser == "money":
        return _amount_agrees(draft, text)
    return None


def _both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - three-valued
    said = [verdict for verdict in (one, other) if verdict is not None]
    return all(said) if said else None


def _values(drafts: Sequence[Draft], names: Sequence[str]) -> list[str]:
    return [draft.value for draft in drafts if draft.rule.field in names]


def _identity_agrees(identity: str, drafts: Sequence[Draft]) -> bool | None:
    years = {int(value[:4]) for value in _values(drafts, _BIRTH)}
    several = len(set(_values(drafts, _IDENTITY))) > max(1, len(years))
    agrees = birth_year(identity) in years
    return None if not years or (several and not agrees) else agrees


def _birth_agrees(born: str, drafts: Sequence[Draft]) -> bool | None:
    years = {birth_year(identity) for identity in _values(drafts, _IDENTITY)}
    return int(born[:4]) in years if years else None


def _reception_agrees(drafts: Sequence[Draft]) -> bool | None:
    """The day of reception is printed in the dossier code as well."""
    codes = [parse_code(value) for value in _values(drafts, ("ma_ho_so",))]
    days = {date.fromisoformat(value[:10]) for value in _values(drafts, ("ngay_tiep_nhan",))}
    if not days or not codes:
        return None
    return any(code is not None and code.received in days for code in codes)


def _in_words(draft: Draft, text: Stream) -> str:
    """Return the folded text after "bằng chữ" right behind a value, empty when there is none."""
    end = draft.span[1]
    after = text.folded[end : end + _WORDS_FOLLOW]
    at = after.find("bang chu")
    if draft.span == (0, 0) or at < 0:
        return ""
    start = end + at + len("bang chu")
    return text.folded[start : start + _WORDS_LENGTH].lstrip(" :.")


def _words_agree(draft: Draft, text: Stream) -> bool | None:
    said = written_date(_in_words(draft, text))
    return None if said is None else said.isoformat() == draft.value


def _amount_agrees(draft: Draft, text: Stream) -> bool | None:
    said = amount(_in_words(draft, text))
    return None if said is None else str(said) == draft.value
