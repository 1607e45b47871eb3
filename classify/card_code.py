"""The QR code of an identity card: what it says stands instead of what was read of the card's print.

Fields parted by `|`: number, number of the old card (may be empty), name, day of birth, sex, address, day of issue;
days as eight digits. The code mends its own damage: what it says is what was printed into it, and it is believed only
where number and day of birth agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify.checks import birth_year
from classify.extracted import ExtractedField
from dossier.page import PageCode, PageReading
from dossier.text import nfc

_SURE = 99.0
_SOURCE = "code.card"
_AGREED = "card"
_CARD = "CCCD"
_LEAST, _MOST = 6, 9
_NUMBER, _NAME, _BIRTH = 0, 2, 3
_DIGITS, _LONGEST_NAME = 12, 120
_IDENTITY = ("so_dinh_danh", "so_dinh_danh_2")


@dataclass(frozen=True, slots=True)
class CardCode:
    """What an identity card's code says of its holder, as far as we keep it."""

    number: str
    name: str
    born: date


def with_cards(
    fields: Sequence[ExtractedField], readings: Sequence[PageReading], kind: str
) -> tuple[ExtractedField, ...]:
    """Return the fields of a document with what identity cards' codes on its pages say.

    Args:
        fields: From `extract`.
        readings: The document's pages, as given to `extract`.
        kind: The document's kind.

    Returns:
        Of a card itself number, name and day of birth from its code instead of its print; on other papers the numbers
        that a code on them confirms need no more confirmation. With codes of several cards nothing is replaced.
    """
    cards = list(_cards(readings))
    if kind == _CARD and len({card.number for _, _, card in cards}) == 1:
        own = _fields(*cards[0])
        names = {field.name for field in own}
        return (*own, *(field for field in fields if field.name not in names))
    numbers = {card.number for _, _, card in cards}
    return tuple(_confirmed(field, numbers) for field in fields)


def parse_card(text: str) -> CardCode | None:
    """Return what a code says when it is that of an identity card, else None."""
    parts = [part.strip() for part in nfc(text).split("|")]
    if not _LEAST <= len(parts) <= _MOST:
        return None
    number, name, born = parts[_NUMBER], " ".join(parts[_NAME].split()), _day(parts[_BIRTH])
    digits = len(number) == _DIGITS and number.isascii() and number.isdigit()
    named = 0 < len(name) <= _LONGEST_NAME and all(char.isalpha() or char in " '-." for char in name)
    if not (digits and named) or born is None or birth_year(number) != born.year:
        return None
    return CardCode(number, name, born)


def _cards(readings: Sequence[PageReading]) -> Iterator[tuple[int, PageCode, CardCode]]:
    for page, reading in enumerate(readings):
        for code in reading.codes:
            card = parse_card(code.text) if code.kind == "qr" else None
            if card is not None:
                yield page, code, card


def _fields(page: int, code: PageCode, card: CardCode) -> list[ExtractedField]:
    said = (("so_dinh_danh", card.number), ("ho_ten", card.name), ("ngay_sinh", card.born.isoformat()))
    return [
        ExtractedField(name, value, value, _SURE, page, code.box, must_confirm=False, source=_SOURCE, agreed=_AGREED)
        for name, value in said
    ]


def _confirmed(field: ExtractedField, numbers: set[str]) -> ExtractedField:
    if field.name in _IDENTITY and field.value in numbers:
        return replace(field, confidence=_SURE, must_confirm=False, agreed=_AGREED)
    return field


def _day(digits: str) -> date | None:
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - ddMMyyyy
        return None
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
