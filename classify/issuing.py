"""Issuers and symbols held against the agencies' list of their day.

What the list has letter by letter is taken; one clear slip away the list's spelling is proposed; a body that had ended
by the paper's day, or a symbol that is none of its own, is doubted. What the list does not know at all it says nothing
about: no list has everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from classify.extracted import ExtractedField
from classify.lists import Issuer, Issuers
from classify.naming import respelt, spelt_so
from classify.proofs import issued
from classify.verdicts import PLACED, agreed, contradicted, proposed
from dossier.text import fold, nfc

_LIST = "agencies"
_LETTER = "CONG_VAN"
_LEAST_SYMBOL = 3
_SEVERAL = 2
_YEAR = re.compile(r"^(?:19|20)\d{2}/")


def with_issuers(
    fields: Sequence[ExtractedField], issuers: Issuers, kind: str, text: str, types: Mapping[str, str]
) -> tuple[ExtractedField, ...]:
    """Return the fields, issuer and symbol after comparison with the agencies' list.

    Args:
        fields: From `extract`.
        issuers: The list; an empty one changes nothing.
        kind: Of the paper.
        text: All that was read of it: a name may stand there a second time.
        types: Kinds by their abbreviation in symbols (`Rules.symbols`).

    Returns:
        The same fields in the same order.
    """
    if not issuers.rows:
        return tuple(fields)
    day = issued(fields)
    held = [_issuer(field, issuers, day, text) if field.name == "co_quan" else field for field in fields]
    own = [one for field in held if field.name == "co_quan" for one in issuers.named(field.value, day)]
    return tuple(_symbol(field, own, kind, types) if field.name == "ky_hieu" and own else field for field in held)


def _issuer(field: ExtractedField, issuers: Issuers, day: date | None, text: str) -> ExtractedField:
    if issuers.named(field.value, day):
        return agreed(field, _LIST) if field.placed >= PLACED else field
    known = issuers.named(field.value, None)
    if known:
        return contradicted(field, _LIST) if _all_ended(known, day) else field
    listed = issuers.near(field.value, day)
    if listed is None or spelt_so(field.value.partition(",")[0], text) >= _SEVERAL:
        return field  # nobody is near, or the paper says twice what was read
    return proposed(field, respelt(field.value, listed), _LIST)


def _all_ended(known: Iterable[Issuer], day: date | None) -> bool:
    """Return whether bodies had ended by a day; before the first day that a list has it may only be too short."""
    return day is not None and all(one.until is not None and one.until < day for one in known)


def _symbol(field: ExtractedField, own: Sequence[Issuer], kind: str, types: Mapping[str, str]) -> ExtractedField:
    """Compare what a symbol has behind its type with what this issuer writes there."""
    known = {nfc(symbol) for one in own for symbol in one.symbols}
    year = _YEAR.match(field.value)
    symbol = field.value[year.end() :] if year else field.value
    code, _, rest = symbol.partition("-")
    typed = code in types
    behind = rest if typed else symbol
    if not known or not behind:
        return field
    if behind in known:
        fits = types[code] == kind if typed else kind == _LETTER
        return agreed(field, _LIST) if fits and field.placed >= PLACED and not year else field
    near = [one for one in known if len(one) >= _LEAST_SYMBOL and _one_off(behind, one)]
    if len(near) == 1:
        return proposed(field, field.value[: len(field.value) - len(behind)] + near[0], _LIST)
    part = any({one, *one.split("-")} & set(behind.split("-")) for one in known)
    sure = typed and not part and all(one.only and one.symbols for one in own)
    return contradicted(field, _LIST) if sure else field


def _one_off(one: str, other: str) -> bool:
    """Return whether two abbreviations differ in marks alone or in one letter."""
    if len(one) != len(other):
        return False
    return fold(one) == fold(other) or sum(a != b for a, b in zip(fold(one), fold(other), strict=True)) == 1
