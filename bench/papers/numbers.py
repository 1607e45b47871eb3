"""Numbers and days written as offices write them: in words, with dots, with leading zeros."""

from __future__ import annotations

from datetime import date
from typing import Final

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = ("", "nghìn", "triệu", "tỷ")
_TEN: Final = 10


def in_words(number: int) -> str:
    """Return a whole number below 10¹² in Vietnamese words."""
    if number == 0:
        return _DIGITS[0]
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 1000)
        groups.append(rest)
    words: list[str] = []
    for scale in reversed(range(len(groups))):
        if groups[scale]:
            words += _three(groups[scale], full=bool(words))
            words.append(_SCALES[scale])
    return " ".join(word for word in words if word)


def _three(number: int, *, full: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, _TEN)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        return words if ones == 0 else [*words, *(["linh"] if words else []), _DIGITS[ones]]
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    return words if ones == 0 else [*words, _ones(ones, tens)]


def _ones(ones: int, tens: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    return "lăm" if ones == _TEN // 2 else _DIGITS[ones]


def day_in_words(day: date) -> str:
    """Return a day as forms ask for it: "Ngày mười tám tháng hai năm hai nghìn không trăm hai mươi sáu"."""
    month = "tư" if day.month == _TEN // 2 - 1 else in_words(day.month)
    return f"Ngày {in_words(day.day)} tháng {month} năm {in_words(day.year)}"


def long_day(day: date) -> str:
    """Return "05 tháng 3 năm 2026", with zeros as NĐ 30/2020 wants them: days below 10, months 1 and 2."""
    return f"{day.day:02d} tháng {_month(day)} năm {day.year}"


def short_day(day: date) -> str:
    """Return "05/3/2026"."""
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - months 1 and 2


def dotted(number: int) -> str:
    """Return "1.150.000"."""
    return f"{number:,}".replace(",", ".")


def with_comma(number: float) -> str:
    """Return "142,5"; thousands with a dot."""
    whole, _, rest = f"{number:.1f}".partition(".")
    return dotted(int(whole)) + ("," + rest if rest.strip("0") else "")
