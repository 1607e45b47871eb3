"""Numbers and days held against their own making: check digits, what a personal number says, the order of days."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from classify.checks import birth_year
from classify.extracted import ExtractedField
from classify.verdicts import PLACED, agreed, contradicted
from dossier.text import fold

_CHECKSUM, _IDENTITY, _DATES = "checksum", "identity", "dates"
_NUMBERS = ("so_dinh_danh", "so_dinh_danh_2")
_OF_COMPANY = "GCN_DKDN"
_ISSUED = ("ngay_ban_hanh", "ngay_lap", "ngay_tiep_nhan")
_IN_ORDER = (("ngay_sinh", "ngay_ban_hanh"), ("ngay_sinh", "ngay_lap"), ("ngay_tiep_nhan", "ngay_hen_tra"))
_PERSONAL, _TAX, _BRANCH, _DAY = 12, 10, 13, 10
_ELEVEN = 11
_SEX = re.compile(r"gioi tinh\s*[:.]*\s*(nam|nu)\b(?!\s*[/,\[(]?\s*(?:nam|nu)\b)")
_PERSON = re.compile(r"\bho,? chu dem|\bho va ten|\bho ten|\bten nguoi|\b(?:ong|ba)\b")  # where another may begin


@dataclass(frozen=True, slots=True)
class Settings:
    """What `classify/rules/held.toml` sets.

    Attributes:
        weights: Of the first nine digits of a tax code.
        personal_from: Since when a personal number may stand for one.
        whole_from: From how many communes a province counts as listed whole.
    """

    weights: tuple[int, ...]
    personal_from: date
    whole_from: int


@cache
def settings() -> Settings:
    """Return the packaged settings, read once per process."""
    text = resources.files("classify").joinpath("rules", "held.toml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = tomllib.loads(text)
    tax = table["tax"]
    return Settings(tuple(tax["weights"]), tax["personal_from"], int(table["areas"]["whole_from"]))


def proven(fields: Sequence[ExtractedField], kind: str, text: str, show: float) -> tuple[ExtractedField, ...]:
    """Return the fields after their numbers and days were held against themselves and each other.

    Args:
        fields: From `extract`.
        kind: Of the paper.
        text: All that was read of it.
        show: The confidence from which a value counts as read: what is hardly read is no proof of anything.

    Returns:
        The same fields in the same order. A tax code whose check digit is right needs no more confirmation, one whose
        check digit is wrong is capped; so is a personal number of somebody not yet born or of the other sex, and days
        that cannot follow each other.
    """
    day, days, people = issued(fields), _days(fields), _PERSON.split(fold(text))
    out = []
    for field in fields:
        told = _tax(field, kind, show)
        if told.name in _NUMBERS and not _possible(told.value, day, _sex(told.value, people)):
            told = contradicted(told, _IDENTITY)
        out.append(contradicted(told, _DATES) if _out_of_order(told, days) else told)
    return tuple(out)


def issued(fields: Sequence[ExtractedField]) -> date | None:
    """Return the day of a paper as it was read; None where none was."""
    found = (field.value[:_DAY] for name in _ISSUED for field in fields if field.name == name)
    return next((date.fromisoformat(value) for value in found), None)


def check_digit_fits(number: str) -> bool:
    """Return whether the tenth digit of a tax code, or of the one a branch belongs to, follows from the nine before."""
    digits = [int(char) for char in number[:_TAX]]
    weighed = sum(digit * weight for digit, weight in zip(digits, settings().weights, strict=False))
    return digits[-1] == _TAX - weighed % _ELEVEN


def _tax(field: ExtractedField, kind: str, show: float) -> ExtractedField:
    company = field.name == "so" and field.source.startswith("biz.")
    digits = field.value.replace("-", "")
    if not (field.name == "ma_so_thue" or company) or len(digits) not in (_TAX, _BRANCH) or not digits.isdecimal():
        return field
    if not check_digit_fits(digits):
        always = field.name == "ma_so_thue" or kind == _OF_COMPANY  # a household's number may be made otherwise
        return contradicted(field, _CHECKSUM) if always else field
    whole = len(digits) == _TAX  # the three digits of a branch are held against nothing
    return agreed(field, _CHECKSUM) if whole and field.confidence >= show and field.placed >= PLACED else field


def _possible(number: str, day: date | None, sex: str) -> bool:
    if len(number) != _PERSONAL:
        return True
    born_later = day is not None and birth_year(number) > day.year
    other_sex = bool(sex) and (int(number[3]) % 2 == 0) != (sex == "nam")
    return not born_later and not other_sex


def _sex(number: str, people: Sequence[str]) -> str:
    """Return the sex that a paper names beside a number, of the same person; empty for none or both."""
    beside = [part for part in people if _SEX.search(part) and number in re.sub(r"\D", "", part)]
    found = {sex for part in beside for sex in _SEX.findall(part)}
    return found.pop() if len(found) == 1 else ""


def _out_of_order(field: ExtractedField, days: Mapping[str, Sequence[date]]) -> bool:
    """Return whether a day cannot stand beside another: born after the paper was made, promised before it came."""
    for earlier, later in _IN_ORDER:
        if field.name in (earlier, later):
            own = date.fromisoformat(field.value[:_DAY])
            if field.name == earlier and any(own > other for other in days.get(later, ())):
                return True
            if field.name == later and any(other > own for other in days.get(earlier, ())):
                return True
    return False


def _days(fields: Sequence[ExtractedField]) -> Mapping[str, Sequence[date]]:
    found: dict[str, list[date]] = {}
    for field in fields:
        if any(field.name in pair for pair in _IN_ORDER):
            found.setdefault(field.name, []).append(date.fromisoformat(field.value[:_DAY]))
    return found
