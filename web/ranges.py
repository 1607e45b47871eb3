"""Parts of a file that a request asks for (RFC 9110, 14): one range, or the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `end`, the last not included, of a file of a size."""

    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start

    @property
    def content_range(self) -> str:
        """The value of the header `content-range`."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


def span_of(asked: str, size: int) -> Span | None:
    """Return the part that a `Range` header asks for, None when there is no such part.

    Several ranges at once, other units and what is no range are ignored, as the standard allows: the whole is given.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-":
        return Span(0, size, size)
    if not found["first"]:
        length = min(int(found["last"]), size)
        return Span(size - length, size, size) if length else None
    start = int(found["first"])
    end = int(found["last"]) + 1 if found["last"] else size
    if found["last"] and end <= start:
        return Span(0, size, size)  # no range at all
    return Span(start, min(end, size), size) if start < size else None
