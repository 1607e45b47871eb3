"""XML out of archives that strangers made: bounded, without entities, element by element."""

from __future__ import annotations

import zipfile
from collections import deque
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, XMLPullParser

from registers.sheets import unreadable

_PIECE = 1 << 16
_SMALL = 16 << 20  # of what is read whole
_DECLARED = b"<!DOCTYPE"


def whole(archive: zipfile.ZipFile, name: str) -> Element:
    """Return the root of a small member.

    Raises:
        KeyError: There is no such member.
        Rejected: REGISTER_UNREADABLE when it declares entities or is not small.
    """
    with archive.open(name) as stream:
        parser = _Parser()
        parser.feed(stream.read(_SMALL))
        if stream.read(1):
            raise unreadable("expands too far")
    begun = parser.begun()
    parser.close()
    return next(begun)


def children(stream: IO[bytes], parent: str, most: int) -> Iterator[Element]:
    """Yield the children of the first element of this name, whatever its name space, and forget them.

    Args:
        stream: A member of an archive. Sizes in the directory of an archive can lie: what comes out is counted.
        parent: Local name of the element.
        most: Bytes that the member may become.

    Raises:
        Rejected: REGISTER_UNREADABLE when it declares entities or becomes more than that.
    """
    parser, left = _Parser(), most
    found: Element | None = None
    while piece := stream.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise unreadable("expands too far")
        parser.feed(piece)
        if found is None:
            found = next((each for each in parser.begun() if each.tag.rpartition("}")[2] == parent), None)
        if found is not None:
            parser.forget_begun()
            done = found[:-1]  # the last one may still be open
            del found[:-1]
            yield from done
    parser.close()
    yield from found if found is not None else ()


class _Parser:
    """A parser that is fed piece by piece and tells which elements have begun."""

    def __init__(self) -> None:
        self._parser: XMLPullParser[Element] = XMLPullParser(("start",))

    def feed(self, piece: bytes) -> None:
        """Take the next bytes."""
        if _DECLARED in piece:
            raise unreadable("declares entities")
        self._parser.feed(piece)

    def begun(self) -> Iterator[Element]:
        """Yield the elements that have begun since the last call."""
        events: Any = self._parser.read_events()
        return (element for _, element in events)

    def forget_begun(self) -> None:
        """Do not tell of the elements that have begun since the last call."""
        deque(self._parser.read_events(), maxlen=0)

    def close(self) -> None:
        """Say that there is no more."""
        self._parser.close()
