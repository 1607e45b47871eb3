"""Values held against all that is known beside the register: their own check digits, the office's dated lists."""

from __future__ import annotations

from collections.abc import Sequence

from classify.addresses import addresses
from classify.extracted import ExtractedField
from classify.issuing import with_issuers
from classify.lists import Lists
from classify.paper import Paper
from classify.proofs import issued, proven


def held(fields: Sequence[ExtractedField], paper: Paper, lists: Lists) -> tuple[ExtractedField, ...]:
    """Return the fields of a document after comparison, and the addresses that the unit tree knows.

    Args:
        fields: From `extract`, with what codes of cards say.
        paper: The document's pages, as the fields were looked for on them.
        lists: What the office has loaded; a list that is empty changes nothing.

    Returns:
        The same fields in the same order, addresses behind them.
    """
    text = paper.plain()
    proved = proven(fields, paper.kind, text, paper.rules.bands.show)
    told = with_issuers(proved, lists.issuers, paper.kind, text, paper.rules.symbols)
    return (*told, *addresses(paper, lists.areas, issued(fields)))
