"""Values held against all that is known beside the register: their own check digits, the office's dated lists."""

from __future__ import annotations

from collections.abc import Sequence

from classify.addresses import addresses
from classify.extracted import ExtractedField
from classify.issuing import with_issuers
from classify.lists import Lists
from classify.proofs import issued, proven
from classify.rules import Rules
from dossier.page import PageReading


def held(
    fields: Sequence[ExtractedField], readings: Sequence[PageReading], kind: str, rules: Rules, lists: Lists
) -> tuple[ExtractedField, ...]:
    """Return the fields of a document after comparison, and the addresses that the unit tree knows.

    Args:
        fields: From `extract`, with what codes of cards say.
        readings: The document's pages, as given to `extract`.
        kind: The document's kind.
        rules: From `load_rules`.
        lists: What the office has loaded; a list that is empty changes nothing.

    Returns:
        The same fields in the same order, addresses behind them.
    """
    text = "\n".join(reading.text.plain() for reading in readings)
    proved = proven(fields, kind, text, rules.bands.show)
    told = with_issuers(proved, lists.issuers, kind, text, rules.symbols)
    return (*told, *addresses(readings, lists.areas, rules, issued(fields)))
