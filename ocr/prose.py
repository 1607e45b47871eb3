"""Tell columns of prose, which are read one after the other, from rows of a heading or a form, which go across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from dossier.page import Box

_LINES_NEEDED: Final = 4
# Of the lines of a column of prose, this share reaches over this much of its width.
_FULL_WIDTH: Final = 0.75
_FULL_LINES: Final = 0.6

Unit = TypeVar("Unit")
Placed = tuple[Box, Unit]


@dataclass
class _Pair(Generic[Unit]):
    """Two columns side by side, as far as they have been followed."""

    left: list[Placed[Unit]]
    right: list[Placed[Unit]]

    def takes(self, row: Sequence[Placed[Unit]]) -> bool:
        """Take the lines of one more row when each stands on one side of the gutter; return whether they do."""
        low = max(box.right for box, _ in self.left)
        high = min(box.left for box, _ in self.right)
        left = [each for each in row if each[0].right <= high and each[0].left < low]
        right = [each for each in row if each[0].left >= low]
        if len(left) + len(right) != len(row):
            return False
        self.left += left
        self.right += right
        return True

    @property
    def is_prose(self) -> bool:
        """Whether both columns have the full lines of running text."""
        return all(len(column) >= _LINES_NEEDED and _is_full(column) for column in (self.left, self.right))

    def in_order(self) -> list[Placed[Unit]]:
        """Return the lines of the left column from the top, then those of the right one."""
        return [each for column in (self.left, self.right) for each in sorted(column, key=lambda each: each[0].top)]


def prose_from(rows: Sequence[Sequence[Placed[Unit]]]) -> tuple[int, list[Placed[Unit]]]:
    """Return how many rows from the first on are two columns of prose, and their lines in order; 0 where they are not.

    Args:
        rows: Lines beside each other from the left, row by row from the top.
    """
    pair = _parted(rows[0])
    if pair is None:
        return 0, []
    count = 1
    taken = replace(pair, left=list(pair.left), right=list(pair.right))
    for number, row in enumerate(rows[1:], 2):
        before = len(taken.left), len(taken.right)
        if not taken.takes(row):
            break
        # What follows on one side only may stand below both columns.
        if len(taken.left) > before[0] and len(taken.right) > before[1]:
            count, pair = number, replace(taken, left=list(taken.left), right=list(taken.right))
    return (count, pair.in_order()) if pair.is_prose else (0, [])


def _parted(row: Sequence[Placed[Unit]]) -> _Pair[Unit] | None:
    """Return the lines of a row on both sides of the first gap that goes through all of them; None without one."""
    placed = sorted(row, key=lambda each: each[0].left)
    for number in range(1, len(placed)):
        if max(box.right for box, _ in placed[:number]) <= placed[number][0].left:
            return _Pair(placed[:number], placed[number:])
    return None


def _is_full(column: Sequence[Placed[Unit]]) -> bool:
    width = max(box.right for box, _ in column) - min(box.left for box, _ in column)
    full = sum(1 for box, _ in column if box.width >= _FULL_WIDTH * width)
    return full >= _FULL_LINES * len(column)
