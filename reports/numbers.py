"""Numbers as Vietnamese offices print them: 9.078 and 0,46%, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

NOTHING = "–"


def rounded(value: Fraction, places: int) -> Decimal:
    """Return a fraction rounded half up (half away from zero) to decimal places, exactly."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def count(number: int) -> str:
    """Return a whole number with a point between thousands: 9078 as `9.078`."""
    return f"{number:,}".replace(",", ".")


def decimal(value: Fraction, places: int) -> str:
    """Return a number with a decimal comma: 768/7 to one place as `109,7`."""
    return f"{rounded(value, places):,f}".translate(str.maketrans(",.", ".,"))


def percent(numerator: int, denominator: int, places: int = 2) -> str:
    """Return a share in per cent: 42 of 9078 as `0,46%`; of nothing as `–`."""
    if denominator == 0:
        return NOTHING
    return f"{decimal(Fraction(100 * numerator, denominator), places)}%"
