"""Fronts and backs put together again, and whether printed numbers bear the order out."""

from __future__ import annotations

import pytest

from dossier.collation import Collation, believed, collated
from dossier.separators import Separator, SheetKind
from dossier.stacks import SeenPage, StackPage, cut

_TURNED, _SAME, _PRINTED = Collation.TURNED, Collation.SAME, Collation.PRINTED


def test_both_orders() -> None:
    """1, 3, 5 and then 6, 4, 2; or 2, 4, 6. Nothing is made of an odd pile, or without an order."""
    assert collated([1, 3, 5, 6, 4, 2], _TURNED) == [1, 2, 3, 4, 5, 6]
    assert collated([1, 3, 5, 2, 4, 6], _SAME) == [1, 2, 3, 4, 5, 6]
    for pages, how in (([1, 2, 3], _TURNED), ([1, 2], _PRINTED), ([1, 2], Collation.NONE)):
        with pytest.raises(ValueError, match="fronts and backs"):
            collated(pages, how)


@pytest.mark.parametrize(
    ("numbers", "named", "found"),
    [
        ((None, 3, 5, 7, 8, 6, 4, 2), _TURNED, _TURNED),
        ((None, 3, 5, 7, 8, 6, 4, 2), _SAME, None),  # they speak for the other order
        ((None, 3, 5, 7, 8, 6, 4, 2), _PRINTED, _TURNED),
        ((None, 3, 5, 7, 2, 4, 6, 8), _PRINTED, _SAME),
        ((None, 3, 5, 7, None, None, None, None), _SAME, _SAME),  # bare backs say nothing
        ((None, 3, 5, 7, None, None, None, None), _PRINTED, None),
        ((None, None, None, None), _TURNED, _TURNED),
        ((None, None, None, None), _PRINTED, None),
        ((1, 1, 1, 2, 2, 2), _TURNED, _TURNED),  # three sheets of a form: both fit
        ((1, 1, 1, 2, 2, 2), _PRINTED, None),
        ((1, 30, 5, 6, 99, 2), _TURNED, _TURNED),  # misread here and there: they say nothing
    ],
)
def test_what_numbers_bear_out(numbers: tuple[int | None, ...], named: Collation, found: Collation | None) -> None:
    """What was said stands unless they speak against it; they decide alone only where they fit one order."""
    assert believed(numbers, named) is found


def test_the_bare_back_of_a_separator_is_kept_out() -> None:
    """It is told with its sheet; any other page without anything on it stays in its dossier."""
    said = (Separator(SheetKind.DOSSIER, "H99.27.14-260211-0008"), True)
    pages = [SeenPage(StackPage(0, 1), frozenset({said})), SeenPage(StackPage(1, 3), bare_back=True)]
    pages += [SeenPage(StackPage(0, 2)), SeenPage(StackPage(1, 2))]
    (part,) = cut(pages)
    assert part.separators == (StackPage(0, 1), StackPage(1, 3))
    assert part.pages == (StackPage(0, 2), StackPage(1, 2))
