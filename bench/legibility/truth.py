"""What a page says, with the orders in which it may be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text and the orders in which it may be read: one, or two where columns stand beside each other."""

    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """The passages of a page from top to bottom."""

    passages: tuple[Passage, ...]

    def text(self, choice: tuple[int, ...] = ()) -> str:
        """Return the text, each passage in the order chosen for it (the first where none is)."""
        picks = choice or (0,) * len(self.passages)
        return "\n".join(each.orders[pick] for each, pick in zip(self.passages, picks, strict=True))


NOTHING = Truth(())
