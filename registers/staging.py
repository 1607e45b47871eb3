"""Rows that wait on disk, in a file without a name, until they are stored: a million of them take no memory."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Any, Generic, TypeVar, overload
from weakref import finalize

T = TypeVar("T")
_PIECE = 1000


class Staged(Sequence[T], Generic[T]):
    """A sequence that is written once, at its end, and read as often as wanted.

    Args:
        pack: Turns an item into what is pickled quickly.
        unpack: Turns that into the item again.
    """

    def __init__(self, pack: Callable[[T], Any], unpack: Callable[[Any], T]) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - lives as long as the sequence
        finalize(self, self._file.close)
        self._pack, self._unpack = pack, unpack
        self._starts: list[int] = []
        self._open: list[Any] = []
        self._count = 0

    def append(self, item: T) -> None:
        """Add an item at the end."""
        self.extend_packed([self._pack(item)])

    def extend_packed(self, items: list[Any]) -> None:
        """Add items that are packed already."""
        self._open += items
        self._count += len(items)
        while len(self._open) >= _PIECE:
            self._file.seek(0, SEEK_END)
            self._starts.append(self._file.tell())
            pickle.dump(self._open[:_PIECE], self._file, pickle.HIGHEST_PROTOCOL)
            del self._open[:_PIECE]

    def packed(self) -> Iterator[Any]:
        """Yield the items as they are packed."""
        for number in range(len(self._starts) + 1):
            yield from self._piece(number)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return map(self._unpack, self.packed())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._count))]
        place = range(self._count)[index]
        return self._unpack(self._piece(place // _PIECE)[place % _PIECE])

    def _piece(self, number: int) -> list[Any]:
        if number == len(self._starts):
            return self._open
        self._file.seek(self._starts[number])
        found: list[Any] = pickle.load(self._file)  # noqa: S301 - our own bytes, in a file that has no name
        return found
