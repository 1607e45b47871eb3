"""Where the pages of a stack belong, from what their codes say."""

from __future__ import annotations

import random

from dossier.separators import Separator, SheetKind
from dossier.stacks import Doubt, Part, SeenPage, StackPage, cut

_A, _B = "H99.27.14-260211-0008", "H99.27.14-260211-0009"


def _sheet(at: int, code: str = _A, component: str = "", *, believed: bool = True) -> SeenPage:
    said = (Separator(SheetKind.DOSSIER, code, component), believed)
    return SeenPage(StackPage(0, at), frozenset({said}))


def _page(at: int, receipt: str = "") -> SeenPage:
    return SeenPage(StackPage(0, at), receipt=receipt)


def _said(parts: list[Part]) -> list[tuple[str, str, Doubt, list[int]]]:
    return [(part.code, part.component, part.doubt, [page.number for page in part.pages]) for part in parts]


def test_pages_go_to_the_sheet_before_them() -> None:
    """Dossiers and components; the sheets are kept out and known."""
    parts = cut([_sheet(1), _page(2), _page(3), _sheet(4, _A, "to-khai"), _page(5), _sheet(6, _B), _page(7)])
    assert _said(parts) == [
        (_A, "", Doubt.NONE, [2, 3]),
        (_A, "to-khai", Doubt.NONE, [5]),
        (_B, "", Doubt.NONE, [7]),
    ]
    assert [page.number for part in parts for page in part.separators] == [1, 4, 6]


def test_what_comes_before_the_first_sheet_waits() -> None:
    """Nobody knows whose it is."""
    assert _said(cut([_page(1), _sheet(2), _page(3)])) == [("", "", Doubt.NO_SEPARATOR, [1]), (_A, "", Doubt.NONE, [3])]


def test_the_back_of_a_sheet_is_the_same_sheet() -> None:
    """Met again at once; after pages of its own it is in doubt."""
    parts = cut([_sheet(1), _sheet(2), _page(3), _sheet(4, _B), _page(5), _sheet(6), _page(7)])
    assert _said(parts) == [(_A, "", Doubt.NONE, [3]), (_B, "", Doubt.NONE, [5]), (_A, "", Doubt.TWICE, [7])]
    assert [page.number for page in parts[0].separators] == [1, 2]


def test_a_sheet_that_says_nothing_certain_ends_what_was_before() -> None:
    """Unreadable, of nobody, plain, of a box, of two dossiers, a damaged page: never the dossier before."""
    two = frozenset({(Separator(SheetKind.DOSSIER, code), True) for code in (_A, _B)})
    box = frozenset({(Separator(SheetKind.BOX, "Hộp 1"), True)})
    for odd, doubt, kept in (
        (SeenPage(StackPage(0, 3), unread=True), Doubt.UNREADABLE, [3, 4]),
        (SeenPage(StackPage(0, 3), odd=True), Doubt.UNREADABLE, [3, 4]),
        (SeenPage(StackPage(0, 3), failed=True), Doubt.PAGE_UNREAD, [3, 4]),
        (SeenPage(StackPage(0, 3), two), Doubt.CONTRADICTORY, [3, 4]),
        (SeenPage(StackPage(0, 3), patch=True), Doubt.PLAIN, [4]),
        (SeenPage(StackPage(0, 3), box), Doubt.ONLY_BOX, [4]),
    ):
        assert _said(cut([_sheet(1), _page(2), odd, _page(4)])) == [(_A, "", Doubt.NONE, [2]), ("", "", doubt, kept)]


def test_a_sheet_of_nobody_keeps_what_it_says() -> None:
    """For the person who decides."""
    assert _said(cut([_sheet(1, believed=False), _page(2)])) == [(_A, "", Doubt.UNCONFIRMED, [2])]


def test_receipts() -> None:
    """One begins a dossier where no sheet did, agrees with its own, and puts another's in doubt."""
    assert _said(cut([_page(1, _A), _page(2), _page(3, _B), _page(4)])) == [
        (_A, "", Doubt.NONE, [1, 2]),
        (_B, "", Doubt.OTHER_DOSSIER, [3, 4]),
    ]
    assert _said(cut([_sheet(1), _page(2, _A)])) == [(_A, "", Doubt.NONE, [2])]
    assert _said(cut([_page(1), _page(2, _A)])) == [("", "", Doubt.NO_SEPARATOR, [1]), (_A, "", Doubt.NONE, [2])]


def test_no_page_is_lost_and_none_is_twice() -> None:
    """Whatever stands on the pages, in whatever order."""
    rng = random.Random(5)
    for _ in range(300):
        seen = [
            rng.choice(
                (
                    _page(at),
                    _page(at, rng.choice((_A, _B))),
                    _sheet(at, rng.choice((_A, _B)), rng.choice(("", "x")), believed=rng.random() < 0.8),
                    SeenPage(StackPage(0, at), unread=True),
                    SeenPage(StackPage(0, at), patch=True),
                    SeenPage(StackPage(0, at), failed=True),
                )
            )
            for at in range(rng.randrange(20))
        ]
        parts = cut(seen)
        where = [page for part in parts for page in (*part.separators, *part.pages)]
        assert sorted(page.number for page in where) == [one.page.number for one in seen]
        assert all(part.code for part in parts if part.doubt is Doubt.NONE)
