"""A short day at the counter through the whole program, and the judge of days: it finds what is planted.

`make day-campaign` lives a long one.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.day.campaign import Day
from tests.day.judge import Standing, judge
from tests.day.scene import Leaf, Scene, Share

_A, _B = "H99.27.14-260311-0001", "H99.27.14-260311-0002"


def _scene() -> Scene:
    leaves = [
        Leaf("s", "", "", "separator: sound", _A),
        Leaf("1", _A, "identity", "", _A),
        Leaf("2", _A, "", "misplaced", _B),
        Leaf("3", _B, "name", "misplaced", _A),
    ]
    return Scene([], [*leaves, *[Leaf("4", _B, "", "", _B)] * 2])


def _standing(**at: str) -> Standing:
    found = Standing(told={_A: {"3"}})
    for page, code in {"1": _A, "2": _B, "3": _A, "4": _B, **{name[1:]: code for name, code in at.items()}}.items():
        for one in code.split():
            found.stored.setdefault(one, Counter())[page] += 2 if page == "4" else 1
    return found


def test_nothing_is_wrong() -> None:
    """A paper of another dossier is told; one that nobody could know is counted, and is no finding."""
    verdict = judge(_scene(), _standing())
    assert verdict.findings == []
    assert verdict.counts["in another dossier, and nothing on it says so"] == 1
    assert verdict.counts["before a person: told to be another dossier's"] == 1


@pytest.mark.parametrize(
    ("moved", "what"),
    [
        ({"p1": ""}, "lost"),
        ({"p1": _B}, "silently in another dossier"),
        ({"p1": f"{_A} {_B}"}, "doubled"),
        ({"p4": _A}, "silently in another dossier"),
        ({"p9": _A}, "from nowhere"),
    ],
)
def test_what_is_planted_is_found(moved: dict[str, str], what: str) -> None:
    """A page that is nowhere, elsewhere, twice, or of nobody."""
    assert [line for line in judge(_scene(), _standing(**moved)).findings if line.startswith(what)]


def test_a_short_day(tmp_path: Path) -> None:
    """Two stations, one of them killed, the network cut, separators at fault, papers in the wrong pile."""
    share = Share(separators=0.34, damaged=0.1, misplaced=0.2, upside_down=0.1, duplicates=0.1)
    lines: list[str] = []
    _, verdict = Day(tmp_path, 3, lines.append).run(3, 9, share, 120)
    assert verdict.findings == [], "\n".join(lines)
