"""Lots without a database: differences, and the life that statements make."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.lots import Came, Differs, Listed, LostLeaf, LotState, LotStatement, LotStep, Opening, differences, lot_of

_OPENING = {"unit": "H99", "wave": "1", "boxes": [], "retention": "", "whole": False, "dossiers": None, "leaves": None}


def _opening(*leaves: int | None, dossiers: int | None = None, whole: int | None = None) -> Opening:
    listed = tuple(Listed(f"D{number}", leaves=each) for number, each in enumerate(leaves))
    return Opening("H99", "1", (), "", whole=False, dossiers=dossiers, leaves=whole, listed=listed)


def test_a_leaf_has_one_or_two_sides() -> None:
    """Between as many pages as leaves and twice as many nothing differs; a placeholder stands for its leaf."""
    for pages, lost, expected in ((2, 0, []), (4, 0, []), (5, 0, [Differs.MORE]), (1, 0, [Differs.FEWER]), (1, 1, [])):
        gaps = [LostLeaf("D0", "", number, "torn") for number in range(lost)]
        found = differences(_opening(2), [Came("D0", 1, pages)], gaps)
        assert [each.kind for each in found] == expected


def test_declared_counts_of_the_lot() -> None:
    """Against the list; against all pages where not every dossier was counted; nothing where nobody declared."""
    came = [Came("D0", 1, 3), Came("D1", 1, 2)]
    assert differences(_opening(None, None), came, []) == ()
    assert [each.kind for each in differences(_opening(2, 2, dossiers=3, whole=5), came, [])] == [
        Differs.DOSSIERS,
        Differs.LEAVES,
    ]
    assert [each.kind for each in differences(_opening(2, None, whole=6), came, [])] == [Differs.FEWER]
    assert [each.kind for each in differences(_opening(None, None), [Came("D0", 1, 3, 1)], [])] == [
        Differs.BAD,
        Differs.ABSENT,
    ]


def test_a_rejected_lot_is_barred_until_it_is_accepted() -> None:
    """Statement by statement."""
    sampling = dict.fromkeys(("valid_from",), "2025-01-01") | dict.fromkeys(
        ("share", "limit", "risk", "population", "size", "most_faulty"), 1
    )
    counted = {"manifest": "m", "size": 1, "content": "c", "sampling": sampling | {"whole": True}}
    counted |= {name: [] for name in ("came", "leaves", "differences", "scanners", "sample")}
    rejected, accepted = ({"accepted": each, "looks": [], "reason": ""} for each in (False, True))
    steps = [
        (LotStep.OPENED, {**_OPENING, "listed": []}),
        (LotStep.COUNTED, counted),
        (LotStep.DECIDED, rejected),
        (LotStep.COUNTED, counted),
        (LotStep.DECIDED, accepted),
    ]
    said = [LotStatement("L", n, kind, "2026", "a", "", body, str(n)) for n, (kind, body) in enumerate(steps, 1)]
    lives = [lot_of(said[:n]) for n in range(1, 6)]
    assert [each.state for each in lives if each] == [
        LotState.OPEN,
        LotState.COUNTED,
        LotState.REJECTED,
        LotState.COUNTED,
        LotState.ACCEPTED,
    ]
    assert [each.barred for each in lives if each] == [False, False, True, True, False]
    assert lot_of([]) is None


def test_leaves_of_a_box() -> None:
    """Where numbers run through it: leaves that two dossiers have, and those that none has and no placeholder names."""

    def found(*spans: str, lost: Sequence[int] = (), box: str = "Hộp 1") -> list[tuple[Differs, str, int, int]]:
        listed = tuple(Listed(f"D{number}", box, span=span) for number, span in enumerate(spans))
        came = [Came(each.code, 1, 1) for each in listed]
        placed = [LostLeaf("D1", "", leaf, "torn") for leaf in lost]
        opening = Opening("H99.27.14", "", (box,), "", whole=False, dossiers=None, leaves=None, listed=listed)
        return [(each.kind, each.code, each.declared, each.found) for each in differences(opening, came, placed)]

    assert found("1-10", "11-20") == []
    assert found("1-10", "9-20, 22") == [(Differs.TWICE, "D1", 9, 10), (Differs.GAP, "D1", 21, 21)]
    assert found("1-10", "14-20") == [(Differs.GAP, "D1", 11, 13)]
    assert found("1-10", "14-20", lost=(11, 13)) == [(Differs.GAP, "D1", 12, 12)]
    assert found("1-3, 6-8", "4-5") == []
    assert found("1-10", "14-20", "") == []  # of one nobody has said which leaves it has
    assert found("1-10", "1-8", "1-4, 6") == [(Differs.GAP, "D2", 5, 5)]  # each begins anew
    assert found("1-10", "5-8", box="") == []
