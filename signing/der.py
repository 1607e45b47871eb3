"""Small edits of DER on its bytes.

asn1crypto 1.5.1 takes a length that ends in the byte 80 for an indefinite one and then encodes all that is inside anew,
twice per level (its issue 249): a minute of work for one CMS in a hundred. What is edited here is never encoded anew,
which also keeps other people's tokens exactly as they signed them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asn1crypto import parser

if TYPE_CHECKING:
    from collections.abc import Callable

_UNIVERSAL, _CONTEXT, _CONSTRUCTED = 0, 2, 1
_SEQUENCE, _SET = 16, 17


def children(element: bytes) -> list[bytes]:
    """Return the elements in a constructed element.

    Raises:
        ValueError: The element is not well formed.
    """
    content, found = parser.parse(element, strict=True)[4], []
    while content:
        size = parser.peek(content)
        found.append(content[:size])
        content = content[size:]
    return found


def edited(element: bytes, path: tuple[int, ...], edit: Callable[[list[bytes]], None]) -> bytes:
    """Return the element after `edit` changed the list of children of the element at the end of the path."""
    kind, method, tag = parser.parse(element, strict=True)[:3]
    inner = children(element)
    if path:
        inner[path[0]] = edited(inner[path[0]], path[1:], edit)
    else:
        edit(inner)
    return bytes(parser.emit(kind, method, tag, b"".join(inner)))


def sequence(*elements: bytes) -> bytes:
    """Return a SEQUENCE."""
    return bytes(parser.emit(_UNIVERSAL, _CONSTRUCTED, _SEQUENCE, b"".join(elements)))


def set_of(element: bytes) -> bytes:
    """Return a SET OF one element."""
    return bytes(parser.emit(_UNIVERSAL, _CONSTRUCTED, _SET, element))


def context(tag: int, element: bytes) -> bytes:
    """Return a constructed element with a context tag around the content given."""
    return bytes(parser.emit(_CONTEXT, _CONSTRUCTED, tag, element))
