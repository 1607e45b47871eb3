"""Numbers written out in Vietnamese words, on folded text: to hold digits against "ghi bằng chữ"."""

from __future__ import annotations

import re
from datetime import date

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5,
    "nham": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "gieng": 1, "chap": 12,
}  # fmt: skip
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_FILLERS = {"linh", "le", "mung", "mong", "van"}
_WORDS = "|".join([*_DIGITS, *_SCALES, *_FILLERS, "muoi", "tram"])
_RUN = rf"(?:(?:{_WORDS})\b[\s,]*)+"
_MONTH = r"(?:muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin)"
_DATE = re.compile(rf"ngay\s+({_RUN}?)thang\s+({_MONTH})\s*,?\s+nam\s+({_RUN})")


def number(folded: str) -> int | None:
    """Return the number that folded words say, None when a word is no numeral."""
    total = section = digit = 0
    for word in re.findall(r"[a-z]+", folded):
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word == "muoi":
            section, digit = section + (digit or 1) * 10, 0
        elif word == "tram":
            section, digit = section + digit * 100, 0
        elif word in _SCALES:
            total, section, digit = total + (section + digit) * _SCALES[word], 0, 0
        elif word not in _FILLERS:
            return None
    return total + section + digit


def amount(folded: str) -> int | None:
    """Return the number at the start of folded text, up to the first word that is no numeral."""
    match = re.match(rf"\s*({_RUN})", folded)
    return number(match[1]) if match else None


def written_date(folded: str) -> date | None:
    """Return the first date written out in words, None when there is none or it cannot be."""
    match = _DATE.search(folded)
    if match is None:
        return None
    day, month, year = (number(group) for group in match.groups())
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
